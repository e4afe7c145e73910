"""The workbook: what is written is read back, prints on A4 across, and holds no formula."""

import warnings
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from tests.unit.reports.figures import QUARTER, report

from credit_bus.casework.counts import COLUMNS
from credit_bus.reports.period import Period
from credit_bus.reports.report import Report
from credit_bus.reports.texts import is_share, name_of, shown
from credit_bus.reports.workbook import MONTHS_SHEET, SHEET, xlsx_of


def opened(of: Report) -> Any:
    """The workbook, read back; a warning fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return openpyxl.load_workbook(BytesIO(xlsx_of(of)))


@pytest.fixture
def sheet() -> Any:
    return opened(report())[SHEET]


def line_of(sheet: Any, name: str) -> list[Any]:
    return next([c.value for c in row] for row in sheet.iter_rows() if row[0].value == name)


def test_every_line_is_read_back_with_numbers_as_numbers_and_shares_as_text(sheet: Any) -> None:
    found = report()
    for row in (*found.departments, found.total, *found.others):
        name = name_of(row, QUARTER) if row.code else row.name
        expected = [shown(row, what) if is_share(what) else row.counts[what] for what in COLUMNS]
        assert expected == line_of(sheet, name)[1:]
    assert "18/20 (90%)" in line_of(sheet, "甘州区市场监督管理局")


def test_a_name_that_looks_like_a_formula_stays_text() -> None:
    told = report()
    odd = replace(told.departments[0], name='=HYPERLINK("http://x")')
    sheet = opened(replace(told, departments=(odd,)))[SHEET]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == odd.name]

    assert ["s"] == [cell.data_type for cell in cells]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_head_says_what_of_whom_when_by_which_rules(sheet: Any) -> None:
    head = [sheet.cell(number, 1).value for number in range(1, 6)]

    assert "信用信息共享和联合奖惩工作情况统计表" == head[0]
    assert "报告期：2026年1月1日至2026年3月31日" == head[1]
    assert f"登记册版本：{report().registry_version}" == head[3]
    assert "制表时间：2026年4月2日 09:30" == head[4]


def test_it_is_read_and_printed_with_its_headings(sheet: Any) -> None:
    headings = [cell.value for cell in sheet[7]][1:]

    assert list(COLUMNS.values()) == headings
    assert "B8" == sheet.freeze_panes
    assert ("landscape", "9") == (sheet.page_setup.orientation, str(sheet.page_setup.paperSize))
    assert ("$6:$7", "$A:$A") == (sheet.print_title_rows, sheet.print_title_cols)
    assert "异议处理" == sheet.cell(6, sheet.col_breaks.brk[0].id + 1).value


def test_each_page_is_no_wider_than_the_paper(sheet: Any) -> None:
    """A4 across is 11.69 inches; a unit of width is 7 pixels of 1/96 inch and 5 more a column."""
    broken = sheet.col_breaks.brk[0].id
    widths = [
        sheet.column_dimensions[openpyxl.utils.get_column_letter(index)].width
        for index in range(1, len(COLUMNS) + 2)
    ]
    paper = 11.69 - sheet.page_margins.left - sheet.page_margins.right
    for page in (widths[:broken], widths[:1] + widths[broken:]):
        inches = sum(7 * width + 5 for width in page) / 96
        assert inches * sheet.page_setup.scale / 100 <= paper


def test_the_foot_says_why_there_is_no_column_of_refusals(sheet: Any) -> None:
    assert any("退回" in str(row[0].value) for row in sheet.iter_rows())


def test_several_months_have_a_sheet_of_their_own() -> None:
    book = opened(report())
    one = Period(first=QUARTER.last.replace(day=1), last=QUARTER.last)

    assert 1_200 == line_of(book[MONTHS_SHEET], "2026年1月")[1]
    assert 1_203 == line_of(book[MONTHS_SHEET], "部门合计")[1]
    assert [SHEET] == opened(report(period=one)).sheetnames
