"""Every example under schemas/examples does what its name says."""

import json
from collections import Counter

import pytest
from tests.examples import EXAMPLES, as_read, body_of

from credit_bus.contracts.codec import EncodeError
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.reason import Reason

OF_EACH_MIN = 2


def orphans(folder):
    """Return the files that belong to no released schema or whose name promises nothing."""
    released = {(schema.type, str(schema.version)) for schema in load_catalogue().all}
    return [
        str(name)
        for name in sorted(path.relative_to(folder) for path in folder.rglob("*"))
        if not (folder / name).is_dir()
        and not (
            len(name.parts) == 3
            and name.parts[:2] in released
            and name.suffix == ".json"
            and name.stem.split("-")[0] in {"valid", "invalid"}
        )
    ]


def examples(kind):
    return [
        pytest.param(path, id=str(path.relative_to(EXAMPLES)))
        for path in sorted(EXAMPLES.glob(f"*/*/{kind}-*.json"))
    ]


@pytest.mark.parametrize("path", examples("invalid"))
def test_an_invalid_example_cannot_be_written(path, codec):
    event_type = path.parts[-3]
    body = body_of(event_type, json.loads(path.read_text("utf-8")))

    with pytest.raises(EncodeError, match=event_type):
        codec.encode(event_type, body)


@pytest.mark.parametrize("path", examples("valid"))
def test_a_valid_example_is_read_as_it_was_written(path, codec, catalogue):
    event_type = path.parts[-3]
    body = body_of(event_type, json.loads(path.read_text("utf-8")))
    decoded = codec.decode(codec.encode(event_type, body), expected_type=event_type)

    assert not isinstance(decoded, Reason)
    assert as_read(json.loads(catalogue.latest(event_type).raw), body) == decoded


@pytest.mark.parametrize("planted", ["tax.paid/1/valid-a.json", "penalty.decided/1/odd-a.json"])
def test_an_orphan_example_is_found(planted, tmp_path):
    path = tmp_path / planted
    path.parent.mkdir(parents=True)
    path.write_text("{}")

    assert [planted] == orphans(tmp_path)


def test_no_example_is_an_orphan():
    assert [] == orphans(EXAMPLES)


def test_every_schema_has_examples_of_both_kinds():
    counts = Counter(
        (*path.parts[-3:-1], path.stem.split("-")[0]) for path in EXAMPLES.rglob("*.json")
    )

    assert [] == [
        (schema.type, schema.version, kind)
        for schema in load_catalogue().all
        for kind in ("valid", "invalid")
        if counts[schema.type, str(schema.version), kind] < OF_EACH_MIN
    ]
