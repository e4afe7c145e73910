"""The JSON form of a body, for people and for programs without Avro.

A day is an ISO date, a time an ISO time in UTC, an amount a text, bytes are hexadecimal digits.
Knows shapes; knows no schema ids and no bytes on the wire.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from credit_bus.contracts.shape import Shape

_PARSERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "date": date.fromisoformat,
        "timestamp-millis": datetime.fromisoformat,
        "bytes": bytes.fromhex,
        "decimal": Decimal,
    }
)


def to_plain(value: Any) -> Any:
    """Return a decoded body, or any part of one, as JSON values."""
    match value:
        case Mapping():
            return {name: to_plain(each) for name, each in value.items()}
        case list() | tuple():
            return [to_plain(each) for each in value]
        case _:
            return _leaf(value)


def _leaf(value: Any) -> Any:
    match value:
        case datetime():  # before date, of which it is a kind
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return value


def from_plain(shape: Shape, value: Any) -> Any:
    """Return a JSON value as the codec wants it; a field that is not there becomes null.

    Raises ValueError for a text that is no date, time, number or hexadecimal digits.
    """
    match shape.kind, value:
        case "record", Mapping():
            return {
                field.name: from_plain(field.shape, value.get(field.name)) for field in shape.fields
            }
        case "array", list():
            assert shape.item is not None, "an array has an item"
            return [from_plain(shape.item, each) for each in value]
        case kind, str() if kind in _PARSERS:
            try:
                return _PARSERS[kind](value)
            except InvalidOperation as error:
                raise ValueError(f"{shape.path}: {value!r} is no number") from error
        case _:
            return value


def as_body(shape: Shape, value: Any) -> Any:
    """Return a JSON value as the codec wants it; what cannot be converted stays as it is.

    So a body that a schema does not take still shows where it does not fit.
    """
    match shape.kind, value:
        case "record", dict():
            known = {field.name: field.shape for field in shape.fields}
            return {
                name: as_body(known[name], each) if name in known else each
                for name, each in value.items()
            }
        case "array", list() if shape.item is not None:
            return [as_body(shape.item, each) for each in value]
        case kind, str() if kind in _PARSERS:
            try:
                return _PARSERS[kind](value)
            except ValueError:
                return value
        case _:
            return value
