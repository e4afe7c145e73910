"""How the same figures change with partitions, parties, and records that the log already holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from benchmarks.figures.delay import Delays, delays, warm_up
from benchmarks.figures.drain import Drained, drain
from benchmarks.figures.found import Cell, Found, Row, complaints
from benchmarks.figures.numbers import quantile
from benchmarks.figures.options import option
from benchmarks.figures.rig import STAGES, progress, rig

WORSE_MAX = 1.10
RATE = "events/s"  # the one figure of which more is better


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the bus is made."""

    partitions: int = 4
    parties: int = 10
    records: int = 0
    bare: bool = False  # without our workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What was measured at one size."""

    delays: Delays
    drained: Drained


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Delay and throughput at growing sizes, one of them at a time."""

    partitions: tuple[int, ...] = option((1, 12, 48), "partitions of every topic")
    parties: tuple[int, ...] = option((10, 200), "parties of the district")
    records: tuple[int, ...] = option((10_000, 1_000_000), "in the log already; 10000000 takes GB")
    rate: int = option(500, "events a second, for the delay")
    seconds: float = option(20.0, "seconds that count, for the delay")
    backlog: int = option(50_000, "events in the outboxes, for the throughput")

    def measure(self) -> Found:
        """Measure each size; the smallest of each kind is what the others are compared with."""
        partitions = [Size(partitions=each) for each in self.partitions]
        parties = [Size(parties=each) for each in self.parties]
        series = (
            ("partitions", "Growth", partitions),
            ("partitions", "The least,", [replace(each, bare=True) for each in partitions]),
            ("parties", "Growth", parties),
            ("parties", "The least,", [replace(each, bare=True) for each in parties]),
            ("records", "Growth", [Size(records=each) for each in self.records]),
        )
        tables: dict[str, Sequence[Row]] = {}
        broken: list[str] = []
        for kind, whose, sizes in series:
            points: list[Point] = []
            rows: list[Row] = []
            for size in sizes:
                progress(f"growth: {size}")
                points.append(self._point(size))
                rows.append({kind: getattr(size, kind), **growth_cells(points[0], points[-1])})
                progress(f"growth: {rows[-1]}")  # a later size may fail
                broken += complaints(points[-1].delays.broken, f"{size}, delay")
                broken += complaints(points[-1].drained.broken, f"{size}, backlog")
            tables[f"{whose} with {kind}"] = rows
        return Found(tables=tables, broken=tuple(broken))

    def _point(self, size: Size) -> Point:
        with rig(parties=size.parties, partitions=size.partitions) as bus:
            if size.records:
                bus.fill(size.records)
            start = bus.start_bare if size.bare else partial(bus.start, *STAGES)
            out = drain(bus, self.backlog, start)
            warm_up(bus)
            return Point(drained=out, delays=delays(bus, rate=self.rate, seconds=self.seconds))


def growth_cells(smallest: Point, point: Point) -> dict[str, Cell]:
    """Return the figures of a size and how they compare with those of the smallest."""
    base, mine = _figures(smallest), _figures(point)
    cells: dict[str, Cell] = {}
    worst = 1.0
    for name, figure in mine.items():
        ratio = figure / base[name]
        cells |= {name: figure, f"ratio of {name}": ratio}
        worst = max(worst, 1 / ratio if name == RATE else ratio)
    return {**cells, "at most 10 % worse": worst <= WORSE_MAX}


def _figures(point: Point) -> dict[str, float]:
    return {
        "p50 ms": quantile(point.delays.milliseconds, 0.5),
        "p99 ms": quantile(point.delays.milliseconds, 0.99),
        "CPU µs": sum(point.delays.cpu.values()),
        RATE: point.drained.rate,
    }
