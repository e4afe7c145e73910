"""Every valid example is not only readable: the gate would take it in the example district."""

import json
from datetime import date
from pathlib import Path

import pytest
from tests import samples
from tests.examples import EXAMPLES, body_of

from credit_bus.contracts.codec import Codec
from credit_bus.domain.checks import CHECKS
from credit_bus.domain.context import Context
from credit_bus.domain.event import Body, Event, affected_record, initiator_of
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    ENQUIRY_MADE,
    EVENT_TYPES,
    LISTING_ENTERED,
    OBJECTION_DECIDED,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.references import owner_of
from credit_bus.domain.synthetic import synthetic_uscc

TODAY = date(2026, 12, 31)
HUBS = {
    kind
    for kind, (party, _) in {**samples.COURSE, **samples.STANDING, **samples.UPKEEP}.items()
    if party == samples.HUB
}


def speaker(kind: str, body: Body) -> str:
    """The party that would say this."""
    if kind in HUBS:
        return samples.HUB
    affected = affected_record(kind, body)
    if affected is not None:
        return affected.provider
    if kind == ACTION_INITIATED:
        return initiator_of(body["action_id"])
    if kind in {OBJECTION_DECIDED, REPAIR_ACCEPTED, REPAIR_DECIDED, REPUTATION_RESTORED}:
        return owner_of(body["about"])
    return named_by_registry(kind, body)


def named_by_registry(kind: str, body: Body) -> str:
    """The party that a row of the registry names for this, or one that has the right."""
    registry = samples.registry()
    if kind == LISTING_ENTERED:
        return min(registry.lists[body["list"]].enterers)
    if EVENT_TYPES[kind].for_all:
        return "finance"
    if kind == ENQUIRY_MADE:
        return min(registry.purposes[body["purpose"]].askers, default="finance")
    if "measure" in body:
        return registry.successor_of(registry.measures[body["measure"]].implementers[0], TODAY)
    return next(code for code, party in registry.parties.items() if kind in party.publishes)


def key(body: Body) -> str:
    """The subject key that belongs to the body, or somebody's."""
    subject = body.get("subject")
    if subject is None:
        return synthetic_uscc(0)
    holder = subject.get("representative_id") or subject.get("person_id")
    return str(subject["uscc"] or holder["pseudonym"])


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=str(path.relative_to(EXAMPLES)))
        for path in sorted(EXAMPLES.glob("*/*/valid-*.json"))
        if path.parts[-3] in CHECKS
    ],
)
def test_the_gate_would_take_it(path: Path, codec: Codec) -> None:
    kind = path.parts[-3]
    value = codec.encode(kind, body_of(kind, json.loads(path.read_text("utf-8"))))
    body = codec.decode(value, expected_type=kind)
    assert isinstance(body, dict)
    context = Context(
        registry=samples.registry(), today=TODAY, source=speaker(kind, body), subject=key(body)
    )

    assert [] == [(reason.code, reason.field) for reason in CHECKS[kind](body, context)]


@pytest.mark.parametrize(
    "event",
    samples.records_of_both_generations(),
    ids=lambda event: f"{event.type} {event.body['generation']} {event.subject[:12]}",
)
def test_the_gate_would_take_every_sample_of_either_generation(event: Event) -> None:
    context = Context(
        registry=samples.registry(), today=TODAY, source=event.source, subject=event.subject
    )

    assert () == CHECKS[event.type](event.body, context)
