"""How long the bus takes to be up to date again after an outage, while departments go on."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures.delay import LATE_SECONDS_MAX
from benchmarks.figures.found import Found, Row, complaints
from benchmarks.figures.numbers import caught_up_at
from benchmarks.figures.options import option
from benchmarks.figures.reader import settle
from benchmarks.figures.rig import PARTIES, PARTITIONS, progress, rig

CAUGHT_UP_DELAY_SECONDS_MAX = 1.0  # an event that comes sooner was not held up by the backlog
AFTER_SECONDS = 10.0  # that the flow goes on for when the backlog is out
FLOW_SECONDS_MAX = 900.0
OUTAGE_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """A backlog is in the outboxes and more comes in: how long until nothing waits."""

    events: int = option(100_000, "in the outboxes; 1800000 is an hour at 500 events/s")
    rate: int = option(500, "events a second that go on coming in")
    partitions: int = option(PARTITIONS, "partitions of every topic")
    parties: int = option(PARTIES, "parties of the district")

    def measure(self) -> Found:
        """Measure it, and say what it makes of an hour's outage."""
        with rig(parties=self.parties, partitions=self.partitions) as bus:
            backlog = bus.take(self.events)
            live = bus.take(int(self.rate * FLOW_SECONDS_MAX))
            numbers = range(backlog.start, live.stop)
            with bus.reading(numbers) as arrivals:
                progress(f"catch-up: {self.events} events into the outboxes")
                bus.pour(bus.messages(backlog))
                with bus.publishing(live, rate=self.rate, messages=bus.messages(live)) as feed:
                    progress(f"catch-up: workers start, {self.rate} events/s go on")
                    began = time.time()
                    bus.start("gate", "router")
                    arrivals.wait(backlog, alive=bus.alive, seconds_max=bus.start_seconds_max)
                    settle(AFTER_SECONDS)
                    feed.stop.set()
                    said = feed.ended(seconds_max=LATE_SECONDS_MAX)
                    arrivals.wait(said, alive=bus.alive)
        due = feed.schedule.due
        broken = arrivals.broken(range(backlog.start, said.stop))
        row = outage_row(
            [arrivals.first(number) for number in arrivals.came(backlog)],
            [(due(number), arrivals.first(number)) for number in arrivals.came(said)],
            began=began,
            ended=due(said.stop),
            rate=self.rate,
        )
        return Found(
            tables={"Catching up after an outage": [{**row, **broken}]},
            broken=complaints(broken, "catch-up"),
        )


def outage_row(
    backlog: Sequence[float],
    live: Sequence[tuple[float, float]],
    *,
    began: float,
    ended: float,
    rate: int,
) -> Row:
    """Return how the bus caught up, from when the backlog came and when the rest was due and came.

    It is up to date when the last event has come that the backlog held up; never, as far as was
    looked at, when events that were due at the end were late, too.
    """
    first, last = min(backlog), max(backlog)
    late = caught_up_at(live, delay_max=CAUGHT_UP_DELAY_SECONDS_MAX)
    fresh = last if late is None else max(last, late)
    still_late = fresh > ended
    until = last if still_late else fresh
    came = sum(1 for moment in (*backlog, *(came for _, came in live)) if moment <= until)
    out = came / (until - first) if until > first else 0.0
    starting = first - began
    waiting = rate * (OUTAGE_SECONDS + starting)
    return {
        "backlog": len(backlog),
        "coming in/s": rate,
        "first out after s": starting,
        "backlog out after s": last - began,
        "up to date after s": None if still_late else fresh - began,
        "out/s": out,
        "an hour's outage at that rate, s": starting + waiting / (out - rate)
        if out > rate
        else None,
    }
