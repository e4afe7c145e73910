"""`credit-bus schemas diff`: what it refuses, what it says, what a machine reads."""

import json
import shutil
from pathlib import Path

import pytest
from tests.unit.deploy.test_cli import check, run

from credit_bus.contracts.data_files import data_folder
from credit_bus.contracts.schemas import release


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the released schemas."""
    return Path(shutil.copytree(data_folder("avro"), tmp_path / "avro"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("tax.paid",), "tax.paid is no event type: give one of action."),
        (("penalty.decided", "--to", "1"), "0 to 1 are no two of them"),
        (("penalty.decided", "--from", "2", "--to", "2"), "2 to 2 are no two of them"),
        (("penalty.decided", "--from", "1", "--to", "99"), "1 to 99 are no two of them"),
        (("--to", "2"), "give its TYPE first"),
    ],
)
def test_what_is_no_pair_of_versions_is_refused(arguments: tuple[str, ...], sentence: str) -> None:
    check(run("schemas", "diff", *arguments), sentence)


def test_a_changed_released_file_is_refused(folder: Path) -> None:
    path = folder / "penalty.decided" / "1.avsc"
    path.write_bytes(path.read_bytes().replace("违法事实".encode(), "事实".encode()))

    result = run("schemas", "diff", "--folder", str(folder))

    assert (2, "") == (result.exit_code, result.stdout)
    assert "penalty.decided/1.avsc has changed since its release; restore it" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_version_that_breaks_is_told_with_exit_code_2(folder: Path) -> None:
    schema = json.loads((folder / "penalty.decided" / "2.avsc").read_text("utf-8"))
    schema["fields"].append({"name": "operator", "type": "string"})
    (folder / "penalty.decided" / "3.avsc").write_text(json.dumps(schema), "utf-8")
    release(folder)

    result = run("schemas", "diff", "penalty.decided", "--folder", str(folder))

    assert 2 == result.exit_code
    assert (
        "operator: added, string, without a default: older bodies cannot be read" in result.stdout
    )
    assert "FORWARD: the older reads what the newer wrote" in result.stdout
    assert "do not release it" in result.stdout


def test_every_type_with_several_versions_is_told_with_the_order_of_the_rollout() -> None:
    result = run("schemas", "diff")

    assert 0 == result.exit_code
    assert "licence.granted: version 1 (id 7) to version 2 (id 29)\n" in result.stdout
    assert "penalty.decided: version 1 (id 11) to version 2 (id 30)\n" in result.stdout
    assert "FULL: each version reads what the other wrote" in result.stdout
    assert result.stdout.index("1. readers first") < result.stdout.index("2. then writers")


def test_a_machine_reads_the_same() -> None:
    result = run("schemas", "diff", "licence.granted", "--from", "1", "--to", "2", "--json")
    (row,) = json.loads(result.stdout)

    assert 0 == result.exit_code
    assert ("FULL", []) == (row["compatibility"], row["problems"])
    assert {"version": 2, "id": 29} == row["to"]
    assert {"path", "sentence"} == set(row["changes"][0])
    assert "project_name" in {change["path"] for change in row["changes"]}
    assert 3 == len(row["rollout"])
