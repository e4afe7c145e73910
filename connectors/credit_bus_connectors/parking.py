"""Parking: an event that must be tried later holds back its own subject, and nobody else.

Pure: values in, values out, and `now` is an argument. Knows nothing of platforms or of Kafka, but
that every event stands at an offset of a partition, and that a subject has one partition.

Why by subject: a retry topic, or a retry of the single event, would let a later event of the same
subject overtake it. The number of tries is not bounded, since nothing accepted may be dropped;
the wait between two tries and the number of parked events are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from credit_bus.domain.event import Event

PARKED_EVENTS_MAX = 10_000
RETRY_WAIT_SECONDS_MIN = 1.0
RETRY_WAIT_SECONDS_MAX = 300.0
_DOUBLINGS_MAX = 16  # past the longest wait anyway; keeps the power small


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event of the inbox, and where it stands there."""

    event: Event
    partition: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The parked events of one subject, in their order; the first one was tried, in vain."""

    waiting: tuple[Delivery, ...]
    attempts: int  # how often the first one was tried
    due: datetime


def _nothing() -> Mapping[str, Queue]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parking:
    """All parked subjects. No queue in it is empty."""

    queues: Mapping[str, Queue] = field(default_factory=_nothing)

    @property
    def events(self) -> int:
        """Return how many events are parked."""
        return sum(len(queue.waiting) for queue in self.queues.values())

    @property
    def room(self) -> int:
        """Return how many more events may be taken on; 0 means: read nothing new."""
        return max(0, PARKED_EVENTS_MAX - self.events)


def retry_wait(attempts: int) -> timedelta:
    """Return how long to wait after so many tries in vain: doubled each time, within bounds."""
    doublings = min(max(attempts - 1, 0), _DOUBLINGS_MAX)
    seconds = min(RETRY_WAIT_SECONDS_MIN * 2**doublings, RETRY_WAIT_SECONDS_MAX)
    return timedelta(seconds=seconds)


def admit(parking: Parking, arrivals: Sequence[Delivery]) -> tuple[Parking, tuple[Delivery, ...]]:
    """Return the parking with every arrival of a parked subject queued, and the others, free."""
    behind: dict[str, list[Delivery]] = {}
    free = []
    for arrival in arrivals:
        if arrival.event.subject in parking.queues:
            behind.setdefault(arrival.event.subject, []).append(arrival)
        else:
            free.append(arrival)
    if not behind:
        return parking, tuple(free)
    queues = dict(parking.queues)
    for subject, late in behind.items():
        queue = queues[subject]
        queues[subject] = replace(queue, waiting=(*queue.waiting, *late))
    return Parking(queues=MappingProxyType(queues)), tuple(free)


def due(parking: Parking, now: datetime, *, events_max: int) -> tuple[Delivery, ...]:
    """Return what is to be tried now, the longest due subject first, each in its order.

    They stay parked until `settle` says what became of them.
    """
    ready: list[Delivery] = []
    for queue in sorted(parking.queues.values(), key=lambda queue: queue.due):
        if queue.due > now or len(ready) >= events_max:
            break
        ready += queue.waiting[: events_max - len(ready)]
    return tuple(ready)


def next_due(parking: Parking) -> datetime | None:
    """Return when the next subject is to be tried, or None when nothing is parked."""
    return min((queue.due for queue in parking.queues.values()), default=None)


def settle(parking: Parking, outcome: Iterable[tuple[Delivery, bool]], now: datetime) -> Parking:
    """Return the parking after a batch was tried: pairs of an event and whether it is done.

    Done events leave. Events not done stay, or are parked, in their order; their subject is due
    after a wait that doubles as long as it makes no progress at all.
    """
    done: dict[str, int] = {}
    late: dict[str, list[Delivery]] = {}
    for delivery, is_done in outcome:
        subject = delivery.event.subject
        if is_done:
            assert subject not in late, (
                f"{delivery.partition}@{delivery.offset} overtook an event of its own subject; "
                "a sink must try nothing of a subject after an event to be tried later"
            )
            done[subject] = done.get(subject, 0) + 1
        else:
            late.setdefault(subject, []).append(delivery)
    queues = dict(parking.queues)
    for subject in done.keys() | late.keys():
        queue = _after(queues.pop(subject, None), done.get(subject, 0), late.get(subject, []), now)
        if queue is not None:
            queues[subject] = queue
    return Parking(queues=MappingProxyType(queues))


def _after(queue: Queue | None, done: int, late: list[Delivery], now: datetime) -> Queue | None:
    """Return what remains of a subject's queue (None for a free subject) after a try."""
    if queue is None:
        return _waiting_again(tuple(late), attempts=1, now=now) if late else None
    remaining = queue.waiting[done:]
    if not remaining:
        return None
    if not late:  # only a part of the queue was tried, and all of that went
        return Queue(waiting=remaining, attempts=0, due=now)
    return _waiting_again(remaining, attempts=1 if done else queue.attempts + 1, now=now)


def _waiting_again(waiting: tuple[Delivery, ...], *, attempts: int, now: datetime) -> Queue:
    return Queue(waiting=waiting, attempts=attempts, due=now + retry_wait(attempts))


def without(parking: Parking, partitions: frozenset[int]) -> Parking:
    """Return the parking without what stands in partitions that another process now owns."""
    kept = {
        subject: queue
        for subject, queue in parking.queues.items()
        if queue.waiting[0].partition not in partitions
    }
    return Parking(queues=MappingProxyType(kept))


def watermarks(parking: Parking, next_offsets: Mapping[int, int]) -> dict[int, int]:
    """Return, for each partition, the position that may be saved: nothing below it is open.

    That is the offset of the earliest parked event, or else the next one to be read.
    """
    saved = dict(next_offsets)
    for queue in parking.queues.values():
        first = queue.waiting[0]
        saved[first.partition] = min(first.offset, saved.get(first.partition, first.offset))
    return saved
