"""Makes the schemas that enquiries need, and gives their role its rights. Run as the owner."""

import psycopg

from credit_bus_connectors.departments.http.keys import SCHEMA as KEYS
from credit_bus_connectors.enquiry.store import SCHEMA
from credit_bus_connectors.platforms.district import SCHEMA as DISTRICT
from credit_bus_connectors.platforms.postgres import (
    CONNECT_WAIT_SECONDS_MAX,
    LOCK_WAIT_SECONDS_MAX,
    STATEMENT_WAIT_SECONDS_MAX,
    migrate,
    statement,
)

_LIMITS = (
    f"-c statement_timeout={STATEMENT_WAIT_SECONDS_MAX * 10}s"  # a column for millions of rows
    f" -c lock_timeout={LOCK_WAIT_SECONDS_MAX}s"
)


def provision(url: str) -> None:
    """Apply what is not applied yet of the three schemas, then set the rights.

    Raises psycopg.Error.
    """
    with psycopg.connect(
        url, autocommit=True, connect_timeout=CONNECT_WAIT_SECONDS_MAX, options=_LIMITS
    ) as connection:
        for schema in (DISTRICT, KEYS, SCHEMA):
            migrate(connection, schema)
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('enquiry', 0))")
            connection.execute(statement(SCHEMA, "rights.sql"))
