"""Enquiries over the topics: `enquiry.made` in the hub's inbox, `enquiry.answered` in its outbox.

The answer's line is written before the answer is said, and answer and position go out in one Kafka
transaction. Whatever dies in between, the enquiry comes again, the log has its line, and the answer
made of it has the same id and the same bytes, so that the gate knows it for a duplicate.
Other events of the inbox are passed over. Knows Kafka only as `Ends`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from credit_bus.domain.event import Event, document_of, event_id
from credit_bus.domain.event_types import ENQUIRY_ANSWERED, ENQUIRY_MADE
from credit_bus.domain.registry import Registry
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.enquiry.answering import hub_of
from credit_bus_connectors.enquiry.answers import TOPIC, answer
from credit_bus_connectors.enquiry.question import question_of
from credit_bus_connectors.enquiry.store import Kept
from credit_bus_connectors.enquiry.telling import body_of
from credit_bus_connectors.parking import Delivery, retry_wait
from credit_bus_connectors.platforms.pool import Connection
from credit_bus_connectors.pump import LOOP, POLL_WAIT_SECONDS_MAX, TURN_SECONDS_MAX, Ends

EVENTS_MAX = 100  # of one transaction

ENQUIRIES_ANSWERED = "enquiries.answered"
ENQUIRIES_POSTPONED = "enquiries.postponed"


class Replies:
    """Answers what the hub's inbox asks. Its state is a cache of the inbox above the position."""

    def __init__(
        self,
        *,
        ends: Ends,
        transaction: Callable[[], AbstractContextManager[Connection]],
        registry: Registry,
        clock: Callable[[], datetime],
        log: Any,
        vitals: Vitals | None = None,
    ) -> None:
        self._vitals = vitals or Vitals()
        self._vitals.health.expect_loop(LOOP, TURN_SECONDS_MAX)
        self._vitals.health.expect_that("database", lambda: self._attempts == 0)
        self._measure(asked=0, answered=0)  # an alert watches the increase
        self._ends = ends
        self._transaction = transaction
        self._registry = registry
        self._clock = clock
        self._log = log
        self._held: tuple[Delivery, ...] = ()
        self._attempts = 0
        self._again_at: datetime | None = None  # when the database is tried again
        self._next_offsets: dict[int, int] = {}
        self._saved: dict[int, int] = {}

    def run(self, stopping: Callable[[], bool]) -> None:
        """Turn until asked to stop; a batch that was begun is ended first."""
        while not stopping():
            self.turn()
            self._vitals.health.beat(LOOP)

    def turn(self) -> None:
        """Read some events, answer them, save; or wait, while the database is away."""
        now = self._clock()
        is_waiting = self._again_at is not None and now < self._again_at
        fetched = self._ends.poll(
            events_max=0 if self._held else EVENTS_MAX,
            wait_seconds=_patience(now, self._again_at) if self._held else POLL_WAIT_SECONDS_MAX,
        )
        self._forget(fetched.lost)
        if self._held and is_waiting:
            return
        if not self._held:
            self._next_offsets.update(fetched.next_offsets)
            self._held = tuple(fetched.deliveries)
        try:
            said = self._answers([delivery.event for delivery in self._held])
        except UnreachableError as error:
            self._postpone(error)
            return
        self._save(said)
        self._held, self._attempts, self._again_at = (), 0, None

    def _answers(self, events: Sequence[Event]) -> list[Event]:
        """Return what is said to these events, each enquiry having its line in the log."""
        asked = [event for event in events if event.type == ENQUIRY_MADE]
        if not asked:
            return []
        with self._transaction() as connection:
            found = [
                answer(
                    connection,
                    question_of(event),
                    self._registry,
                    way=TOPIC,
                    key=None,
                    now=self._clock(),
                )
                for event in asked
            ]
        said = [
            reply(event, kept, self._registry)
            for event, kept in zip(asked, found, strict=True)
            if kept.text is not None and kept.is_same
        ]
        self._measure(asked=len(asked), answered=len(said))
        self._log.info(ENQUIRIES_ANSWERED, asked=len(asked), answered=len(said))
        return said

    def _measure(self, *, asked: int, answered: int) -> None:
        count = self._vitals.meter.count
        count(table.ENQUIRIES, answered, way=TOPIC, outcome="answered")
        count(table.ENQUIRIES, asked - answered, way=TOPIC, outcome="unanswered")

    def _postpone(self, error: UnreachableError) -> None:
        self._attempts += 1
        wait = retry_wait(self._attempts)
        self._again_at = self._clock() + wait
        self._log.warning(
            ENQUIRIES_POSTPONED,
            error=str(error),
            held=len(self._held),
            next_try_seconds=wait.total_seconds(),
        )

    def _save(self, said: Sequence[Event]) -> None:
        moved: Mapping[int, int] = {
            part: at for part, at in self._next_offsets.items() if self._saved.get(part) != at
        }
        if said or moved:
            self._ends.commit(said, moved)
            self._saved.update(moved)

    def _forget(self, lost: frozenset[int]) -> None:
        """Drop what stands in partitions that are no longer ours; it is all still in the inbox."""
        if not lost:
            return
        self._held = tuple(one for one in self._held if one.partition not in lost)
        for partition in lost:
            self._next_offsets.pop(partition, None)
            self._saved.pop(partition, None)


def reply(event: Event, kept: Kept, registry: Registry) -> Event:
    """Return what the hub says to an enquiry whose line is kept: always the same to the same."""
    assert kept.text is not None, "what was not answered has no reply"
    hub, body = hub_of(registry), body_of(kept.text)
    return Event(
        id=event_id(
            source=hub,
            kind=ENQUIRY_ANSWERED,
            document=document_of(ENQUIRY_ANSWERED, body),
            subject=event.subject,
            revision=event.revision,
        ),
        source=hub,
        type=ENQUIRY_ANSWERED,
        time=body["as_of"],
        subject=event.subject,
        revision=event.revision,
        correlation_id=event.id,
        causation_id=event.id,
        traceparent=event.traceparent,
        body=body,
    )


def _patience(now: datetime, moment: datetime | None) -> float:
    seconds = timedelta() if moment is None else moment - now
    return min(max(seconds.total_seconds(), 0.0), POLL_WAIT_SECONDS_MAX)
