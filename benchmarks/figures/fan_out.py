"""How long it takes until an initiation lies as an order in the inbox of every department asked."""

from dataclasses import dataclass

from benchmarks.figures.delay import LATE_SECONDS_MAX
from benchmarks.figures.district import OTHER_PARTIES
from benchmarks.figures.found import Found, Row, complaints
from benchmarks.figures.numbers import QUANTILES, quantile
from benchmarks.figures.options import option
from benchmarks.figures.reader import DOUBLES_SECONDS, settle
from benchmarks.figures.rig import progress, rig
from benchmarks.figures.stamped import initiation
from credit_bus.domain.channels import inbox

WARM_UP_ACTIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """From an initiation's being due until the last of its orders lies in an inbox."""

    departments: int = option(40, "departments that implement the measure")
    times: int = option(50, "initiations, after those of the warm-up")
    rate: float = option(2.0, "initiations a second")

    def measure(self) -> Found:
        """Measure it, one initiation after the other."""
        progress(f"fan-out: {self.times} initiations to {self.departments} departments")
        parties = self.departments + 1 + OTHER_PARTIES
        with rig(parties=parties, implementers=self.departments) as bus:
            bus.start("gate", "router")
            bus.await_flow()
            court, *asked = bus.departments
            numbers = bus.take(self.times + WARM_UP_ACTIONS)
            orders = [initiation(number, court) for number in numbers]
            topics = [inbox(code) for code in asked]
            with (
                bus.reading(numbers, topics=topics, copies=self.departments) as arrivals,
                bus.publishing(numbers, rate=self.rate, messages=orders) as feed,
            ):
                feed.ended(seconds_max=len(numbers) / self.rate + LATE_SECONDS_MAX)
                arrivals.wait(numbers, alive=bus.alive)
                settle(DOUBLES_SECONDS)
        counted = numbers[WARM_UP_ACTIONS:]
        broken = arrivals.broken(numbers)
        due = feed.schedule.due
        whole = list(arrivals.came(counted))
        spans = {
            "until the first inbox": sorted((arrivals.first(n) - due(n)) * 1000 for n in whole),
            "until the last inbox": sorted((arrivals.last(n) - due(n)) * 1000 for n in whole),
            "from first to last": sorted(
                (arrivals.last(n) - arrivals.first(n)) * 1000 for n in whole
            ),
        }
        rows: list[Row] = [
            {
                "span": span,
                "departments": self.departments,
                "initiations": len(found),
                **{f"{n} ms": quantile(found, q) for n, q in QUANTILES.items() if n != "p99.9"},
                **broken,
            }
            for span, found in spans.items()
            if found
        ]
        return Found(
            tables={"Fan-out of an initiation": rows},
            broken=complaints(broken, "orders"),
        )
