"""Empty templates for departments to fill in, as CSV or as a workbook.

In a workbook every column that is no date and no amount is text before anything is typed, so that
the spreadsheet neither shortens a number nor turns one into a date.
"""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from credit_bus_connectors.departments.files import cells
from credit_bus_connectors.departments.files.cells import Converter
from credit_bus_connectors.departments.files.columns import Column, Template

NOTES_SHEET = "填写说明"
_WIDTH_MIN, _WIDTH_MAX = 14, 44
_TEXT_FORMAT = "@"
_FORMATS: dict[Converter, str] = {
    cells.day: "yyyy/mm/dd",
    cells.moment: "yyyy/mm/dd hh:mm:ss",
    cells.amount_10k: "0.######",
}
_HOW: dict[Converter, str] = {
    cells.day: "日期：年/月/日，例如 2018/03/23",
    cells.moment: "时间：年/月/日 时:分:秒，可以只写日期",
    cells.amount_10k: "数字，单位为万元，最多 6 位小数，例如 2000 元写作 0.2",
    cells.category: "法人及非法人组织、个体工商户、自然人 之一",
    cells.words: "文本；有多个时用分号“；”隔开",
    cells.code: "文本：字母和数字，保留全部位数和开头的零",
}
_GENERAL = (
    "填在前一个工作表，每行一条记录；列的顺序可以改变，列名不要改动。",
    "没有内容的单元格留空，也可以填“/”“无”或者“—”。",
    "请勿合并单元格；号码列已设为文本格式，粘贴时请选择“只保留文本”。",
    "示例行请在首个有内容的单元格注明“示例”，否则会作为真实记录上报。",
)
_REQUIRED_FILL, _OPTIONAL_FILL = PatternFill("solid", "FFE699"), PatternFill("solid", "DDEBF7")


def csv_template(template: Template, rows: Sequence[Sequence[str]]) -> str:
    """Return header and rows as CSV text."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow([column.header for column in template.columns])
    writer.writerows(rows)
    return stream.getvalue()


def xlsx_template(template: Template, rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook with header and rows, and a sheet of notes on each column."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = template.name
    _write_header(sheet, template)
    for number, row in enumerate(rows, start=2):
        for index, text in enumerate(row, start=1):
            if text:
                cell = sheet.cell(number, index, text)
                cell.data_type = "s"  # whatever it begins with
                cell.number_format = _TEXT_FORMAT
    _write_notes(book.create_sheet(NOTES_SHEET), template)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_header(sheet: Worksheet, template: Template) -> None:
    for index, column in enumerate(template.columns, start=1):
        cell = sheet.cell(1, index, column.header)
        cell.font = Font(bold=True)
        cell.fill = _REQUIRED_FILL if column.required else _OPTIONAL_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = min(max(2 * len(column.header) + 2, _WIDTH_MIN), _WIDTH_MAX)
        dimension.number_format = _FORMATS.get(column.convert, _TEXT_FORMAT)
    sheet.row_dimensions[1].height = 36
    sheet.freeze_panes = "A2"


def _write_notes(sheet: Worksheet, template: Template) -> None:
    title = f"{template.name}（{template.generation} 年双公示模板）{NOTES_SHEET}"
    sheet.append([title])
    for line in _GENERAL:
        sheet.append([line])
    sheet.append([])
    sheet.append(["列名", "字段代码", "是否必填", "怎样填写"])
    for column in template.columns:
        sheet.append([column.header, column.code, _must(column), _how(column)])
    for index, width in enumerate((42, 16, 12, 60), start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    for row in (1, len(_GENERAL) + 3):
        for cell in sheet[row]:
            cell.font = Font(bold=True)


def _must(column: Column) -> str:
    return "必填" if column.required else "按规定填写"


def _how(column: Column) -> str:
    return _HOW.get(column.convert, "文本")
