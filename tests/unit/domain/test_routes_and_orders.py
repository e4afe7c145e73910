"""Who is ordered what, and which platforms hold what, on which day."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests import samples
from tests.unit.domain.district import REGISTRY, TODAY

from credit_bus.domain.event import affected_key, document_key, record_key
from credit_bus.domain.event_types import (
    LICENCE_GRANTED,
    LISTING_REMOVED,
    PENALTY_DECIDED,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.orders import frozen, recipients_of
from credit_bus.domain.registry import Registry, Role, Route, SubjectCategory
from credit_bus.domain.routes import platforms_of

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

    assert ("platform",) == platforms_of(PENALTY_DECIDED, penalty, registry, date(2026, 5, 31))
    assert ("platform", "later") == platforms_of(PENALTY_DECIDED, penalty, registry, TODAY)


def test_a_platform_that_is_gone_is_represented_by_its_successor_once() -> None:
    registry = routed(
        leads(PENALTY_DECIDED),
        leads(PENALTY_DECIDED, "later"),
        until=TODAY,
        successors=("later",),
    )

    assert ("later",) == platforms_of(PENALTY_DECIDED, samples.penalty_body(), registry, TODAY)


def test_a_subject_of_another_category_stays_where_it_is() -> None:
    registry = routed(leads(PENALTY_DECIDED))
    body = {"subject": {"category": "natural_person"}}

    assert () == platforms_of(PENALTY_DECIDED, body, registry, TODAY)
    assert () == platforms_of(LICENCE_GRANTED, samples.penalty_body(), registry, TODAY)


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
    assert ("platform",) == platforms_of(kind, event.body, registry, TODAY)
    assert registry.parties["platform"].role is Role.PLATFORM
