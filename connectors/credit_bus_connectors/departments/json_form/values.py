"""JSON values to a body, along the shape of a schema: the value, or every reason why there is none.

A day is `YYYY-MM-DD`, a time ISO 8601 with its offset, a decimal a number or its text, bytes hex
digits, an enum its word. A `Sealed` identity number is given as the number itself, which stays
apart as a `ClearNumber` until an adapter seals it, or as it was sealed. Knows no event type.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from credit_bus.contracts.identity import normalise
from credit_bus.contracts.shape import Shape
from credit_bus.domain.calendar import in_milliseconds
from credit_bus.domain.identifiers import is_pseudonym
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.identity_checks import IDENTITY_CHARACTERS_MAX
from credit_bus_connectors.departments.json_form.text import JsonObject
from credit_bus_connectors.departments.rules import form_reason

REASONS_MAX = 100  # of one statement
NAME_CHARACTERS_SHOWN_MAX = 64
VALUE_BYTES_MOST = 10  # what a value that is no text takes in Avro, or the length of a text
SEALED_BYTES_MOST = 512

_INT_MAX = 2**31 - 1
_LONG_MAX = 2**63 - 1
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_DECIMAL = re.compile(r"-?\d{1,28}(\.\d{1,28})?", re.ASCII)
_NO_NUMBER = Decimal("NaN")
_HEX = re.compile(r"([0-9a-fA-F]{2})+")
_SEALED = frozenset({"pseudonym", "box"})


@dataclass(frozen=True, slots=True)
class ClearNumber:
    """An identity number in clear, normalised: in a body only until the adapter has sealed it."""

    number: str = field(repr=False)


# What stands where a value was refused, so that nothing is concluded from its absence.
REFUSED: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """Where a number in clear was found, and what its record says of the kind of document."""

    path: str
    number: str = field(repr=False)
    has_kind: bool  # whether the record has a field for it
    kind: Any  # a text, None, or `REFUSED`


@dataclass(slots=True)
class Findings:
    """What reading one statement gathers: reasons, numbers, and how large the body becomes."""

    reasons: list[Reason] = field(default_factory=list)
    numbers: list[FoundNumber] = field(default_factory=list)
    size: int = 0

    def refuse(self, code: str, path: str, **detail: object) -> Any:
        """Note the reason, the last of many standing for all others; return `REFUSED`."""
        if len(self.reasons) < REASONS_MAX:
            self.reasons.append(form_reason(code, path, **detail))
        elif len(self.reasons) == REASONS_MAX:
            self.reasons.append(form_reason("json-more-reasons", ""))
        return REFUSED


def read_value(shape: Shape, value: Any, path: str, found: Findings) -> Any:
    """Return the value as the codec takes it, `REFUSED` where it is none; reasons go to `found`.

    A nullable field that is missing is null; any other with a default is left to it.
    """
    if value is None:
        return None if shape.nullable else found.refuse("json-missing", path)
    if shape.kind in _SHAPED:
        return _SHAPED[shape.kind](shape, value, path, found)
    return _LEAVES[shape.kind](value, path, found)


def check_names(value: JsonObject, known: Sequence[str], path: str, found: Findings) -> None:
    """Note each name of the object that is not known, and each that it gives twice."""
    for name in value.repeated:
        found.refuse("json-name-repeated", place(path, name))
    for name in sorted(value.keys() - set(known)):
        found.refuse("json-name-unknown", place(path, name), known="、".join(known))


def read_text(value: Any, path: str, found: Findings) -> Any:
    """Return the text, `REFUSED` when it is none or cannot be encoded."""
    if not isinstance(value, str):
        return found.refuse("json-type", path, expected="文本")
    try:
        found.size += VALUE_BYTES_MOST + len(value.encode())
    except UnicodeEncodeError:
        return found.refuse("json-text", path)
    return value


def read_time(value: Any, path: str, found: Findings) -> Any:
    """Return the moment in UTC, cut to milliseconds as on the wire."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):  # no such day or hour; before the year 1 in UTC
            return found.refuse("json-time", path)
        return in_milliseconds(moment)
    return found.refuse("json-time", path)


def read_integer(value: Any, path: str, found: Findings, *, least: int, most: int) -> Any:
    """Return the whole number within these limits."""
    if type(value) is int and least <= value <= most:
        return value
    return found.refuse("json-integer", path, least=least, most=most)


def place(path: str, name: str) -> str:
    """Return the path of a name within an object, cut and without what could not be shown."""
    shown = name[:NAME_CHARACTERS_SHOWN_MAX]
    if not shown.isprintable():
        shown = "".join(each if each.isprintable() else "?" for each in shown)
    return f"{path}.{shown}" if path else shown


def _read_record(shape: Shape, value: Any, path: str, found: Findings) -> Any:
    if {each.name for each in shape.fields} == _SEALED:
        return _read_sealed(value, path, found)
    if not isinstance(value, JsonObject):
        return found.refuse("json-type", path, expected="对象")
    names = [each.name for each in shape.fields]
    check_names(value, names, path, found)
    body: dict[str, Any] = {}
    for each in shape.fields:
        found.size += VALUE_BYTES_MOST
        given = value.get(each.name)
        if (
            given is None
            and not each.shape.nullable
            and each.has_default
            and each.name not in value
        ):
            continue
        body[each.name] = read_value(each.shape, given, place(path, each.name), found)
    for name, said in body.items():
        if isinstance(said, ClearNumber):
            kind = f"{name}_type"
            found.numbers.append(
                FoundNumber(
                    path=place(path, name),
                    number=said.number,
                    has_kind=kind in names,
                    kind=body.get(kind),
                )
            )
    return body


def _read_array(shape: Shape, value: Any, path: str, found: Findings) -> Any:
    if not isinstance(value, list):
        return found.refuse("json-type", path, expected="数组")
    assert shape.item is not None
    return [read_value(shape.item, each, f"{path}[{at}]", found) for at, each in enumerate(value)]


def _read_sealed(value: Any, path: str, found: Findings) -> Any:
    found.size += SEALED_BYTES_MOST
    if isinstance(value, str):
        number = normalise(value)
        if len(number) > IDENTITY_CHARACTERS_MAX:
            return found.refuse("cell-identity-long", path)
        if number and number.isprintable():
            return ClearNumber(number)
    elif isinstance(value, JsonObject) and value.keys() == _SEALED and not value.repeated:
        name, box = value["pseudonym"], value["box"]
        if isinstance(name, str) and is_pseudonym(name) and isinstance(box, str):
            found.size += len(box)
            if _HEX.fullmatch(box):
                return {"pseudonym": name, "box": bytes.fromhex(box)}
    return found.refuse("json-sealed", path)


def _read_word(shape: Shape, value: Any, path: str, found: Findings) -> Any:
    if isinstance(value, str) and value in shape.symbols:
        return value
    return found.refuse("json-word", path, words="、".join(sorted(shape.symbols)))


def _read_decimal(shape: Shape, value: Any, path: str, found: Findings) -> Any:
    is_text = isinstance(value, str) and _DECIMAL.fullmatch(value) is not None
    is_number = type(value) is int or isinstance(value, Decimal)
    number = Decimal(value) if is_text or is_number else _NO_NUMBER
    integer_digits = shape.precision - shape.scale
    if (
        number.is_finite()
        and -shape.scale <= int(number.as_tuple().exponent)
        and number.adjusted() < integer_digits
    ):
        return number
    return found.refuse("json-decimal", path, integer_digits=integer_digits, scale=shape.scale)


def _read_date(value: Any, path: str, found: Findings) -> Any:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return found.refuse("json-date", path)
    return found.refuse("json-date", path)


def _read_boolean(value: Any, path: str, found: Findings) -> Any:
    if isinstance(value, bool):
        return value
    return found.refuse("json-type", path, expected=" true 或者 false")


def _read_bytes(value: Any, path: str, found: Findings) -> Any:
    if isinstance(value, str) and (not value or _HEX.fullmatch(value)):
        found.size += len(value)
        return bytes.fromhex(value)
    return found.refuse("json-type", path, expected="十六进制文本")


def _read_int(value: Any, path: str, found: Findings) -> Any:
    return read_integer(value, path, found, least=-_INT_MAX - 1, most=_INT_MAX)


def _read_long(value: Any, path: str, found: Findings) -> Any:
    return read_integer(value, path, found, least=-_LONG_MAX - 1, most=_LONG_MAX)


_SHAPED: Mapping[str, Callable[[Shape, Any, str, Findings], Any]] = MappingProxyType(
    {
        "record": _read_record,
        "array": _read_array,
        "enum": _read_word,
        "decimal": _read_decimal,
    }
)
_LEAVES: Mapping[str, Callable[[Any, str, Findings], Any]] = MappingProxyType(
    {
        "string": read_text,
        "bytes": _read_bytes,
        "boolean": _read_boolean,
        "int": _read_int,
        "long": _read_long,
        "date": _read_date,
        "timestamp-millis": read_time,
    }
)
