"""Up to which moment all is read, with logs in memory in which a transaction may be open."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credit_bus.operations.adding_up.differences import FOLLOWS_WITHIN
from credit_bus_connectors.monitor.ends import HELD_SECONDS, Ends, Places

START = datetime(2026, 6, 10, 2, tzinfo=UTC)
PLACES = [("credit.outbox.finance", 0), ("credit.records", 0)]


@dataclass(slots=True)
class Logs:
    """Logs of ten records, how many of them are committed, and how many are read."""

    committed: dict[Any, int] = field(default_factory=lambda: dict.fromkeys(PLACES, 10))
    read: dict[Any, int] = field(default_factory=dict)  # where the reader is behind
    seconds: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


@dataclass(slots=True)
class Client:
    """A client of the logs."""

    logs: Logs
    sees_all: bool = False

    def end_offsets(self, places: list[Any]) -> dict[Any, int]:
        return {place: 10 if self.sees_all else self.logs.committed[place] for place in places}

    def position(self, place: Any, timeout_ms: int) -> int:
        assert timeout_ms == 0
        return self.logs.read.get(place, self.logs.committed[place])


@pytest.fixture
def logs() -> Logs:
    return Logs()


@pytest.fixture
def ends(logs: Logs) -> Ends:
    found = Ends(logs.now, clock=lambda: logs.seconds)
    begin(found, logs)
    return found


def begin(ends: Ends, logs: Logs) -> None:
    consumer = Client(logs)
    ends.begin(consumer, Client(logs, sees_all=True), Places(consumer, dict.fromkeys(PLACES, 0)))


def turns(ends: Ends, logs: Logs, seconds: float) -> list[datetime]:
    """Turn for a while; return the moments that were told."""
    told = []
    until = logs.seconds + seconds
    while logs.seconds < until:
        logs.seconds += 0.5
        moment = ends.reached()
        told += [] if moment is None else [moment]
    return told


def test_a_reader_that_keeps_up_tells_each_second(ends: Ends, logs: Logs) -> None:
    told = turns(ends, logs, 10)

    assert 10 >= len(told) >= 9
    assert logs.now() - told[-1] <= timedelta(seconds=1.5)


def test_behind_an_open_transaction_nothing_is_told(ends: Ends, logs: Logs) -> None:
    logs.committed[PLACES[0]] = 4

    assert [] == turns(ends, logs, 40)


@pytest.mark.parametrize("begins_anew", [False, True])
def test_when_it_ends_the_gate_has_its_time_to_answer(
    ends: Ends, logs: Logs, begins_anew: bool
) -> None:
    """Also when the reader looked for new topics meanwhile."""
    logs.committed[PLACES[0]] = 4
    turns(ends, logs, 40)
    if begins_anew:
        begin(ends, logs)
    turns(ends, logs, 1)
    logs.committed[PLACES[0]] = 10
    at_once = turns(ends, logs, FOLLOWS_WITHIN.total_seconds() - 1)
    later = turns(ends, logs, 3)

    assert [] == at_once
    assert later


def test_a_transaction_of_a_moment_holds_nothing_up(ends: Ends, logs: Logs) -> None:
    logs.committed[PLACES[0]] = 4
    turns(ends, logs, HELD_SECONDS / 2)
    logs.committed[PLACES[0]] = 10

    assert turns(ends, logs, 1)


def test_a_reader_that_is_behind_is_not_held(ends: Ends, logs: Logs) -> None:
    """There is more to read: it tells as soon as it has."""
    logs.read[PLACES[0]] = 4
    turns(ends, logs, 40)
    logs.read[PLACES[0]] = 10

    assert turns(ends, logs, 1)
