"""JSON statements bent at random: what a careless or hostile client may send.

Each mutation takes the good document (as JSON values) and dice, and returns the text of a bent one.
"""

import json
import random
from collections.abc import Callable
from typing import Any

# Every kind of value where another belongs; the texts are raw JSON.
ODD = (
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e999999999",
    "1e99999999999999999999999",
    "9" * 30,
    "9" * 5_000,
    "NaN",
    "-Infinity",
    '""',
    '" "',
    '"\\ud800"',
    '"\\u0000"',
    '"\\u202e"',
    '"' + "长" * 3_000 + '"',
    '"2018-02-30"',
    '"2018/03/23"',
    '"0001-01-01T00:00:00+14:00"',
    '"9999-12-31T23:59:59-14:00"',
    "[]",
    "{}",
    "[[[]]]",
    '[null, 1, "x", {}]',
    '{"pseudonym": "x", "box": 1}',
    '{"a": 1, "a": 2}',
    "[" * 12 + "]" * 12,
    "[" * 40 + "]" * 40,
)
_HOLE = '"@hole@"'


def mutate(document: dict[str, Any], dice: random.Random) -> bytes:
    """Return the text of the document with one thing of it bent; the dice say which."""
    return dice.choice(MUTATIONS)(document, dice)


def odd_value(document: dict[str, Any], dice: random.Random) -> bytes:
    """A value anywhere is one of another kind."""
    path = dice.choice(_paths(document))
    return _text(_replaced(document, path, "@hole@")).replace(
        _HOLE.encode(), dice.choice(ODD).encode("utf-8", "surrogatepass")
    )


def missing(document: dict[str, Any], dice: random.Random) -> bytes:
    """A field is not there."""
    path = dice.choice([path for path in _paths(document) if isinstance(path[-1], str)])
    return _text(_replaced(document, path, ...))


def unknown(document: dict[str, Any], dice: random.Random) -> bytes:
    """A field is there that nobody knows."""
    name = dice.choice(("", "x", "成绩", "data", "\u0000", "n" * 2_000, "\ud800", "__class__"))
    inner = dice.choice([document, document["data"]])
    path = () if inner is document else ("data",)
    return _text(_replaced(document, path, {**inner, name: dice.choice((1, None, "x", [{}]))}))


def repeated(document: dict[str, Any], dice: random.Random) -> bytes:
    """A field is there twice."""
    text = _text(document).decode("utf-8", "surrogatepass")
    name = dice.choice(list(document["data"]))
    at = text.index('"data": {') + len('"data": {')
    return (text[:at] + json.dumps(name) + ": 1, " + text[at:]).encode()


def cut(document: dict[str, Any], dice: random.Random) -> bytes:
    """The text ends early."""
    text = _text(document)
    return text[: dice.randrange(len(text))]


def flipped(document: dict[str, Any], dice: random.Random) -> bytes:
    """A few bytes are others."""
    text = bytearray(_text(document))
    for _ in range(dice.randint(1, 4)):
        text[dice.randrange(len(text))] = dice.randrange(256)
    return bytes(text)


def buried(document: dict[str, Any], dice: random.Random) -> bytes:
    """The text is thousands of levels deep, ended or not."""
    deep = dice.choice((b"[", b'{"a":', b'[{"a":')) * dice.choice((20, 1_000, 100_000))
    return dice.choice((deep, deep + _text(document), b"[" * 50_000 + b"]" * 50_000))


def swapped(document: dict[str, Any], dice: random.Random) -> bytes:
    """Two values of the document have changed places."""
    first, second = (dice.choice(_paths(document)) for _ in range(2))
    one, other = _at(document, first), _at(document, second)
    return _text(_replaced(_replaced(document, first, other), second, one))


MUTATIONS: tuple[Callable[[dict[str, Any], random.Random], bytes], ...] = (
    odd_value,
    missing,
    unknown,
    repeated,
    cut,
    flipped,
    buried,
    swapped,
)

Path = tuple[str | int, ...]


def _text(document: Any) -> bytes:
    return json.dumps(document).encode()


def _paths(value: Any, path: Path = ()) -> list[Path]:
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    inner = [found for name, each in children for found in _paths(each, (*path, name))]
    return [path, *inner] if path else inner


def _at(value: Any, path: Path) -> Any:
    for name in path:
        try:
            value = value[name]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _replaced(value: Any, path: Path, new: Any) -> Any:
    """Return the value with another at this path; with `...` without what is there."""
    if not path:
        return new
    name, *rest = path
    if isinstance(value, dict):
        if new is ... and not rest:
            return {key: each for key, each in value.items() if key != name}
        return {**value, name: _replaced(value.get(name), tuple(rest), new)}
    if isinstance(value, list) and isinstance(name, int) and name < len(value):
        return [*value[:name], _replaced(value[name], tuple(rest), new), *value[name + 1 :]]
    return value
