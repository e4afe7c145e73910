"""Evolution: two libraries must agree that every version reads every other."""

import random

import pytest

from credit_bus.contracts.evolution import check_catalogue
from credit_bus.contracts.schemas import load_catalogue, release

TYPE = "measure.executed"


@pytest.fixture
def released(released, schema_file):
    """A copy of the released schemas in which the type under test has its first version alone."""

    def copy():
        folder = released()
        schema_file.keep_first(folder, TYPE)
        return folder

    return copy


def field_of(schema, name):
    return next(field for field in schema["fields"] if field["name"] == name)


def check(released, schema_file, change, *sentences):
    """Assert that a next version with this change is found to break, in these words."""
    folder = released()
    schema_file.next_version(folder, TYPE, change)
    release(folder)

    report = "\n".join(check_catalogue(load_catalogue(folder)))

    assert bool(sentences) == bool(report)
    for sentence in sentences:
        assert sentence in report


def test_a_new_field_without_a_default_breaks(released, schema_file):
    def change(schema):
        schema["fields"].append({"name": "operator", "type": "string"})

    check(
        released,
        schema_file,
        change,
        "version 2 cannot read version 1: avro finds operator",
        "version 2 cannot read version 1: fastavro fails",
    )


def test_a_removed_field_without_a_default_breaks(released, schema_file):
    def change(schema):
        schema["fields"].remove(field_of(schema, "result"))

    check(released, schema_file, change, "version 1 cannot read version 2")


def test_a_changed_type_breaks(released, schema_file):
    def change(schema):
        field_of(schema, "result")["type"] = "boolean"

    check(released, schema_file, change, "avro finds reader type", "fastavro fails")


def test_a_wider_type_breaks_one_way(released, schema_file):
    def change(schema):
        schema["fields"].append({"name": "count", "type": "int", "default": 0})

    folder = released()
    schema_file.next_version(folder, TYPE, change)
    schema_file.next_version(
        folder, TYPE, lambda schema: field_of(schema, "count").update(type="long")
    )
    release(folder)

    report = "\n".join(check_catalogue(load_catalogue(folder)))

    assert "version 2 cannot read version 3" in report


def test_a_change_that_skips_a_version_breaks(released, schema_file):
    folder = released()
    schema_file.next_version(
        folder, TYPE, lambda schema: schema["fields"].remove(field_of(schema, "remark"))
    )
    schema_file.next_version(
        folder,
        TYPE,
        lambda schema: schema["fields"].append({"name": "remark", "type": "int", "default": 0}),
    )
    release(folder)

    report = "\n".join(check_catalogue(load_catalogue(folder)))

    assert "version 3 cannot read version 1" in report
    assert "version 3 cannot read version 2" not in report


def test_a_new_symbol_breaks(released, schema_file):
    def change(schema):
        field_of(schema, "outcome")["type"]["symbols"].append("postponed")

    check(released, schema_file, change, "version 1 cannot read version 2")


def test_a_renamed_record_breaks(released, schema_file):
    check(
        released,
        schema_file,
        lambda schema: schema.update(name="MeasureDone"),
        "avro finds expected",
    )


def test_another_namespace_breaks_for_readers_that_compare_it(released, schema_file):
    check(
        released,
        schema_file,
        lambda schema: schema.update(namespace="cn.creditbus.measure_executed.v9"),
        "cn.creditbus.measure_executed.v1.MeasureExecuted has become "
        "cn.creditbus.measure_executed.v9.MeasureExecuted; keep the namespace of version 1",
        "cn.creditbus.measure_executed.v1.Outcome has become",
    )


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("executed_on", "int", "executed_on was ('date', 0, 0) and is read as ('int', 0, 0)"),
        (
            "amount_10k",
            ["null", {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 2}],
            "amount_10k was ('decimal', 18, 6) and is read as ('decimal', 18, 2)",
        ),
        ("division", "bytes", "division was ('string', 0, 0) and is read as ('bytes', 0, 0)"),
    ],
)
def test_a_change_of_meaning_breaks_though_the_bytes_agree(
    released, schema_file, name, kind, sentence
):
    check(released, schema_file, lambda schema: field_of(schema, name).update(type=kind), sentence)


@pytest.mark.parametrize(
    "field",
    [
        {"name": "operator", "type": ["null", "string"], "default": None},
        {"name": "urgent", "type": "boolean", "default": False},
    ],
)
def test_a_new_field_with_a_plain_default_is_fine(released, schema_file, field):
    folder = released()
    schema_file.add_field(folder, TYPE, field)

    assert [] == check_catalogue(load_catalogue(folder))


def test_a_check_leaves_the_callers_chance_alone():
    random.seed(1)
    expected = random.random()
    random.seed(1)
    check_catalogue(load_catalogue())

    assert expected == random.random()
