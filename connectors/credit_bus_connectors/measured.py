"""What is counted of a batch before a platform and of a department's file, for logs and metrics."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.contract import Answer, Result
from credit_bus_connectors.parking import Parking

_COUNTED: Mapping[str, Result] = MappingProxyType(
    {"delivered": Result.DELIVERED, "invalid": Result.INVALID, "later": Result.TRY_LATER}
)


def counts_of(answers: Sequence[Answer]) -> dict[str, int]:
    """Return how many of a batch's answers are of each kind."""
    results = [answer.result for answer in answers]
    return {name: results.count(result) for name, result in _COUNTED.items()}


def begin_counts(meter: Meter, platform: str) -> None:
    """Have every count stand at 0: one that begins with 1 has not increased for an alert."""
    for name in _COUNTED:
        meter.count(table.DELIVERIES, 0, party=platform, result=name)
    meter.count(table.REFUSED_LATE, 0, party=platform)


def measure_batch(
    meter: Meter, platform: str, counts: Mapping[str, int], parking: Parking, seconds: float
) -> None:
    """Tell the meter of a batch that a platform answered; one of canaries alone has no counts."""
    for name, number in counts.items():
        meter.count(table.DELIVERIES, number, party=platform, result=name)
    if any(counts.values()):
        meter.observe(table.DELIVERY, seconds, party=platform)
    meter.set(table.PLATFORM_UP, 1, party=platform)
    measure_parking(meter, platform, parking)


def measure_parking(meter: Meter, platform: str, parking: Parking) -> None:
    """Tell the meter what waits to be tried again."""
    meter.set(table.PARKED, parking.events, party=platform)
    meter.set(table.PARKED_SUBJECTS, len(parking.queues), party=platform)


def measure_rows(meter: Meter, party: str, answers: Mapping[str, int]) -> None:
    """Tell the meter of rows of a department, by the answer that they got."""
    for answer, rows in answers.items():
        meter.count(table.ROWS, rows, party=party, answer=answer)


def measure_file(meter: Meter, party: str, answers: Mapping[str, int]) -> None:
    """Tell the meter of a file of a department and its rows."""
    meter.count(table.FILES, party=party)
    measure_rows(meter, party, answers)
