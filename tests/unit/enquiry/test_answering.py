"""What an answer tells: no more than the purpose allows, and only what stands on the day."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from tests.unit.domain.district import REGISTRY, TODAY
from tests.unit.enquiry.stories import (
    NOW,
    SUBJECT,
    action,
    question,
    random_stored,
    record,
    taken_on,
)

from credit_bus.domain.context import Context
from credit_bus.domain.enquiries import MEASURES_MAX, RECORDS_MAX, check_enquiry_answer
from credit_bus.domain.event_types import ACTION_ENDED, ACTION_RESUMED, ACTION_SUSPENDED
from credit_bus.domain.registry import Purpose
from credit_bus_connectors.enquiry.answering import answer_of, carried_out, hub_of
from credit_bus_connectors.enquiry.stored import EXECUTED, LIFTED, RESPONDED, Stored, Word
from credit_bus_connectors.enquiry.telling import answer_text, body_of

HISTORIES = 400
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
ALL = Purpose(
    code="all",
    name="全部",
    askers=frozenset(),
    records=frozenset({"penalty.decided", "listing.entered", "defaulter.listed"}),
    measures=True,
    three_years_clean=True,
)
DISTRICT = replace(REGISTRY, purposes={**REGISTRY.purposes, "all": ALL})
ONE_FOR_ALL = ("bids", "lane", "all")


def numbers(stored: Stored, purpose: str = "bids") -> list[str]:
    answer = answer_of(question(purpose), stored, DISTRICT, NOW)
    return [each["document_number"] for each in answer.body["records"]]


@pytest.mark.parametrize("purpose", ONE_FOR_ALL)
def test_whatever_is_stored_the_gate_takes_the_answer(purpose: str) -> None:
    context = Context(registry=DISTRICT, today=TODAY, source=hub_of(DISTRICT), subject=SUBJECT)
    for seed in range(HISTORIES):
        answer = answer_of(question(purpose), random_stored(seed), DISTRICT, NOW)

        assert () == check_enquiry_answer(answer.body, context), f"seed {seed}"


@pytest.mark.parametrize("purpose", ONE_FOR_ALL)
def test_no_answer_lists_what_the_purpose_does_not_allow(purpose: str) -> None:
    allowed = DISTRICT.purposes[purpose]
    for seed in range(HISTORIES):
        body = answer_of(question(purpose), random_stored(seed), DISTRICT, NOW).body

        assert {each["type"] for each in body["records"]} <= allowed.records, f"seed {seed}"
        assert allowed.measures or not body["measures"], f"seed {seed}"
        assert allowed.three_years_clean or body["clean_for_three_years"] is None, f"seed {seed}"


def test_nothing_is_told_that_was_removed_is_over_or_is_shown_no_more() -> None:
    for seed in range(HISTORIES):
        stored = random_stored(seed)
        told = set(numbers(stored, "all"))
        for each in stored.records:
            gone = [day for day in (each.removed_on, each.publicity_ended_on) if day is not None]
            ended = each.ends_on is not None and not each.until_performance
            if any(day <= TODAY for day in gone) or (ended and each.ends_on < TODAY):
                assert each.document_number not in told, f"seed {seed}"


def test_the_order_of_what_is_stored_does_not_matter() -> None:
    for seed in range(100):
        stored = random_stored(seed)
        turned = Stored(
            records=stored.records[::-1],
            actions=tuple(replace(each, words=each.words[::-1]) for each in stored.actions[::-1]),
        )
        one, other = (answer_of(question("all"), each, DISTRICT, NOW) for each in (stored, turned))

        assert one.body == other.body, f"seed {seed}"


def test_what_is_told_as_json_is_the_body_again() -> None:
    for seed in range(HISTORIES):
        asked = question("all")
        answer = answer_of(asked, random_stored(seed), DISTRICT, NOW)

        assert answer.body == body_of(answer_text(asked, answer, DISTRICT)), f"seed {seed}"


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({}, True),
        ({"disputed": True}, True),
        ({"removed_on": TODAY}, False),
        ({"removed_on": TOMORROW}, True),
        ({"publicity_end": "repaired", "publicity_ended_on": TODAY}, False),
        ({"publicity_end": "repaired", "publicity_ended_on": TOMORROW}, True),
        ({"ends_on": YESTERDAY}, False),
        ({"ends_on": TODAY}, True),
        ({"ends_on": YESTERDAY, "until_performance": True}, True),
        ({"begins_on": TOMORROW}, False),
        ({"type": "licence.granted"}, False),
        ({"provider": "nobody"}, False),
    ],
)
def test_a_record_is_told_as_it_stands_on_the_day(
    changes: dict[str, object], is_told: bool
) -> None:
    assert is_told == bool(numbers(Stored(records=(record(**changes),))))


def test_a_disputed_record_is_marked() -> None:
    stored = Stored(records=(record(1, disputed=True), record(2)))

    told = answer_text(question(), answer_of(question(), stored, DISTRICT, NOW), DISTRICT)

    assert 1 == told.count('"disputed":true')
    assert 1 == told.count('"disputed":false')


def test_of_more_records_than_an_answer_holds_the_newest_are_told_and_the_rest_counted() -> None:
    days = [TODAY - timedelta(days=n % 900) for n in range(RECORDS_MAX + 7)]
    stored = Stored(records=tuple(record(n, decided_on=day) for n, day in enumerate(days)))

    answer = answer_of(question(), stored, DISTRICT, NOW)

    assert RECORDS_MAX == len(answer.body["records"])
    assert "罚〔2026〕0号" in numbers(stored)
    assert 7 == answer.left_out


def test_of_more_measures_than_an_answer_holds_the_rest_is_counted() -> None:
    stored = Stored(actions=tuple(action(*taken_on(), number=n) for n in range(MEASURES_MAX + 3)))

    answer = answer_of(question(), stored, DISTRICT, NOW)

    assert (MEASURES_MAX, 3) == (len(answer.body["measures"]), answer.left_out)


@pytest.mark.parametrize(
    ("words", "is_in_force"),
    [
        ((), True),
        ((Word(kind=LIFTED, measure="no-bids", said_by="finance"),), False),
        ((Word(kind=LIFTED, measure="no-bids", said_by="market"),), True),
        ((Word(kind=EXECUTED, measure="no-bids", said_by="finance", outcome="executed"),), True),
        (
            (Word(kind=EXECUTED, measure="no-bids", said_by="finance", outcome="not_applicable"),),
            False,
        ),
        ((Word(kind=ACTION_ENDED),), False),
        ((Word(kind=ACTION_SUSPENDED, outcome="异议1号"),), False),
        (
            (
                Word(kind=ACTION_SUSPENDED, outcome="异议1号"),
                Word(kind=ACTION_RESUMED, outcome="异议1号"),
            ),
            True,
        ),
        (
            (
                Word(kind=ACTION_SUSPENDED, outcome="异议1号"),
                Word(kind=ACTION_SUSPENDED, outcome="停1号"),
                Word(kind=ACTION_RESUMED, outcome="异议1号"),
            ),
            False,
        ),
        (
            (
                Word(kind=ACTION_SUSPENDED, outcome="异议1号", revision=2),
                Word(kind=ACTION_RESUMED, outcome="异议1号"),
            ),
            False,
        ),
    ],
)
def test_a_measure_is_told_while_a_department_carries_it_out(
    words: tuple[Word, ...], is_in_force: bool
) -> None:
    for order in permutations((*taken_on(), *words)):
        assert (["no-bids"] if is_in_force else []) == carried_out(action(*order), TODAY)


@pytest.mark.parametrize("outcome", ["refused", None])
def test_a_measure_that_nobody_took_on_is_not_told(outcome: str | None) -> None:
    ordered, accepted = taken_on()
    words = (ordered,) if outcome is None else (ordered, replace(accepted, outcome=outcome))

    assert [] == carried_out(action(*words), TODAY)


def test_a_measure_that_the_newest_revision_does_not_order_is_not_told() -> None:
    _, accepted = taken_on()

    assert RESPONDED == accepted.kind
    assert [] == carried_out(action(accepted), TODAY)


@pytest.mark.parametrize(
    ("changes", "is_in_force"),
    [
        ({"begins_on": TOMORROW}, False),
        ({"begins_on": TODAY}, True),
        ({"ends_on": YESTERDAY}, False),
        ({"ends_on": TODAY}, True),
        ({"ends_on": YESTERDAY, "until_performance": True}, True),
    ],
)
def test_a_measure_is_told_within_its_term_alone(
    changes: dict[str, object], is_in_force: bool
) -> None:
    assert is_in_force == bool(carried_out(action(*taken_on(), **changes), TODAY))


def test_a_constraint_without_an_end_that_must_have_one_is_left_out_and_counted() -> None:
    stored = Stored(actions=(action(*taken_on(), ends_on=None),))

    answer = answer_of(question(), stored, DISTRICT, NOW)

    assert ([], 1) == (answer.body["measures"], answer.left_out)


@pytest.mark.parametrize(
    ("changes", "clean"),
    [
        ({}, False),
        ({"publicity_end": "repaired", "publicity_ended_on": TODAY}, True),
        ({"publicity_end": "maximum_reached", "publicity_ended_on": TODAY}, False),
        ({"decided_on": TODAY - timedelta(days=1200)}, True),
        ({"type": "licence.granted"}, True),
        ({"type": "listing.entered", "provider": "market", "list_code": "models"}, True),
        ({"type": "listing.entered", "provider": "market", "list_code": "arrears"}, False),
        ({"decided_on": None}, True),
    ],
)
def test_three_years_are_judged_as_casework_judges_them(
    changes: dict[str, object], clean: bool
) -> None:
    body = answer_of(question("lane"), Stored(records=(record(**changes),)), DISTRICT, NOW).body

    assert clean == body["clean_for_three_years"]
    assert (not clean) == bool(body["deciding_records"])


def test_a_decider_that_cannot_be_said_does_not_make_anybody_clean() -> None:
    stored = Stored(records=(record(provider="nobody"),))

    body = answer_of(question("lane"), stored, DISTRICT, NOW).body

    assert body["clean_for_three_years"] is None
