"""`credit-bus template`: what it writes, the departments' intake reads without a reason."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.utils import get_column_letter
from tests import samples

from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import CHECKS
from credit_bus.domain.context import Context
from credit_bus_connectors.departments.files import cells
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.header import Layout, read_header
from credit_bus_connectors.departments.files.intake import NOTES_SHEETS
from credit_bus_connectors.departments.files.mapping import map_row
from credit_bus_connectors.departments.files.source import (
    Source,
    footprint,
    open_source,
    tables_of,
)
from credit_bus_connectors.departments.files.tables import Row
from credit_bus_connectors.departments.files.templates import LICENCE, TEMPLATES
from credit_bus_deploy.cli import command
from credit_bus_deploy.registries import registry_of

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
    return {"pseudonym": f"{number:0>64}".lower(), "box": bytes(46)}


def test_an_unknown_party_is_refused() -> None:
    check_refused(run("licence", "--party", "nobody"), "has no party nobody: give the code")


def test_a_party_without_a_code_of_its_own_is_refused() -> None:
    parties = registry_of(None)[0].parties.values()
    party = next(each.code for each in parties if each.uscc is None)

    check_refused(run("penalty", "--party", party), f"the party {party} has no uscc")


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "file.csv"

    check_refused(run("penalty", "--output", str(file)), f"{file} cannot be written")


def written(tmp_path: Path, template: Template, suffix: str, *options: str) -> Path:
    file = tmp_path / f"t{suffix}"
    name = template.type.partition(".")[0]
    result = run(name, "--generation", template.generation.value, "--output", str(file), *options)
    assert (0, b"") == (result.exit_code, result.stdout_bytes), result.stderr
    return file


def read(file: Path) -> dict[str, list[Row]]:
    look = footprint(file)
    assert look is not None
    source = open_source(file, look)
    assert isinstance(source, Source)
    with tables_of(source) as tables:
        return {table.name: list(table.rows) for table in tables}


@pytest.mark.parametrize("party", ["market-regulation", "housing-construction"])
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: f"{each.name}-{each.generation}")
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_its_own_templates_are_taken_back_and_their_row_is_lawful(
    tmp_path: Path, template: Template, suffix: str, party: str
) -> None:
    header, row = next(iter(read(written(tmp_path, template, suffix, "--party", party)).values()))
    layout = read_header(header.cells)
    assert isinstance(layout, Layout)
    mapped = map_row(layout, row.cells, seal)
    assert mapped.body is not None
    registry = registry_of(None)[0]
    today = local_day(datetime.now(UTC))
    context = Context(registry=registry, today=today, source=party, subject=mapped.subject)
    codec = samples.codec()
    body = codec.decode(codec.encode(template.type, mapped.body), expected_type=template.type)

    assert isinstance(body, Mapping)
    assert [column.header for column in template.columns] == list(header.cells)
    assert (template, ()) == (layout.template, layout.unknown)
    assert () == CHECKS[template.type](body, context)
    assert registry.parties[party].name == body["authority_name"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_empty_template_has_its_header_alone(tmp_path: Path, suffix: str) -> None:
    assert 1 == len(next(iter(read(written(tmp_path, LICENCE, suffix, "--empty")).values())))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: f"{each.name}-{each.generation}")
def test_a_workbook_keeps_codes_as_text_and_tells_how_to_fill_in(
    tmp_path: Path, template: Template
) -> None:
    book = openpyxl.load_workbook(written(tmp_path, template, ".xlsx"))
    sheet, notes = book.worksheets
    formats = {
        column.code: sheet.column_dimensions[get_column_letter(number)].number_format
        for number, column in enumerate(template.columns, start=1)
    }
    codes = {c.code for c in template.columns if c.convert in (cells.code, cells.text)}
    days = {c.code for c in template.columns if c.convert is cells.day}

    assert {"@"} == {formats[code] for code in codes}
    assert {"yyyy/mm/dd"} == {formats[code] for code in days}
    assert sheet["A1"].font.b
    assert "A2" == sheet.freeze_panes
    assert all(sheet.column_dimensions[letter].width >= 14 for letter in "ABC")
    assert notes.title in NOTES_SHEETS
    told = {row[1] for row in notes.iter_rows(values_only=True)}
    assert {column.code for column in template.columns} <= told


def test_the_file_is_the_same_text_marked_for_spreadsheets(tmp_path: Path) -> None:
    file = tmp_path / "licences.csv"
    result = run("licence", "--output", str(file))

    assert (0, b"") == (result.exit_code, result.stdout_bytes)
    assert BOM + run("licence").stdout_bytes == file.read_bytes()
