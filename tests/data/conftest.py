"""What the tests of the data share: the catalogue, the codec, and the JSON form of a body.

In JSON a day is an ISO date, a time an ISO time, bytes are hex digits, a decimal is a text.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import SchemaCatalogue, load_catalogue
from credit_bus.contracts.shape import Shape, shape_of

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


@pytest.fixture(scope="session")
def catalogue() -> SchemaCatalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def codec(catalogue: SchemaCatalogue) -> Codec:
    return Codec(catalogue)


@pytest.fixture(scope="session")
def body_of(catalogue: SchemaCatalogue) -> Callable[[str, Any], Any]:
    """Return the body of an event type that a JSON document says."""
    shapes = {schema.type: shape_of(schema.parsed)[0] for schema in catalogue.all}
    return lambda event_type, document: _value(shapes[event_type], document)
