"""How long after an objection the last implementer is told to rest: 异议期间暂停执行."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.figures.delay import LATE_SECONDS_MAX
from benchmarks.figures.district import OTHER_PARTIES
from benchmarks.figures.found import Found, Row, complaints
from benchmarks.figures.hub import hub, rows_of
from benchmarks.figures.numbers import QUANTILES, quantile
from benchmarks.figures.objected import Suspended, beginning, objected, objection
from benchmarks.figures.options import option
from benchmarks.figures.reader import DOUBLES_SECONDS, NumberBy, settle, timestamps
from benchmarks.figures.rig import END_SECONDS_MAX, PARTIES, POLL_SECONDS, Rig, progress, rig
from credit_bus.domain.channels import RECORDS, inbox, outbox
from credit_bus.flows.gate import BUS

WARM_UP_OBJECTIONS = 5
BEFORE_SECONDS = 3.0  # events flow alone
# Where the broker notes the time of writing, and whose work it was until then.
HOPS = ("publisher", "gate", "casework and relay", "gate again", "router and reader")
SECONDS_MAX = {"p50": 1.0, "p99": 3.0}  # what is promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """From an objection's being due until the last implementer's inbox holds the suspension."""

    objections: int = option(120, "objections, after those of the warm-up")
    every_ms: int = option(250, "milliseconds from one objection to the next")
    rate: int = option(200, "other events a second meanwhile")
    departments: int = option(4, "departments that implement the measure")
    parties: int = option(PARTIES, "parties of the district")

    def measure(self) -> Found:
        """Measure it, one objection after the other."""
        progress(f"suspension: {self.objections} objections under {self.rate} events/s")
        parties = max(self.parties, self.departments + 2 + OTHER_PARTIES)
        with rig(parties=parties, implementers=self.departments) as bus, hub(bus) as database:
            bus.start("gate", "router")
            bus.await_flow()
            numbers = bus.take(self.objections + WARM_UP_OBJECTIONS)
            _begin(bus, numbers, database)
            return self._measured(bus, numbers)

    def _measured(self, bus: Rig, numbers: range) -> Found:
        """Say the objections while other events flow, each at its moment."""
        initiator, *asked = bus.departments[: self.departments + 1]
        objector = bus.departments[-1]
        raised = [objection(number, about=initiator, party=objector) for number in numbers]
        suspended = Suspended(numbers, initiator)
        pace = 1000 / self.every_ms
        seconds = BEFORE_SECONDS + len(numbers) / pace
        others = bus.take(int(self.rate * (seconds + BEFORE_SECONDS)))
        inboxes = [inbox(code) for code in asked]
        with (
            bus.reading(others) as flowed,
            bus.reading(numbers, topics=inboxes, copies=len(asked), number_by=suspended) as rested,
            bus.publishing(others, rate=self.rate) as flow,
        ):
            time.sleep(BEFORE_SECONDS)
            with bus.publishing(numbers, rate=pace, messages=raised) as feed:
                feed.ended(seconds_max=seconds + LATE_SECONDS_MAX)
                rested.wait(numbers, alive=bus.alive)
            flow.ended(seconds_max=seconds + LATE_SECONDS_MAX)
            flowed.wait(others, alive=bus.alive)
            settle(DOUBLES_SECONDS)
        counted = numbers[WARM_UP_OBJECTIONS:]
        due = {number: feed.schedule.due(number) for number in rested.came(counted)}
        last = {number: rested.last(number) for number in due}
        taken = sorted(last[number] - due[number] for number in due)
        broken = rested.broken(numbers)
        row: Row = {
            "events/s": self.rate,
            "implementers": len(asked),
            "objections": len(taken),
            **_milliseconds(taken),
            "publisher late ms": feed.late.value * 1000,
            **broken,
            "goal": goal(taken, len(counted)),
        }
        hops = _hops([due, *_written(bus, numbers, objector, suspended), last])
        return Found(
            tables={"Suspension, objection due to last inbox": [row], "The same by hops": hops},
            broken=(
                *complaints(broken, "suspensions"),
                *complaints(flowed.broken(others), "other events"),
            ),
        )


def _written(
    bus: Rig, numbers: range, objector: str, suspended: Suspended
) -> list[Mapping[int, float]]:
    """Return when each objection, and then its suspension, was written on its way to the log."""
    way: tuple[tuple[str, NumberBy], ...] = (
        (outbox(objector), objected),
        (RECORDS, objected),
        (outbox(BUS), suspended),
        (RECORDS, suspended),
    )
    return [
        timestamps(bus.bus.broker, [topic], numbers, number_by=number_by)
        for topic, number_by in way
    ]


def _hops(at: Sequence[Mapping[int, float]]) -> list[Row]:
    """Return the quantiles of each part of the way; `at` are the moments between them."""
    rows: list[Row] = []
    for hop, (before, after) in zip(HOPS, pairwise(at), strict=True):
        taken = sorted(after[number] - before[number] for number in at[0])
        if taken:
            rows.append({"hop": hop, **_milliseconds(taken)})
    return rows


def _milliseconds(taken: Sequence[float]) -> Row:
    """Return the quantiles of sorted seconds."""
    wanted = {name: each for name, each in QUANTILES.items() if name != "p99.9" and taken}
    return {f"{name} ms": quantile(taken, share) * 1000 for name, share in wanted.items()}


def _begin(bus: Rig, numbers: range, database: str) -> None:
    """Have an action in force for each of these numbers. TimeoutError when casework has none."""
    initiator = bus.departments[0]
    bus.pour(message for number in numbers for message in beginning(number, initiator))
    deadline = time.monotonic() + END_SECONDS_MAX
    while rows_of(database, "action") < len(numbers):
        bus.alive()
        if time.monotonic() > deadline:
            raise TimeoutError(f"casework keeps no {len(numbers)} actions")
        time.sleep(POLL_SECONDS)


def goal(taken: Sequence[float], expected: int) -> str:
    """Return whether both quantiles are as promised; `taken` are sorted seconds."""
    if len(taken) < expected:
        return "MISSED"
    kept = all(quantile(taken, QUANTILES[name]) < seconds for name, seconds in SECONDS_MAX.items())
    return "kept" if kept else "MISSED"
