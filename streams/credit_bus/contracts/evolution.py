"""Whether every version of a schema reads what every other wrote: FULL_TRANSITIVE, shown twice.

Two libraries must agree: avro's checker on the schemas, and fastavro by writing generated bodies
with each version and reading them with each other. Both pass over logical types and over
namespaces, so those are compared here. Knows nothing of LOCK, ids or the wire format.
"""

import json
import random
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import product
from typing import Any

from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.errors import AvroException
from avro.schema import parse
from fastavro import parse_schema, schemaless_reader, schemaless_writer
from fastavro.read import SchemaResolutionError
from fastavro.utils import generate_many

from credit_bus.contracts.schemas import Schema, SchemaCatalogue
from credit_bus.contracts.shape import Shape, shape_of, without_decimals

BODIES_PER_PAIR = 25
SEED = 620702


def check_catalogue(catalogue: SchemaCatalogue, *, seed: int = SEED) -> list[str]:
    """Return a sentence for each pair of versions that cannot read each other; none when fine.

    Source: Confluent Schema Registry's FULL_TRANSITIVE; Avro 1.12 "Schema Resolution".
    """
    mistakes = []
    for event_type in sorted({schema.type for schema in catalogue.all}):
        versions = catalogue.versions(event_type)
        mistakes += [
            f"{event_type}: version {reader.version} cannot read version {writer.version}: "
            f"{problem}; undo the change, or give new fields a default"
            for writer, reader in product(versions, repeat=2)
            for problem in problems_between(writer=writer, reader=reader, seed=seed)
        ]
    return mistakes


def problems_between(*, writer: Schema, reader: Schema, seed: int = SEED) -> tuple[str, ...]:
    """Return why the one version cannot read what the other wrote; nothing when it can."""
    return tuple(_problems(writer, reader, random.Random(seed)))  # noqa: S311 no secret


def _problems(writer: Schema, reader: Schema, chance: random.Random) -> Iterator[str]:
    yield from _by_avro(writer, reader)
    yield from _by_full_name(_names(writer.parsed), _names(reader.parsed))
    yield from _by_logical_type(shape_of(writer.parsed)[0], shape_of(reader.parsed)[0])
    yield from _by_fastavro(writer, reader, chance)


def _by_avro(writer: Schema, reader: Schema) -> Iterator[str]:
    try:
        result = ReaderWriterCompatibilityChecker().get_compatibility(
            parse(reader.raw), parse(writer.raw)
        )
    except AvroException as error:
        yield f"avro cannot parse it ({error})"
        return
    if result.compatibility is not SchemaCompatibilityType.compatible:
        places = ", ".join(sorted(result.locations))
        yield f"avro finds {'; '.join(sorted(result.messages))} at {places}"


def _by_full_name(writer: Mapping[str, str], reader: Mapping[str, str]) -> Iterator[str]:
    """Yield what is named the same but stands in another namespace.

    Avro's specification compares names without it; Java's readers before AVRO-3133 compare an
    enum's with it, and fail on the first body.
    """
    for name in sorted(writer.keys() & reader.keys()):
        if writer[name] != reader[name]:
            yield f"{writer[name]} has become {reader[name]}; keep the namespace of version 1"


def _names(schema: Any) -> dict[str, str]:
    """Return the full name of each record and enum within a parsed schema, by its bare name."""
    match schema:
        case list():
            return {key: name for each in schema for key, name in _names(each).items()}
        case {"type": "record", "name": str() as name, "fields": fields}:
            inner = _names([field["type"] for field in fields])
            return {name.rpartition(".")[2]: name} | inner
        case {"type": "enum", "name": str() as name}:
            return {name.rpartition(".")[2]: name}
        case {"type": "array", "items": items}:
            return _names(items)
        case _:
            return {}


def _by_logical_type(writer: Shape, reader: Shape) -> Iterator[str]:
    """Yield what differs in meaning between two shapes whose bytes may still be compatible."""
    meant = (writer.kind, writer.precision, writer.scale)
    read = (reader.kind, reader.precision, reader.scale)
    if meant != read:
        yield f"{writer.path or 'the body'} was {meant} and is read as {read}"
    theirs = {field.name: field.shape for field in reader.fields}
    for field in writer.fields:
        if field.name in theirs:
            yield from _by_logical_type(field.shape, theirs[field.name])
    if writer.item is not None and reader.item is not None:
        yield from _by_logical_type(writer.item, reader.item)


def _by_fastavro(writer: Schema, reader: Schema, chance: random.Random) -> Iterator[str]:
    """Yield the first difference between what was written and what is read."""
    write_with, read_with = _plain(writer), _plain(reader)
    for body in _bodies(write_with, chance):
        stream = BytesIO()
        schemaless_writer(stream, write_with, body)
        value = stream.getvalue()
        said = schemaless_reader(BytesIO(value), write_with, None)
        try:
            heard = schemaless_reader(BytesIO(value), write_with, read_with)
        except (SchemaResolutionError, ValueError, KeyError, TypeError) as error:
            yield f"fastavro fails with {error!r}"
            return
        if not _agree(said, heard):
            yield "fastavro reads another content than was written"
            return


def _bodies(schema: Any, chance: random.Random) -> list[Any]:
    """Return generated bodies, the same for the same chance; fastavro draws from `random`."""
    before = random.getstate()
    random.setstate(chance.getstate())
    try:
        return list(generate_many(schema, BODIES_PER_PAIR))
    finally:
        random.setstate(before)


def _agree(said: Any, heard: Any) -> bool:
    """Return whether both say the same wherever both say something."""
    match said, heard:
        case dict(), dict():
            return all(_agree(said[name], heard[name]) for name in said.keys() & heard.keys())
        case list(), list():
            return len(said) == len(heard) and all(map(_agree, said, heard))
        case _:
            return bool(said == heard)


def _plain(schema: Schema) -> Any:
    """Return the schema as the codec reads with it: decimals as bytes, since bytes are drawn."""
    return parse_schema(without_decimals(json.loads(schema.raw)))
