"""JSON text to values: exactly, within bounds, and nothing that two readers would read differently.

Numbers keep their digits: a whole number is an int, any other a Decimal, and one with more
characters than any field takes is a Decimal NaN, which fits nowhere. Knows no event.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.rules import form_reason

DEPTH_MAX = 16
NUMBER_CHARACTERS_MAX = 64

# A text, ended or not, is one token: so brackets within it are not counted, in one pass.
_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_NO_NUMBER = Decimal("NaN")


class JsonObject(dict[str, Any]):
    """An object. `repeated` are the names that it gives more than once, sorted."""

    __slots__ = ("repeated",)
    repeated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JsonValue:
    """What the text says. Objects are `JsonObject`."""

    value: Any


def read_json(content: bytes, *, bytes_max: int) -> JsonValue | Reason:
    """Return the value that the bytes (UTF-8, a byte order mark or not) say, or why there is none.

    Refused are texts of more than `bytes_max` bytes, deeper than `DEPTH_MAX`, and all that
    RFC 8259 does not have, `NaN` among it. Repeated names are left to whoever reads the object.
    """
    if len(content) > bytes_max:
        return form_reason("json-too-large", "", bytes_max=bytes_max)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return form_reason("json-encoding", "")
    if _is_too_deep(text):
        return form_reason("json-too-deep", "", depth_max=DEPTH_MAX)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        return form_reason("json-broken", "", line=error.lineno, column=error.colno)
    except _NoJsonError:
        return form_reason("json-constant", "")
    return JsonValue(value)


class _NoJsonError(Exception):
    """A word that Python's reader takes and JSON does not have."""


def _is_too_deep(text: str) -> bool:
    depth = 0
    for token in _TOKENS.finditer(text):
        match token[0]:
            case "[" | "{":
                depth += 1
                if depth > DEPTH_MAX:
                    return True
            case "]" | "}":
                depth -= 1
    return False


def _object(pairs: Sequence[tuple[str, Any]]) -> JsonObject:
    found = JsonObject(pairs)
    found.repeated = ()
    if len(found) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        found.repeated = tuple(sorted(name for name, count in counts.items() if count > 1))
    return found


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= NUMBER_CHARACTERS_MAX else _NO_NUMBER


def _decimal(digits: str) -> Decimal:
    if len(digits) > NUMBER_CHARACTERS_MAX:
        return _NO_NUMBER
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent that no machine holds
        return _NO_NUMBER


def _constant(word: str) -> Any:
    raise _NoJsonError(word)
