"""Three years without an adverse record: yes or no, and by which records."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests import samples
from tests.unit.domain.district import REGISTRY

from credit_bus.domain.checks import check_event
from credit_bus.domain.clean_years import RecordFact, three_years_clean
from credit_bus.domain.context import Context
from credit_bus.domain.enquiries import RECORDS_MAX
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    ENQUIRY_ANSWERED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
    RECORD_TYPES,
    SUBJECT_REGISTERED,
)

AS_OF = date(2026, 6, 1)
FACT = RecordFact(
    type=PENALTY_DECIDED,
    provider="market",
    document_number="1号",
    revision=1,
    decided_on=date(2025, 1, 1),
    stands=True,
)


def decides(**changes: Any) -> bool:
    fact = replace(FACT, **changes)
    clean, deciding = three_years_clean([fact], AS_OF)

    assert clean is (deciding == ())
    return not clean and deciding == (fact,)


@pytest.mark.parametrize("kind", [PENALTY_DECIDED, DEFAULTER_LISTED, LISTING_ENTERED])
def test_an_adverse_record_of_these_years_decides(kind: str) -> None:
    assert decides(type=kind)


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        (date(2026, 6, 2), False),  # not decided yet on the day asked about
        (date(2026, 6, 1), True),
        (date(2023, 6, 2), True),
        (date(2023, 6, 1), False),  # three years are over
        (date(2010, 1, 1), False),
    ],
)
def test_only_three_years_count(decided: date, expected: bool) -> None:
    assert expected is decides(decided_on=decided)


def test_an_entry_that_still_runs_decides_however_old_it_is() -> None:
    """A court's listing until performance has no end: nobody is clean while on it."""
    assert decides(type=DEFAULTER_LISTED, decided_on=date(2019, 1, 1), runs=True)


def test_what_was_withdrawn_or_corrected_away_does_not_count() -> None:
    assert not decides(stands=False)
    assert not decides(stands=False, runs=True)


@pytest.mark.parametrize(
    ("repaired", "expected"),
    [(date(2026, 5, 1), False), (AS_OF, False), (AS_OF + timedelta(days=1), True)],
)
def test_what_was_repaired_does_not_count_from_that_day_on(repaired: date, expected: bool) -> None:
    assert expected is decides(repaired_on=repaired)


def test_an_honour_is_nothing_adverse() -> None:
    assert not decides(type=LISTING_ENTERED, burdens=False)


@pytest.mark.parametrize("kind", sorted({LICENCE_GRANTED, SUBJECT_REGISTERED}))
def test_other_records_are_nothing_adverse(kind: str) -> None:
    assert kind in RECORD_TYPES
    assert not decides(type=kind)


def test_nobody_without_a_record_is_anything_but_clean() -> None:
    assert (True, ()) == three_years_clean([], AS_OF)


def test_more_records_make_no_other_answer_and_the_newest_are_named() -> None:
    """One decides as much as a thousand: nothing is counted or weighed."""
    many = [
        replace(FACT, document_number=f"{n}号", decided_on=AS_OF - timedelta(days=n % 900))
        for n in range(RECORDS_MAX + 5)
    ]
    clean, deciding = three_years_clean(reversed(many), AS_OF)

    assert clean is three_years_clean(many[:1], AS_OF)[0] is False
    assert RECORDS_MAX == len(deciding)
    assert sorted((d.decided_on for d in deciding), reverse=True) == [
        d.decided_on for d in deciding
    ]


@pytest.mark.parametrize("facts", [[], [FACT], [FACT, replace(FACT, document_number="2号")]])
def test_what_comes_out_fills_an_answer_that_is_lawful(facts: list[RecordFact]) -> None:
    clean, deciding = three_years_clean(facts, AS_OF)
    event = samples.of_course(ENQUIRY_ANSWERED)
    body = {
        **event.body,
        "asker": "finance",
        "purpose": "lane",
        "records": [],
        "measures": [],
        "clean_for_three_years": clean,
        "deciding_records": [each.as_found() for each in deciding],
    }
    context = Context(registry=REGISTRY, today=AS_OF, source="hub", subject=event.subject)

    assert () == check_event(replace(event, body=body), context)
