"""What somebody looks for; nobody is found by a number of his own."""

import pytest

from credit_bus.domain.identifiers import (
    check_uscc,
    organisation_code_check_character,
    resident_id_check_character,
    uscc_check_character,
)
from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc
from credit_bus_connectors.site import lookup
from credit_bus_connectors.site.lookup import Code, Name, Refused, looked_for

NUMBER = synthetic_resident_id(11)


@pytest.mark.parametrize(
    "entered",
    [
        NUMBER,
        NUMBER.lower(),
        f" {NUMBER[:6]} {NUMBER[6:14]}-{NUMBER[14:]} ",
        "".join(chr(ord(each) + 0xFEE0) for each in NUMBER),  # full-width
        NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1"),  # a slip in the last character
        "99999990010100" + "1",  # 15 digits, as before 1999
        "13900000000",
        "139-0000-0000",
        "G12345678",
        "EA1234567",
        "H12345678",
        f"示例某{NUMBER}",
        "示例某 电话13900000000",
    ],
)  # fmt: skip
def test_what_looks_like_somebodys_number_is_refused_with_a_sentence(entered: str) -> None:
    assert Refused(why=lookup.PERSONAL) == looked_for(entered)


def test_a_code_is_found_however_it_is_written() -> None:
    uscc = synthetic_uscc(7)
    spaced = f" {uscc[:8]} {uscc[8:].lower()} "

    assert [Code(uscc=uscc)] * 2 == [looked_for(uscc), looked_for(spaced)]


def test_a_code_that_is_also_right_as_an_identity_number_is_taken_for_one() -> None:
    first16 = (f"916207{1900 + n // 100}0101{n % 100:02d}" for n in range(9_000))
    first17 = (text + organisation_code_check_character(text[8:]) for text in first16)
    both = next(
        text + uscc_check_character(text)
        for text in first17
        if text.isdigit() and uscc_check_character(text) == resident_id_check_character(text)
    )
    assert check_uscc(both) is None

    assert Refused(why=lookup.PERSONAL) == looked_for(both)


@pytest.mark.parametrize(
    ("entered", "why"),
    [
        ("", lookup.EMPTY),
        (" \u3000-\n", lookup.EMPTY),
        ("甲", lookup.SHORT),
        ("甲" * 101, lookup.LONG),
        ("\ufdfa" * 401, lookup.LONG),
        (
            synthetic_uscc(7)[:17] + ("A" if synthetic_uscc(7)[17] != "A" else "B"),
            lookup.WRONG_CODE,
        ),
    ],
)
def test_what_cannot_be_looked_up_is_refused_with_the_reason(entered: str, why: str) -> None:
    assert Refused(why=why) == looked_for(entered)


def test_a_name_is_looked_up_as_it_is_meant() -> None:
    assert Name(text="示例 商贸(甘州)") == looked_for("  示例\u3000商贸（甘州）\0")
