"""The relay: what casework wrote into its outbox goes to the hub's outbox topic, once, in order.

A transaction of Kafka holds the events and how far the outbox is published, as the group's offset
of the hub's topic: an offset there is a number of the outbox, not of the log. So a crash neither
loses nor doubles. The database's own mark follows; it outlives an offset that Kafka forgets.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka.structs import TopicPartition

from credit_bus.contracts.wire import Wire
from credit_bus.domain.channels import outbox
from credit_bus.flows.gate import BUS
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus.runtime import logs
from credit_bus.runtime.batch import OUTPUT_BYTES_MAX
from credit_bus.runtime.casework.positions import WrongPositionError
from credit_bus.runtime.casework.relay_store import RelayStore
from credit_bus.runtime.settings import group_of
from credit_bus.runtime.transactions.producer import Membership, Producer

RELAY = "relay"
LOOP, DATABASE = "loop", "database"  # what its health is told by
TOPIC = outbox(BUS)
NOBODY = Membership(generation=-1, member_id="")  # the group has no members; the epoch fences


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySettings:
    """One relay process, and its bounds."""

    broker: str
    database: str
    log_level: str = "INFO"
    events_per_lane_max: int = 200  # in one transaction
    poll_seconds_max: float = 0.25  # casework wakes the relay; this is if its word gets lost
    alone_interval_seconds: float = 1.0  # a second relay waits for the first one's end
    keep: timedelta = timedelta(days=7)  # what is published
    forget_interval_seconds: float = 60.0
    forget_at_once_max: int = 1_000  # rows of each lane
    transaction_timeout_seconds: float = 30.0
    commit_wait_seconds_max: float = 25.0  # less than the transaction's own time-out
    lag_interval_seconds: float = 5.0  # how often what waits is counted


class Relay:
    """Publishes, transaction after transaction."""

    def __init__(
        self, store: RelayStore, settings: RelaySettings, log: Any, vitals: Vitals | None = None
    ) -> None:
        self._vitals = vitals or Vitals()
        self._lag_at = 0.0
        self._store = store
        self._settings = settings
        self._log = log
        self._nexts: dict[int, int] = {}
        self._forget_at = 0.0
        self._producer = Producer(
            broker=settings.broker,
            group=group_of(RELAY),
            transaction_timeout_seconds=settings.transaction_timeout_seconds,
            wait_seconds_max=settings.commit_wait_seconds_max,
        )

    async def start(self, lanes: int) -> None:
        """End what a former relay had in work, and find where to go on, in so many lanes.

        Raises WrongPositionError, TimeoutError, KafkaError, psycopg.Error.
        """
        await self._producer.start()
        tps = [TopicPartition(TOPIC, lane) for lane in range(lanes)]
        committed = await self._producer.take_over([0], tps, NOBODY)
        marks = await self._store.marks()
        for tp in tps:
            said, relayed = marks.get(tp.partition, (0, 0))
            self._nexts[tp.partition] = start_of(
                tp.partition, said=said, relayed=relayed, committed=committed.get(tp, 0)
            )
        await self._store.mark(self._nexts)
        await self._store.listen()
        self._log.info(logs.RELAY_STARTED, lanes=lanes)

    async def stop(self) -> None:
        """Close the producer's connections."""
        await self._producer.stop()

    async def run(self, told: asyncio.Event) -> None:
        """Publish until told to stop. Raises FencedError and whatever goes wrong."""
        while not told.is_set():
            self._vitals.health.beat(LOOP)
            waiting = await self._store.waiting(
                self._nexts, most=self._settings.events_per_lane_max
            )
            if waiting:
                await self._publish(bounded(waiting, bytes_max=OUTPUT_BYTES_MAX))
            else:
                await self._store.wait(self._settings.poll_seconds_max)
            self._vitals.health.beat(DATABASE)
            if time.monotonic() >= self._lag_at:
                await self._count_lag()
            if time.monotonic() >= self._forget_at:
                await self._forget()

    async def _publish(self, waiting: Mapping[int, list[Wire]]) -> None:
        began = time.perf_counter()
        nexts = {lane: self._nexts[lane] + len(wires) for lane, wires in waiting.items()}
        commit_began = time.perf_counter()
        await self._producer.commit(
            {TopicPartition(TOPIC, lane): wires for lane, wires in waiting.items()},
            {TopicPartition(TOPIC, lane): seq for lane, seq in nexts.items()},
        )
        commit_seconds = time.perf_counter() - commit_began
        self._nexts |= nexts
        await self._store.mark(nexts)
        events = sum(map(len, waiting.values()))
        seconds = time.perf_counter() - began
        meter = self._vitals.meter
        meter.observe(table.BATCH, seconds, stage=RELAY)
        meter.observe(table.COMMIT, commit_seconds, stage=RELAY)
        meter.set(table.LAST_COMMIT, time.time(), stage=RELAY)
        meter.count(table.EVENTS_WRITTEN, events, stage=RELAY, kind="outbox")
        self._log.info(
            logs.RELAY_PUBLISHED,
            partitions=sorted(waiting),
            events=events,
            milliseconds=round(seconds * 1000, 1),
        )

    async def _count_lag(self) -> None:
        """Tell how much is said and not published."""
        await count_waiting(self._store, self._vitals, self._nexts)
        self._lag_at = time.monotonic() + self._settings.lag_interval_seconds

    async def _forget(self) -> None:
        """Delete some of what is published and old; go on soon where there is more."""
        most = self._settings.forget_at_once_max
        before = datetime.now(UTC) - self._settings.keep
        gone = await self._store.forget(before=before, most=most)
        if gone:
            self._log.info(logs.RELAY_FORGOT, rows=gone)
        rest = 0.0 if gone >= most else self._settings.forget_interval_seconds
        self._forget_at = time.monotonic() + rest


async def count_waiting(store: RelayStore, vitals: Vitals, nexts: Mapping[int, int]) -> None:
    """Tell how much is said and not published: by the numbers of the next, else by the marks."""
    marks = await store.marks()
    waits = sum(max(said - nexts.get(lane, relayed), 0) for lane, (said, relayed) in marks.items())
    vitals.meter.set(table.RELAY_WAITING, waits)


def start_of(lane: int, *, said: int, relayed: int, committed: int) -> int:
    """Return the number with which the relay goes on in a lane.

    Kafka's is written first and the database's outlives it. Raises WrongPositionError.
    """
    found = max(relayed, committed)
    if found > said:
        raise WrongPositionError(
            f"lane {lane}: {found} events are published, the outbox has said {said}: the database"
            " is an earlier copy; delete the group's offsets with `kafka-consumer-groups.sh"
            f" --delete-offsets --group {group_of(RELAY)} --topic {TOPIC}`, the gate knows what"
            " was said before"
        )
    return found


def bounded(waiting: Mapping[int, list[Wire]], *, bytes_max: int) -> dict[int, list[Wire]]:
    """Return as much from the front of each lane as one transaction holds; at least one event."""
    found: dict[int, list[Wire]] = {}
    size = 0
    for lane, wires in waiting.items():
        for wire in wires:
            size += len(wire.value)
            if found and size > bytes_max:
                return found
            found.setdefault(lane, []).append(wire)
    return found
