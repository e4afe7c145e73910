"""What follows an initiation, through a running gate and router: told to all, and it adds up."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import samples
from tests.bus import Bus, own_bus

from credit_bus.domain.channels import RECORDS, inbox, replies
from credit_bus.domain.event_types import EVENT_REJECTED, OBJECTION_DECIDED, REMINDER_DUE
from credit_bus.operations.audit import audit
from credit_bus.operations.findings import Conservation
from credit_bus.operations.scan import Seen

DISTRICT = inbox("district-platform")


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        for stage in ("gate", "router"):
            running.start(stage)
        yield running


def look(bus: Bus) -> Conservation:
    return audit(bus.broker, registry=samples.registry(), codec=samples.codec(), connectors=False)


def kinds(seen: list[Seen]) -> set[str]:
    return {record.text("ce_type") for record in seen}


def test_a_decision_of_a_stranger_is_refused_and_reaches_nobody(bus: Bus) -> None:
    body = samples.verification_body(7)
    event = samples.said(
        OBJECTION_DECIDED, body, party="finance", subject=samples.reference(7)["uscc"]
    )
    bus.say([samples.message(event)])

    bus.read_until(
        [replies("finance")],
        lambda seen: any(
            record.text("ce_type") == EVENT_REJECTED and record.text("ce_causationid") == event.id
            for record in seen
        ),
    )

    assert [] == [r for r in bus.read(RECORDS, DISTRICT) if r.text("ce_id") == event.id]


def test_everything_that_follows_an_initiation_reaches_whom_it_must(bus: Bus) -> None:
    said = [samples.initiation(1), samples.response(1), samples.execution(1)]
    said += [samples.of_course(kind, 1) for kind in samples.COURSE]
    bus.say([samples.message(event) for event in said])
    everywhere = {
        DISTRICT: {event.type for event in said},
        inbox("finance"): {"action.suspended", "action.resumed", "action.ended", REMINDER_DUE},
        inbox("youth-league"): {"action.suspended", "action.resumed", "action.ended"},
        inbox(samples.PENALISING): {"objection.raised", "repair.requested"},
        inbox(samples.HUB): {"enquiry.made"},
        replies(samples.WINDOW): {"objection.decided", "repair.accepted", "repair.decided"},
        replies("finance"): {"enquiry.answered"},
        replies(samples.COURT): {
            "measure.executed",
            "measure.lifted",
            "action.closed",
            REMINDER_DUE,
        },
    }
    for topic, expected in everywhere.items():
        bus.read_until([topic], lambda seen, wanted=expected: wanted <= kinds(seen))

    found = look(bus)

    assert [] == found.differences
    assert len(said) == sum(found.accepted.values())
    assert len(said) == found.routed["district-platform"]
