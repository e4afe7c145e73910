"""The part of Avro that the bus's schemas use, as a small tree of values.

Allowed are records (not within themselves), enums, arrays, `null` with one other type, strings,
bytes, ints, longs, booleans, dates, timestamp-millis and decimals. So every body's size in memory
stays a small multiple of its bytes, and every amount is exact. Knows nothing of schema ids, event
types or bytes on the wire.
"""

from dataclasses import dataclass, replace
from typing import Any

DECIMAL_PRECISION_MAX = 28

# Avro type and logical type to our one word
_LEAVES = {
    ("string", None): "string",
    ("bytes", None): "bytes",
    ("int", None): "int",
    ("long", None): "long",
    ("boolean", None): "boolean",
    ("int", "date"): "date",
    ("long", "timestamp-millis"): "timestamp-millis",
    ("bytes", "decimal"): "decimal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What stands at one place of a body. `kind` is "record", "enum", "array" or a leaf's word."""

    kind: str
    path: str  # "" for the body itself, `reasons[].code` within
    nullable: bool = False
    fields: tuple["Field", ...] = ()  # of a record
    item: "Shape | None" = None  # of an array
    symbols: tuple[str, ...] = ()  # of an enum
    precision: int = 0  # of a decimal
    scale: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a record."""

    name: str
    shape: Shape
    has_default: bool


@dataclass(slots=True)
class _Walk:
    """The names met so far, and the mistakes."""

    names: dict[str, Any]
    mistakes: list[str]


def shape_of(schema: Any) -> tuple[Shape, tuple[str, ...]]:
    """Return the shape of a schema that fastavro has parsed, and what in it the bus forbids."""
    walk = _Walk({}, [])
    shape = _shape(schema, "", (), walk)
    return shape, tuple(walk.mistakes)


def places_of(schema: Any) -> int:
    """Return how many places a schema that fastavro has parsed has when every name is written out.

    Each named type is counted once and then remembered: a short text can name more places than a
    machine holds, and this must tell so without visiting them. A name within itself counts as one.
    """
    return _places(schema, {})


def _places(schema: Any, known: dict[str, int]) -> int:
    match schema:
        case str():
            return known.get(schema, 1)
        case list():
            return sum(_places(each, known) for each in schema)
        case {"type": "record" | "error", "name": str() as name, "fields": fields}:
            known[name] = 1
            known[name] = 1 + sum(_places(field["type"], known) for field in fields)
            return known[name]
        case {"type": "array", "items": inner} | {"type": "map", "values": inner}:
            return 1 + _places(inner, known)
        case _:
            return 1


def without_decimals(schema: Any) -> Any:
    """Return the schema (as JSON values) with decimals as plain bytes, for exact reading."""
    match schema:
        case dict():
            is_decimal = schema.get("logicalType") == "decimal"
            dropped = ("logicalType", "precision", "scale") if is_decimal else ()
            return {
                key: without_decimals(value) for key, value in schema.items() if key not in dropped
            }
        case list():
            return [without_decimals(each) for each in schema]
        case _:
            return schema


def _shape(schema: Any, path: str, within: tuple[str, ...], walk: _Walk) -> Shape:
    match schema:
        case str():
            shape = _named(schema, path, within, walk)
        case ["null", inner] if inner != "null":
            shape = replace(_shape(inner, path, within, walk), nullable=True)
        case list():
            walk.mistakes.append(f"{path}: a union must be null and one other type, in that order")
            shape = Shape(kind="union", path=path)
        case {"type": "record"}:
            walk.names[schema["name"]] = schema
            shape = _record(schema, path, (*within, schema["name"]), walk)
        case {"type": "enum"}:
            walk.names[schema["name"]] = schema
            shape = Shape(kind="enum", path=path, symbols=tuple(schema["symbols"]))
        case {"type": "array"}:
            item = _shape(schema["items"], path + "[]", within, walk)
            shape = Shape(kind="array", path=path, item=item)
        case _:
            shape = _leaf(schema, path, walk)
    return shape


def _named(name: str, path: str, within: tuple[str, ...], walk: _Walk) -> Shape:
    if name in within:
        walk.mistakes.append(f"{path}: a record may not stand within itself; bound its depth")
        return Shape(kind="record", path=path)
    if name in walk.names:
        return _shape(walk.names[name], path, within, walk)
    return _leaf({"type": name}, path, walk)


def _record(schema: Any, path: str, within: tuple[str, ...], walk: _Walk) -> Shape:
    fields = tuple(
        Field(
            name=field["name"],
            shape=_shape(
                field["type"], f"{path}.{field['name']}" if path else field["name"], within, walk
            ),
            has_default="default" in field,
        )
        for field in schema["fields"]
    )
    if not fields:
        walk.mistakes.append(f"{path or 'body'}: a record must have a field")
    walk.mistakes += [
        f"{field['name']}: a default other than null must be of a plain type, for readers "
        f"disagree on the others"
        for field in schema["fields"]
        if field.get("default") is not None and not isinstance(field["type"], str)
    ]
    return Shape(kind="record", path=path, fields=fields)


def _leaf(schema: Any, path: str, walk: _Walk) -> Shape:
    avro = (schema["type"], schema.get("logicalType"))
    kind = _LEAVES.get(avro)
    if kind is None:
        walk.mistakes.append(
            f"{path}: {' '.join(filter(None, avro))} is not used on the bus; use one of "
            f"{', '.join(sorted(set(_LEAVES.values())))}"
        )
        return Shape(kind=str(schema["type"]), path=path)
    precision, scale = schema.get("precision", 0), schema.get("scale", 0)
    if kind == "decimal" and not 0 <= scale <= precision <= DECIMAL_PRECISION_MAX:
        walk.mistakes.append(f"{path}: a decimal has at most {DECIMAL_PRECISION_MAX} digits")
    return Shape(kind=kind, path=path, precision=precision, scale=scale)
