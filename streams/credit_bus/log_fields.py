"""What a log line may hold: the fields of the table, each with what its values look like.

A field that is not in the table is left out and named in `unlisted`; a value that does not look as
its field says becomes `***`. So no body, header, name or number gets into a log by a mistake of
ours, and of a library's line only its own words stay. A new field is a row here. Pure.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import Any

HIDDEN = "***"
UNLISTED = "unlisted"
TEXT_CHARACTERS_MAX = 600
VALUES_MAX = 64  # of a list or a mapping; the rest is told by its count


class Look(StrEnum):
    """What the values of a field look like."""

    COUNT = "count"  # a number, yes or no, nothing; or lists and mappings of such
    WORD = "word"  # a code, a party, a topic, a place; or lists and mappings of such
    TEXT = "text"  # a sentence of our own
    EVENT = "event"  # the id of an event, which is made of its content and opens nothing


def _fields(look: Look, names: str) -> dict[str, Look]:
    return dict.fromkeys(names.split(), look)


FIELDS: Mapping[str, Look] = MappingProxyType(
    {
        **_fields(
            Look.COUNT,
            "accepted answered asked attempt bytes delivered duplicate duplicates events"
            " exit_code generation goes_on_at held invalid kept_at lanes later lost milliseconds"
            " next_probe_seconds next_try_seconds parked parked_subjects partition partitions pids"
            " port position positions probes read records rejected rows rows_max said seconds"
            " seconds_behind transactions waited_seconds",
        ),
        **_fields(
            Look.WORD,
            "before fault file folder group host instance kind level logger method parties party"
            " platform process reason reasons refused route sqlstate stage status timestamp topic"
            " waiting watch watches where written",
        ),
        **_fields(Look.TEXT, "error event frames message remedy rights why"),
        "ids": Look.EVENT,
        UNLISTED: Look.WORD,
    }
)

_EVENT = re.compile(r"[0-9a-f]{32}")
_WORD = re.compile(r"[A-Za-z0-9_+.:,/{}@-]{0,96}")
_PLACE = re.compile(r"(?=.*[0-9._:/-])[a-z0-9_.:/-]{1,96}")  # an address, a topic, a client
# What somebody has or is: an identity number, a credit code, a telephone, a digest of such.
_NUMBERS = re.compile(
    r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15}|1[3-9][0-9]{9}|[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10})"
    r"(?![0-9])"
    r"|[0-9a-fA-F]{24,}"
)
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]+")


def only_listed(_logger: object, _method: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line with what may be told; a processor of structlog."""
    told = {name: told_value(FIELDS[name], value) for name, value in line.items() if name in FIELDS}
    unlisted = sorted(name for name in line if name not in FIELDS)
    if unlisted:
        told[UNLISTED] = [_word(name) for name in unlisted]
    return told


def told_value(look: Look, value: Any) -> Any:
    """Return as much of a value as its field may tell."""
    match value:
        case None | bool() | int() | float():
            return value
        case str() if look is Look.TEXT:
            return scrubbed(value)
        case str():
            return _LOOKS[look](value) if look in _LOOKS else HIDDEN
        case Mapping():
            return {
                _word(str(name)): told_value(look, each)
                for name, each in islice(value.items(), VALUES_MAX)
            }
        case list() | tuple() | set() | frozenset():
            return [told_value(look, each) for each in islice(value, VALUES_MAX)]
        case _:
            return HIDDEN


def scrubbed(text: str) -> str:
    """Return the first line of a text without what somebody has or is called."""
    first = text.splitlines()[0] if text.strip() else ""
    return _CHINESE.sub(HIDDEN, _NUMBERS.sub(HIDDEN, first))[:TEXT_CHARACTERS_MAX]


def library_s(template: object, arguments: object) -> str:
    """Return a library's line: its own words, and of what it put into them what is a word.

    Whatever it quotes of an event, of a row or of another's error is `***`.
    """
    words = str(template)
    if not arguments:
        return scrubbed(words)
    try:
        if isinstance(arguments, Mapping):
            return scrubbed(words % {name: _argument(each) for name, each in arguments.items()})
        if isinstance(arguments, tuple):
            return scrubbed(words % tuple(map(_argument, arguments)))
    except (TypeError, ValueError, KeyError):
        """A number's place cannot hold `***`: the template alone says enough."""
    return scrubbed(words)


def _argument(value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    return _word(value) if isinstance(value, str) and _PLACE.fullmatch(value) else HIDDEN


def _word(value: str) -> str:
    if not _WORD.fullmatch(value) or _NUMBERS.search(value):
        return HIDDEN
    return value


def _event(value: str) -> str:
    return value if _EVENT.fullmatch(value) else HIDDEN


_LOOKS = {Look.WORD: _word, Look.EVENT: _event}
