"""Who is ordered what, and which platforms hold what, on which day."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests import samples
from tests.unit.domain.district import REGISTRY, TODAY

from credit_bus.domain.disputes import disputed_key, disputed_record, objection_key
from credit_bus.domain.event import affected_key, document_key, record_key
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    DISPUTING_TYPES,
    LICENCE_GRANTED,
    LISTING_REMOVED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.orders import frozen, recipients_of
from credit_bus.domain.registry import Registry, Role, Route, SubjectCategory
from credit_bus.domain.routes import platforms_of

KEY = samples.penalty().subject
FIRMS = frozenset({SubjectCategory.ORGANISATION})


def asked(measures: list[str], day: date) -> list[tuple[str, str]]:
    found = frozen(recipients_of({"measures": measures}, REGISTRY, day))
    return [(each["measure"], each["implementer"]) for each in found]


def routed(*routes: Route, **changes: Any) -> Registry:
    platform = replace(REGISTRY.parties["platform"], **changes)
    later = replace(platform, code="later", since=TODAY, until=None, successors=())
    parties = {**REGISTRY.parties, "platform": platform, "later": later}
    return replace(REGISTRY, parties=parties, routes=routes)


def leads(kind: str, to: str = "platform", categories: frozenset[SubjectCategory] = FIRMS) -> Route:
    return Route(id=f"{kind}-{to}", types=frozenset({kind}), to=to, categories=categories)


def test_a_measure_outside_the_catalogue_is_nobody_s_to_carry_out() -> None:
    with pytest.raises(KeyError):
        asked(["none"], TODAY)


@pytest.mark.parametrize(
    ("day", "department"), [(date(2019, 3, 31), "quality"), (date(2019, 4, 1), "market")]
)
def test_an_implementer_that_is_gone_is_represented_by_its_successor(
    day: date, department: str
) -> None:
    assert [("no-homes", department), ("no-homes", "finance"), ("no-bids", "finance")] == asked(
        ["no-homes", "no-bids"], day
    )


def test_two_implementers_merged_into_one_are_asked_once() -> None:
    merged = replace(REGISTRY.measures["no-homes"], implementers=("quality", "market", "finance"))
    registry = replace(REGISTRY, measures={"no-homes": merged})

    assert ["market", "finance"] == [
        each.implementer for each in recipients_of({"measures": ["no-homes"]}, registry, TODAY)
    ]


def test_a_platform_that_has_not_begun_holds_nothing_yet() -> None:
    """A router may be behind by days when a platform joins: what was logged before is not its."""
    registry = routed(leads(PENALTY_DECIDED), leads(PENALTY_DECIDED, "later"))
    penalty = samples.penalty_body()

    assert ("platform",) == platforms_of(
        PENALTY_DECIDED, penalty, registry, date(2026, 5, 31), key=KEY
    )
    assert ("platform", "later") == platforms_of(PENALTY_DECIDED, penalty, registry, TODAY, key=KEY)


def test_a_platform_that_is_gone_is_represented_by_its_successor_once() -> None:
    registry = routed(
        leads(PENALTY_DECIDED),
        leads(PENALTY_DECIDED, "later"),
        until=TODAY,
        successors=("later",),
    )

    assert ("later",) == platforms_of(
        PENALTY_DECIDED, samples.penalty_body(), registry, TODAY, key=KEY
    )


def test_a_subject_of_another_category_stays_where_it_is() -> None:
    registry = routed(leads(PENALTY_DECIDED))
    body = {"subject": {"category": "natural_person"}}

    assert () == platforms_of(PENALTY_DECIDED, body, registry, TODAY, key=KEY)
    assert () == platforms_of(LICENCE_GRANTED, samples.penalty_body(), registry, TODAY, key=KEY)


def test_a_record_and_what_is_said_about_it_have_one_key() -> None:
    penalty = samples.penalty()
    record = {
        "provider": penalty.source,
        "type": penalty.type,
        "document_number": penalty.body["document_number"],
    }
    withdrawal = samples.of_standing(RECORD_WITHDRAWN, record=record)
    key = record_key(*record.values(), penalty.subject)

    assert key == document_key(penalty) == affected_key(withdrawal)
    assert key != document_key(withdrawal)


@pytest.mark.parametrize("kind", [RECORD_WITHDRAWN, LISTING_REMOVED])
def test_what_changes_how_a_record_stands_goes_where_the_record_went(kind: str) -> None:
    event = samples.of_standing(kind)
    named = event.body["record"]["type"] if kind == RECORD_WITHDRAWN else "listing.entered"
    registry = routed(leads(named), leads("licence.granted", "later"))

    assert named != "licence.granted"
    assert ("platform",) == platforms_of(kind, event.body, registry, TODAY, key=KEY)
    assert registry.parties["platform"].role is Role.PLATFORM


DISPUTES = pytest.mark.parametrize("kind", [OBJECTION_RAISED, OBJECTION_DECIDED])


@DISPUTES
def test_what_disputes_a_record_goes_where_the_record_went_beside_its_own_way(kind: str) -> None:
    event = samples.of_course(kind)
    registry = routed(leads(kind), leads(PENALTY_DECIDED), leads(PENALTY_DECIDED, "later"))

    assert ("platform", "later") == platforms_of(kind, event.body, registry, TODAY, key=KEY)


@DISPUTES
def test_what_disputes_an_action_goes_its_own_way_alone(kind: str) -> None:
    event = samples.of_course(kind, about=samples.about_action())
    registry = routed(leads(kind), leads(PENALTY_DECIDED, "later"))

    assert ("platform",) == platforms_of(kind, event.body, registry, TODAY, key=KEY)


@DISPUTES
def test_what_disputes_the_record_of_somebody_without_a_code_goes_where_persons_records_go(
    kind: str,
) -> None:
    """A decision does not say whether that is a person, so both are taken for a person's."""
    persons = frozenset({SubjectCategory.NATURAL_PERSON})
    registry = routed(
        leads(PENALTY_DECIDED, categories=frozenset(SubjectCategory) - persons),
        leads(PENALTY_DECIDED, "later", persons),
    )
    body = samples.of_course(kind).body

    assert ("later",) == platforms_of(kind, body, registry, TODAY, key="f" * 64)
    assert ("platform",) == platforms_of(kind, body, registry, TODAY, key=KEY)


def test_only_an_objection_and_its_decision_dispute_and_neither_changes_how_a_record_stands() -> (
    None
):
    assert {OBJECTION_RAISED, OBJECTION_DECIDED} == DISPUTING_TYPES
    assert [None, None] == [affected_key(samples.of_course(kind)) for kind in DISPUTING_TYPES]
    assert None is disputed_record(ACTION_ENDED, samples.of_course(ACTION_ENDED).body)


def test_an_objection_its_decision_and_the_record_find_each_other_by_key() -> None:
    raised, decided = (samples.of_course(kind) for kind in (OBJECTION_RAISED, OBJECTION_DECIDED))
    another = samples.of_course(OBJECTION_DECIDED, raised_by="finance")

    elsewhere = samples.of_course(OBJECTION_DECIDED, about=samples.about_penalty(9))

    assert objection_key(raised) == objection_key(decided)
    assert objection_key(raised) != objection_key(another)
    assert objection_key(raised) != objection_key(elsewhere)
    assert document_key(samples.penalty()) == disputed_key(raised) == disputed_key(decided)
