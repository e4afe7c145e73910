"""The catalogue of schemas: released means frozen, and every mistake is told in one report."""

import json

import pytest

from credit_bus.contracts.schemas import LOCK_NAME, SchemaCatalogueError, load_catalogue, release

TYPE = "measure.responded"


def check(folder, *sentences):
    """Assert that the folder is refused with these pieces of sentences, one each, in any order."""
    with pytest.raises(SchemaCatalogueError) as caught:
        load_catalogue(folder)

    mistakes = list(caught.value.mistakes)
    assert len(sentences) == len(mistakes), mistakes
    for sentence in sentences:
        assert any(sentence in mistake for mistake in mistakes), mistakes


def rewrite_lock(folder, old, new):
    lock = folder / LOCK_NAME
    text = lock.read_text("utf-8")
    assert old in text
    lock.write_text(text.replace(old, new), "utf-8")


def line_of(folder, event_type):
    lines = (folder / LOCK_NAME).read_text("utf-8").splitlines(keepends=True)
    return next(line for line in lines if f" {event_type} " in line)


def test_a_changed_file_is_refused(released):
    folder = released()
    path = folder / TYPE / "1.avsc"
    path.write_bytes(path.read_bytes() + b"\n")

    check(folder, "has changed since its release")


def test_a_changed_hash_is_refused(released):
    folder = released()
    line = line_of(folder, TYPE)
    rewrite_lock(folder, line, line[:-2] + ("0" if line[-2] != "0" else "1") + "\n")

    check(folder, "has changed since its release")


def test_a_file_without_its_line_is_refused(released):
    folder = released()
    rewrite_lock(folder, line_of(folder, TYPE), "")

    check(folder, f"{TYPE}/1.avsc is not in LOCK")


def test_a_line_without_its_file_is_refused(released, schema_file):
    folder = released()
    schema_file.add_field(folder, TYPE, {"name": "a", "type": ["null", "string"], "default": None})
    (folder / TYPE / "2.avsc").unlink()

    check(folder, f"{TYPE}/2.avsc is in LOCK, but gone")


def test_a_gap_in_versions_is_refused(released, schema_file):
    folder = released()
    path = schema_file.next_version(folder, TYPE, lambda schema: None)
    path.rename(path.with_name("3.avsc"))

    check(folder, "without a gap", f"{TYPE}/3.avsc is not in LOCK")


def test_a_type_that_is_no_event_type_is_refused(released):
    folder = released()
    (folder / "tax.paid").mkdir()
    (folder / "tax.paid" / "1.avsc").write_bytes((folder / TYPE / "1.avsc").read_bytes())

    check(folder, "tax.paid is no event type", "tax.paid/1.avsc is not in LOCK")


def test_an_event_type_without_a_schema_is_refused(released):
    folder = released()
    rewrite_lock(folder, line_of(folder, TYPE), "")
    (folder / TYPE / "1.avsc").unlink()

    check(folder, f"event type {TYPE} has no schema")


@pytest.mark.parametrize("name", ["notes.txt", f"{TYPE}/notes.txt", f"{TYPE}/01.avsc", "1.avsc"])
def test_a_file_out_of_place_is_refused(released, name):
    folder = released()
    (folder / name).write_text("{}")

    check(folder, f"{name} is no schema file")


@pytest.mark.parametrize("line", ["x", "12 a.b 1", "0 a.b 1 ff", "12 a.b one ff", "-1 a.b 1 ff"])
def test_a_line_that_is_none_is_refused(released, line):
    folder = released()
    with (folder / LOCK_NAME).open("a") as lock:
        lock.write(line + "\n")

    check(folder, "must be: id, type, version, hash")


def test_an_id_given_twice_is_refused(released):
    folder = released()
    line = line_of(folder, TYPE)
    rewrite_lock(folder, line, "1 " + line.split(" ", 1)[1])

    check(folder, "names an id or a schema twice")


def test_no_lock_is_refused(released):
    folder = released()
    (folder / LOCK_NAME).unlink()

    with pytest.raises(SchemaCatalogueError, match="no LOCK beside the schemas"):
        load_catalogue(folder)


def test_several_mistakes_come_in_one_report(released):
    folder = released()
    (folder / "notes.txt").write_text("")
    path = folder / TYPE / "1.avsc"
    path.write_text(path.read_text("utf-8") + " ", "utf-8")

    check(folder, "notes.txt is no schema file", "has changed since its release")


RECURSIVE = {
    "type": "record",
    "name": "Node",
    "fields": [{"name": "next", "type": ["null", "Node"]}],
}
EMPTY = {"type": "array", "items": {"type": "record", "name": "Empty", "fields": []}}
DECIMAL = {"type": "bytes", "logicalType": "decimal", "precision": 40, "scale": 2}


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        pytest.param(["null", "double"], "double is not used", id="double"),
        pytest.param({"type": "map", "values": "string"}, "map is not used", id="map"),
        pytest.param({"type": "fixed", "name": "F", "size": 0}, "fixed is not used", id="fixed"),
        pytest.param({"type": "array", "items": "null"}, "null is not used", id="nulls"),
        pytest.param(EMPTY, "a record must have a field", id="empty records"),
        pytest.param(["null", RECURSIVE], "may not stand within itself", id="recursion"),
        pytest.param(["string", "null"], "a union must be null and one", id="union order"),
        pytest.param(["null", "string", "int"], "a union must be null and one", id="three kinds"),
        pytest.param(["null", DECIMAL], "at most 28 digits", id="long decimal"),
        pytest.param("unheard", "is no Avro schema", id="unknown name"),
    ],
)
def test_a_use_of_avro_outside_the_bus_is_not_released(released, schema_file, kind, sentence):
    folder = released()
    field = {"name": "extra", "type": kind}
    schema_file.next_version(folder, TYPE, lambda schema: schema["fields"].append(field))
    before = (folder / LOCK_NAME).read_bytes()

    with pytest.raises(SchemaCatalogueError, match=sentence):
        release(folder)
    assert before == (folder / LOCK_NAME).read_bytes()


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        ({"type": "int", "logicalType": "date"}, 0),
        ({"type": "array", "items": "string"}, []),
        (DECIMAL | {"precision": 18}, "0"),
    ],
)
def test_a_default_that_readers_disagree_on_is_not_released(released, schema_file, kind, default):
    field = {"name": "on", "type": kind, "default": default}

    with pytest.raises(SchemaCatalogueError, match="readers disagree"):
        schema_file.add_field(released(), TYPE, field)


@pytest.mark.parametrize("content", ["", "{", '"string"', '{"type": "record"}', "[]"])
def test_what_is_no_schema_is_not_released(released, content):
    folder = released()
    (folder / TYPE / "2.avsc").write_text(content)

    with pytest.raises(SchemaCatalogueError, match=r"is no Avro schema|must be a record"):
        release(folder)


def test_nothing_is_released_beside_a_changed_file(released, schema_file):
    folder = released()
    schema_file.next_version(folder, TYPE, lambda schema: None)
    path = folder / "event.accepted" / "1.avsc"
    path.write_bytes(path.read_bytes() + b" ")
    before = (folder / LOCK_NAME).read_bytes()

    with pytest.raises(SchemaCatalogueError, match="has changed since its release"):
        release(folder)
    assert before == (folder / LOCK_NAME).read_bytes()


def test_a_release_adds_a_line_and_changes_none(released, schema_file):
    folder = released()
    before = (folder / LOCK_NAME).read_text("utf-8")
    highest = max(schema.id for schema in load_catalogue(folder).all)
    schema_file.next_version(folder, TYPE, lambda schema: None)

    (line,) = release(folder)

    assert line.startswith(f"{highest + 1} {TYPE} 2 ")
    assert before + line + "\n" == (folder / LOCK_NAME).read_text("utf-8")
    assert (2, highest + 1) == (
        load_catalogue(folder).latest(TYPE).version,
        load_catalogue(folder).latest(TYPE).id,
    )


def test_a_release_without_new_files_changes_nothing(released):
    folder = released()
    before = (folder / LOCK_NAME).read_bytes()

    assert () == release(folder)
    assert before == (folder / LOCK_NAME).read_bytes()


def test_a_first_release_writes_the_lock(released):
    folder = released()
    (folder / LOCK_NAME).unlink()

    assert len(release(folder)) == len(load_catalogue(folder).all)


def test_schemas_are_found_by_id_and_by_type(released):
    catalogue = load_catalogue(released())
    schema = catalogue.latest(TYPE)

    assert schema is catalogue.by_id(schema.id)
    assert catalogue.by_id(9999) is None
    assert TYPE == schema.type
    assert "MeasureResponded" == json.loads(schema.raw)["name"]
    with pytest.raises(KeyError):
        catalogue.latest("tax.paid")
