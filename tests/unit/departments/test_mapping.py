"""A header and a row to a body, or every reason at once."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests import samples
from tests.unit.departments.rows import (
    COMPANY,
    LICENCE_2016_CELLS,
    LICENCE_CELLS,
    NATURAL_PERSON,
    PENALTY_2016_CELLS,
    PENALTY_CELLS,
    PERSON,
    SHOP,
    cells_of,
    header,
)

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.checks import CHECKS
from credit_bus.domain.context import Context
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.generations import OWN_FIELDS, Generation
from credit_bus.domain.identifiers import resident_id_check_character
from credit_bus_connectors.departments.files.cells import Cell, Problem
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.header import Layout, read_header
from credit_bus_connectors.departments.files.mapping import Mapped, identity_numbers, map_row
from credit_bus_connectors.departments.files.templates import LICENCE, PENALTY, TEMPLATES
from credit_bus_connectors.departments.files.templates_2016 import LICENCE_2016, PENALTY_2016


def seal(number: str) -> Mapping[str, Any]:
    """Stand in for sealing: the pseudonym tells what was sealed."""
    return {"pseudonym": f"sealed-{number}", "box": b"box"}


def sealed_for_real(number: str) -> Mapping[str, Any]:
    """Return what the gate takes for a sealed number."""
    return {"pseudonym": hashlib.sha256(number.encode()).hexdigest(), "box": bytes(46)}


def layout_of(cells: Sequence[str]) -> Layout:
    layout = read_header(cells)
    assert isinstance(layout, Layout)
    return layout


def mapped(template: Template, said: Mapping[str, str]) -> Mapped:
    return map_row(layout_of(header(template)), cells_of(template, said), seal)


def refused(outcome: Mapped) -> list[tuple[str, str]]:
    assert (outcome.body is None) == bool(outcome.reasons)
    return [(reason.code, reason.field) for reason in outcome.reasons]


def check_penalty(changes: Mapping[str, str], expected: list[tuple[str, str]]) -> None:
    assert expected == refused(mapped(PENALTY, {**PENALTY_CELLS, **changes}))


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


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: f"{each.name}-{each.generation}")
def test_a_template_has_a_column_for_every_field_of_its_generation(template: Template) -> None:
    fields = load_catalogue().latest(template.type).parsed["fields"]
    subject = next(field for field in fields if field["name"] == "subject")["type"]["fields"]
    paths = {f"subject.{field['name']}" for field in subject}
    paths |= {field["name"] for field in fields} - {"subject"}
    (other,) = set(Generation) - {template.generation}
    paths -= set(OWN_FIELDS[template.type][other])

    assert paths == template.complete({column.path: None for column in template.columns}).keys()
    assert template.type in EVENT_TYPES


def check_2016(changes: Mapping[str, str], expected: list[tuple[str, str]]) -> None:
    assert expected == refused(mapped(PENALTY_2016, {**PENALTY_2016_CELLS, **changes}))


def test_what_the_generation_of_2016_requires_is_required() -> None:
    check_2016(
        {"CF_ZT": "", "DFBM": "/", "SJC": "无", "CF_CFMC": "—", "CF_CFLB1": ""},
        [
            ("cell-required", "处罚名称"),
            ("cell-required", "处罚类别1"),
            ("cell-required", "当前状态"),
            ("cell-required", "地方编码"),
            ("cell-required", "数据更新时间戳"),
        ],
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"CF_XDR_SHXYM": ""}, ("subject-unnamed", "行政相对人代码_1(统一社会信用代码)")),
        ({"CF_XDR_SFZ": PERSON[:-1] + "?"}, ("cell-identity", "行政相对人代码_5(居民身份证号)")),
        ({"CF_XDR_SFZ": "9" * 65}, ("cell-identity-long", "行政相对人代码_5(居民身份证号)")),
        ({"SJC": "2016/03/24 25:00:00"}, ("cell-moment", "数据更新时间戳")),
        ({"CF_JDRQ": "2016"}, ("cell-date", "处罚决定日期")),
    ],
)
def test_a_bad_cell_of_2016_is_named_as_its_template_names_it(
    changes: Mapping[str, str], expected: tuple[str, str]
) -> None:
    check_2016(changes, [expected])


def test_a_minor_of_2016_is_refused() -> None:
    first17 = "99999920000324000"
    number = first17 + resident_id_check_character(first17)

    check_2016(
        {"CF_XDR_SHXYM": "", "CF_XDR_SFZ": number, "CF_FR": ""},
        [("subject-minor", "行政相对人代码_5(居民身份证号)")],
    )


@pytest.mark.parametrize(
    ("changes", "category", "subject"),
    [
        ({}, "organisation", COMPANY),
        ({"CF_XDR_SHXYM": SHOP}, "individual_business", SHOP),
        ({"CF_XDR_SHXYM": SHOP, "CF_XDR_SFZ": PERSON}, "individual_business", SHOP),
        (
            {"CF_XDR_SHXYM": "无", "CF_XDR_GSDJ": "620702600012345", "CF_XDR_SFZ": PERSON},
            "individual_business",
            f"sealed-{PERSON}",
        ),
        (
            {"CF_XDR_SHXYM": "", "CF_FR": "", "CF_XDR_SFZ": PERSON},
            "natural_person",
            f"sealed-{PERSON}",
        ),
    ],
)
def test_the_filled_columns_of_2016_tell_who_the_subject_is(
    changes: Mapping[str, str], category: str, subject: str
) -> None:
    outcome = mapped(PENALTY_2016, {**PENALTY_2016_CELLS, **changes})

    assert outcome.body is not None
    assert (category, subject) == (outcome.body["subject"]["category"], outcome.subject)
    holder = "person_id" if category == "natural_person" else "representative_id"
    sealed = seal(PERSON) if "CF_XDR_SFZ" in changes else None
    assert sealed == outcome.body["subject"][holder]
    assert ("身份证" if sealed else None) == outcome.body["subject"][f"{holder}_type"]


def test_a_penalty_of_2016_states_its_generation_and_both_categories() -> None:
    outcome = mapped(PENALTY_2016, PENALTY_2016_CELLS)

    assert outcome.body is not None
    assert ("2016", ["罚款", "警告"]) == (outcome.body["generation"], outcome.body["categories"])
    assert datetime(2016, 3, 23, 16, tzinfo=UTC) == outcome.body["recorded_at"]
    assert ("620702", "0", "1", None) == tuple(
        outcome.body[name] for name in ("division", "publicity_state", "severity", "power_code")
    )


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (LICENCE, LICENCE_CELLS),
        (PENALTY, PENALTY_CELLS),
        (PENALTY, {**PENALTY_CELLS, **NATURAL_PERSON}),
        (LICENCE_2016, LICENCE_2016_CELLS),
        (PENALTY_2016, PENALTY_2016_CELLS),
        (PENALTY_2016, {**PENALTY_2016_CELLS, "CF_XDR_SHXYM": SHOP, "CF_XDR_SFZ": PERSON}),
        (
            LICENCE_2016,
            {**LICENCE_2016_CELLS, "XK_XDR_SHXYM": "", "XK_FR": "", "XK_XDR_SFZ": PERSON},
        ),
    ],
)
def test_what_a_template_makes_is_lawful(template: Template, said: Mapping[str, str]) -> None:
    outcome = map_row(layout_of(header(template)), cells_of(template, said), sealed_for_real)
    assert outcome.body is not None
    codec = Codec(load_catalogue())
    body = codec.decode(codec.encode(template.type, outcome.body), expected_type=template.type)
    assert isinstance(body, Mapping)
    context = Context(
        registry=samples.registry(),
        today=date(2026, 6, 1),
        source=samples.PENALISING,
        subject=outcome.subject,
    )

    assert () == CHECKS[template.type](body, context)


@pytest.mark.parametrize(
    ("code", "cell", "expected"),
    [
        ("CF_JDRQ", datetime.fromisoformat("2018-03-23"), []),
        ("CF_JDRQ", datetime.fromisoformat("2018-03-23T01:00"), [("cell-date", "处罚决定日期")]),
        (
            "CF_WSH",
            datetime.fromisoformat("2018-03-23"),
            [("cell-became-date", "行政处罚决定书文号")],
        ),
        ("BZ", Problem("cell-error"), [("cell-error", "备注")]),
        ("CF_XDR_SHXYM", Problem("cell-digits-lost"), None),
        ("CF_SY", Problem("cell-merged"), [("cell-merged", "违法事实")]),
    ],
)
def test_a_cell_that_a_spreadsheet_changed_is_told_by_its_column(
    code: str, cell: Cell, expected: list[tuple[str, str]] | None
) -> None:
    row: list[Cell] = [*cells_of(PENALTY, PENALTY_CELLS)]
    row[header(PENALTY).index(code)] = cell
    outcome = map_row(layout_of(header(PENALTY)), row, seal)
    digits = [("cell-digits-lost", "行政相对人代码_1(统一社会信用代码)")]

    assert (digits if expected is None else expected) == refused(outcome)


def test_a_row_that_is_too_large_says_only_that() -> None:
    row = [Problem("row-too-large")]

    assert [("row-too-large", "")] == refused(map_row(layout_of(header(PENALTY)), row, seal))
