"""What a pump tells of itself is what it did with its platform."""

import pytest
from tests import samples
from tests.unit.connectors.inbox import PLATFORM, Clock, Inbox, Platform, make_pump

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.metrics import table
from credit_bus.metrics.table import Metric
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import Result, UnreachableError

CANARY = samples.of_upkeep(CANARY_SENT)


def events(*subjects: int) -> list[Event]:
    return [samples.penalty(s, document_number=f"{s}-{n}") for n, s in enumerate(subjects)]


@pytest.fixture
def vitals() -> Vitals:
    return Vitals()


def value(vitals: Vitals, metric: Metric, **labels: str) -> float | None:
    return vitals.meter.value(metric, party=PLATFORM, **labels)


def test_a_platform_that_is_away_makes_the_connector_not_ready_and_is_told(
    vitals: Vitals,
) -> None:
    clock = Clock()
    platform = Platform(trouble=[UnreachableError("gone")])
    pump = make_pump(Inbox(events(0)), platform, clock, vitals=vitals)
    pump.turn()

    assert ("platform",) == vitals.health.waiting()
    assert 0 == value(vitals, table.PLATFORM_UP)

    clock.pass_(120)
    pump.turn()

    assert () == vitals.health.waiting()
    assert 1 == value(vitals, table.PLATFORM_UP)


def test_what_an_alert_waits_for_stands_at_0_before_it_happens(vitals: Vitals) -> None:
    """A counter that begins at 1 has not increased, so the first refusal would call nobody."""
    make_pump(Inbox([]), Platform(), Clock(), vitals=vitals)

    assert 0 == value(vitals, table.DELIVERIES, result="invalid")
    assert 0 == value(vitals, table.REFUSED_LATE)


def test_a_platform_that_is_away_is_told_by_a_canary_alone(vitals: Vitals) -> None:
    platform = Platform(trouble=[UnreachableError("gone")])
    make_pump(Inbox([CANARY]), platform, Clock(), vitals=vitals).turn()

    assert ("platform",) == vitals.health.waiting()
    assert 0 == value(vitals, table.PLATFORM_UP)


def test_a_canary_is_no_delivery(vitals: Vitals) -> None:
    make_pump(Inbox([CANARY]), Platform(), Clock(), vitals=vitals).turn()

    assert 1 == value(vitals, table.PLATFORM_UP)
    assert not value(vitals, table.DELIVERIES, result="delivered")
    assert not value(vitals, table.DELIVERY)


def test_deliveries_are_counted_by_the_platform_s_answer(vitals: Vitals) -> None:
    answers = {
        synthetic_uscc(0): Result.DELIVERED,
        synthetic_uscc(1): Result.INVALID,
        synthetic_uscc(2): Result.TRY_LATER,
    }
    platform = Platform(judge=lambda event: answers[event.subject])
    make_pump(Inbox(events(0, 0, 1, 2, 2)), platform, Clock(), vitals=vitals).turn()

    expected = {"delivered": 2, "invalid": 1, "later": 2}
    assert expected == {
        result: value(vitals, table.DELIVERIES, result=result) for result in expected
    }
    assert (2, 1) == (value(vitals, table.PARKED), value(vitals, table.PARKED_SUBJECTS))
    assert 1 == value(vitals, table.DELIVERY)


def test_what_is_parked_goes_with_its_partition(vitals: Vitals) -> None:
    inbox = Inbox(events(0, 0))
    platform = Platform(judge=lambda _: Result.TRY_LATER)
    pump = make_pump(inbox, platform, Clock(), vitals=vitals)
    pump.turn()
    assert 2 == value(vitals, table.PARKED)
    inbox.lose_next = True
    inbox.events = ()
    pump.turn()

    assert (0, 0) == (value(vitals, table.PARKED), value(vitals, table.PARKED_SUBJECTS))
