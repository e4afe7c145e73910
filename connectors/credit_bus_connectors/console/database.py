"""Connections as the console's role: it reads what the monitor keeps, and changes little."""

from credit_bus_connectors.monitor.database import (
    CONNECTION_WAIT_SECONDS_MAX,
    CONSOLE_ROLE,
    SCHEMA,
)
from credit_bus_connectors.platforms.pool import CONNECTIONS_MAX, Pool


class Connections(Pool):
    """A bounded number of connections as the console's role. Thread-safe."""

    def __init__(self, url: str, *, connections_max: int = CONNECTIONS_MAX) -> None:
        """Remember where; the first use connects."""
        super().__init__(
            url,
            schema=SCHEMA,
            role=CONSOLE_ROLE,
            wait_seconds_max=CONNECTION_WAIT_SECONDS_MAX,
            connections_max=connections_max,
        )
