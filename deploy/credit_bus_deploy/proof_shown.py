"""A closing proof as officials and machines read it: on the screen, as JSON, as a workbook."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from rich.console import Console
from rich.table import Table

from credit_bus.casework.proof import WORDS, Line, Proof
from credit_bus.domain.calendar import local_text
from credit_bus.domain.event_types import EVENT_TYPES

_HEADINGS = ("事项", "版次", "持有单位", "措施", "状态", "发送时间", "确认时间", "回执", "依据事件")
_WIDTHS = (14, 6, 22, 26, 12, 20, 20, 36, 36)


def as_value(proof: Proof) -> dict[str, Any]:
    """Return the proof as JSON values; times are ISO 8601 in UTC."""
    value = asdict(proof) | {"complete": proof.complete}
    value["lines"] = [
        {name: _plain(each) for name, each in line.items()} for line in value["lines"]
    ]
    return value


def print_proof(proof: Proof, console: Console | None = None) -> None:
    """Print the proof as a table."""
    table = Table(title=_title(proof), title_justify="left", expand=False)
    for heading in _HEADINGS[:-1]:
        table.add_column(heading, overflow="fold")
    for line in proof.lines:
        table.add_row(*_cells(line)[:-1])
    (console or Console()).print(table)


def write_xlsx(proofs: Iterable[Proof], file: Path) -> None:
    """Write a workbook with a sheet for each proof."""
    book = Workbook()
    book.remove(book.active)
    for number, proof in enumerate(proofs, start=1):
        sheet = book.create_sheet(f"办结证明{number}")
        sheet.append([_title(proof)])
        sheet["A1"].font = Font(bold=True, size=14)
        sheet.append(list(_HEADINGS))
        for cell in sheet[2]:
            cell.font = Font(bold=True)
        for line in proof.lines:
            sheet.append(list(_cells(line)))
            for cell in sheet[sheet.max_row]:
                cell.data_type = "s"  # a platform's acknowledgement is never a formula
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for index, width in enumerate(_WIDTHS, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.freeze_panes = "A3"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.save(file)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _title(proof: Proof) -> str:
    record = proof.reference.get("record")
    what = record["document_number"] if isinstance(record, dict) else proof.name
    whole = "全部确认" if proof.complete else "尚未全部确认"
    return f"{what}　{WORDS[proof.state]}　{whole}"


def _cells(line: Line) -> tuple[str, ...]:
    return (
        EVENT_TYPES[line.type].term,
        str(line.revision),
        line.holder,
        line.measure or "",
        WORDS[line.standing],
        _moment(line.sent_at),
        _moment(line.at),
        line.acknowledgement or "",
        line.by or "",
    )


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else local_text(moment)
