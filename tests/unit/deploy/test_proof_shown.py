"""A closing proof is shown whole, and a platform's text is never a formula."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook
from rich.console import Console

from credit_bus.casework.proof import Line, Proof, Standing
from credit_bus_deploy.proof_shown import as_value, print_proof, write_xlsx

AT = datetime(2026, 6, 1, 2, tzinfo=UTC)
PROOF = Proof(
    kind="record",
    name="ab" * 16,
    reference={"record": {"document_number": "甘罚〔2026〕1号"}, "action_id": None},
    state="withdrawn",
    closed=None,
    lines=(
        Line(
            event="1" * 32,
            type="record.withdrawn",
            revision=1,
            holder="district-platform",
            standing=Standing.CONFIRMED,
            sent_at=AT,
            by="2" * 32,
            at=AT,
            acknowledgement='=HYPERLINK("http://example.invalid")',
        ),
        Line(
            event="1" * 32,
            type="record.withdrawn",
            revision=1,
            holder="public-site",
            standing=Standing.OVERDUE,
            sent_at=AT,
        ),
    ),
)


def test_the_screen_names_every_holder_and_how_it_stands() -> None:
    screen = Console(file=io.StringIO(), width=200)
    print_proof(PROOF, screen)
    shown = screen.file.getvalue()  # type: ignore[attr-defined]

    for text in (
        "甘罚〔2026〕1号",
        "尚未全部确认",
        "district-platform",
        "逾期未确认",
        "2026-06-01 10:00",
    ):
        assert text in shown


def test_json_says_whether_the_proof_is_complete() -> None:
    value = json.loads(json.dumps(as_value(PROOF)))

    assert value["complete"] is False
    assert ["confirmed", "overdue"] == [line["standing"] for line in value["lines"]]
    assert AT.isoformat() == value["lines"][0]["sent_at"]


def test_a_workbook_has_a_row_for_each_holder_and_no_formula(tmp_path: Path) -> None:
    write_xlsx([PROOF], tmp_path / "proof.xlsx")
    (sheet,) = load_workbook(tmp_path / "proof.xlsx").worksheets
    cells = list(sheet.iter_rows(min_row=3))

    assert len(PROOF.lines) == len(cells)
    assert "f" not in {cell.data_type for row in cells for cell in row}
    assert PROOF.lines[0].acknowledgement == cells[0][7].value
