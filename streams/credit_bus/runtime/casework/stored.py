"""Texts and states as PostgreSQL can keep them, and back. Pure.

It stores every character but U+0000. So that one and the one that stands for it are written as
two, wherever they are; all else is kept as it is.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

_NULL = "\0"
_ESCAPE = "\uf8fe"  # of the private use area: no text of an official has it
_ESCAPED = {_ESCAPE: _ESCAPE + "e", _NULL: _ESCAPE + "0"}
_NULL_IN_JSON = "\\u0000"


def storable(text: str) -> str:
    """Return the text as it is stored."""
    if _NULL not in text and _ESCAPE not in text:
        return text
    return text.replace(_ESCAPE, _ESCAPED[_ESCAPE]).replace(_NULL, _ESCAPED[_NULL])


def restored(text: str) -> str:
    """Return the text that is stored so."""
    if _ESCAPE not in text:
        return text
    return text.replace(_ESCAPED[_NULL], _NULL).replace(_ESCAPED[_ESCAPE], _ESCAPE)


def state_text(state: Any) -> str:
    """Return JSON as text for a column of jsonb. TypeError for what JSON has no form for."""
    text = json.dumps(state, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if _NULL_IN_JSON in text or _ESCAPE in text:
        return json.dumps(_each_text(state, storable), ensure_ascii=False, allow_nan=False)
    return text


def state_of(text: bytes | str) -> Any:
    """Return the JSON that a column of jsonb holds; for psycopg's `set_json_loads`."""
    found = json.loads(text)
    if _ESCAPE.encode() in text if isinstance(text, bytes) else _ESCAPE in text:
        return _each_text(found, restored)
    return found


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {change(name): _each_text(each, change) for name, each in value.items()}
        case list() | tuple():
            return [_each_text(each, change) for each in value]
        case _:
            return value
