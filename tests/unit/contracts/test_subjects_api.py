"""What the Schema Registry API answers, as values: errors first."""

import json

import pytest

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.subjects_api import Answer, SubjectsApi, full_name

API = SubjectsApi(load_catalogue())
PENALTY = "cn.creditbus.penalty_decided.v1.PenaltyDecided"
ORDER = "cn.creditbus.measure_ordered.v1.MeasureOrdered"
RAW = API.catalogue.latest("penalty.decided").raw
OTHER = json.dumps({"type": "record", "name": "O", "fields": [{"name": "a", "type": "string"}]})


def code(answer: Answer) -> tuple[int, int]:
    """The status and the registry's own code of an error."""
    assert {"error_code", "message"} == set(answer.body)
    return answer.status, answer.body["error_code"]


@pytest.mark.parametrize("schema_id", ["0", "9999", "-1", "1.0", "x", "", "१", "1" * 5000])
def test_an_unknown_id_is_schema_not_found(schema_id: str) -> None:
    for answer in (API.schema, API.schema_text, API.subjects_of, API.versions_of):
        assert (404, 40403) == code(answer(schema_id))


@pytest.mark.parametrize("subject", ["", "x", "credit.records-value", "credit.records", "-", "x-y"])
def test_an_unknown_subject_has_no_versions(subject: str) -> None:
    assert (404, 40401) == code(API.versions(subject))
    assert (404, 40401) == code(API.version(subject, "latest"))
    assert (404, 40401) == code(API.compatible(subject, None, {"schema": RAW}))


@pytest.mark.parametrize("version", ["0", "-2", "x", "2147483648", "1" * 5000, ""])
def test_a_version_that_is_none_is_told_as_such(version: str) -> None:
    assert (422, 42202) == code(API.version(PENALTY, version))


def test_a_version_that_is_not_there_is_not_found() -> None:
    assert (404, 40402) == code(API.version(PENALTY, "99"))


@pytest.mark.parametrize(
    "schema",
    [None, 7, "", "{", '{"type": "recrod"}', "[" * 100_000, '{"type":"record","name":"X"}'],
    ids=lambda value: str(value)[:12],
)
def test_what_is_no_avro_schema_is_invalid(schema: object) -> None:
    for answer in (API.look_up, API.register):
        assert (422, 42201) == code(answer(PENALTY, {"schema": schema}))
    assert (422, 42201) == code(API.compatible(PENALTY, "latest", {"schema": schema}))


def test_another_schema_is_not_found_and_cannot_be_registered() -> None:
    assert (404, 40403) == code(API.look_up(PENALTY, {"schema": OTHER}))
    assert (422, 42205) == code(API.register(PENALTY, {"schema": OTHER}))
    assert (422, 42205) == code(API.register("anything", {"schema": OTHER}))
    assert (422, 42201) == code(API.look_up(PENALTY, {"schema": OTHER, "schemaType": "JSON"}))


@pytest.mark.parametrize("schema", API.catalogue.all, ids=lambda schema: f"{schema.id}")
def test_every_schema_is_found_by_id_subject_version_and_text(schema) -> None:
    name = full_name(schema)
    row = API.version(name, str(schema.version)).body

    assert json.loads(schema.raw) == json.loads(API.schema(str(schema.id)).body["schema"])
    assert json.loads(schema.raw) == API.version_text(name, str(schema.version)).body
    assert (name, schema.version, schema.id) == (row["subject"], row["version"], row["id"])
    assert [{"subject": name, "version": schema.version}] == API.versions_of(str(schema.id)).body
    for subject in (name, "credit.records-value", f"credit.outbox.tax-{name}"):
        assert schema.id == API.look_up(subject, {"schema": schema.raw}).body["id"]
        assert {"id": schema.id} == API.register(subject, {"schema": row["schema"]}).body
    assert API.look_up("other.topic-value", {"schema": schema.raw}).status == 404


def test_latest_is_the_newest_and_lists_are_cut_as_asked() -> None:
    names = API.subjects(prefix="", offset=0, limit=-1).body
    rows = API.schemas(prefix=PENALTY, latest_only=True, offset=0, limit=-1).body

    assert len({schema.type for schema in API.catalogue.all}) == len(names)
    assert sorted(names) == names
    assert names[2:4] == API.subjects(prefix="", offset=2, limit=2).body
    assert [2] == [row["version"] for row in rows]
    assert 2 == API.version(PENALTY, "latest").body["version"]
    assert 2 == API.version(PENALTY, "-1").body["version"]


def test_a_candidate_must_read_and_be_read_by_every_version() -> None:
    schema = json.loads(RAW)
    optional = {"name": "more", "type": ["null", "string"], "default": None}
    required = {"name": "more", "type": "string"}
    for added, expected in ((optional, True), (required, False)):
        candidate = {"schema": json.dumps(schema | {"fields": [*schema["fields"], added]})}
        for version in (None, "latest", "1"):
            answer = API.compatible(PENALTY, version, candidate).body

            assert expected is answer["is_compatible"]
            assert expected is not bool(answer["messages"])


def test_a_short_text_that_names_very_many_places_is_refused_at_once() -> None:
    depth = 60
    inner: object = "string"
    for number in range(depth):
        name = f"R{number}"
        fields = [{"name": "a", "type": inner}, {"name": "b", "type": f"R{number - 1}"}]
        inner = {"type": "record", "name": name, "fields": fields if number else fields[:1]}

    answer = API.compatible(PENALTY, "latest", {"schema": json.dumps(inner)})

    assert {"is_compatible": False, "messages": ["the schema has more than 2000 places"]} == (
        answer.body
    )
