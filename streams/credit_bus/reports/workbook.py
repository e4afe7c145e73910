"""A report as a workbook: to be printed on A4 across, the measures on one page, cases on the next.

Counts are numbers, shares are text; nothing in it is a formula.
"""

from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.worksheet import Worksheet

from credit_bus.casework.counts import COLUMNS
from credit_bus.reports import texts
from credit_bus.reports.report import Report, Row

SHEET, MONTHS_SHEET = "统计表", "按月"
_FIRST_OF_SECOND_PAGE = "objected"
_NAME_WIDTH, _COUNT_WIDTH, _SHARE_WIDTH = 34, 7.5, 13
_SCALE_PERCENT = 88
_MARGIN_INCHES = 0.4
_NUMBER, _TEXT = "#,##0", "@"
_LINE = Side(style="thin", color="8FA3B5")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FILL, _SUM_FILL = PatternFill("solid", "DDEBF7"), PatternFill("solid", "F3F6F9")
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_COLUMNS = tuple(COLUMNS)


def xlsx_of(report: Report) -> bytes:
    """Return the report as a workbook; the months have a sheet when there are several."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    book.properties.title = texts.TITLE
    book.properties.creator = report.district
    _head(sheet, report, texts.PARTY)
    for row in report.departments:
        _line(sheet, row, texts.name_of(row, report.period))
    _line(sheet, report.total, report.total.name, is_sum=True)
    if report.others:
        _text(sheet, sheet.max_row + 1, texts.OTHERS).font = Font(bold=True)
        for row in report.others:
            _line(sheet, row, row.name)
    _foot(sheet, texts.notes_of(report))
    if len(report.months) > 1:
        months = book.create_sheet(MONTHS_SHEET)
        _head(months, report, "月份")
        for row in report.months:
            _line(months, row, row.name)
        _line(months, report.total, report.total.name, is_sum=True)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _head(sheet: Worksheet, report: Report, first: str) -> None:
    """Write title and headings, and how the sheet is looked at and printed."""
    _text(sheet, 1, texts.TITLE).font = Font(bold=True, size=16)
    for number, line in enumerate(texts.heads_of(report), start=2):
        _text(sheet, number, line)
    groups_row = sheet.max_row + 1
    heads_row = groups_row + 1
    column = 2
    for name, whats in texts.groups():
        last = column + len(whats) - 1
        _heading(sheet.cell(groups_row, column, name))
        for index in range(column, last + 1):
            _heading(sheet.cell(groups_row, index))
            _heading(sheet.cell(heads_row, index, COLUMNS[_COLUMNS[index - 2]]))
        sheet.merge_cells(
            start_row=groups_row, end_row=groups_row, start_column=column, end_column=last
        )
        column = last + 1
    _heading(sheet.cell(groups_row, 1, first))
    _heading(sheet.cell(heads_row, 1))
    sheet.merge_cells(start_row=groups_row, end_row=heads_row, start_column=1, end_column=1)
    sheet.row_dimensions[heads_row].height = 48
    sheet.freeze_panes = sheet.cell(heads_row + 1, 2)
    _print_setup(sheet, groups_row, heads_row)


def _print_setup(sheet: Worksheet, groups_row: int, heads_row: int) -> None:
    sheet.column_dimensions["A"].width = _NAME_WIDTH
    for index, what in enumerate(_COLUMNS, start=2):
        width = _SHARE_WIDTH if texts.is_share(what) else _COUNT_WIDTH
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.scale = _SCALE_PERCENT
    sheet.print_title_rows = f"{groups_row}:{heads_row}"
    sheet.print_title_cols = "A:A"
    sheet.col_breaks = ColBreak()
    sheet.col_breaks.append(Break(id=_COLUMNS.index(_FIRST_OF_SECOND_PAGE) + 1))
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = _MARGIN_INCHES
    margins.bottom = 2 * _MARGIN_INCHES  # above the page number
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _line(sheet: Worksheet, row: Row, name: str, *, is_sum: bool = False) -> None:
    number = sheet.max_row + 1
    cells = [_text(sheet, number, name)]
    for index, what in enumerate(_COLUMNS, start=2):
        if texts.is_share(what):
            cell = _text(sheet, number, texts.shown(row, what), column=index)
            cell.alignment = Alignment(horizontal="right")
        else:
            cell = sheet.cell(number, index, row.counts[what])
            cell.number_format = _NUMBER
        cells.append(cell)
    for cell in cells:
        cell.border = _BOX
        if is_sum:
            cell.font = Font(bold=True)
            cell.fill = _SUM_FILL


def _foot(sheet: Worksheet, notes: Iterable[str]) -> None:
    first = sheet.max_row + 2
    _text(sheet, first, "说明").font = Font(bold=True)
    for number, note in enumerate(notes, start=1):
        _text(sheet, first + number, f"{number}. {note}")


def _heading(cell: Cell) -> None:
    cell.font = Font(bold=True)
    cell.fill = _HEAD_FILL
    cell.border = _BOX
    cell.alignment = _MIDDLE


def _text(sheet: Worksheet, row: int, text: str, *, column: int = 1) -> Cell:
    """Write text that stays text, whatever it begins with."""
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"
    cell.number_format = _TEXT
    return cell
