"""What casework says reaches the topic once, in order, whatever happens to the relay."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from tests import pace

from credit_bus.contracts.wire import Wire
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus.operations.scan import Seen, scan
from credit_bus.runtime import logs
from credit_bus.runtime.casework import relay as module
from credit_bus.runtime.casework.relay import DATABASE, LOOP, Relay, RelaySettings
from credit_bus.runtime.casework.relay_process import until_alone
from credit_bus.runtime.casework.relay_store import OutboxGapError, RelayStore
from credit_bus.runtime.casework.store import Store
from credit_bus.runtime.transactions.errors import FencedError

LANES = 2
WAIT_SECONDS_MAX = 20.0
DELAY_SECONDS_MAX = 1.0
Ask = Callable[[str], list[tuple[Any, ...]]]

pytestmark = pytest.mark.broker


class Dies(BaseException):
    """The relay is killed here."""


class Case:
    """An outbox, and a topic of the test's own in the place of the hub's."""

    def __init__(self, broker: str, url: str, store: Store, topic: str) -> None:
        self.broker = broker
        self.url = url
        self.store = store
        self.topic = topic
        self.vitals = Vitals()
        self.settings = RelaySettings(broker=broker, database=url, events_per_lane_max=3)
        store.begin(range(LANES))

    def say(self, lane: int, *texts: str) -> None:
        with self.store.turn(lane) as position:
            wires = [
                Wire(
                    key=f"{lane}".encode(), headers=[("ce_id", text.encode())], value=text.encode()
                )
                for text in texts
            ]
            self.store.write(position, said=wires, next_offset=0)

    def published(self) -> dict[int, list[str]]:
        """What a reader of committed records finds, by lane."""
        found: dict[int, list[str]] = {lane: [] for lane in range(LANES)}
        for seen in self.seen():
            assert (f"{seen.partition}".encode(), seen.text("ce_id").encode()) == (
                seen.key,
                seen.value,
            )
            found[seen.partition].append(seen.text("ce_id"))
        return found

    def seen(self) -> list[Seen]:
        return sorted(
            scan(self.broker, [self.topic]), key=lambda each: (each.partition, each.offset)
        )

    @asynccontextmanager
    async def relay(self) -> AsyncIterator[tuple[Relay, RelayStore]]:
        """A relay that has started; in the end it is gone without a word."""
        store = await RelayStore.open(self.url)
        relay = Relay(store, self.settings, logs.logger(process="relay"), self.vitals)
        try:
            await relay.start(LANES)
            yield relay, store
        finally:
            await relay.stop()
            await store.close()

    async def drain(self) -> None:
        """Run a relay until the outbox is published."""
        async with self.relay() as (relay, _):
            told = asyncio.Event()
            running = asyncio.create_task(relay.run(told))
            while any(said > done for said, done in (await self.marks()).values()):
                if running.done():
                    running.result()
                await asyncio.sleep(0.02)
            told.set()
            await running

    async def marks(self) -> dict[int, tuple[int, int]]:
        store = await RelayStore.open(self.url)
        try:
            return await store.marks()
        finally:
            await store.close()


@pytest.fixture
def case(
    broker: str,
    casework_database: str,
    store: Store,
    fresh_topic: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> Case:
    topic = fresh_topic("hub", partitions=LANES)
    monkeypatch.setattr(module, "TOPIC", topic)
    return Case(broker, casework_database, store, topic)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, WAIT_SECONDS_MAX))


def test_a_gap_in_the_outbox_is_an_error_and_nothing_beyond_it_is_published(
    case: Case, ask: Ask
) -> None:
    case.say(0, *"abcd")
    ask("DELETE FROM casework.outbox WHERE seq = 1")
    with pytest.raises(OutboxGapError, match="goes on with 2, 1 is next"):
        run(case.drain())

    assert {0: [], 1: []} == case.published()


def test_everything_said_is_published_once_in_order_in_its_lane(case: Case) -> None:
    case.say(0, *"abcdefg")
    case.say(1, *"xy")
    run(case.drain())
    case.say(1, *"z")
    run(case.drain())
    run(case.drain())

    assert {0: [*"abcdefg"], 1: [*"xyz"]} == case.published()
    assert {0: (7, 7), 1: (3, 3)} == asyncio.run(case.marks())


def test_who_dies_before_the_commit_has_published_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        async with case.relay() as (relay, _):
            monkeypatch.setattr(relay._producer, "_end", dies)
            with pytest.raises(Dies):
                await relay.run(asyncio.Event())
        found.append(case.published())
        await case.drain()

    async def dies() -> None:
        raise Dies

    found: list[Any] = []
    case.say(0, *"abcd")
    run(work())

    assert [{0: [], 1: []}] == found
    assert {0: [*"abcd"], 1: []} == case.published()


def test_who_dies_between_the_commit_and_the_mark_has_published_once(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        async with case.relay() as (relay, store):
            monkeypatch.setattr(store, "mark", dies)
            with pytest.raises(Dies):
                await relay.run(asyncio.Event())
        await case.drain()

    async def dies(_: Any) -> None:
        raise Dies

    case.say(0, *"abcd")
    case.say(1, *"xy")
    run(work())

    assert {0: [*"abcd"], 1: [*"xy"]} == case.published()


def test_a_second_relay_fences_the_first(case: Case) -> None:
    async def work() -> None:
        async with case.relay() as (first, _), case.relay() as (second, _):
            with pytest.raises(FencedError):
                await first.run(asyncio.Event())
            told = asyncio.Event()
            running = asyncio.create_task(second.run(told))
            await asyncio.sleep(0.5)
            told.set()
            await running

    case.say(0, *"ab")
    run(work())

    assert {0: [*"ab"], 1: []} == case.published()


def test_one_relay_alone_is_let_in(case: Case) -> None:
    async def work() -> None:
        first, second = await RelayStore.open(case.url), await RelayStore.open(case.url)
        found.append([await first.is_alone(), await second.is_alone()])
        await first.close()
        while not await second.is_alone():  # noqa: ASYNC110 - the server hears of it later
            await asyncio.sleep(0.02)
        await second.close()

    found: list[list[bool]] = []
    run(work())

    assert [[True, False]] == found


def test_a_relay_that_waits_for_another_is_ready_says_so_once_and_tells_what_waits(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(case.settings, alone_interval_seconds=0.02)
    case.say(0, "a", "b")
    case.vitals.health.expect_loop(LOOP)
    case.vitals.health.expect_reach(DATABASE)

    async def work() -> None:
        first, second = await RelayStore.open(case.url), await RelayStore.open(case.url)
        told, log = asyncio.Event(), logs.logger(process="relay")
        assert await first.is_alone()
        before = case.vitals.health.waiting()
        waiting = asyncio.create_task(until_alone(second, settings, told, case.vitals, log))
        await asyncio.sleep(0.5)
        found.append((before, case.vitals.health.waiting(), waiting.done()))
        await first.close()
        found.append(await waiting)
        third = await RelayStore.open(case.url)
        told.set()
        found.append(await until_alone(third, settings, told, case.vitals, log))
        for each in (second, third):
            await each.close()

    found: list[Any] = []
    run(work())

    assert [((DATABASE,), (), False), True, False] == found
    assert 2 == case.vitals.meter.value(table.RELAY_WAITING)
    assert 2 == "".join(capsys.readouterr()).count(logs.RELAY_WAITS), "once for each that waited"


def test_what_is_said_is_published_within_a_second(case: Case) -> None:
    async def work() -> None:
        async with case.relay() as (relay, _):
            told = asyncio.Event()
            running = asyncio.create_task(relay.run(told))
            await asyncio.sleep(1.0)
            for n in range(10):
                began = time.monotonic()
                case.say(0, f"{n}")
                while relay._nexts[0] == n:  # noqa: ASYNC110 - a relay tells nobody
                    await asyncio.sleep(0.005)
                delays.append(time.monotonic() - began)
            told.set()
            await running

    delays: list[float] = []
    with pace.measured() as machine:
        run(work())

    assert machine.bound(DELAY_SECONDS_MAX) > max(delays)
    assert case.settings.poll_seconds_max > sorted(delays)[5], "casework wakes the relay"


def test_published_rows_are_forgotten_when_they_are_old_and_no_others(case: Case, ask: Ask) -> None:
    async def work() -> None:
        store = await RelayStore.open(case.url)
        before = module.datetime.now(module.UTC) - case.settings.keep
        gone.extend([await store.forget(before=before, most=2) for _ in range(3)])
        await store.close()

    gone: list[int] = []
    case.say(0, *"abcdef")
    case.say(1, *"x")
    ask("UPDATE casework.outbox SET created_at = now() - interval '8 days' WHERE seq <> 4")
    ask("INSERT INTO casework.relayed VALUES (0, 5), (1, 0)")
    run(work())

    assert [2, 2, 0] == gone
    assert [(0, 4), (0, 5), (1, 0)] == ask("SELECT lane, seq FROM casework.outbox ORDER BY 1, 2")


def test_what_was_forgotten_leaves_no_gap_for_the_relay(case: Case, ask: Ask) -> None:
    case.say(0, *"abcd")
    run(case.drain())
    ask("DELETE FROM casework.outbox")
    case.say(0, *"ef")
    run(case.drain())

    assert {0: [*"abcdef"], 1: []} == case.published()


def test_what_waits_is_told_and_what_is_published_is_counted(case: Case) -> None:
    case.say(0, "a", "b")
    case.say(1, "c")

    async def look() -> None:
        async with case.relay() as (relay, _):
            await relay._count_lag()

    run(look())
    assert 3 == case.vitals.meter.value(table.RELAY_WAITING)

    run(case.drain())
    run(look())

    assert 0 == case.vitals.meter.value(table.RELAY_WAITING)
    assert 3 == case.vitals.meter.value(table.EVENTS_WRITTEN, stage="relay", kind="outbox")
