"""What Prometheus is told of legal time is what casework's duties come to."""

from collections import Counter
from datetime import UTC, datetime

from tests import samples
from tests.integration.casework.test_owed import EVENTS, Read, played, read

from credit_bus.domain.calendar import local_day
from credit_bus_deploy.monitor import duties_in
from credit_bus_deploy.reports import legal_time_from

__all__ = ["read"]


def test_duties_are_told_by_party_and_standing_whatever_they_are(
    read: Read, casework_database: str
) -> None:
    assert read(played(*EVENTS))
    registry = samples.registry()
    told = duties_in(casework_database, registry)()
    found = legal_time_from(casework_database, registry, day=local_day(datetime.now(UTC)))
    expected: Counter[tuple[str, ...]] = Counter()
    for line in found.lines:
        for standing, number in line.counts.items():
            expected[line.party, standing.value] += number

    assert expected == told
    assert sum(told.values()) > len(told) > 0
