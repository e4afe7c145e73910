"""The examples under schemas/examples, as bodies of the newest schema."""

from functools import cache
from pathlib import Path
from typing import Any

from credit_bus.contracts.plain import as_body
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.shape import Shape, shape_of

EXAMPLES = Path(__file__).resolve().parents[1] / "schemas" / "examples"


def body_of(event_type: str, document: Any) -> Any:
    """Return the body that a JSON document says to the newest schema of a type."""
    return as_body(_shapes()[event_type], document)


def as_read(schema: Any, body: Any) -> Any:
    """Return what a reader with this schema (as JSON) makes of a body, at every depth.

    Its own fields alone, its defaults where nothing was written.
    """
    return _as_read(schema, body, {})


def _as_read(schema: Any, value: Any, known: dict[str, Any]) -> Any:
    match schema:
        case str() if schema in known:
            return _as_read(known[schema], value, known)
        case ["null", inner]:
            _learn(inner, known)
            return None if value is None else _as_read(inner, value, known)
        case {"type": "array", "items": items}:
            _learn(items, known)
            return [_as_read(items, each, known) for each in value]
        case {"type": "record", "fields": fields}:
            _learn(schema, known)
            return {
                field["name"]: _as_read(
                    field["type"], value.get(field["name"], field.get("default")), known
                )
                for field in fields
            }
        case _:
            return value


def _learn(schema: Any, known: dict[str, Any]) -> None:
    """Remember a named type, also one within what holds no value."""
    match schema:
        case {"type": "record", "name": str() as name, "fields": fields}:
            known[name] = schema
            for field in fields:
                _learn(field["type"], known)
        case {"type": "array", "items": inner} | ["null", inner]:
            _learn(inner, known)


@cache
def _shapes() -> dict[str, Shape]:
    return {schema.type: shape_of(schema.parsed)[0] for schema in load_catalogue().all}
