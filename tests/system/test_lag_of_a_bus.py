"""Lag of a real gate and router: a bus at rest is OK everywhere, a frozen stage is found."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests import samples
from tests.bus import Bus, own_bus

from credit_bus.domain.channels import RECORDS, outbox
from credit_bus.operations.lag.burrow import WINDOW_LOOKS, Status
from credit_bus.operations.lag.rollup import TopicLag, by_party, by_topic
from credit_bus.operations.lag.windows import Windows, moved
from credit_bus_connectors.monitor.lag_requests import requests_to
from credit_bus_connectors.monitor.lag_sampling import Sampler

pytestmark = pytest.mark.broker

EVENTS = 40
LOOK_SECONDS = 0.3
SESSION_SECONDS = 45
WAIT_SECONDS_MAX = 90.0
GATE = "credit-bus.gate"
STATED_BY = samples.PENALISING


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        for stage in ("gate", "router"):
            running.start(stage, "--session-timeout", str(SESSION_SECONDS))
        yield running


Look = Callable[[], tuple[TopicLag, ...]]


@pytest.fixture
def look(bus: Bus) -> Iterator[Look]:
    """Return a function that takes a sample and returns its rows."""
    windows: Windows = {}

    with requests_to(bus.broker) as requests:
        sampler = Sampler(requests=requests)

        def looked() -> tuple[TopicLag, ...]:
            nonlocal windows
            time.sleep(LOOK_SECONDS)
            sample = sampler.sample()
            windows, states = moved(windows, sample.partitions, at=sample.at)
            return by_topic(states, sample.at)

        yield looked


def say(bus: Bus, first: int) -> None:
    numbers = range(first, first + EVENTS)
    bus.say([samples.message(samples.penalty(number)) for number in numbers])


def until(look: Look, enough: Callable[[tuple[TopicLag, ...]], bool]) -> tuple[TopicLag, ...]:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not enough(rows := look()):
        assert time.monotonic() < deadline, [row for row in rows if row.events]
    return rows


def is_at_rest(rows: tuple[TopicLag, ...]) -> bool:
    """Whether both stages have read something, and nothing waits."""
    read = {row.topic for row in rows if row.group.startswith("credit-bus.")}
    return {outbox(STATED_BY), RECORDS} <= read and not any(row.events for row in rows)


def test_a_bus_at_rest_is_ok_everywhere_and_a_frozen_gate_is_found(bus: Bus, look: Look) -> None:
    say(bus, 0)
    until(look, is_at_rest)
    at_rest = [look() for _ in range(WINDOW_LOOKS + 2)]

    assert {Status.OK} == {row.status for rows in at_rest for row in rows}
    assert {0} == {row.events + row.lost + row.ahead for rows in at_rest for row in rows}
    assert {1} == {row.members for row in at_rest[-1]}

    gate = next(worker for worker in bus.workers if worker.stage == "gate")
    gate.freeze()
    say(bus, EVENTS)
    rows = until(look, lambda rows: any(row.status.is_above_warn for row in rows))
    (worst, *others) = rows

    assert (GATE, outbox(STATED_BY), STATED_BY) == (worst.group, worst.topic, worst.party)
    assert (Status.STALL, EVENTS) == (worst.status, worst.events)
    assert {Status.OK} == {row.status for row in others}
    assert {STATED_BY: EVENTS} == {each.name: each.events for each in by_party(rows) if each.events}
    assert worst.seconds_behind is not None
    assert (WINDOW_LOOKS - 1) * LOOK_SECONDS < worst.seconds_behind < WAIT_SECONDS_MAX

    gate.thaw()
    assert {Status.OK} == {row.status for row in until(look, is_at_rest)}
