"""Who works on a request now: one thread of one process at a time.

An advisory lock of PostgreSQL for each request, held by this process's one connection: it is gone
with the process, however that ends, so that nobody waits for the dead. When the connection breaks,
two processes may work on one request; what they say is then the same, and taken once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.http.keys import SCHEMA
from credit_bus_connectors.departments.http.request import Name
from credit_bus_connectors.platforms.postgres import Database

_TAKE = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
_GIVE_BACK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


class Claims:
    """The requests that this process works on. Thread-safe."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, schema=SCHEMA)
        self._lock = threading.Lock()
        self._taken: set[Name] = set()

    def close(self) -> None:
        """Give back everything."""
        with self._lock:
            self._database.close()

    @contextmanager
    def taken(self, name: Name) -> Iterator[bool]:
        """Run the block with the request claimed; yield False when somebody else has it."""
        if not self._take(name):
            yield False
            return
        try:
            yield True
        finally:
            self._give_back(name)

    def _take(self, name: Name) -> bool:
        with self._lock:
            if name in self._taken:  # PostgreSQL would give it to this connection again
                return False
            if not self._ask(_TAKE, name):
                return False
            self._taken.add(name)
            return True

    def _give_back(self, name: Name) -> None:
        with self._lock:
            self._taken.discard(name)
            try:
                self._ask(_GIVE_BACK, name)
            except UnreachableError:
                return  # the lock is gone with the connection

    def _ask(self, question: str, name: Name) -> bool:
        with self._database.transaction() as connection:
            row = connection.execute(question, [f"{name.party}\x1f{name.key}"]).fetchone()
        return row is not None and bool(row[0])
