"""What a spreadsheet's cells say, and what it did to them."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from tests.unit.departments.workbooks import (
    Parts,
    parts_of,
    sheet_of,
    sheet_with,
    strings_of,
    styles_of,
    write_parts,
)

from credit_bus_connectors.departments.files.cells import COVERED, Cell, Problem
from credit_bus_connectors.departments.files.source import Source, footprint, open_source, tables_of
from credit_bus_connectors.departments.files.tables import BrokenTableError, Row
from credit_bus_connectors.departments.files.xlsx.values import CELL_CHARACTERS_MAX

DAY = datetime.fromisoformat("2018-03-23")
SERIAL, SERIAL_1904 = 43182, 43182 - 1462


def source_of(path: Path) -> Source:
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)
    assert isinstance(source, Source), source
    return source


def rows_in(path: Path) -> dict[str, list[Row]]:
    with tables_of(source_of(path)) as tables:
        return {table.name: list(table.rows) for table in tables}


def rows_of(tmp_path: Path, parts: Parts) -> list[Row]:
    (rows,) = rows_in(write_parts(tmp_path / "f.xlsx", parts)).values()
    return rows


def cell_in(tmp_path: Path, cell: str, **parts: str) -> Cell:
    """Return what a cell says that stands in A1, beside one that is not empty."""
    sheet = sheet_of([[cell, "旁"]])
    ((first, *_),) = [row.cells for row in rows_of(tmp_path, parts_of({"一": sheet}, **parts))]
    return first


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<c r="A1" t="e"><v>#N/A</v></c>', "cell-error"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "cell-error"),
        ('<c r="A1"><f>SUM(B1:B2)</f></c>', "cell-formula"),
        ('<c r="A1"><f>SUM(B1:B2)</f><v></v></c>', "cell-formula"),
        ('<c r="A1" t="str"><f>A2</f></c>', "cell-formula"),
        ('<c r="A1" t="b"><v>1</v></c>', "cell-boolean"),
        ('<c r="A1"><v>9.1620702999999998E+17</v></c>', "cell-digits-lost"),
        ('<c r="A1"><v>6207020000012345678</v></c>', "cell-digits-lost"),
        ('<c r="A1"><v>1234567890123456</v></c>', "cell-digits-lost"),
        ('<c r="A1"><v>-1E15</v></c>', "cell-digits-lost"),
        ('<c r="A1"><v>12,5</v></c>', "cell-unreadable"),
        ('<c r="A1"><v>1_000</v></c>', "cell-unreadable"),
        ('<c r="A1"><v>NaN</v></c>', "cell-unreadable"),
        ('<c r="A1"><v>1E999</v></c>', "cell-unreadable"),
        ('<c r="A1" t="s"><v>7</v></c>', "cell-unreadable"),
        ('<c r="A1" t="s"><v>-1</v></c>', "cell-unreadable"),
        (f'<c r="A1" t="s"><v>{"9" * 5000}</v></c>', "cell-unreadable"),
        (f'<c r="A1"><v>{"9" * 30_000}x</v></c>', "cell-unreadable"),
        (f'<c r="A1"><v>{"0" * 30_000}</v></c>', "cell-unreadable"),
        ('<c r="A1" t="s"><v>99999999999999999999</v></c>', "cell-unreadable"),
        ('<c r="A1" t="d"><v>gestern</v></c>', "cell-unreadable"),
        ('<c r="A1" t="z"><v>1</v></c>', "cell-unreadable"),
    ],
)
def test_what_a_spreadsheet_changed_or_did_not_know_is_never_guessed(
    tmp_path: Path, cell: str, code: str
) -> None:
    assert Problem(code) == cell_in(tmp_path, cell, strings=strings_of(["<t>甲</t>"]))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1"><v>620702600012345</v></c>', "620702600012345"),
        ('<c r="A1"><v>0.2</v></c>', "0.2"),
        ('<c r="A1"><v>0.30000000000000004</v></c>', "0.3"),
        ('<c r="A1"><v>2E-1</v></c>', "0.2"),
        ('<c r="A1"><v>1.5E3</v></c>', "1500"),
        ('<c r="A1"><v>-2.50</v></c>', "-2.5"),
        ('<c r="A1" t="n"><f>0.1*2</f><v>0.2</v></c>', "0.2"),
        ('<c r="A1" t="str"><f>A2&amp;"号"</f><v>甲1号</v></c>', "甲1号"),
        ('<c r="A1" t="str"><f>A2</f><v></v></c>', ""),
        ('<c r="A1" s="1"/>', ""),
        ('<c r="A1" t="d"><v>2018-03-23T00:00:00</v></c>', DAY),
        ('<c r="A1" t="inlineStr"><is><t>a_x000D_b_x005F_x000D_c</t></is></c>', "a\rb_x000D_c"),
        ('<c r="A1" t="inlineStr"><is><t>_xD800_</t></is></c>', "_xD800_"),
        ('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> 甲 </t></is></c>', " 甲 "),
        ('<c t="inlineStr"><is><t>甲</t></is></c>', "甲"),
    ],
)
def test_a_cell_says_what_it_shows(tmp_path: Path, cell: str, expected: Cell) -> None:
    assert expected == cell_in(tmp_path, cell)


@pytest.mark.parametrize("shared", [True, False])
def test_rich_text_is_its_runs_without_phonetic_guides(tmp_path: Path, shared: bool) -> None:
    rich = "<r><rPr><b/></rPr><t>甲</t></r><r><t>公司</t></r><rPh sb='0' eb='1'><t>jia</t></rPh>"
    cell = (
        '<c r="A1" t="s"><v>0</v></c>' if shared else f'<c r="A1" t="inlineStr"><is>{rich}</is></c>'
    )

    assert "甲公司" == cell_in(tmp_path, cell, strings=strings_of([rich]))


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize(
    ("length", "code"), [(CELL_CHARACTERS_MAX, None), (CELL_CHARACTERS_MAX + 1, "cell-too-long")]
)
def test_a_cell_longer_than_a_spreadsheet_s_is_not_kept(
    tmp_path: Path, length: int, code: str | None, shared: bool
) -> None:
    text = f"<t>{'长' * length}</t>"
    cell = (
        '<c r="A1" t="s"><v>0</v></c>' if shared else f'<c r="A1" t="inlineStr"><is>{text}</is></c>'
    )
    expected = "长" * length if code is None else Problem(code)

    assert expected == cell_in(tmp_path, cell, strings=strings_of([text]))


@pytest.mark.parametrize(
    ("format_", "codes"),
    [
        (14, {}),
        (22, {}),
        (31, {}),  # 年月日, which East Asian spreadsheets do not define
        (57, {}),
        (164, {164: "yyyy/mm/dd"}),
        (176, {176: 'yyyy"年"m"月"d"日";@'}),
        (177, {177: "[$-804]yyyy\\-mm\\-dd;@"}),
    ],
)
def test_a_number_shown_as_a_date_is_one(
    tmp_path: Path, format_: int, codes: dict[int, str]
) -> None:
    styles = styles_of([0, format_], codes)

    assert DAY == cell_in(tmp_path, f'<c r="A1" s="1"><v>{SERIAL}</v></c>', styles=styles)


@pytest.mark.parametrize(
    ("format_", "codes", "raw", "expected"),
    [
        (0, {}, "43182", "43182"),
        (49, {}, "43182", "43182"),
        (2, {}, "12.5", "12.5"),
        (164, {164: "[Red]0.00"}, "12.5", "12.5"),
        (164, {164: "000000000"}, "12345678", "012345678"),
        (164, {164: "0000"}, "12345", "12345"),
        (14, {}, "0.5", Problem("cell-unreadable")),
        (14, {}, "-3", Problem("cell-unreadable")),
        (14, {}, "9999999999", Problem("cell-unreadable")),
        (14, {}, "43182.75", datetime.fromisoformat("2018-03-23T18:00")),
        (14, {}, "1", datetime.fromisoformat("1900-01-01")),
    ],
)
def test_the_format_says_what_a_number_is(
    tmp_path: Path, format_: int, codes: dict[int, str], raw: str, expected: Cell
) -> None:
    cell = f'<c r="A1" s="1"><v>{raw}</v></c>'

    assert expected == cell_in(tmp_path, cell, styles=styles_of([0, format_], codes))


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    cell = f'<c r="A1" s="1"><v>{SERIAL_1904}</v></c>'
    styles, properties = styles_of([0, 14]), '<workbookPr date1904="1"/>'

    assert DAY == cell_in(tmp_path, cell, styles=styles, properties=properties)


def test_only_the_first_cell_of_a_merged_range_has_anything_in_it(tmp_path: Path) -> None:
    merges = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B2:B3"/></mergeCells>'
    rows = [["标题", "", ""], ["甲", "某局", "1"], ["乙", "", "2"], ["丙", "某局", "3"], []]

    assert [
        Row(1, ["标题", COVERED]),
        Row(2, ["甲", "某局", "1"]),
        Row(3, ["乙", COVERED, "2"]),
        Row(4, ["丙", "某局", "3"]),
    ] == rows_of(tmp_path, parts_of({"一": sheet_of(rows, after=merges)}))


def test_a_row_that_a_merge_alone_covers_is_blank(tmp_path: Path) -> None:
    merges = '<mergeCells><mergeCell ref="A1:B3"/></mergeCells>'
    sheet = sheet_of([["甲", ""], ["<c r='A2' s='1'/>"], []], after=merges)

    assert [1] == [row.number for row in rows_of(tmp_path, parts_of({"一": sheet}))]


def test_merges_that_overlap_are_refused_at_the_first_row_that_they_cover(tmp_path: Path) -> None:
    merges = '<mergeCell ref="A1:XFD1048576"/>' * 9_999
    sheet = sheet_of([["甲"]] * 1_000, after=f"<mergeCells>{merges}</mergeCells>")

    with pytest.raises(BrokenTableError):
        rows_of(tmp_path, parts_of({"一": sheet}))


def test_merges_beside_every_template_s_columns_cost_nothing(tmp_path: Path) -> None:
    merges = '<mergeCell ref="ALM1:XFD1048576"/>' * 9_999
    sheet = sheet_of([["甲"], ["乙"]], after=f"<mergeCells>{merges}</mergeCells>")

    assert [Row(1, ["甲"]), Row(2, ["乙"])] == rows_of(tmp_path, parts_of({"一": sheet}))


def test_blank_rows_and_styled_empty_cells_are_left_out_but_counted(tmp_path: Path) -> None:
    blank = "<c r='A3' s='1'/><c r='B3' t='inlineStr'><is><t> </t></is></c>"
    rows = f"<row r='1'/><row r='3'>{blank}</row>"
    rows += "<row r='9'><c r='B9'><v>1</v></c></row><row><c><v>2</v></c><c><v>3</v></c></row>"

    assert [Row(9, ["", "1"]), Row(10, ["2", "3"])] == rows_of(
        tmp_path, parts_of({"一": sheet_with(rows)})
    )


@pytest.mark.parametrize(
    "rows",
    [
        "<row r='3'><c r='A3'><v>1</v></c></row><row r='3'/>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row r='2'/>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row r='x'/>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row r='1048577'/>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row r='9999999999'/>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row><row/></row>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row><c r='B4'/><c r='A4'/></row>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row><c r='XFE4'/></row>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row><c r='4'/></row>",
        "<row r='3'><c r='A3'><v>1</v></c></row><row><c><c/></c></row>",
        "<row r='3'><c r='A3'><v>1</v></c></row><c/>",
    ],
)
def test_rows_and_cells_out_of_order_end_the_reading(tmp_path: Path, rows: str) -> None:
    path = write_parts(tmp_path / "f.xlsx", parts_of({"一": sheet_with(rows)}))

    with pytest.raises(BrokenTableError) as broken:
        rows_in(path)

    assert "xlsx-broken" == broken.value.code


def test_a_row_of_too_much_text_is_its_reason_alone(tmp_path: Path) -> None:
    long = "长" * CELL_CHARACTERS_MAX
    rows = rows_of(tmp_path, parts_of({"一": sheet_of([[long] * 40, ["甲"]])}))

    assert [Row(1, [Problem("row-too-large")]), Row(2, ["甲"])] == rows


def test_sheets_come_in_their_order_each_with_a_place_of_its_own(tmp_path: Path) -> None:
    sheets = {
        "法人许可": sheet_of([["甲"]]),
        "空": sheet_with(""),
        "自然人处罚": sheet_of([["乙"]]),
    }
    parts = parts_of(sheets, states={"自然人处罚": "veryHidden"})
    path = write_parts(tmp_path / "f.xlsx", parts)

    with tables_of(source_of(path)) as tables:
        seen = [(t.name, t.hidden, t.place, [row.cells for row in t.rows]) for t in tables]

    assert [
        ("法人许可", False, 0, [["甲"]]),
        ("空", False, 1_048_576, []),
        ("自然人处罚", True, 2 * 1_048_576, [["乙"]]),
    ] == seen


def test_a_progress_bar_knows_the_rows_of_all_sheets(tmp_path: Path) -> None:
    sheets = {"一": sheet_of([["甲"], ["乙"]]), "二": sheet_of([["丙"]])}

    assert 3 == source_of(write_parts(tmp_path / "f.xlsx", parts_of(sheets))).lines


def test_namespaces_of_the_strict_standard_and_any_prefix_are_read(tmp_path: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    sheet = (
        f'<x:worksheet xmlns:x="{strict}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )

    assert [Row(1, ["1"])] == rows_of(tmp_path, parts_of({"一": sheet}))


def test_what_openpyxl_writes_is_read_as_openpyxl_reads_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "处罚"
    sheet.append(["甲公司", " 两侧有空 ", 0.25, 620702, DAY, None, "末"])
    sheet.append([f"串{number}" for number in range(300)])
    sheet.append([CellRichText("甲", TextBlock(InlineFont(b=True), "公司"))])
    sheet["A5"] = "=1+1"
    book.create_sheet("二").append(["乙"])
    book.save(tmp_path / "f.xlsx")

    again = openpyxl.load_workbook(tmp_path / "f.xlsx", data_only=True)
    expected = {
        each.title: [
            ["" if value is None else str(value) if isinstance(value, int | float) else value
             for value in row]
            for row in each.iter_rows(max_row=3, values_only=True)
        ]
        for each in again
    }  # fmt: skip
    found = rows_in(tmp_path / "f.xlsx")

    for name, rows in expected.items():
        for row, wanted in zip(found[name], rows, strict=False):
            assert [*row.cells, *[""] * (len(wanted) - len(row.cells))] == wanted
    assert Row(5, [Problem("cell-formula")]) == found["处罚"][-1]
