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


@cache
def _shapes() -> dict[str, Shape]:
    return {schema.type: shape_of(schema.parsed)[0] for schema in load_catalogue().all}
