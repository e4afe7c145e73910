"""The desk's schema: who makes it, and a bounded number of connections as the desk's role."""

from credit_bus_connectors.platforms.pool import Pool
from credit_bus_connectors.platforms.provision import provision

SCHEMA = "desk"
ROLE = "credit_bus_desk"
CONNECTION_WAIT_SECONDS_MAX = 10.0


def apply_schema(url: str) -> None:
    """Bring the schema up to this release, then set the role's rights. Raises psycopg.Error.

    Run by whoever provisions, as the schema's owner; the process itself cannot.
    """
    provision(url, SCHEMA, role=ROLE)


class Connections(Pool):
    """A bounded number of connections as the desk's role. Thread-safe."""

    schema = SCHEMA
    role = ROLE
    wait_seconds_max = CONNECTION_WAIT_SECONDS_MAX
