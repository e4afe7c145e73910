"""Connections as the console's role: it reads what the monitor keeps, and changes little."""

from credit_bus_connectors.monitor.database import (
    CONNECTION_WAIT_SECONDS_MAX,
    CONSOLE_ROLE,
    SCHEMA,
)
from credit_bus_connectors.platforms.pool import Pool


class Connections(Pool):
    """A bounded number of connections as the console's role. Thread-safe."""

    schema = SCHEMA
    role = CONSOLE_ROLE
    wait_seconds_max = CONNECTION_WAIT_SECONDS_MAX
