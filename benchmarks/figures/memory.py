"""Whether a worker's memory grows with the events it has carried."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from tests.bus import Worker

from benchmarks.figures.delay import LATE_SECONDS_MAX
from benchmarks.figures.found import Cell, Found, Row, complaints
from benchmarks.figures.numbers import lows, second_half, slope
from benchmarks.figures.options import option
from benchmarks.figures.reader import QUIET_SECONDS_MAX, Arrivals
from benchmarks.figures.rig import PARTIES, PARTITIONS, STAGES, Rig, progress, rig

SAMPLE_SECONDS = 0.5
TOLD_SECONDS = 30.0
TENTHS = 10
WINDOWS = 20  # of the second half; each counts with its low, beside which batches come and go
FLAT_SHARE_MAX = 0.02  # of the whole, over the second half of the events
MEBIBYTE = 1024 * 1024

Samples = Sequence[tuple[float, float]]  # events that came out so far, bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Resident memory of a gate and a router while many events flow."""

    events: int = option(1_000_000, "that flow; what the topics held is deleted behind them")
    partitions: int = option(PARTITIONS, "partitions of every topic")
    parties: int = option(PARTIES, "parties of the district")

    def measure(self) -> Found:
        """Let them flow as fast as they can, and look at the second half."""
        with rig(parties=self.parties, partitions=self.partitions) as bus:
            workers = dict(zip(STAGES, bus.start(*STAGES), strict=True))
            bus.await_flow()
            bus.keep_little()
            numbers = bus.take(self.events)
            began = time.monotonic()
            with bus.reading(numbers) as arrivals, bus.streaming(numbers, arrivals) as feed:
                samples = _sampled(bus, workers, arrivals)
                feed.stop.set()
                said = feed.ended(seconds_max=LATE_SECONDS_MAX)
                arrivals.wait(said, alive=bus.alive)
            named = {
                "events": len(said),
                "events/s": arrivals.seen.value / (time.monotonic() - began),
            }
            disk = _bytes_below(bus.state_folder) / max(1, arrivals.seen.value)
        broken = arrivals.broken(said)
        return Found(
            tables={
                "Memory of a worker": [
                    {**named, **memory_row(stage, each)} for stage, each in samples.items()
                ],
                "Its lows on the way, MiB": [
                    way_row(stage, each) for stage, each in samples.items()
                ],
                "Known documents on disk": [{**named, "bytes an event": disk, **broken}],
            },
            broken=complaints(broken, "memory"),
        )


def _sampled(bus: Rig, workers: Mapping[str, Worker], arrivals: Arrivals) -> Mapping[str, Samples]:
    """Look at the workers' memory until all events have come, or nothing comes any more."""
    samples: dict[str, list[tuple[float, float]]] = {stage: [] for stage in workers}
    seen, moved = -1, time.monotonic()
    told = moved
    while seen < len(arrivals.numbers) and time.monotonic() - moved < QUIET_SECONDS_MAX:
        bus.alive()
        if arrivals.seen.value != seen:
            seen, moved = arrivals.seen.value, time.monotonic()
        if time.monotonic() - told > TOLD_SECONDS:
            told = time.monotonic()
            progress(f"memory: {seen} events")
        for stage, worker in workers.items():
            resident = psutil.Process(worker.process.pid).memory_info().rss
            samples[stage].append((seen, float(resident)))
        time.sleep(SAMPLE_SECONDS)
    return samples


def memory_row(stage: str, samples: Samples) -> Row:
    """Return what the samples of a stage show. Flat is what grows by next to nothing."""
    half = lows(second_half(samples), WINDOWS)
    grows = slope(half) if len(half) > 1 else 0.0
    growth = grows * (half[-1][0] - half[0][0]) if half else 0.0
    last = half[-1][1] if half else 0.0
    return {
        "stage": stage,
        "first MiB": samples[0][1] / MEBIBYTE if samples else None,
        "low half-way MiB": half[0][1] / MEBIBYTE if half else None,
        "low at the end MiB": last / MEBIBYTE,
        "peak MiB": max((each for _, each in samples), default=0.0) / MEBIBYTE,
        "bytes an event, second half": grows,
        "flat": growth <= FLAT_SHARE_MAX * last,
    }


def way_row(stage: str, samples: Samples) -> dict[str, Cell]:
    """Return the low of each tenth of the events: growth that ends is another thing than a leak."""
    found = lows(samples, TENTHS)
    return {"stage": stage} | {
        f"{place * 100 // TENTHS} %": bytes_ / MEBIBYTE
        for place, (_, bytes_) in enumerate(found, start=1)
    }


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.sqlite*"))
