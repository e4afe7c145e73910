"""What officials type into a cell, and what it stands for."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from credit_bus.domain.calendar import SHANGHAI
from credit_bus_connectors.departments.files import cells
from credit_bus_connectors.departments.files.cells import Cell, Converter, Problem


def check(convert: Converter, cell: str, expected: object) -> None:
    assert expected == convert(cell)


@pytest.mark.parametrize("cell", ["", "  ", "/", "／", "无", "—", "——", "\u3000"])
@pytest.mark.parametrize(
    "convert", [cells.text, cells.code, cells.day, cells.amount_10k, cells.category, cells.words]
)
def test_an_empty_word_is_nothing(convert: Converter, cell: str) -> None:
    check(convert, cell, None)


@pytest.mark.parametrize(
    "cell",
    [
        "2018年3月23日",
        "2018/03-23",
        "2018.03/23",
        "20180323",
        "2018/02/30",
        "2018/13/01",
        "18/03/23",
        "2018/03/23 00:00",
        "23/03/2018",
        "0000/01/01",
        "43182",
        "٢٠١٨/٠٣/٢٣",
    ],
)
def test_any_other_form_of_date_is_refused(cell: str) -> None:
    check(cells.day, cell, Problem("cell-date"))


@pytest.mark.parametrize(
    "cell", ["2018/03/23", "2018-03-23", "2018.3.23", "2018/3/23 ", "２０１８／０３／２３"]
)
def test_a_date_has_one_separator_throughout(cell: str) -> None:
    check(cells.day, cell, date(2018, 3, 23))


@pytest.mark.parametrize(
    "cell",
    ["-1", "0.1234567", "1,000", "2千元", "1e3", "1234567890123", ".5", "5.", "NaN", "∞", "1 000"],
)
def test_an_amount_that_is_no_plain_decimal_is_refused(cell: str) -> None:
    check(cells.amount_10k, cell, Problem("cell-amount"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0.2", Decimal("0.2")),
        ("0", Decimal(0)),
        ("１２．５", Decimal("12.5")),
        ("123456789012.123456", Decimal("123456789012.123456")),
    ],
)
def test_an_amount_is_exact(cell: str, expected: Decimal) -> None:
    check(cells.amount_10k, cell, expected)


@pytest.mark.parametrize("cell", ["法人", "企业", "自然人、个体工商户", "organisation", "1"])
def test_a_category_of_no_row_is_refused(cell: str) -> None:
    check(cells.category, cell, Problem("cell-category"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("法人及非法人组织", "organisation"),
        ("个体工商户 ", "individual_business"),
        ("自然人", "natural_person"),
    ],
)
def test_a_category_is_one_of_three_words(cell: str, expected: str) -> None:
    check(cells.category, cell, expected)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("罚款；没收违法所得", ["罚款", "没收违法所得"]),
        ("罚款; 警告 ;", ["罚款", "警告"]),
        ("罚款", ["罚款"]),
        ("；", None),
    ],
)
def test_several_words_are_joined_by_a_semicolon(cell: str, expected: object) -> None:
    check(cells.words, cell, expected)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  甲公司\u3000", "甲公司"),
        ("甘罚〔２０１８〕１号", "甘罚〔2018〕1号"),
        ("甲，乙（丙）；丁", "甲，乙（丙）；丁"),
        ("第一行\n第二行", "第一行\n第二行"),
    ],
)
def test_text_keeps_chinese_signs_and_takes_half_width_digits(cell: str, expected: str) -> None:
    check(cells.text, cell, expected)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("９１６２０702999999998ｑ", "91620702999999998Q"),
        (" 91620702999999998q ", "91620702999999998Q"),
    ],
)
def test_a_code_is_half_width_capitals(cell: str, expected: str) -> None:
    check(cells.code, cell, expected)


@pytest.mark.parametrize(
    "cell", ["2018/03/23 24:00", "2018/03/23 10", "2018/03-23 10:20", "10:20:30", "20180323102030"]
)
def test_any_other_form_of_moment_is_refused(cell: str) -> None:
    check(cells.moment, cell, Problem("cell-moment"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2018/03/23 10:20:30", datetime(2018, 3, 23, 10, 20, 30, tzinfo=SHANGHAI)),
        ("2018-3-23  8:05", datetime(2018, 3, 23, 8, 5, tzinfo=SHANGHAI)),
        ("２０１８．０３．２３", datetime(2018, 3, 23, tzinfo=SHANGHAI)),
        ("无", None),
    ],
)
def test_a_moment_is_the_district_s_time(cell: str, expected: object) -> None:
    check(cells.moment, cell, expected)


@pytest.mark.parametrize(
    ("cell", "convert", "expected"),
    [
        (datetime.fromisoformat("2018-03-23"), cells.text, Problem("cell-became-date")),
        (datetime.fromisoformat("2018-03-23"), cells.code, Problem("cell-became-date")),
        (datetime.fromisoformat("2018-03-23"), cells.amount_10k, Problem("cell-became-date")),
        (datetime.fromisoformat("2018-03-23T10:00"), cells.day, Problem("cell-date")),
        (datetime.fromisoformat("2018-03-23"), cells.day, date(2018, 3, 23)),
        (
            datetime.fromisoformat("2018-03-23T10:00"),
            cells.moment,
            datetime(2018, 3, 23, 10, tzinfo=SHANGHAI),
        ),
        (Problem("cell-error"), cells.text, Problem("cell-error")),
        ("甲", cells.text, "甲"),
    ],
)
def test_a_date_cell_is_a_date_and_nothing_else(
    cell: Cell, convert: Converter, expected: object
) -> None:
    assert expected == cells.converted(cell, convert)
