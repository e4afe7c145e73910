"""The desk's schema: who makes it, who may do what in it, and a bounded number of connections.

Knows psycopg and the role's name; knows no row.
"""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.platforms.postgres import Database, migrate, statement

SCHEMA = "desk"
ROLE = "credit_bus_desk"
CONNECTIONS_MAX = 8
CONNECTION_WAIT_SECONDS_MAX = 10.0
MIGRATE_SECONDS_MAX = 60
CONNECT_SECONDS_MAX = 5

Connection = psycopg.Connection[tuple[Any, ...]]


def apply_schema(url: str) -> None:
    """Bring the schema up to this release, then set the role's rights. Raises psycopg.Error.

    Run by whoever provisions, as the schema's owner; the process itself cannot.
    """
    limits = f"-c statement_timeout={MIGRATE_SECONDS_MAX}s -c lock_timeout={MIGRATE_SECONDS_MAX}s"
    with psycopg.connect(
        url, autocommit=True, connect_timeout=CONNECT_SECONDS_MAX, options=limits
    ) as connection:
        migrate(connection, SCHEMA)
        with connection.transaction():
            connection.execute(statement(SCHEMA, "rights.sql"))


class Connections:
    """A bounded number of connections as the desk's role. Thread-safe."""

    def __init__(self, url: str, *, connections_max: int = CONNECTIONS_MAX) -> None:
        """Remember where; the first use connects."""
        self._free: queue.LifoQueue[Database] = queue.LifoQueue()
        self._all = [Database(url, schema=SCHEMA, role=ROLE) for _ in range(connections_max)]
        for database in self._all:
            self._free.put(database)

    def close(self) -> None:
        """Close every connection."""
        for database in self._all:
            database.close()

    def require_schema(self) -> None:
        """Raise WrongSchemaError unless the database has this release's schema.

        Raises UnreachableError when it does not answer.
        """
        with self.transaction():
            """Whoever connects as a role has looked."""

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Run the block in one transaction. Raises UnreachableError, as when none becomes free."""
        try:
            database = self._free.get(timeout=CONNECTION_WAIT_SECONDS_MAX)
        except queue.Empty:
            raise UnreachableError(
                f"database schema {SCHEMA}: every connection is in use; see to the server"
            ) from None
        try:
            with database.transaction() as connection:
                yield connection
        finally:
            self._free.put(database)
