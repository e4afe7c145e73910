"""What a reviewer is told of two versions: every change, who reads whom, and the order."""

import shutil

import pytest

from credit_bus.contracts.data_files import data_folder
from credit_bus.contracts.schema_diff import Compatibility, difference
from credit_bus.contracts.schemas import load_catalogue, release

TYPE = "measure.responded"


def field_of(schema, name):
    return next(field for field in schema["fields"] if field["name"] == name)


@pytest.fixture
def compare(tmp_path, schema_file):
    """Return a function from a change of the schema to the difference that it makes."""
    folder = shutil.copytree(data_folder("avro"), tmp_path / "avro")

    def compared(change):
        schema_file.next_version(folder, TYPE, change)
        release(folder)
        return difference(*load_catalogue(folder).versions(TYPE)[-2:])

    return compared


def told(found):
    return [f"{change.path or 'body'}: {change.sentence}" for change in found.changes]


def add(field):
    return lambda schema: schema["fields"].append(field)


def test_two_types_or_one_version_are_no_two_versions():
    catalogue = load_catalogue()
    older, newer = catalogue.versions("penalty.decided")[:2]
    for pair in ((newer, older), (older, older), (catalogue.versions(TYPE)[0], newer)):
        with pytest.raises(ValueError, match="are no two versions"):
            difference(*pair)


def test_a_field_without_a_default_lets_the_older_alone_read(compare):
    found = compare(add({"name": "operator", "type": "string"}))

    assert ["operator: added, string, without a default: older bodies cannot be read"] == told(
        found
    )
    assert Compatibility.FORWARD is found.compatibility
    assert "version 2 cannot read version 1" in found.problems[0]
    assert "do not release it" in found.rollout[0]


def test_a_removed_field_without_a_default_lets_the_newer_alone_read(compare):
    found = compare(lambda schema: schema["fields"].remove(field_of(schema, "responded_on")))

    assert ["responded_on: removed, was date without a default: older readers miss it"] == told(
        found
    )
    assert Compatibility.BACKWARD is found.compatibility
    assert "no reader may be taken back" in found.rollout[1]


def test_a_changed_type_lets_nobody_read(compare):
    found = compare(lambda schema: field_of(schema, "measure").update(type="boolean"))

    assert ["measure: type changed from string to boolean"] == told(found)
    assert Compatibility.NONE is found.compatibility
    assert "make it a new event type" in found.rollout[0]


def test_a_wider_number_is_called_wider_and_is_not_full(compare):
    compare(add({"name": "count", "type": "int", "default": 0}))
    found = compare(lambda schema: field_of(schema, "count").update(type="long"))

    assert ["count: type widened from int to long"] == told(found)
    assert Compatibility.FULL is not found.compatibility


def test_a_required_field_that_may_be_null_is_told(compare):
    def change(schema):
        field_of(schema, "measure").update(type=["null", "string"], default=None)

    found = compare(change)

    assert [
        "measure: may now be null",
        "measure: default changed from none to null",
    ] == told(found)
    assert Compatibility.BACKWARD is found.compatibility


def test_a_new_symbol_is_told_within_its_field(compare):
    found = compare(
        lambda schema: field_of(schema, "decision")["type"]["symbols"].append("postponed")
    )

    assert ["decision: symbol postponed added"] == told(found)
    assert Compatibility.BACKWARD is found.compatibility


def test_a_removed_symbol_a_default_a_doc_and_the_order_are_told(compare):
    def change(schema):
        field_of(schema, "decision")["type"]["symbols"].remove("refused")
        field_of(schema, "remark")["doc"] = "其他说明"
        schema["fields"].reverse()

    compare(add({"name": "urgent", "type": "boolean", "default": False}))
    compare(lambda schema: field_of(schema, "urgent").update(default=True))
    found = told(compare(change))

    assert "decision: symbol refused removed" in found
    assert "body: fields stand in another order; readers match them by name" in found
    assert any(
        each.startswith("remark: doc changed from") and each.endswith("“其他说明”")
        for each in found
    )


def test_a_changed_default_is_told_though_both_read(compare):
    compare(add({"name": "urgent", "type": "boolean", "default": False}))
    found = compare(lambda schema: field_of(schema, "urgent").update(default=True))

    assert ["urgent: default changed from false to true"] == told(found)
    assert Compatibility.FULL is found.compatibility


def test_a_new_record_is_told_once_and_not_field_by_field(compare):
    inner = {"name": "by", "type": "string"}
    kind = {"type": "record", "name": "Receipt", "fields": [inner]}
    found = compare(add({"name": "receipt", "type": ["null", kind], "default": None}))

    (sentence,) = told(found)
    kind = "record cn.creditbus.measure_responded.v1.Receipt or null"

    assert f"receipt: added, {kind}; reads as null where an older writer spoke" == sentence


def test_another_namespace_is_told_by_its_full_names(compare):
    found = compare(lambda schema: schema.update(namespace="cn.creditbus.other.v1"))

    assert (
        "body: type changed from record cn.creditbus.measure_responded.v1.MeasureResponded"
        " to record cn.creditbus.other.v1.MeasureResponded"
    ) in told(found)
    assert Compatibility.NONE is found.compatibility


def test_the_second_penalty_is_full_and_tells_its_new_fields():
    found = difference(*load_catalogue().versions("penalty.decided")[:2])

    assert Compatibility.FULL is found.compatibility
    assert () == found.problems
    assert 'generation: added, string; reads as "2018" where an older writer spoke' in told(found)
    assert ("readers first", "then writers") == tuple(
        step.partition(":")[0].partition(",")[0] for step in found.rollout[:2]
    )
