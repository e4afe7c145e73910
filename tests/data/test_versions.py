"""Every example, written with its own version, is read by every other version of its type."""

import io
import json
from itertools import product
from pathlib import Path
from typing import Any

import avro.schema
import pytest
from avro.io import BinaryDecoder, BinaryEncoder, DatumReader, DatumWriter
from fastavro import parse_schema, schemaless_reader, schemaless_writer
from tests import samples
from tests.examples import EXAMPLES, as_read, body_of

from credit_bus.contracts.schemas import Schema, SchemaCatalogue, load_catalogue
from credit_bus.domain.event_types import LICENCE_GRANTED, PENALTY_DECIDED

CATALOGUE = load_catalogue()
SEVERAL = sorted({schema.type for schema in CATALOGUE.all if schema.version > 1})
PAIRS = [
    pytest.param(path, reader, id=f"{path.relative_to(EXAMPLES)} by {reader.version}")
    for name in SEVERAL
    for path, reader in product(
        sorted((EXAMPLES / name).glob("*/valid-*.json")), CATALOGUE.versions(name)
    )
    if path.parts[-2] != str(reader.version)
]


def writer_of(path: Path) -> Schema:
    """The schema that the example belongs to."""
    return CATALOGUE.versions(path.parts[-3])[int(path.parts[-2]) - 1]


def fields_of(schema: Schema) -> dict[str, Any]:
    """The fields of a schema's body, by name."""
    return {field["name"]: field for field in json.loads(schema.raw)["fields"]}


def expected(body: dict[str, Any], reader: Schema) -> dict[str, Any]:
    """What a reader must make of a body: its own fields, its defaults where none was written."""
    return dict(as_read(json.loads(reader.raw), body))


def by_fastavro(writer: Schema, reader: Schema, body: dict[str, Any]) -> Any:
    """The body, written and read by fastavro."""
    stream = io.BytesIO()
    write_with, read_with = (parse_schema(json.loads(one.raw)) for one in (writer, reader))
    schemaless_writer(stream, write_with, body)
    stream.seek(0)
    return schemaless_reader(stream, write_with, read_with)


def by_avro(writer: Schema, reader: Schema, body: dict[str, Any]) -> Any:
    """The body, written and read by Apache's own library."""
    stream = io.BytesIO()
    write_with, read_with = avro.schema.parse(writer.raw), avro.schema.parse(reader.raw)
    DatumWriter(write_with).write(body, BinaryEncoder(stream))
    stream.seek(0)
    return DatumReader(write_with, read_with).read(BinaryDecoder(stream))


def test_licences_and_penalties_have_two_versions_under_the_ids_they_were_given() -> None:
    ids = {
        (schema.type, schema.version): schema.id
        for name in (LICENCE_GRANTED, PENALTY_DECIDED)
        for schema in CATALOGUE.versions(name)
    }

    assert {
        (LICENCE_GRANTED, 1): 7,
        (LICENCE_GRANTED, 2): 29,
        (PENALTY_DECIDED, 1): 11,
        (PENALTY_DECIDED, 2): 30,
    }.items() <= ids.items()


@pytest.mark.parametrize("library", [by_fastavro, by_avro])
@pytest.mark.parametrize(("path", "reader"), PAIRS)
def test_an_example_is_read_by_every_other_version(
    path: Path, reader: Schema, library: Any
) -> None:
    writer = writer_of(path)
    said = body_of(writer.type, json.loads(path.read_text("utf-8")))

    assert expected(said, reader) == library(writer, reader, expected(said, writer))


def test_every_sample_of_either_generation_is_read_by_the_older_version(
    catalogue: SchemaCatalogue,
) -> None:
    events = samples.records_of_both_generations()
    assert {"2016", "2018"} == {event.body["generation"] for event in events}
    for event in events:
        *others, newest = catalogue.versions(event.type)
        body = dict(event.body)
        for other in others:
            assert expected(body, other) == by_fastavro(newest, other, body)


def test_what_the_first_version_wrote_is_of_the_generation_of_2018() -> None:
    event = samples.penalty()
    older, *_, newer = CATALOGUE.versions(event.type)
    body = {name: event.body[name] for name in fields_of(older)}

    assert dict(event.body) == by_fastavro(older, newer, body)
