"""A bounded number of connections to one schema, lent one at a time. Knows no row."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import psycopg

from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.platforms.postgres import Database

CONNECTIONS_MAX = 8

Connection = psycopg.Connection[tuple[Any, ...]]


class Pool:
    """Connections to a schema, as a role when one is named; a subclass says which. Thread-safe."""

    schema: ClassVar[str]
    role: ClassVar[str | None] = None
    wait_seconds_max: ClassVar[float]

    def __init__(self, url: str, *, connections_max: int = CONNECTIONS_MAX) -> None:
        """Remember where; the first use connects."""
        self._free: queue.LifoQueue[Database] = queue.LifoQueue()
        self._all = [
            Database(url, schema=self.schema, role=self.role) for _ in range(connections_max)
        ]
        for database in self._all:
            self._free.put(database)

    def close(self) -> None:
        """Close every connection."""
        for database in self._all:
            database.close()

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Lend one connection. Raises UnreachableError when none becomes free in time."""
        try:
            database = self._free.get(timeout=self.wait_seconds_max)
        except queue.Empty:
            raise UnreachableError(
                f"database schema {self.schema}: every connection is in use; see to the server"
            ) from None
        try:
            yield database
        finally:
            self._free.put(database)

    @contextmanager
    def single(self) -> Iterator[Connection]:
        """Run the block with each statement a transaction of its own. Raises as `transaction`."""
        with self.database() as database, database.single() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Run the block in one transaction.

        Raises UnreachableError, as when none becomes free, and WrongSchemaError as a role.
        """
        with self.database() as database, database.transaction() as connection:
            yield connection
