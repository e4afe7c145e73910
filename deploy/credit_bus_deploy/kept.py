"""What the monitor keeps, for commands that read it."""

from collections.abc import Iterator
from contextlib import contextmanager

from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.database import Connections
from credit_bus_deploy.failures import InstallationError


@contextmanager
def kept_by_monitor(database: str) -> Iterator[Connections]:
    """Yield a connection to it. Raises InstallationError when it is away."""
    connections = Connections(database, connections_max=1)
    try:
        yield connections
    except UnreachableError as error:
        raise InstallationError(str(error)) from error
    finally:
        connections.close()
