"""A header and a row to a body, or every reason at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.departments.rows import (
    COMPANY,
    LICENCE_CELLS,
    NATURAL_PERSON,
    PENALTY_CELLS,
    PERSON,
    SHOP,
    cells_of,
    header,
)

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.generations import OWN_FIELDS, Generation
from credit_bus.domain.identifiers import resident_id_check_character
from credit_bus_connectors.departments.mapping import (
    Layout,
    Mapped,
    RefusedHeader,
    identity_numbers,
    map_row,
    read_header,
)
from credit_bus_connectors.departments.templates import LICENCE, PENALTY, TEMPLATES, Template


def seal(number: str) -> Mapping[str, Any]:
    """Stand in for sealing: the pseudonym tells what was sealed."""
    return {"pseudonym": f"sealed-{number}", "box": b"box"}


def layout_of(cells: Sequence[str]) -> Layout:
    layout = read_header(cells)
    assert isinstance(layout, Layout)
    return layout


def mapped(template: Template, said: Mapping[str, str]) -> Mapped:
    return map_row(layout_of(header(template)), cells_of(template, said), seal)


def refused(outcome: Mapped) -> list[tuple[str, str]]:
    assert (outcome.body is None) == bool(outcome.reasons)
    return [(reason.code, reason.field) for reason in outcome.reasons]


def check_header(cells: Sequence[str], expected: list[tuple[str, str]]) -> None:
    layout = read_header(cells)

    assert isinstance(layout, RefusedHeader)
    assert expected == [(reason.code, reason.field) for reason in layout.reasons]


def check_penalty(changes: Mapping[str, str], expected: list[tuple[str, str]]) -> None:
    assert expected == refused(mapped(PENALTY, {**PENALTY_CELLS, **changes}))


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


def test_all_mistakes_of_a_row_come_at_once() -> None:
    check_penalty(
        {
            "CF_XDR_LB": "企业",
            "CF_XDR_MC": "无",
            "CF_JDRQ": "2018年3月",
            "CF_NR_FK": "两千",
            "CF_CFLB": "；",
            "CF_SJLYDM": "",
        },
        [
            ("cell-required", "行政相对人名称"),
            ("cell-category", "行政相对人类别"),
            ("cell-required", "处罚类别"),
            ("cell-amount", "罚款金额(万元)"),
            ("cell-date", "处罚决定日期"),
            ("cell-required", "数据来源单位统一社会信用代码"),
        ],
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"CF_XDR_SHXYM": ""}, [("subject-unnamed", "行政相对人代码_1(统一社会信用代码)")]),
        ({"CF_XDR_SHXYM": "00000000000000000X"}, None),
        ({"CF_XDR_SHXYM": "9" * 129}, None),
        ({"CF_XDR_SHXYM": "916207\n02999999998Q"}, None),
        (
            {**NATURAL_PERSON, "CF_XDR_ZJHM": "", "CF_XDR_ZJLX": ""},
            [("subject-unnamed", "证件号码")],
        ),
        (
            {"CF_XDR_LB": "个体工商户", "CF_XDR_SHXYM": "无"},
            [("subject-unnamed", "行政相对人代码_1(统一社会信用代码)")],
        ),
    ],
)
def test_a_row_that_names_no_subject_is_refused(
    changes: Mapping[str, str], expected: list[tuple[str, str]] | None
) -> None:
    default = [("subject-unnamed", "行政相对人代码_1(统一社会信用代码)")]
    check_penalty(changes, default if expected is None else expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"CF_XDR_ZJHM": PERSON[:-1] + "?"}, ("cell-identity", "证件号码")),
        ({"CF_XDR_ZJHM": PERSON[:15]}, ("cell-identity", "证件号码")),
        ({"CF_XDR_ZJHM": "9" * 65}, ("cell-identity-long", "证件号码")),
        ({"CF_XDR_ZJLX": ""}, ("identity-type-missing", "证件类型")),
        (
            {"CF_FR_ZJLX": "身份证", "CF_FR_ZJHM": "1"},
            ("cell-identity", "法定代表人证件号码"),
        ),
    ],
)
def test_an_identity_number_is_checked_before_it_is_sealed(
    changes: Mapping[str, str], expected: tuple[str, str]
) -> None:
    check_penalty({**NATURAL_PERSON, **changes}, [expected])


@pytest.mark.parametrize(("birth", "minor"), [("20000324", True), ("20000323", False)])
def test_a_minor_at_the_day_of_the_decision_is_refused(birth: str, minor: bool) -> None:
    first17 = f"999999{birth}000"
    number = first17 + resident_id_check_character(first17)
    expected = [("subject-minor", "证件号码")] if minor else []

    check_penalty({**NATURAL_PERSON, "CF_XDR_ZJHM": number}, expected)


def test_a_row_longer_than_the_header_is_refused() -> None:
    row = [*cells_of(PENALTY, PENALTY_CELLS), "", "散落"]

    assert [("row-too-long", "")] == refused(map_row(layout_of(header(PENALTY)), row, seal))


def test_a_row_may_end_before_the_header_does() -> None:
    row = cells_of(PENALTY, PENALTY_CELLS)[:-1]

    assert [] == refused(map_row(layout_of(header(PENALTY)), row, seal))


def test_columns_of_no_template_are_told_and_left_out() -> None:
    layout = layout_of(["内部编号", *header(PENALTY), "", " 经办人 "])
    row = ["7", *cells_of(PENALTY, PENALTY_CELLS), "", "某丙"]

    assert ("内部编号", "经办人") == layout.unknown
    assert mapped(PENALTY, PENALTY_CELLS) == map_row(layout, row, seal)


def test_columns_may_come_in_any_order_by_code_or_name() -> None:
    reverse = layout_of(header(PENALTY, chinese=True)[::-1])

    assert mapped(PENALTY, PENALTY_CELLS) == map_row(
        reverse, cells_of(PENALTY, PENALTY_CELLS)[::-1], seal
    )


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("统一社会信用代码", "CF_XDR_SHXYM"),
        ("行政相对人代码_1（统一社会信用代码）", "CF_XDR_SHXYM"),
        ("罚款金额（万元）", "CF_NR_FK"),
        (" cf_sy ", "CF_SY"),
        ("自然人证件号码", "CF_XDR_ZJHM"),
    ],
)
def test_a_header_cell_is_matched_in_each_usual_spelling(spelling: str, code: str) -> None:
    cells = [spelling if cell == code else cell for cell in header(PENALTY)]

    column = layout_of(cells).columns[header(PENALTY).index(code)]

    assert column is not None
    assert code == column.code


def test_a_penalty_becomes_the_body_its_schema_describes() -> None:
    outcome = mapped(PENALTY, PENALTY_CELLS)

    assert outcome.body is not None
    assert (COMPANY, "甘区市监罚〔2018〕1号") == (outcome.subject, outcome.document)
    assert ["罚款", "没收违法所得"] == outcome.body["categories"]
    assert Decimal("0.2") == outcome.body["fine_10k"]
    assert date(2018, 3, 23) == outcome.body["decided_on"]
    assert outcome.body["publish_until"] is None
    assert "organisation" == outcome.body["subject"]["category"]


def test_a_natural_person_is_keyed_by_pseudonym_and_the_number_is_sealed() -> None:
    outcome = mapped(PENALTY, {**PENALTY_CELLS, **NATURAL_PERSON})

    assert outcome.body is not None
    assert f"sealed-{PERSON}" == outcome.subject
    assert seal(PERSON) == outcome.body["subject"]["person_id"]


@pytest.mark.parametrize(
    ("changes", "subject"),
    [
        ({"CF_XDR_SHXYM": SHOP}, SHOP),
        ({"CF_XDR_SHXYM": "", "CF_FR_ZJLX": "身份证", "CF_FR_ZJHM": PERSON}, f"sealed-{PERSON}"),
    ],
)
def test_an_individual_business_without_a_code_is_known_by_its_operator(
    changes: Mapping[str, str], subject: str
) -> None:
    said = {**PENALTY_CELLS, "CF_XDR_LB": "个体工商户", **changes}

    assert subject == mapped(PENALTY, said).subject


def test_the_numbers_of_a_row_are_known_before_it_is_mapped() -> None:
    row = cells_of(PENALTY, {**PENALTY_CELLS, **NATURAL_PERSON})

    assert [PERSON] == identity_numbers(layout_of(header(PENALTY)), row)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (LICENCE, LICENCE_CELLS),
        (PENALTY, PENALTY_CELLS),
        (PENALTY, {**PENALTY_CELLS, **NATURAL_PERSON}),
    ],
)
def test_what_a_template_makes_can_be_written(template: Template, said: Mapping[str, str]) -> None:
    codec = Codec(load_catalogue())
    outcome = mapped(template, said)
    assert outcome.body is not None

    value = codec.encode(template.type, outcome.body)

    decoded = codec.decode(value, expected_type=template.type)

    assert isinstance(decoded, Mapping)
    assert "2018" == decoded["generation"]
    assert outcome.body == {name: decoded[name] for name in outcome.body}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_a_template_has_a_column_for_every_field_of_its_generation(template: Template) -> None:
    fields = load_catalogue().latest(template.type).parsed["fields"]
    subject = next(field for field in fields if field["name"] == "subject")["type"]["fields"]
    paths = {f"subject.{field['name']}" for field in subject}
    paths |= {field["name"] for field in fields} - {"subject", "generation"}
    paths -= set(OWN_FIELDS[template.type][Generation.OF_2016])

    assert paths == {column.path for column in template.columns}
    assert template.type in EVENT_TYPES
