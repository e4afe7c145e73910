"""What may be said and what may not: every rule refuses something, and good bodies pass."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.unit.domain import district, world
from tests.unit.domain.case import Case
from tests.unit.domain.cases_of_2016 import CASES_OF_2016
from tests.unit.domain.cases_of_actions import ACTION_CASES
from tests.unit.domain.cases_of_course import COURSE_CASES
from tests.unit.domain.cases_of_records import RECORD_CASES
from tests.unit.domain.cases_of_requests import REQUEST_CASES
from tests.unit.domain.cases_of_standing import STANDING_CASES
from tests.unit.domain.good import GOOD
from tests.unit.domain.good_2016 import GOOD_2016
from tests.unit.domain.good_standing import GOOD_STANDING

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.shape import shape_of
from credit_bus.domain.checks import CHECKS, check_event
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    DEFAULTER_LISTED,
    EVENT_TYPES,
    LICENCE_GRANTED,
    PENALTY_DECIDED,
)
from credit_bus.domain.rules import RULES, reason
from credit_bus.domain.rules_of_actions import ACTION_ROWS

CASES = (
    *RECORD_CASES,
    *CASES_OF_2016,
    *ACTION_CASES,
    *COURSE_CASES,
    *REQUEST_CASES,
    *STANDING_CASES,
)
MAY_STAND = {**GOOD, **GOOD_2016, **GOOD_STANDING}


def event(kind: str, body: Mapping[str, Any]) -> Event:
    """The event of that type with that body; what a check needs else, its context has."""
    return Event(
        id="0" * 32,
        source="court",
        type=kind,
        time=datetime(2026, 6, 1, tzinfo=UTC),
        subject=world.COMPANY,
        revision=1,
        body=body,
    )


def reasons(kind: str, body: Mapping[str, Any], **context: Any) -> list[str]:
    """Return the `code field` pairs that the body is refused with."""
    found = check_event(event(kind, body), world.context(kind, **context))
    return [f"{one.code} {one.field}" for one in found]


def check(expected: tuple[str, ...], kind: str, changes: Mapping[str, Any], **context: Any) -> None:
    """The changed body is refused with exactly these reasons."""
    assert sorted(expected) == sorted(reasons(kind, world.body(kind, changes), **context))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_broken_rule_is_told_with_its_field_and_nothing_else_is(case: Case) -> None:
    check(case.reasons, case.kind, case.changes, **case.context)


def test_every_rule_refuses_something_in_these_tables() -> None:
    seen = {told.partition(" ")[0] for case in CASES for told in case.reasons}

    assert set(RULES) == seen


def test_all_reasons_come_at_once() -> None:
    check(
        (
            "text-missing subject.name",
            "uscc-check subject.uscc",
            "text-too-long facts",
            "amount-missing fine_10k",
            "date-in-future decided_on",
            "dates-out-of-order valid_until",
            "uscc-length source_code",
        ),
        PENALTY_DECIDED,
        {
            "subject.name": "/",
            "subject.uscc": "91110000600037341K",
            "facts": "实" * 2001,
            "categories": ["罚款"],
            "decided_on": date(2026, 7, 1),
            "valid_until": date(2026, 6, 30),
            "publish_until": None,
            "source_code": "1",
        },
        subject="91110000600037341K",
    )


def test_a_reason_names_the_rule_and_the_remedy_for_an_official() -> None:
    told = reason("text-too-long", "facts", length_max=2000)

    assert "该项不得超过 2000 个字符" == told.rule
    assert "请压缩文字" == told.remedy


def test_a_refused_initiation_names_the_source_of_the_rule() -> None:
    """A statute, an interpretation, a document of the State Council, the plan, or the interface."""
    initiations = [case for case in CASES if case.kind == ACTION_INITIATED]
    known = {code for code, _, _ in ACTION_ROWS}
    found = {
        told.code: told.rule
        for case in initiations
        for told in check_event(
            event(case.kind, world.body(case.kind, case.changes)),
            world.context(case.kind, **case.context),
        )
        if told.code in known
    }

    assert 18 <= len(found)
    for code, rule in found.items():
        assert re.search(r"《.+》|〔\d{4}〕\d+号|区方案|总线接口", rule), (code, rule)


def test_an_unknown_code_or_a_missing_detail_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        reason("score-too-low", "subject")
    with pytest.raises(KeyError):
        reason("text-too-long", "facts")


@pytest.mark.parametrize("kind", world.VALID)
def test_a_good_body_is_not_refused(kind: str) -> None:
    check((), kind, {})


@pytest.mark.parametrize("name", MAY_STAND)
def test_what_the_rules_allow_is_not_refused(name: str) -> None:
    kind, changes, context = MAY_STAND[name]

    check((), kind, changes, **context)


def test_every_type_that_a_party_may_say_has_a_check() -> None:
    assert {row.name for row in EVENT_TYPES.values() if not row.said_by_bus} == set(CHECKS)


@pytest.mark.parametrize("kind", [row.name for row in EVENT_TYPES.values() if row.said_by_bus])
def test_what_only_the_bus_says_is_not_judged(kind: str) -> None:
    assert () == check_event(event(kind, {}), world.context(PENALTY_DECIDED))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for name, each in value.items():
                yield from _leaves(each, f"{path}.{name}" if path else name)
        case list():
            for index, each in enumerate(value):
                yield from _leaves(each, f"{path}.{index}")
        case _:
            yield path, value


STRANGE: Mapping[type, tuple[Any, ...]] = {
    str: ("", "/", " ", "\x00", "长" * 100_000, "0" * 18, "I" * 18, "²" * 18, ".", "其他-"),
    date: (date.min, date.max),
    datetime: (
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
    ),
    int: (-(2**31), 0, 2**31 - 1),
    bool: (True, False),
    bytes: (b"", b"x" * 100_000),
    Decimal: (Decimal("-1E17"), Decimal("1E-6"), Decimal("NaN"), Decimal("Infinity")),
}


# The schema lets only an enum's own symbols through, and no text where a null may be a record.
NOT_TEXT = {
    "subject.category",
    "kind",
    "decision",
    "outcome",
    "subject.person_id",
    "subject.representative_id",
    "fine_10k",
    "confiscated_10k",
    "cause",
    "scope.0",
    "scope.1",
    "remedy",
    "obligation",
    "state",
    "about.record",
    "basis",
    "clean_for_three_years",
}
SUBJECTS = (world.ORGANISATION, world.NATURAL_PERSON, world.SHOP_WITHOUT_CODE)


def variants(kind: str) -> Iterator[Mapping[str, Any]]:
    """The changes that make the valid body one of each kind of subject and each generation."""
    about_many = kind in {LICENCE_GRANTED, PENALTY_DECIDED, DEFAULTER_LISTED}
    for subject in [{"subject": one} for one in SUBJECTS] if about_many else [{}]:
        yield subject
        if kind in world.OF_2016:
            yield {**world.OF_2016[kind], **subject}


@cache
def nullable(kind: str) -> frozenset[str]:
    """The fields of the body itself that the newest schema lets be null."""
    fields = shape_of(load_catalogue().latest(kind).parsed)[0].fields
    return frozenset(field.name for field in fields if field.shape.nullable)


@pytest.mark.parametrize("kind", world.VALID)
def test_no_value_that_a_schema_lets_through_breaks_a_check(kind: str) -> None:
    told = 0
    for changes in variants(kind):
        for path, value in _leaves(world.body(kind, changes)):
            strangers = () if path in NOT_TEXT else STRANGE[str if value is None else type(value)]
            for strange in (*strangers, *([None] if path in nullable(kind) else [])):
                told += len(reasons(kind, world.body(kind, {**changes, path: strange})))

    assert told > 0


def test_a_day_that_was_refused_may_stand_when_it_has_come() -> None:
    decided = date(2026, 7, 1)
    changes = {"decided_on": decided}

    check(("date-in-future decided_on",), PENALTY_DECIDED, changes)
    check((), PENALTY_DECIDED, changes, today=decided)


def test_a_code_that_one_registry_excepts_is_refused_by_another() -> None:
    changes = {"subject.uscc": district.EXCEPTED}
    without = replace(world.REGISTRY, uscc_exceptions=frozenset())

    check((), PENALTY_DECIDED, changes, subject=district.EXCEPTED)
    check(
        ("uscc-check subject.uscc",),
        PENALTY_DECIDED,
        changes,
        subject=district.EXCEPTED,
        registry=without,
    )


def test_reasons_come_in_the_order_of_the_fields() -> None:
    broken = world.body(
        PENALTY_DECIDED,
        {
            "subject.name": "/",
            "subject.uscc": None,
            "subject.representative_name": None,
            "subject.organisation_code": "1",
            "violation": None,
            "categories": [],
            "fine_10k": Decimal(-1),
            "decided_on": date(2026, 7, 1),
            "valid_until": None,
            "title": "某案",
            "source_code": None,
        },
    )
    expected = [
        "text-missing subject.name",
        "text-missing subject.representative_name",
        "uscc-missing subject.uscc",
        "organisation-code-invalid subject.organisation_code",
        "text-missing violation",
        "words-missing categories",
        "amount-negative fine_10k",
        "date-in-future decided_on",
        "text-missing valid_until",
        "field-of-other-generation title",
        "text-missing source_code",
    ]

    assert expected == reasons(PENALTY_DECIDED, broken)


@pytest.mark.parametrize("text", ["——", "  无  ", " / ", "   ", "——  "])
def test_a_text_of_blank_words_and_spaces_says_nothing(text: str) -> None:
    check(("text-missing facts",), PENALTY_DECIDED, {"facts": text})


@pytest.mark.parametrize("text", ["无", "无证", "—— 无"])
def test_a_short_text_says_something_unless_it_is_a_blank_word(text: str) -> None:
    expected = ("text-missing facts",) if text == "无" else ()

    check(expected, PENALTY_DECIDED, {"facts": text})
