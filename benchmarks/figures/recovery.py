"""How long the flow rests when a worker is killed, and that nothing is lost or doubled by it."""

import time
from collections import defaultdict
from dataclasses import dataclass

from benchmarks.figures.delay import LATE_SECONDS_MAX
from benchmarks.figures.found import Found, Row, complaints
from benchmarks.figures.numbers import Schedule, longest_gap
from benchmarks.figures.options import option
from benchmarks.figures.reader import Arrivals, settle
from benchmarks.figures.rig import PARTIES, PARTITIONS, STAGES, Rig, progress, rig
from credit_bus_deploy.restarts import BACKOFF_SECONDS_FIRST

BEFORE_SECONDS = 10.0  # of undisturbed flow
WORKERS = 2  # of each stage
RESUMED_SECONDS_MAX = 15.0
LATE_DOUBLES_SECONDS = 3.0  # a killed worker's transaction may end after its successor's


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Two gates and two routers; one gate is killed with -9, later one router."""

    rate: int = option(500, "events a second")
    apart: float = option(30.0, "seconds after a kill that are looked at")
    partitions: int = option(PARTITIONS, "partitions of every topic")
    parties: int = option(PARTIES, "parties of the district")
    restart: int = option(1, "1: started again as a supervisor does; 0: the other takes over")

    def measure(self) -> Found:
        """Kill one worker of each stage, and look at every partition."""
        with rig(parties=self.parties, partitions=self.partitions) as bus:
            bus.start(*(STAGES * WORKERS))
            for stage in STAGES:
                bus.await_members(stage, WORKERS)
            bus.await_flow()
            numbers = bus.take(int(self.rate * (BEFORE_SECONDS + self.apart * len(STAGES))))
            with bus.reading(numbers) as arrivals, bus.publishing(numbers, rate=self.rate) as feed:
                begins = feed.schedule.begins + BEFORE_SECONDS
                kills = {
                    stage: self._kill(bus, stage, begins + place * self.apart)
                    for place, stage in enumerate(STAGES)
                }
                feed.ended(seconds_max=self.apart + LATE_SECONDS_MAX)
                arrivals.wait(numbers, alive=bus.alive)
                settle(LATE_DOUBLES_SECONDS)
            rows = [
                self._row(stage, killed_at, bus, arrivals, feed.schedule)
                for stage, killed_at in kills.items()
            ]
        broken = arrivals.broken(numbers)
        return Found(
            tables={"Recovery from kill -9": [{**row, **broken} for row in rows]},
            broken=complaints(broken, "recovery"),
        )

    def _kill(self, bus: Rig, stage: str, moment: float) -> float:
        settle(max(0.0, moment - time.time()))
        victim = next(worker for worker in bus.workers if worker.stage == stage)
        killed_at = time.time()
        bus.kill(victim)
        progress(f"recovery: a {stage} is killed")
        if self.restart:
            settle(BACKOFF_SECONDS_FIRST)
            bus.start(stage)
        return killed_at

    def _row(
        self, stage: str, killed_at: float, bus: Rig, arrivals: Arrivals, schedule: Schedule
    ) -> Row:
        """Return what the kill meant for the events that were due in the time after it."""
        until = killed_at + self.apart
        moments: dict[int, list[float]] = defaultdict(list)
        resumed: dict[int, float] = {}
        late: list[float] = []
        for number in arrivals.came(arrivals.numbers):
            due, came = schedule.due(number), arrivals.first(number)
            partition = bus.partition(number)
            moments[partition].append(came)
            if killed_at <= due < until:
                late.append(came - due)
                resumed[partition] = min(resumed.get(partition, came), came)
        gaps = [longest_gap(each, since=killed_at, until=until) for each in moments.values()]
        return {
            "killed": stage,
            "started again": "yes" if self.restart else "no",
            "partitions": len(resumed),
            "first to resume s": min(resumed.values()) - killed_at if resumed else None,
            "last to resume s": max(resumed.values()) - killed_at if resumed else None,
            "longest gap s": max(gaps, default=None),
            "longest delay s": max(late, default=None),
            f"resumed within {RESUMED_SECONDS_MAX:.0f} s": (
                len(resumed) == bus.partitions and max(gaps) <= RESUMED_SECONDS_MAX
            ),
        }
