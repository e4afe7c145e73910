"""How long a worker takes from its start until the first event comes out."""

import time
from dataclasses import dataclass

from benchmarks.figures.found import Found, Row
from benchmarks.figures.options import option
from benchmarks.figures.rig import PARTIES, PARTITIONS, STAGES, Rig, progress, rig


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """From starting a gate and a router until an event that waited comes out."""

    records: int = option(200_000, "in the log, for the starts on a log that is not empty")
    times: int = option(3, "starts of each kind; the rows show the median")
    partitions: int = option(PARTITIONS, "partitions of every topic")
    parties: int = option(PARTIES, "parties of the district")

    def measure(self) -> Found:
        """Measure starts on an empty log, on a full one, and with the index still to be made."""
        with rig(parties=self.parties, partitions=self.partitions) as bus:
            rows = [self._row(bus, "the first of all", times=1)]
            rows.append(self._row(bus, "again"))
            progress(f"start: {self.records} records into the log")
            bus.fill(self.records)
            rows.append(self._row(bus, "index absent", forget=True))
            rows.append(self._row(bus, "index there"))
        return Found(tables={"From start to first event": rows})

    def _row(self, bus: Rig, kind: str, *, times: int = 0, forget: bool = False) -> Row:
        seconds = []
        for _ in range(times or self.times):
            if forget and bus.state_folder.exists():
                bus.forget()
            seconds.append(_start(bus))
            progress(f"start: {kind}, {seconds[-1]:.1f} s")
        seconds.sort()
        return {
            "start": kind,
            "records in the log": bus.filled,
            "starts": len(seconds),
            "min s": seconds[0],
            "median s": seconds[len(seconds) // 2],
            "max s": seconds[-1],
        }


def _start(bus: Rig) -> float:
    """Return the seconds from the start of a gate and a router until a waiting event is out."""
    numbers = bus.take(1)
    bus.pour(bus.messages(numbers))
    with bus.reading(numbers) as arrivals:
        began = time.time()
        workers = bus.start(*STAGES)
        arrivals.wait(numbers, alive=bus.alive, seconds_max=bus.start_seconds_max)
        if arrivals.lost(numbers):
            raise TimeoutError("nothing came out of the bus")
        bus.end(*workers)
        return arrivals.first(numbers.start) - began
