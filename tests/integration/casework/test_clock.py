"""Time passes: each due row is looked at once, on its day, after all that was said before it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kafka import KafkaProducer
from tests import samples
from tests.casework_double import TALLY, Teller, tally

from credit_bus.casework.port import Row, RowKey, Turn
from credit_bus.contracts.wire import write_event
from credit_bus.domain.calendar import local_day
from credit_bus.runtime import logs
from credit_bus.runtime.casework import positions
from credit_bus.runtime.casework.clock import Clock
from credit_bus.runtime.casework.limits import Limits
from credit_bus.runtime.casework.store import Position, Store
from credit_bus.runtime.casework.turns import Overlay, StuckClockError
from credit_bus.runtime.casework.unread import Unread

NOW = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)
TODAY = local_day(NOW)
WAIT_SECONDS_MAX = 20.0
Ask = Callable[[str], list[tuple[Any, ...]]]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, WAIT_SECONDS_MAX))


@dataclass
class Rig:
    """A clock over a store, and the moment."""

    store: Store
    broker: str = "127.0.0.1:1"
    now: datetime = NOW
    casework: Teller = field(default_factory=Teller)

    def clock(self, **limits: Any) -> Clock:
        return Clock(
            casework=self.casework,
            store=self.store,
            write=self.write,
            limits=Limits(now=lambda: self.now, **limits),
            broker=self.broker,
            log=logs.logger(stage="casework"),
        )

    def write(self, position: Position, done: Overlay, *, next_offset: int) -> None:
        wires = [write_event(event, samples.codec()) for event in done.said]
        rows = list(done.changed.values())
        self.store.write(
            position, rows=rows, said=wires, counts=done.counts, next_offset=next_offset
        )

    def keep(self, lane: int, *rows: Row, next_offset: int = 0) -> None:
        self.store.begin([lane])
        with self.store.turn(lane) as position:
            self.store.write(position, rows=rows, next_offset=next_offset)


@pytest.fixture
def rig(store: Store) -> Rig:
    return Rig(store)


def due(number: int, days: int = 0) -> Row:
    return tally(samples.penalty(number).subject, number, due_on=TODAY + timedelta(days))


class Stuck(Teller):
    def tick(self, key: RowKey, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        return Turn(changed=(replace(rows[key], state={"n": -1}),))


def test_a_tick_that_would_come_again_at_once_changes_nothing_and_is_an_error(
    rig: Rig, ask: Ask
) -> None:
    rig.keep(0, due(1))
    rig.casework = Stuck()
    with pytest.raises(StuckClockError):
        rig.clock().tick(0, TODAY)

    assert [({"n": 1},)] == ask("SELECT state FROM casework.row")


def test_each_due_row_is_looked_at_once_and_what_follows_is_kept(rig: Rig, ask: Ask) -> None:
    rig.keep(0, *(due(number, -number) for number in range(5)), due(7, 1), next_offset=41)
    clock = rig.clock(due_per_transaction_max=2)
    counts = [clock.tick(0, TODAY) for _ in range(4)]

    assert [2, 2, 1, 0] == counts
    assert [(5,)] == ask(
        "SELECT count(*)::int FROM casework.row WHERE state @> '{\"ticked\": true}'"
    )
    assert [(0, 41, 5)] == ask("SELECT lane, next_offset, next_seq FROM casework.position")
    assert [(5, "ticked")] == ask("SELECT n::int, what FROM casework.count")
    names = ask("SELECT headers ->> 0 FROM casework.outbox")
    assert 5 == len(names)


def test_two_clocks_of_a_lane_tick_a_row_once(rig: Rig, casework_database: str, ask: Ask) -> None:
    rig.keep(0, due(1))
    other = Rig(Store(casework_database))
    ticked = [each.clock().tick(0, TODAY) for each in (rig, other)]
    other.store.close()

    assert [1, 0] == ticked
    assert [(1,)] == ask("SELECT count(*)::int FROM casework.outbox")


def test_nothing_is_asked_of_the_broker_when_nothing_is_due(rig: Rig) -> None:
    rig.keep(0, due(1, 1))

    assert run(rig.clock().look([0]))  # there is no broker at that address


class Log:
    """A topic that stands for the log of record."""

    def __init__(self, broker: str, name: str) -> None:
        self.broker = broker
        self.name = name

    @contextmanager
    def transaction(self) -> Any:
        producer = KafkaProducer(bootstrap_servers=self.broker, transactional_id=self.name)
        producer.init_transactions()
        producer.begin_transaction()
        try:
            yield producer
        finally:
            producer.close()

    def say(self, *, commits: bool = True) -> None:
        with self.transaction() as producer:
            producer.send(self.name, value=b"x", partition=0).get(WAIT_SECONDS_MAX)
            producer.commit_transaction() if commits else producer.abort_transaction()


@pytest.fixture
def log(broker: str, fresh_topic: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Log:
    name = fresh_topic("log", partitions=2)
    monkeypatch.setattr(positions, "RECORDS", name)
    return Log(broker, name)


def test_a_day_begins_where_all_that_was_said_before_it_is_done(log: Log) -> None:
    unread = Unread(log.broker)
    log.say()
    log.say()

    assert {1} == run(unread.begun(TODAY, {0: 0, 1: 0}))
    log.say()  # after the first look of the day: it need not be waited for
    assert set() == run(unread.begun(TODAY, {0: 0}))
    assert set() == run(unread.begun(TODAY, {0: 1}))
    assert {0} == run(unread.begun(TODAY, {0: 3}))
    assert {0, 1} == run(unread.begun(TODAY, {0: 3, 1: 0}))


def test_markers_and_what_was_aborted_are_not_waited_for(log: Log) -> None:
    log.say()
    log.say(commits=False)

    assert {0} == run(Unread(log.broker).begun(TODAY, {0: 1}))


def test_a_transaction_that_is_open_when_the_day_begins_is_waited_for(log: Log) -> None:
    unread = Unread(log.broker)
    with log.transaction() as producer:
        producer.send(log.name, value=b"x", partition=0).get(WAIT_SECONDS_MAX)

        assert set() == run(unread.begun(TODAY, {0: 0}))
        producer.commit_transaction()
    assert set() == run(unread.begun(TODAY, {0: 0}))
    assert {0} == run(unread.begun(TODAY, {0: 1}))


def test_the_next_day_is_another_question(log: Log) -> None:
    unread = Unread(log.broker)
    assert {0} == run(unread.begun(TODAY, {0: 0}))
    log.say()

    assert {0} == run(unread.begun(TODAY, {0: 0}))
    assert set() == run(unread.begun(TODAY + timedelta(1), {0: 0}))


def test_a_lane_that_has_not_read_far_enough_is_not_ticked(rig: Rig, log: Log, ask: Ask) -> None:
    log.say()
    rig.broker = log.broker
    rig.keep(0, due(1))
    rig.keep(1, due(2))
    clock = rig.clock()

    assert not run(clock.look([0, 1]))
    assert [(1,)] == ask("SELECT lane FROM casework.outbox")
    rig.keep(0, next_offset=1)
    assert run(clock.look([0, 1]))
    assert [(0,), (1,)] == ask("SELECT lane FROM casework.outbox ORDER BY lane")
    assert {TALLY} == {kind for (kind,) in ask("SELECT kind FROM casework.row")}
