"""The monitor's process: where its watches are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.following import FollowSettings, follow_watch
from credit_bus_connectors.monitor.process import Watch
from credit_bus_deploy.registries import registry_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorSettings:
    """Where the monitor's collaborators are."""

    broker: str
    database: str
    registry_folder: Path | None


def watches_of(settings: MonitorSettings) -> Sequence[Watch]:
    """Return the watches of an installation. Raises InstallationError for a bad registry."""
    connections = Connections(settings.database)
    registry = registry_of(settings.registry_folder)[0]
    follow = FollowSettings(
        broker=settings.broker, registry=registry, codec=Codec(load_catalogue())
    )
    return (follow_watch(follow, connections),)
