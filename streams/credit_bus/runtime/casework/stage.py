"""The stage of casework: events of the log of record, stepped in one PostgreSQL transaction.

The position in the database is the truth; the offset that the lane then commits to Kafka only says
where reading goes on. So a batch that is read again is passed over as far as it was done.
"""

import asyncio
import time
from collections.abc import Mapping

from credit_bus.casework.port import Casework
from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import Message, Wire, write_event
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import RECORDS
from credit_bus.domain.event import Event
from credit_bus.flows.gate import BUS
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus.runtime import logs
from credit_bus.runtime.batch import Produced, accepted_event
from credit_bus.runtime.casework.clock import Clock
from credit_bus.runtime.casework.limits import Limits
from credit_bus.runtime.casework.positions import check_positions
from credit_bus.runtime.casework.store import Position, Store
from credit_bus.runtime.casework.turns import Overlay, Taken, steps, wanted_by
from credit_bus.runtime.settings import WorkerSettings, group_of

STAGE = "casework"
DATABASE = "database"  # what its health is told by
REACHES_MAX = 3  # of the clock's looks, the last two may have failed


class CaseworkStage:
    """Steps the core over each lane's events, and its clock beside them."""

    pace_seconds = 0.01  # a gate's transactions come in turn already

    def __init__(
        self,
        *,
        casework: Casework,
        codec: Codec,
        store: Store,
        settings: WorkerSettings,
        limits: Limits,
        vitals: Vitals | None = None,
    ) -> None:
        self._vitals = vitals or Vitals()
        self._vitals.health.expect_reach(DATABASE, REACHES_MAX * limits.clock_interval_seconds)
        self.topics: tuple[str, ...] = (RECORDS,)
        self._casework = casework
        self._codec = codec
        self._store = store
        self._settings = settings
        self._limits = limits
        self._log = logs.logger(stage=settings.stage)
        self._clock = Clock(
            casework=casework,
            store=store,
            write=self.write,
            limits=limits,
            broker=settings.broker,
            log=self._log,
            reached=self._reached,
        )

    async def open(self, partitions: frozenset[int]) -> None:
        """Compare positions with the broker's, and set the clock for these lanes.

        Raises WrongPositionError.
        """
        await self._clock.stop()
        if partitions:
            positions = self._store.begin(partitions)
            self._vitals.health.beat(DATABASE)
            broker, group = self._settings.broker, group_of(self._settings.stage)
            await asyncio.to_thread(check_positions, broker, group, positions)
            self._clock.start(partitions)

    def step(self, partition: int, messages: list[Message]) -> Produced:
        """Do what follows from the front of a batch, in one transaction of the database.

        Blocks as long as the database needs, which the connection's limits bound.
        """
        began = time.perf_counter()
        messages = messages[: self._limits.events_per_transaction_max]
        with self._store.turn(partition) as position:
            fresh = [each for each in messages if each.offset >= position.next_offset]
            if fresh:
                taken = [self._taken(message) for message in fresh]
                keys, subjects = wanted_by(self._casework, [each.event for each in taken])
                rows = self._store.rows(partition, keys=keys, subjects=subjects)
                done = steps(self._casework, taken, rows)
                self.write(position, done, next_offset=fresh[-1].offset + 1)
        seconds = time.perf_counter() - began
        self._vitals.meter.observe(table.DATABASE, seconds, stage=self._settings.stage)
        self._vitals.health.beat(DATABASE)
        return Produced(taken=len(messages))

    def committed(self, partition: int, produced: Produced, ends: Mapping[str, int]) -> None:
        """Nothing to keep: the database has it already."""

    def write(self, position: Position, done: Overlay, *, next_offset: int) -> None:
        """Keep what follows from a turn; within its transaction."""
        self._store.write(
            position,
            rows=list(done.changed.values()),
            said=[self._wire(event) for event in done.said],
            counts=done.counts,
            next_offset=next_offset,
        )

    def _reached(self, ticked: int) -> None:
        self._vitals.health.beat(DATABASE)
        self._vitals.meter.count(table.DUE_ROWS, ticked)

    def _taken(self, message: Message) -> Taken:
        moment = moment_of(message.timestamp_ms)
        return Taken(event=accepted_event(message, self._codec), now=moment)

    def _wire(self, event: Event) -> Wire:
        assert event.source == BUS, f"casework speaks for the hub alone, not for {event.source}"
        return write_event(event, self._codec)
