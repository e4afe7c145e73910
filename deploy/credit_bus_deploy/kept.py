"""What the monitor keeps, for commands that read it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.platforms.pool import Pool
from credit_bus_deploy.failures import InstallationError

P = TypeVar("P", bound=Pool)


def kept_by_monitor(database: str) -> AbstractContextManager[Connections]:
    """Yield a connection to it, as the monitor. Raises InstallationError when it is away."""
    return opened(Connections(database, connections_max=1))


@contextmanager
def opened(connections: P) -> Iterator[P]:
    """Yield the connections, and close them. Raises InstallationError when the database is away."""
    try:
        yield connections
    except UnreachableError as error:
        raise InstallationError(str(error)) from error
    finally:
        connections.close()
