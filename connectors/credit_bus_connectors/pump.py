"""The pump: from a platform's inbox to the platform, and the platform's answers back to the bus.

Knows the contract of a sink, parking, and what a delivery statement says. Knows no Kafka: it sees
an inbox through `Ends`, so that a test can drive it turn by turn.

The answers and the new position go out in one transaction, after the platform answered. Whatever
dies in between, the events come again, the sink gives the same answer, and the statement made of
it has the same id and the same bytes, so that the gate knows it for a duplicate.

While subjects are parked, the saved position stays below the earliest of their events. Events that
were delivered beyond it come again after a crash or a rebalance, and are answered the same again:
that is the price of letting others pass, and it is bounded by what lies behind a parked event.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import Answer, LateSink, Result, Sink, UnreachableError
from credit_bus_connectors.deliveries import canary_answer, statement
from credit_bus_connectors.measured import begin_counts, counts_of, measure_batch, measure_parking
from credit_bus_connectors.parking import (
    Delivery,
    Parking,
    admit,
    due,
    next_due,
    retry_wait,
    settle,
    watermarks,
    without,
)

BATCH_EVENTS_MAX = 500
POLL_WAIT_SECONDS_MAX = 1.0  # also how long a request to stop may go unseen
PROBE_WAIT_SECONDS_MAX = 60.0
LOOP = "loop"  # what its health is told by
TURN_SECONDS_MAX = 330.0  # longer than a sink may take over one batch
LATE_EVERY_SECONDS = 5.0  # how often a platform is asked for what it refused later

BATCH_SETTLED = "batch.settled"
PLATFORM_UNREACHABLE = "platform.unreachable"
PLATFORM_REACHED = "platform.reached"
PARTITIONS_LOST = "partitions.lost"
REFUSED_LATE = "batch.refused-late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a poll brought, where it ended, and what was taken away since the last one.

    `next_offsets` may lie beyond the last event: transactions leave marks in the log (KIP-98).
    """

    deliveries: Sequence[Delivery] = ()
    next_offsets: Mapping[int, int] = field(default_factory=dict)  # by partition
    lost: frozenset[int] = frozenset()


class Ends(Protocol):
    """The inbox of a platform, and its outbox."""

    def poll(self, *, events_max: int, wait_seconds: float) -> Fetched:
        """Return the next events, at most so many, in order per partition; 0 only keeps alive."""
        ...

    def commit(self, statements: Sequence[Event], next_offsets: Mapping[int, int]) -> None:
        """Publish the statements and save the positions: both, or neither."""
        ...

    def close(self) -> None:
        """Leave the inbox to others."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A batch that found the platform unreachable, and when to probe with it again."""

    batch: tuple[Delivery, ...]
    attempts: int
    probe_at: datetime


class Pump:
    """Carries events of one platform. Its state is a cache of the inbox above the position."""

    def __init__(
        self,
        *,
        platform: str,
        sink: Sink,
        ends: Ends,
        clock: Callable[[], datetime],
        log: Any,
        vitals: Vitals | None = None,
    ) -> None:
        self._vitals = vitals or Vitals()
        self._vitals.health.expect_loop(LOOP, TURN_SECONDS_MAX)
        self._vitals.health.expect_that("platform", lambda: self._held is None)
        self._platform = platform
        self._sink = sink
        self._ends = ends
        self._clock = clock
        self._log = log
        self._late = sink if isinstance(sink, LateSink) else None
        self._ask_late_at: datetime | None = None
        self._parking = Parking()
        self._held: _Held | None = None
        self._next_offsets: dict[int, int] = {}
        self._saved: dict[int, int] = {}
        begin_counts(self._vitals.meter, platform)

    def run(self, stopping: Callable[[], bool]) -> None:
        """Turn until asked to stop; a batch that was begun is ended first."""
        while not stopping():
            self.turn()
            self._vitals.health.beat(LOOP)

    def turn(self) -> None:
        """Read a batch, deliver it, settle it; or wait, when there is nothing to do yet."""
        waiting = self._waiting(self._clock())
        fetched = self._ends.poll(
            events_max=self._appetite(waiting), wait_seconds=self._patience(waiting)
        )
        if fetched.lost:
            self._forget(fetched.lost)
            waiting = tuple(one for one in waiting if one.partition not in fetched.lost)
        self._next_offsets.update(fetched.next_offsets)
        self._parking, free = admit(self._parking, fetched.deliveries)
        batch = (*waiting, *free)
        if batch:
            self._try(batch)
        elif self._held is None:
            self._save([])  # past the marks behind the last event, so that no lag is seen
        if self._held is None:
            self._tell_late()

    def _waiting(self, now: datetime) -> tuple[Delivery, ...]:
        """Return what was taken on before and is to be tried now."""
        if self._held is not None:
            return self._held.batch if self._held.probe_at <= now else ()
        return due(self._parking, now, events_max=BATCH_EVENTS_MAX)

    def _appetite(self, waiting: Sequence[Delivery]) -> int:
        """Return how many new events may be read: none while the platform is unreachable."""
        if self._held is not None:
            return 0
        return min(BATCH_EVENTS_MAX - len(waiting), self._parking.room)

    def _patience(self, waiting: Sequence[Delivery]) -> float:
        """Return how long a poll may wait for new events."""
        if waiting:
            return 0.0
        moment = self._held.probe_at if self._held is not None else next_due(self._parking)
        if moment is None:
            return POLL_WAIT_SECONDS_MAX
        seconds = (moment - self._clock()).total_seconds()
        return min(max(seconds, 0.0), POLL_WAIT_SECONDS_MAX)

    def _try(self, batch: tuple[Delivery, ...]) -> None:
        began = self._clock()
        try:
            answers = self._answers([delivery.event for delivery in batch])
        except UnreachableError as error:
            self._hold(batch, error)
            return
        assert len(answers) == len(batch), f"{len(answers)} answers to {len(batch)} events"
        if self._held is not None:
            self._log.info(PLATFORM_REACHED, probes=self._held.attempts)
            self._held = None
        self._settle(tuple(zip(batch, answers, strict=True)), began)

    def _answers(self, events: Sequence[Event]) -> Sequence[Answer]:
        """Return the platform's answers, and our own to canaries, which no platform sees.

        A canary waits for the platform as events do: while it is away, none comes back. Where
        there are canaries alone, the platform is asked whether it is there.
        """
        real = [event for event in events if event.type != CANARY_SENT]
        if real:
            answers = iter(self._sink.deliver(real))
        else:
            self._sink.reach()
            answers = iter(())
        return [
            next(answers) if event.type != CANARY_SENT else canary_answer(event) for event in events
        ]

    def _hold(self, batch: tuple[Delivery, ...], error: UnreachableError) -> None:
        """Keep the batch, read nothing more, and probe with it after a while."""
        attempts = self._held.attempts + 1 if self._held is not None else 1
        wait = max(retry_wait(attempts), timedelta(seconds=error.retry_after_seconds))
        wait = min(wait, timedelta(seconds=PROBE_WAIT_SECONDS_MAX))
        self._held = _Held(batch=batch, attempts=attempts, probe_at=self._clock() + wait)
        self._vitals.meter.set(table.PLATFORM_UP, 0, party=self._platform)
        self._log.warning(
            PLATFORM_UNREACHABLE,
            error=str(error),
            held=len(batch),
            probes=attempts,
            next_probe_seconds=wait.total_seconds(),
        )

    def _settle(self, answered: tuple[tuple[Delivery, Answer], ...], began: datetime) -> None:
        """Park what must wait, state the rest, save what may be saved."""
        tried = [(one, answer.result is not Result.TRY_LATER) for one, answer in answered]
        self._parking = settle(self._parking, tried, self._clock())
        statements = [
            statement(self._platform, delivery.event, answer)
            for delivery, answer in answered
            if answer.result is not Result.TRY_LATER
        ]
        moved = self._save(statements)
        counts = counts_of([answer for one, answer in answered if one.event.type != CANARY_SENT])
        seconds = (self._clock() - began).total_seconds()
        measure_batch(self._vitals.meter, self._platform, counts, self._parking, seconds)
        self._log.info(
            BATCH_SETTLED,
            **counts,
            parked=self._parking.events,
            parked_subjects=len(self._parking.queues),
            positions=moved,
            milliseconds=round(seconds * 1000, 1),
        )

    def _save(self, statements: Sequence[Event]) -> dict[int, int]:
        """Publish and save together; return the positions that moved."""
        marks = watermarks(self._parking, self._next_offsets)
        moved = {part: mark for part, mark in marks.items() if self._saved.get(part) != mark}
        if statements or moved:
            self._ends.commit(statements, moved)
            self._saved.update(moved)
        return moved

    def _tell_late(self) -> None:
        """State what the platform refused after it had acknowledged it, now and then.

        A crash before it is noted states it again, with the same id and the same bytes.
        """
        now = self._clock()
        if self._late is None or (self._ask_late_at is not None and now < self._ask_late_at):
            return
        self._ask_late_at = now + timedelta(seconds=LATE_EVERY_SECONDS)
        try:
            late = self._late.late_refusals(most=BATCH_EVENTS_MAX)
            if late:
                told = [statement(self._platform, one.event, one.answer) for one in late]
                self._ends.commit(told, {})
                self._late.late_told(late)
                self._vitals.meter.count(table.REFUSED_LATE, len(late), party=self._platform)
                self._log.info(REFUSED_LATE, invalid=len(late))
        except UnreachableError as error:
            self._log.warning(PLATFORM_UNREACHABLE, error=str(error))

    def _forget(self, lost: frozenset[int]) -> None:
        """Drop what stands in partitions that are no longer ours; it is all still in the inbox."""
        self._parking = without(self._parking, lost)
        measure_parking(self._vitals.meter, self._platform, self._parking)
        for partition in lost:
            self._next_offsets.pop(partition, None)
            self._saved.pop(partition, None)
        if self._held is not None:
            kept = tuple(one for one in self._held.batch if one.partition not in lost)
            self._held = (
                _Held(batch=kept, attempts=self._held.attempts, probe_at=self._held.probe_at)
                if kept
                else None
            )
        self._log.info(PARTITIONS_LOST, partitions=sorted(lost))
