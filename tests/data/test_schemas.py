"""The released schemas: complete, unchanged, readable by one another."""

from tests import samples

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.data_files import data_folder
from credit_bus.contracts.evolution import check_catalogue
from credit_bus.contracts.schemas import SchemaCatalogue
from credit_bus.contracts.shape import shape_of
from credit_bus.domain.event_types import EVENT_TYPES, RECORD_TYPES
from credit_bus.domain.record_fields import RECORD_FIELDS


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


def test_ids_of_what_follows_an_initiation_never_change(catalogue):
    fixed = {
        17: ("action.closed", 1),
        18: ("action.ended", 1),
        19: ("action.resumed", 1),
        20: ("action.suspended", 1),
        21: ("enquiry.answered", 1),
        22: ("enquiry.made", 1),
        23: ("objection.decided", 1),
        24: ("objection.raised", 1),
        25: ("reminder.due", 1),
        26: ("repair.decided", 1),
        27: ("repair.requested", 1),
        28: ("reputation.restored", 1),
        31: ("measure.executed", 2),
        32: ("measure.lifted", 1),
        33: ("repair.accepted", 1),
        34: ("publicity.ended", 1),
        35: ("enquiry.answered", 2),
        38: ("rules.activated", 2),
    }
    found = {number: catalogue.by_id(number) for number in fixed}

    assert fixed == {number: (one.type, one.version) for number, one in found.items()}


def test_ids_of_lists_corrections_and_registrations_never_change(catalogue):
    fixed = {
        12: "listing.entered",
        13: "listing.removed",
        14: "record.corrected",
        15: "record.withdrawn",
        16: "subject.registered",
    }
    found = {number: catalogue.by_id(number) for number in fixed}

    assert {number: (kind, 1) for number, kind in fixed.items()} == {
        number: (one.type, one.version) for number, one in found.items()
    }


def field_names(shape):
    """Return the names of all fields of a shape, at any depth."""
    found = [field.name for field in shape.fields]
    found += [name for field in shape.fields for name in field_names(field.shape)]
    return found + (field_names(shape.item) if shape.item else [])


def test_no_body_has_a_place_for_a_grade(catalogue):
    """`severity` is the department's own word on one penalty, which nothing reads: DECISIONS 16."""
    banned = {"grade", "score", "rating", "level", "points", "rank"}
    named = {
        (schema.type, name)
        for schema in catalogue.all
        for name in field_names(shape_of(schema.parsed)[0])
    }

    assert ("enquiry.answered", "clean_for_three_years") in named
    assert [] == sorted(named_ for named_ in named if set(named_[1].split("_")) & banned)


def test_feedback_of_the_first_version_is_read_in_the_newest(catalogue):
    action = samples.initiation_body()["action_id"]
    body = samples.execution_body(action, "m", batch_number=None, operator=None)
    old, new = catalogue.versions("measure.executed")
    first = Codec(SchemaCatalogue(schemas={old.id: old})).encode(
        "measure.executed", {k: v for k, v in body.items() if k not in {"batch_number", "operator"}}
    )
    codec = Codec(catalogue)

    assert (8, 31) == (old.id, new.id)
    assert body == codec.decode(first, expected_type="measure.executed")
    assert b"\x00\x00\x00\x00\x1f" == codec.encode("measure.executed", body)[:5]


def test_the_lock_names_each_file_once(catalogue):
    files = {path.relative_to(data_folder("avro")) for path in data_folder("avro").rglob("*.avsc")}

    assert {f"{schema.type}/{schema.version}.avsc" for schema in catalogue.all} == set(
        map(str, files)
    )


def test_every_version_reads_what_every_other_wrote(catalogue):
    assert [] == check_catalogue(catalogue)


def paths(shape):
    """Return the dotted paths of all fields of a shape that stand outside lists."""
    return {
        path
        for field in shape.fields
        for path in (
            field.shape.path,
            *(paths(field.shape) if field.shape.kind == "record" else ()),
        )
    }


def test_the_document_fields_of_each_event_type_are_in_its_schema(catalogue):
    assert [] == [
        (row.name, field)
        for row in EVENT_TYPES.values()
        for field in row.document
        if field not in paths(shape_of(catalogue.latest(row.name).parsed)[0])
    ]


def leaves(shape):
    """Return the paths of what is corrected as one: leaves, lists, sealed numbers."""
    if shape.kind != "record" or {field.name for field in shape.fields} == {"pseudonym", "box"}:
        return {shape.path}
    return {path for field in shape.fields for path in leaves(field.shape)}


def test_the_fields_that_can_be_corrected_are_those_of_the_schemas(catalogue):
    assert RECORD_FIELDS == {
        kind: {
            path
            for schema in catalogue.versions(kind)
            for path in leaves(shape_of(schema.parsed)[0])
        }
        for kind in RECORD_TYPES
    }
