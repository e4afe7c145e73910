"""The examples under schemas/examples, and the JSON form of a body.

In JSON a day is an ISO date, a time an ISO time, bytes are hex digits, a decimal is a text.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.shape import Shape, shape_of

EXAMPLES = Path(__file__).resolve().parents[1] / "schemas" / "examples"

_PARSERS: dict[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "timestamp-millis": datetime.fromisoformat,
    "bytes": bytes.fromhex,
    "decimal": Decimal,
}


def _value(shape: Shape, value: Any) -> Any:
    """Return a JSON value as the codec wants it; what cannot be converted stays as it is."""
    match shape.kind, value:
        case "record", dict():
            known = {field.name: field.shape for field in shape.fields}
            return {
                name: _value(known[name], each) if name in known else each
                for name, each in value.items()
            }
        case "array", list():
            assert shape.item is not None
            return [_value(shape.item, each) for each in value]
        case kind, str() if kind in _PARSERS:
            try:
                return _PARSERS[kind](value)
            except ValueError:
                return value
        case _:
            return value


def body_of(event_type: str, document: Any) -> Any:
    """Return the body that a JSON document says to the newest schema of a type."""
    return _value(_shapes()[event_type], document)


@cache
def _shapes() -> dict[str, Shape]:
    return {schema.type: shape_of(schema.parsed)[0] for schema in load_catalogue().all}
