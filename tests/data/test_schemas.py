"""The released schemas: complete, unchanged, readable by one another."""

from credit_bus.contracts.data_files import data_folder
from credit_bus.contracts.evolution import check_catalogue
from credit_bus.domain.event_types import EVENT_TYPES


def test_every_event_type_has_a_schema_and_every_schema_an_event_type(catalogue):
    assert set(EVENT_TYPES) == {schema.type for schema in catalogue.all}


def test_ids_of_the_first_release_never_change(catalogue):
    first = [
        "action.initiated",
        "defaulter.listed",
        "delivery.confirmed",
        "delivery.refused",
        "event.accepted",
        "event.rejected",
        "licence.granted",
        "measure.executed",
        "measure.ordered",
        "measure.responded",
        "penalty.decided",
    ]

    assert first == [catalogue.by_id(number).type for number in range(1, len(first) + 1)]


def test_the_lock_names_each_file_once(catalogue):
    files = {path.relative_to(data_folder("avro")) for path in data_folder("avro").rglob("*.avsc")}

    assert {f"{schema.type}/{schema.version}.avsc" for schema in catalogue.all} == set(
        map(str, files)
    )


def test_every_version_reads_what_every_other_wrote(catalogue):
    assert [] == check_catalogue(catalogue)


def test_the_document_fields_of_each_event_type_are_in_its_schema(catalogue):
    assert [] == [
        (row.name, field)
        for row in EVENT_TYPES.values()
        for field in row.document
        if field not in {each["name"] for each in catalogue.latest(row.name).parsed["fields"]}
    ]
