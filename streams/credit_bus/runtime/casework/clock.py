"""The clock of casework: once a minute it looks for rows that fall due, in the lanes at hand.

A day begins in a lane when all that the log held at the first look of that day is done: what was
said in time counts, however late it is read.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Protocol

from credit_bus.casework.port import Casework
from credit_bus.domain.calendar import local_day
from credit_bus.runtime import logs
from credit_bus.runtime.casework.limits import Limits
from credit_bus.runtime.casework.store import Position, Store
from credit_bus.runtime.casework.turns import Overlay, ticks
from credit_bus.runtime.casework.unread import Unread
from credit_bus.runtime.ending import ExitCode, end_process


class Write(Protocol):
    """Keeps what follows from a turn; within its transaction."""

    def __call__(self, position: Position, done: Overlay, *, next_offset: int) -> None:
        """Keep it."""
        ...


class Clock:
    """Ticks the rows that are due. Ends the process when it fails.

    It calls `reached` with how many it ticked, each time the database has answered.
    """

    def __init__(
        self,
        *,
        casework: Casework,
        store: Store,
        write: Write,
        limits: Limits,
        broker: str,
        log: Any,
        reached: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._reached = reached
        self._casework = casework
        self._store = store
        self._write = write
        self._limits = limits
        self._broker = broker
        self._log = log
        self._unread = Unread(broker)
        self._task: asyncio.Task[None] | None = None

    def start(self, lanes: frozenset[int]) -> None:
        """Look at once, then again and again, until stopped."""
        self._unread = Unread(self._broker)
        self._task = asyncio.create_task(self._run(lanes), name="clock")

    async def stop(self) -> None:
        """Look no more. A transaction is never cut: it runs without a pause."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def look(self, lanes: Iterable[int]) -> bool:
        """Tick what is due; return whether every lane had read far enough for its day to begin.

        Raises StuckClockError, ForeignRowError, psycopg.Error, KafkaError.
        """
        today = local_day(self._limits.now())
        due = self._store.due_lanes(lanes, today=today)
        self._reached(0)
        begun = await self._unread.begun(today, self._store.begin(due)) if due else frozenset()
        for lane in sorted(begun):
            ticked = 0
            while number := self.tick(lane, today):
                ticked += number
                await asyncio.sleep(0)  # let the lanes have a turn
            self._reached(ticked)
            self._log.info(logs.CASEWORK_TICKED, partition=lane, rows=ticked)
        return len(begun) == len(due)

    def tick(self, lane: int, today: date) -> int:
        """Tick the first rows that are due in one transaction; return how many there were."""
        now = self._limits.now()
        with self._store.turn(lane) as position:
            due = self._store.due(lane, today=today, most=self._limits.due_per_transaction_max)
            if due:
                rows = self._store.rows(lane, subjects=set(due.values()))
                done = ticks(self._casework, due, rows, now)
                self._write(position, done, next_offset=position.next_offset)
        return len(due)

    async def _run(self, lanes: frozenset[int]) -> None:
        try:
            while True:
                rest = self._limits.clock_interval_seconds
                if not await self.look(lanes):
                    rest = min(rest, self._limits.unread_interval_seconds)
                await asyncio.sleep(rest)
        except Exception as error:  # noqa: BLE001 - one of the outermost loops
            end_process(ExitCode.UNFORESEEN, self._log, logs.WORKER_FAILED, logs.told_of(error))
