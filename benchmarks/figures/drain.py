"""How fast workers carry what already lies in the outboxes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.figures.reader import Arrivals
from benchmarks.figures.rig import Rig


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """When a backlog came out. Moments are those of one clock."""

    first: float
    last: float
    events: int
    broken: Mapping[str, int]

    @property
    def rate(self) -> float:
        """Events a second from the first to the last: starting up is not counted."""
        return self.events / (self.last - self.first) if self.last > self.first else 0.0


def drained(arrivals: Arrivals, numbers: range) -> Drained:
    """Return when these came. ValueError when none did."""
    moments = [arrivals.first(number) for number in arrivals.came(numbers)]
    return Drained(
        first=min(moments),
        last=max(moments),
        events=len(moments),
        broken=arrivals.broken(numbers),
    )


def drain(bus: Rig, events: int, start: Callable[[], object]) -> Drained:
    """Say that many, start the workers, and return when all has come out."""
    numbers = bus.take(events)
    with bus.reading(numbers) as arrivals:
        bus.pour(bus.messages(numbers))
        start()
        arrivals.wait(numbers, alive=bus.alive, seconds_max=bus.start_seconds_max)
        return drained(arrivals, numbers)
