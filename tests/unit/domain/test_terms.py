"""How long a decision is shown: vectors by hand, from the rules in force on its day."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests import samples

from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
)
from credit_bus.domain.registry import ListKind
from credit_bus.domain.terms import Publicity, publicity_of

REGISTRY = samples.registry()
SILENT = {"violation": "示例违法行为", "legal_basis": "《示例法》第一条"}  # of no field


def of_penalty(decided: str, *categories: str, **changes: Any) -> Publicity | None:
    body = samples.penalty_body(
        decided_on=date.fromisoformat(decided), categories=list(categories), **SILENT | changes
    )
    return publicity_of(PENALTY_DECIDED, body, REGISTRY)


def of_listing(decided: str, kind: ListKind = ListKind.DISHONESTY) -> Publicity | None:
    body = {"list": "some", "decided_on": date.fromisoformat(decided)}
    row = replace(next(iter(REGISTRY.lists.values())), code="some", kind=kind)
    return publicity_of(LISTING_ENTERED, body, replace(REGISTRY, lists={"some": row}))


def check(found: Publicity | None, class_: str, least: str, most: str | None) -> None:
    assert found is not None

    assert (class_, least, most) == (
        found.class_,
        found.minimum_until.isoformat(),
        found.maximum_until and found.maximum_until.isoformat(),
    )
    assert (most is not None) == found.published


@pytest.mark.parametrize("kind", [ListKind.HONOUR, ListKind.WATCH])
def test_an_honour_and_an_entry_to_watch_have_their_own_term(kind: ListKind) -> None:
    assert of_listing("2026-05-01", kind) is None


def test_an_entry_on_a_list_that_is_no_more_has_no_rule() -> None:
    body = {"list": "gone", "decided_on": date(2026, 5, 1)}

    assert publicity_of(LISTING_ENTERED, body, REGISTRY) is None


def test_a_listing_before_the_rules_of_2025_has_no_class() -> None:
    assert of_listing("2025-06-21") is None


@pytest.mark.parametrize("kind", [LICENCE_GRANTED, DEFAULTER_LISTED])
def test_a_licence_and_a_courts_defaulter_have_no_rule(kind: str) -> None:
    assert publicity_of(kind, {}, REGISTRY) is None


def test_a_decision_before_the_first_rules_has_none() -> None:
    assert of_penalty("2018-07-24", "罚款") is None


@pytest.mark.parametrize(
    ("decided", "categories", "expected"),
    [
        # The first and the last day of each set of rules.
        ("2018-07-25", ["罚款"], ("general", "2018-07-25", "2019-07-25")),
        ("2019-06-30", ["罚款"], ("general", "2019-06-30", "2020-06-30")),
        ("2019-07-01", ["罚款"], ("general", "2019-10-01", "2020-07-01")),
        ("2023-04-30", ["警告"], ("general", "2023-07-30", "2024-04-30")),
        ("2023-05-01", ["罚款"], ("general", "2023-08-01", "2026-05-01")),
        ("2023-05-01", ["警告"], ("minor", "2023-05-01", None)),
        ("2025-06-21", ["吊销许可证件"], ("general", "2025-09-21", "2028-06-21")),
        ("2025-06-22", ["吊销许可证件"], ("serious", "2026-06-22", "2028-06-22")),
        ("2025-06-22", ["罚款"], ("general", "2025-09-22", "2026-06-22")),
        ("2026-03-31", ["警告"], ("minor", "2026-03-31", "2026-06-30")),
        ("2026-04-01", ["警告"], ("minor", "2026-04-01", None)),
        ("2026-04-01", ["责令停产停业"], ("serious", "2027-04-01", "2029-04-01")),
        # The same day of the month, or its last.
        ("2025-11-30", ["罚款"], ("general", "2026-02-28", "2026-11-30")),
        ("2028-02-29", ["没收违法所得"], ("general", "2028-05-29", "2029-02-28")),
        # Several kinds in one decision: the longest.
        ("2026-05-01", ["警告", "罚款"], ("general", "2026-08-01", "2027-05-01")),
        ("2026-05-01", ["警告", "罚款", "限制从业"], ("serious", "2027-05-01", "2029-05-01")),
        ("2024-05-01", ["警告", "罚款"], ("general", "2024-08-01", "2027-05-01")),
        # Words that no class names.
        ("2026-05-01", ["其他-示例"], ("general", "2026-08-01", "2027-05-01")),
        ("2026-05-01", ["警告", "行政拘留"], ("general", "2026-08-01", "2027-05-01")),
    ],
)
def test_a_penalty_is_shown_by_the_rules_of_its_own_day(
    decided: str, categories: list[str], expected: tuple[str, str, str | None]
) -> None:
    check(of_penalty(decided, *categories), *expected)


@pytest.mark.parametrize(
    "said",
    [
        {"violation": "销售不符合食品安全标准的产品"},
        {"legal_basis": "《中华人民共和国消防法》第六十条"},
        {"violation": "未按规定使用特种设备"},
    ],
)
def test_the_fields_of_life_and_health_have_a_longer_minimum_from_2023_to_2025(
    said: dict[str, str],
) -> None:
    check(of_penalty("2024-05-01", "罚款", **said), "serious", "2025-05-01", "2027-05-01")
    check(of_penalty("2026-05-01", "罚款", **said), "general", "2026-08-01", "2027-05-01")


def test_what_is_not_shown_is_not_shown_for_its_field_either() -> None:
    check(of_penalty("2024-05-01", "警告", violation="食品标签"), "minor", "2024-05-01", None)


def test_a_word_of_a_field_in_prose_puts_nobody_in_it() -> None:
    found = of_penalty("2024-05-01", "罚款", facts="当事人在食品街摆摊。", content="消防通道旁")

    check(found, "general", "2024-08-01", "2027-05-01")


@pytest.mark.parametrize(
    ("categories", "class_"),
    [
        (["没收违法所得、没收非法财物"], "general"),
        (["暂扣或者吊销许可证、暂扣或者吊销执照"], "general"),
        (["警告"], "minor"),
        (["警告", "责令停产停业"], "serious"),
        (["其他"], "general"),
    ],
)
def test_a_penalty_of_the_generation_of_2016_has_its_class(
    categories: list[str], class_: str
) -> None:
    body = samples.penalty_body_2016(categories=categories, decided_on=date(2026, 5, 1))
    found = publicity_of(PENALTY_DECIDED, body, REGISTRY)

    assert found is not None
    assert class_ == found.class_


def test_the_name_of_a_case_of_2016_tells_its_field() -> None:
    body = samples.penalty_body_2016(decided_on=date(2024, 5, 1), legal_basis="《示例法》第一条")

    check(publicity_of(PENALTY_DECIDED, body, REGISTRY), "serious", "2025-05-01", "2027-05-01")


def test_nothing_follows_from_how_serious_a_department_calls_it() -> None:
    """失信严重程度 of 2016 is a department's own word; the rules class by what was decided."""
    mild, grave = (
        samples.penalty_body_2016(severity=word, decided_on=date(2026, 5, 1)) for word in "13"
    )

    assert publicity_of(PENALTY_DECIDED, mild, REGISTRY) == publicity_of(
        PENALTY_DECIDED, grave, REGISTRY
    )


@pytest.mark.parametrize("decided", ["2025-06-22", "2026-04-01"])
def test_an_entry_on_a_list_of_serious_dishonesty_is_serious(decided: str) -> None:
    year, rest = int(decided[:4]), decided[4:]

    check(of_listing(decided), "serious", f"{year + 1}{rest}", f"{year + 3}{rest}")


def test_rules_that_come_later_do_not_touch_a_decision() -> None:
    """Never extended by a change of rules: the longer ones of a later day are not its own."""
    *earlier, last = REGISTRY.repair_rules
    longer = tuple(replace(each, maximum_months=120, published=True) for each in last.classes)
    registry = replace(REGISTRY, repair_rules=(*earlier, replace(last, classes=longer)))
    body = samples.penalty_body(decided_on=date(2026, 3, 31))

    assert publicity_of(PENALTY_DECIDED, body, REGISTRY) == publicity_of(
        PENALTY_DECIDED, body, registry
    )
