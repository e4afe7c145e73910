"""A pump's ends, sink and clock in memory: a test drives them turn by turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from credit_bus.domain.event import Event
from credit_bus.domain.reason import Reason
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import Answer, LateRefusal, Result
from credit_bus_connectors.parking import Delivery
from credit_bus_connectors.pump import Fetched, Pump

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
PLATFORM = "district-platform"
REASON = Reason(code="column-too-long", field="content", rule="太长", remedy="请缩短")


@dataclass(slots=True)
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(slots=True)
class Inbox:
    """One partition in memory. `position` is what was saved, `said` what was published."""

    events: Sequence[Event]
    reading_at: int = 0
    position: int = 0
    said: list[Event] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    patience: list[float] = field(default_factory=list)
    lose_next: bool = False

    def poll(self, *, events_max: int, wait_seconds: float) -> Fetched:
        self.asked.append(events_max)
        self.patience.append(wait_seconds)
        lost = frozenset({0}) if self.lose_next else frozenset()
        if self.lose_next:
            self.reading_at, self.lose_next = self.position, False
        offsets = range(self.reading_at, min(self.reading_at + events_max, len(self.events)))
        self.reading_at += len(offsets)
        read = [Delivery(event=self.events[at], partition=0, offset=at) for at in offsets]
        return Fetched(deliveries=read, next_offsets={0: self.reading_at}, lost=lost)

    def commit(self, statements: Sequence[Event], next_offsets: Mapping[int, int]) -> None:
        self.said += statements
        self.position = next_offsets.get(0, self.position)

    def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class Platform:
    """A sink that asks `judge` about each event, and remembers what it holds."""

    judge: Callable[[Event], Result] = lambda _: Result.DELIVERED
    held: dict[str, Answer] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    tries: int = 0
    trouble: list[Exception] = field(default_factory=list)

    def reach(self) -> None:
        self.tries += 1
        if self.trouble:
            raise self.trouble.pop(0)

    def deliver(self, batch: Sequence[Event]) -> Sequence[Answer]:
        if not batch:
            return []  # as a platform does to which each event is a request: nobody is asked
        self.reach()
        late: set[str] = set()
        answers = []
        for event in batch:
            if event.subject in late or self.judge(event) is Result.TRY_LATER:
                late.add(event.subject)
                answers.append(Answer(result=Result.TRY_LATER))
            else:
                answers.append(self._settled(event))
        return answers

    def _settled(self, event: Event) -> Answer:
        if event.id not in self.held:
            self.order.append(event.id)
            result = self.judge(event)
            self.held[event.id] = Answer(
                result=result,
                answered_at=START,
                acknowledgement="" if result is Result.INVALID else f"row-{len(self.order)}",
                reasons=(REASON,) if result is Result.INVALID else (),
            )
        return self.held[event.id]

    def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class LatePlatform(Platform):
    """A platform that acknowledges first, and refuses some of it later."""

    refused: list[LateRefusal] = field(default_factory=list)
    asked_late: int = 0
    noting: list[Exception] = field(default_factory=list)

    def refuse(self, event: Event) -> None:
        answer = Answer(result=Result.INVALID, answered_at=START, reasons=(REASON,))
        self.refused.append(LateRefusal(event=replace(event, body={}), answer=answer))

    def late_refusals(self, *, most: int) -> Sequence[LateRefusal]:
        self.asked_late += 1
        return self.refused[:most]

    def late_told(self, refusals: Sequence[LateRefusal]) -> None:
        if self.noting:
            raise self.noting.pop(0)
        self.refused = self.refused[len(refusals) :]


class Silence:
    """A log that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, object]]] = []

    def info(self, event: str, **values: object) -> None:
        self.lines.append((event, values))

    def warning(self, event: str, **values: object) -> None:
        self.lines.append((event, values))


def make_pump(
    inbox: Inbox,
    platform: Platform,
    clock: Clock,
    log: Silence | None = None,
    vitals: Vitals | None = None,
) -> Pump:
    """A pump on these."""
    return Pump(
        platform=PLATFORM,
        sink=platform,
        ends=inbox,
        clock=clock,
        log=log or Silence(),
        vitals=vitals,
    )
