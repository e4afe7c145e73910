"""Which row of a table is its header, and of which template."""

from collections.abc import Sequence

import pytest
from tests.unit.departments.rows import (
    LICENCE_CELLS,
    PENALTY_2016_CELLS,
    PENALTY_CELLS,
    cells_of,
    header,
)

from credit_bus.domain.generations import Generation
from credit_bus_connectors.departments.files import header as header_module
from credit_bus_connectors.departments.files.cells import Cell, Problem
from credit_bus_connectors.departments.files.columns import Template, heading, headings
from credit_bus_connectors.departments.files.header import (
    Layout,
    RefusedHeader,
    aside_reason,
    find_header,
    read_header,
)
from credit_bus_connectors.departments.files.tables import Row
from credit_bus_connectors.departments.files.templates import LICENCE, PENALTY, TEMPLATES
from credit_bus_connectors.departments.files.templates_2016 import LICENCE_2016, PENALTY_2016

TEMPLATE = pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda each: f"{each.name}-{each.generation}"
)


def layout_of(cells: Sequence[Cell]) -> Layout:
    layout = read_header(cells)
    assert isinstance(layout, Layout)
    return layout


def check_header(cells: Sequence[str], expected: list[tuple[str, str]]) -> None:
    layout = read_header(cells)

    assert isinstance(layout, RefusedHeader)
    assert expected == [(reason.code, reason.field) for reason in layout.reasons]


def test_a_header_of_no_template_is_refused() -> None:
    check_header(["甲", "乙"], [("file-template", "")])
    check_header(["备注"], [("file-template", "")])
    check_header([""], [("file-template", "")])


@pytest.mark.parametrize("cells", [["行政相对人名称"], ["行政相对人名称", "备注"], ["没有的列"]])
def test_a_header_that_could_be_of_either_template_is_refused_once(cells: list[str]) -> None:
    refused = read_header(cells)

    assert isinstance(refused, RefusedHeader)
    assert ["file-template"] == [reason.code for reason in refused.reasons]


def test_one_column_of_its_own_tells_the_template_and_unknown_ones_are_told_too() -> None:
    refused = read_header(["行政相对人名称", "罚款金额(万元)", "经办人"])

    assert isinstance(refused, RefusedHeader)
    fields = [reason.field for reason in refused.reasons]
    assert "行政处罚决定书文号" in fields
    assert "经办人" == fields[-1]


def test_every_missing_required_column_is_named() -> None:
    without = [code for code in header(PENALTY) if code not in {"CF_SY", "CF_JDRQ", "BZ"}]

    check_header(without, [("column-missing", "违法事实"), ("column-missing", "处罚决定日期")])


def test_a_column_by_code_and_again_by_name_is_refused() -> None:
    check_header([*header(PENALTY), "违法事实"], [("column-repeated", "违法事实")])


def test_a_header_with_all_that_two_generations_require_is_refused() -> None:
    check_header([*header(LICENCE), *header(LICENCE_2016)], [("header-of-two", "")])
    check_header([*header(PENALTY), *header(PENALTY_2016)], [("header-of-two", "")])


def test_a_header_with_what_only_both_generations_share_is_refused() -> None:
    check_header(["XK_WSH", "XK_NR", "XK_JDRQ", "XK_ZT", "BZ"], [("file-template", "")])


def test_a_header_of_too_many_columns_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_module, "COLUMNS_MAX", 5)

    check_header(header(PENALTY), [("header-too-wide", "")])


@TEMPLATE
@pytest.mark.parametrize("chinese", [True, False])
def test_the_generation_is_told_by_the_header(template: Template, chinese: bool) -> None:
    cells = header(template, chinese=chinese)

    assert template is layout_of(cells).template
    assert template is layout_of(cells[::-1]).template


def test_a_column_of_the_other_generation_is_told_and_left_out() -> None:
    layout = layout_of([*header(LICENCE), "项目名称"])

    assert (LICENCE, ("项目名称",)) == (layout.template, layout.unknown)


SPELLINGS = [
    # 2018
    (PENALTY, "统一社会信用代码", "CF_XDR_SHXYM"),
    (PENALTY, "行政相对人代码_1（统一社会信用代码）", "CF_XDR_SHXYM"),
    (PENALTY, "行政相对人代码1", "CF_XDR_SHXYM"),
    (PENALTY, "行政相对人代码-2(工商注册号)", "CF_XDR_GSZC"),
    (PENALTY, "罚款金额（万元）", "CF_NR_FK"),
    (PENALTY, "罚款金额(万元)（罚款时必填）", "CF_NR_FK"),
    (PENALTY, "没收违法所得、没收非法财物的金额（万元）", "CF_NR_WFFF"),
    (PENALTY, "没收违法所得,没收非法财物的金额(万元)", "CF_NR_WFFF"),
    (PENALTY, " cf_sy ", "CF_SY"),
    (PENALTY, "ＣＦ＿ＳＹ", "CF_SY"),
    (PENALTY, "违法事实（必填）", "CF_SY"),
    (PENALTY, "*违法事实", "CF_SY"),
    (PENALTY, "★违法事实：", "CF_SY"),
    (PENALTY, "违法\n事实", "CF_SY"),
    (PENALTY, "违法事实\r\n【不超过2000字】", "CF_SY"),
    (PENALTY, "违法事实(CF_SY)", "CF_SY"),
    (PENALTY, "CF_SY 违法事实", "CF_SY"),
    (PENALTY, "cf_sy（违法事实）", "CF_SY"),
    (PENALTY, "处罚决定日期\n(格式：YYYY/MM/DD)", "CF_JDRQ"),
    (PENALTY, "行政处罚决定文书号", "CF_WSH"),
    (PENALTY, "自然人证件号码", "CF_XDR_ZJHM"),
    (PENALTY, "法定代表人身份证号", "CF_FR_ZJHM"),
    (PENALTY, "CF_FR_SFZH", "CF_FR_ZJHM"),
    (PENALTY, "证件类型（为自然人时必填）", "CF_XDR_ZJLX"),
    (LICENCE, "行政许可决定书文号", "XK_WSH"),
    (LICENCE, "有效期起", "XK_YXQZ"),
    (LICENCE, "有效期止(必填，长期填2099/12/31)", "XK_YXQZI"),
    (LICENCE, "许可机关代码", "XK_XKJGDM"),
    # 2016
    (PENALTY_2016, "处罚类别一", "CF_CFLB1"),
    (PENALTY_2016, "处罚类别2（选填）", "CF_CFLB2"),
    (PENALTY_2016, "行政相对人代码_5(居民身份证号)", "CF_XDR_SFZ"),
    (PENALTY_2016, "居民身份证号", "CF_XDR_SFZ"),
    (PENALTY_2016, "行政相对人代码_2（组织机构代码）", "CF_XDR_ZDM"),
    (PENALTY_2016, "工商注册号", "CF_XDR_GSDJ"),
    (PENALTY_2016, "处罚截止期", "CF_JZQ"),
    (PENALTY_2016, "行政区划代码", "DFBM"),
    (LICENCE_2016, "数据更新时间戳", "SJC"),
    (LICENCE_2016, "截止期", "XK_JZQ"),
    (LICENCE_2016, "决定书文号", "XK_WSH"),
    (LICENCE_2016, "审批类别(下拉选择)", "XK_SPLB"),
    (LICENCE_2016, "权力编码", "XK_BM"),
    (LICENCE_2016, "使用范围", "XK_SYFW"),
]


@pytest.mark.parametrize(("template", "spelling", "code"), SPELLINGS)
def test_a_header_cell_is_matched_in_each_usual_spelling(
    template: Template, spelling: str, code: str
) -> None:
    cells = [spelling if cell == code else cell for cell in header(template)]

    column = layout_of(cells).columns[header(template).index(code)]

    assert column is not None
    assert code == column.code


@pytest.mark.parametrize(
    "cell",
    [
        "罚款金额",
        "罚款金额(元)",
        "证件号码(法人)",
        "违法事实(英文)",
        "行政相对人代码",
        "处罚决定日期2",
    ],
)
def test_what_might_mean_something_else_is_no_spelling(cell: str) -> None:
    assert heading(cell) not in headings(PENALTY)


def test_a_cell_longer_than_any_heading_is_none_and_takes_no_time() -> None:
    assert "" == heading("(" + "必填" * 100_000)


@TEMPLATE
def test_no_spelling_names_two_columns(template: Template) -> None:
    said = [
        (heading(name), column.code)
        for column in template.columns
        for name in (column.code, column.header, *column.aliases)
    ]

    assert dict(said) == {name: headings(template)[name].code for name, _ in said}
    assert len(dict(said)) == len(set(said))


def rows(*lines: Sequence[Cell]) -> list[Row]:
    return [Row(number, line) for number, line in enumerate(lines, start=1)]


def test_without_any_header_the_nearest_row_tells_what_is_missing() -> None:
    found = find_header(rows(["处罚公示表"], ["处罚名称", "处罚结果", "备注"], ["甲", "乙"]))

    assert 1 == found.index
    assert isinstance(found.header, RefusedHeader)
    assert "行政处罚决定书文号" in [reason.field for reason in found.header.reasons]


def test_a_header_lies_below_a_title_and_notes() -> None:
    title = [["甘州区行政处罚信息公示表", Problem("cell-merged")], ["填报单位：某局"]]
    found = find_header(rows(*title, header(PENALTY), cells_of(PENALTY, PENALTY_CELLS)))

    assert 2 == found.index
    assert isinstance(found.header, Layout)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["填写说明：1. 日期写成 YYYY/MM/DD"], "row-note"),
        (["注:甲"], "row-note"),
        (["必填", "必填", "选填"], "row-note"),
        (["必填，不超过200字", "必填"], "row-note"),
        (["", "示例", "甲公司"], "row-example"),
        (["例如：甲公司", "法人及非法人组织"], "row-example"),
        (["（示例）", "甲公司"], "row-example"),
        (header(PENALTY), "row-header-again"),
        (header(PENALTY, chinese=True), "row-header-again"),
        (header(PENALTY)[:3], "row-header-again"),
    ],
)
def test_a_row_that_is_no_data_says_so(row: Sequence[Cell], code: str) -> None:
    reason = aside_reason(layout_of(header(PENALTY)), row)

    assert reason is not None
    assert code == reason.code


@pytest.mark.parametrize(
    "row",
    [
        cells_of(PENALTY, PENALTY_CELLS),
        cells_of(PENALTY, {**PENALTY_CELLS, "CF_XDR_MC": "示例商贸1号有限公司"}),
        cells_of(PENALTY, {**PENALTY_CELLS, "CF_XDR_MC": "说明书印刷厂"}),
        cells_of(PENALTY, {**PENALTY_CELLS, "CF_XDR_MC": "注水肉加工厂"}),
        [Problem("cell-error"), "示例"],
        ["行政相对人名称"],
        ["", ""],
        ["", *[""] * 40, "示例"],
    ],
)
def test_a_row_of_data_is_never_set_aside(row: Sequence[Cell]) -> None:
    assert aside_reason(layout_of(header(PENALTY)), row) is None


def test_the_four_templates_are_two_types_in_two_generations() -> None:
    assert {(t.type, t.generation) for t in TEMPLATES} == {
        (kind, generation)
        for kind in ("licence.granted", "penalty.decided")
        for generation in Generation
    }
    assert LICENCE_CELLS.keys() <= set(header(LICENCE))
    assert PENALTY_2016_CELLS.keys() <= set(header(PENALTY_2016))
