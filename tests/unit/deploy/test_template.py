"""`credit-bus template`: what it writes, the departments' intake reads without a reason."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from credit_bus_connectors.departments.columns import Template
from credit_bus_connectors.departments.header import Layout, read_header
from credit_bus_connectors.departments.mapping import map_row
from credit_bus_connectors.departments.templates import LICENCE, PENALTY
from credit_bus_deploy.cli import command
from credit_bus_deploy.installation import registry_of

BOM = b"\xef\xbb\xbf"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["template", *arguments], prog_name="credit-bus")


def check_refused(result: Result, sentence: str) -> None:
    assert (2, "") == (result.exit_code, result.stdout)
    assert result.stderr.startswith("credit-bus: ")
    assert sentence in result.stderr
    assert 1 == len(result.stderr.splitlines())


def seal(number: str) -> Mapping[str, Any]:
    """Stand in for sealing."""
    return {"pseudonym": f"sealed-{number}", "box": b"box"}


def test_an_unknown_party_is_refused() -> None:
    check_refused(run("licence", "--party", "nobody"), "has no party nobody: give the code")


def test_a_party_without_a_code_of_its_own_is_refused() -> None:
    parties = registry_of(None)[0].parties.values()
    party = next(each.code for each in parties if each.uscc is None)

    check_refused(run("penalty", "--party", party), f"the party {party} has no uscc")


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "file.csv"

    check_refused(run("penalty", "--output", str(file)), f"{file} cannot be written")


@pytest.mark.parametrize("party", ["market-regulation", "housing-construction"])
@pytest.mark.parametrize(("name", "template"), [("licence", LICENCE), ("penalty", PENALTY)])
def test_header_and_row_are_read_without_a_reason(
    name: str, template: Template, party: str
) -> None:
    result = run(name, "--party", party)
    header, row = csv.reader(io.StringIO(result.stdout_bytes.decode("utf-8"), newline=""))
    layout = read_header(header)

    assert 0 == result.exit_code
    assert [column.header for column in template.columns] == header
    assert isinstance(layout, Layout)
    assert (template, ()) == (layout.template, layout.unknown)
    mapped = map_row(layout, row, seal)
    assert () == mapped.reasons
    assert mapped.body is not None
    assert registry_of(None)[0].parties[party].uscc == mapped.body["source_code"]


def test_the_file_is_the_same_text_marked_for_spreadsheets(tmp_path: Path) -> None:
    file = tmp_path / "licences.csv"
    result = run("licence", "--output", str(file))

    assert (0, b"") == (result.exit_code, result.stdout_bytes)
    assert BOM + run("licence").stdout_bytes == file.read_bytes()
