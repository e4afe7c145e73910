"""Opens what looks at the quarantine of an installation, and sends from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.operations.quarantine.rejudged import Bench
from credit_bus_connectors.monitor.quarantine_store import QuarantineStore
from credit_bus_connectors.monitor.redriving import RedriveError, Redriving
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.kept import kept_by_monitor
from credit_bus_deploy.registries import registry_of


@contextmanager
def open_redriving(database: str, broker: str | None, registry: Path | None) -> Iterator[Redriving]:
    """Yield what looks at the quarantine of an installation. Raises InstallationError."""
    bench = Bench(codec=Codec(load_catalogue()), registry=registry_of(registry)[0])
    with kept_by_monitor(database) as connections:
        try:
            yield Redriving(store=QuarantineStore(connections), bench=bench, broker=broker)
        except RedriveError as error:
            raise InstallationError(str(error)) from error
