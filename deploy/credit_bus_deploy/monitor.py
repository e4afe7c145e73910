"""The monitor's process: where its watches are joined."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.calendar import local_day
from credit_bus.domain.registry import Registry
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.monitor.canaries import canary_watch
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.following import FollowSettings, follow_watch
from credit_bus_connectors.monitor.gauges import (
    Duties,
    alarms_watch,
    duties_watch,
    trips_watch,
)
from credit_bus_connectors.monitor.lag_watch import lag_watch
from credit_bus_connectors.monitor.process import Watch
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.readers import readers_of
from credit_bus_deploy.registries import registry_of
from credit_bus_deploy.reports import legal_time_from


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorSettings:
    """Where the monitor's collaborators are. Without seconds between canaries none are sent."""

    broker: str
    database: str
    registry_folder: Path | None
    canary_seconds: float = 0.0


def watches_of(settings: MonitorSettings, meter: Meter) -> Sequence[Watch]:
    """Return the watches of an installation. Raises InstallationError for a bad registry."""
    connections = Connections(settings.database)
    registry = registry_of(settings.registry_folder)[0]
    codec = Codec(load_catalogue())
    follow = FollowSettings(broker=settings.broker, registry=registry, codec=codec)
    readers = readers_of(registry, local_day(datetime.now(UTC)))
    watches = [
        lag_watch(settings.broker, settings.database, readers, meter),
        follow_watch(follow, connections),
        alarms_watch(connections, meter),
        duties_watch(duties_in(settings.database, registry), meter, passing=(InstallationError,)),
    ]
    if settings.canary_seconds:
        every = settings.canary_seconds
        watches.append(canary_watch(settings.broker, registry, codec, every_seconds=every))
        watches.append(trips_watch(connections, registry, meter, canary_seconds=every))
    return watches


def duties_in(database: str, registry: Registry) -> Callable[[], Duties]:
    """Return what reads how many duties each party has, by how they stand today."""

    def read() -> Duties:
        found = legal_time_from(database, registry, day=local_day(datetime.now(UTC)))
        duties: Counter[tuple[str, ...]] = Counter()
        for line in found.lines:
            for standing, number in line.counts.items():
                duties[line.party, standing.value] += number
        return duties

    return read
