"""How long an event takes from the moment it is due until it lies in the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import reader
from benchmarks.figures.district import PLATFORM
from benchmarks.figures.found import Found, Row, complaints
from benchmarks.figures.numbers import QUANTILES, Schedule, quantile
from benchmarks.figures.options import option
from benchmarks.figures.reader import DOUBLES_SECONDS, Arrivals
from benchmarks.figures.rig import PARTIES, PARTITIONS, Rig, progress, rig
from credit_bus.domain.channels import RECORDS, inbox, outbox

WARM_UP_SECONDS = 5.0
# Until a new broker runs as one that has run for days: Java compiles what is hot.
BROKER_SECONDS = 40.0
BROKER_RATE = 500
LATE_SECONDS_MAX = 120.0  # until everything that was due is said
P99_MILLISECONDS_MAX = 100.0
P99_RATE_MAX = 1_000  # up to which it must hold

# The way of an event: where the broker notes the time of writing, and whose work it was.
HOPS = ("publisher", "gate", "router", "reader")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """What became of the events of one rate. Delays in milliseconds, sorted."""

    milliseconds: Sequence[float]
    publisher_late: float  # milliseconds at worst, which the delays contain
    broken: Mapping[str, int]
    cpu: Mapping[str, float]  # microseconds an event, of the broker and of each stage
    counted: range
    schedule: Schedule
    arrivals: Arrivals

    def row(self) -> Row:
        """Return the quantiles; none when nothing came."""
        found = self.milliseconds
        return {
            **{f"{n} ms": quantile(found, q) if found else None for n, q in QUANTILES.items()},
            "publisher late ms": self.publisher_late,
            **self.broken,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Delay from the moment an event is due to be published until it lies in the inbox."""

    rates: tuple[int, ...] = option((100, 1_000, 5_000), "events a second")
    partitions: tuple[int, ...] = option((PARTITIONS,), "partitions of every topic")
    parties: int = option(PARTIES, "parties of the district")
    seconds: float = option(20.0, "seconds that count, after the warm-up")

    def measure(self) -> Found:
        """Measure each rate on each number of partitions."""
        rows: list[Row] = []
        hops: list[Row] = []
        cpu: list[Row] = []
        broken: list[str] = []
        for partitions in self.partitions:
            with rig(parties=self.parties, partitions=partitions) as bus:
                bus.start("gate", "router")
                bus.await_flow()
                warm_up(bus)
                for rate in self.rates:
                    progress(f"delay: {partitions} partitions, {rate} events/s")
                    found = delays(bus, rate=rate, seconds=self.seconds)
                    named = {"partitions": partitions, "events/s": rate}
                    goal = _goal(found, rate)
                    rows.append(
                        {**named, "events": len(found.counted), **found.row(), "goal": goal}
                    )
                    cpu.append(
                        {**named, **{f"{n} µs an event": each for n, each in found.cpu.items()}}
                    )
                    hops += [{**named, **row} for row in hop_rows(bus, found)]
                    broken += complaints(found.broken, f"{partitions} partitions, {rate}/s")
        tables = {
            "Delay, due to inbox": rows,
            "The same by hops": hops,
            "Processor time": cpu,
        }
        return Found(tables=tables, broken=tuple(broken))


def warm_up(bus: Rig) -> None:
    """Have the broker compile what is hot; the workers run already."""
    progress(f"warming up for {BROKER_SECONDS:.0f} s")
    delays(bus, rate=BROKER_RATE, seconds=BROKER_SECONDS)


def delays(bus: Rig, *, rate: int, seconds: float) -> Delays:
    """Return the delays of events said at that rate; the workers run already."""
    numbers = bus.take(int(rate * (seconds + WARM_UP_SECONDS)))
    with bus.reading(numbers) as arrivals, bus.publishing(numbers, rate=rate) as feed:
        before = bus.cpu_seconds()
        feed.ended(seconds_max=len(numbers) / rate + LATE_SECONDS_MAX)
        arrivals.wait(numbers, alive=bus.alive)
        used = bus.cpu_seconds()
        reader.settle(DOUBLES_SECONDS)
    counted = numbers[int(rate * WARM_UP_SECONDS) :]
    due = feed.schedule.due
    return Delays(
        milliseconds=sorted(
            (arrivals.first(number) - due(number)) * 1000 for number in arrivals.came(counted)
        ),
        publisher_late=feed.late.value * 1000,
        broken=arrivals.broken(numbers),
        cpu={name: (used[name] - before[name]) / len(numbers) * 1e6 for name in used},
        counted=counted,
        schedule=feed.schedule,
        arrivals=arrivals,
    )


def hop_rows(bus: Rig, found: Delays) -> list[Row]:
    """Return the quantiles of each part of the way, by the broker's times of writing."""
    topics = ([outbox(code) for code in bus.departments], [RECORDS], [inbox(PLATFORM)])
    numbers = found.counted
    at: list[Mapping[int, float]] = [{n: found.schedule.due(n) for n in numbers}]
    at += [reader.timestamps(bus.bus.broker, each, numbers) for each in topics]
    at.append({n: found.arrivals.first(n) for n in numbers})
    rows: list[Row] = []
    for place, hop in enumerate(HOPS):
        taken = sorted(
            (at[place + 1][n] - at[place][n]) * 1000 for n in numbers if all(a[n] for a in at)
        )
        if taken:
            rows.append(
                {"hop": hop, **{f"{n} ms": quantile(taken, q) for n, q in QUANTILES.items()}}
            )
    return rows


def _goal(found: Delays, rate: int) -> str:
    """Return whether the 99th percentile is as promised, where something is."""
    if rate > P99_RATE_MAX:
        return "–"
    kept = found.milliseconds and quantile(found.milliseconds, 0.99) <= P99_MILLISECONDS_MAX
    return "kept" if kept else "MISSED"
