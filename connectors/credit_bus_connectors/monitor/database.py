"""The operators' schema: who makes it, and bounded connections as the monitor's role."""

from credit_bus_connectors.platforms.pool import Pool
from credit_bus_connectors.platforms.provision import provision

SCHEMA = "operations"
ROLE = "credit_bus_monitor"
CONSOLE_ROLE = "credit_bus_console"  # reads what the monitor keeps; its users are accounts
CONNECTION_WAIT_SECONDS_MAX = 10.0


def apply_schema(url: str) -> None:
    """Bring the schema up to this release, then set the role's rights. Raises psycopg.Error.

    Run by whoever provisions, as the schema's owner; the process itself cannot.
    """
    provision(url, SCHEMA, role=ROLE, more_roles=(CONSOLE_ROLE,), beside=("desk",))


class Connections(Pool):
    """A bounded number of connections as the monitor's role. Thread-safe."""

    schema = SCHEMA
    role = ROLE
    wait_seconds_max = CONNECTION_WAIT_SECONDS_MAX
