"""Rows of an outbox table for tests."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def payload_of(body: Any) -> Any:
    """Return a body as the JSON values that a department would write."""
    match body:
        case Mapping():
            return {name: payload_of(each) for name, each in body.items()}
        case list() | tuple():
            return [payload_of(each) for each in body]
        case date() | datetime():
            return body.isoformat()
        case Decimal():
            return str(body)
        case bytes():
            return body.hex()
        case _:
            return body
