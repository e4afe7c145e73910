"""The monitor's process: where its watches are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from credit_bus_connectors.monitor.lag_watch import lag_watch
from credit_bus_connectors.monitor.process import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorSettings:
    """Where the monitor's collaborators are."""

    broker: str
    database: str
    registry_folder: Path | None


def watches_of(settings: MonitorSettings) -> Sequence[Watch]:
    """Return the watches of an installation. Raises InstallationError for a bad registry."""
    return (lag_watch(settings.broker, settings.database),)
