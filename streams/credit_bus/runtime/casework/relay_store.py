"""The outbox of casework as the relay may use it: read in order, marked, forgotten."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import set_json_loads

from credit_bus.contracts.wire import Wire
from credit_bus.runtime.casework.connection import RELAY_ROLE, require_schema, settings
from credit_bus.runtime.casework.statements import statement
from credit_bus.runtime.casework.stored import state_of


class OutboxGapError(Exception):
    """Something that was never published is not in the outbox any more."""


class RelayStore:
    """One connection that reads the outbox. Every method raises psycopg.Error."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str) -> "RelayStore":
        """Connect. Raises WrongSchemaError."""
        connection = await psycopg.AsyncConnection.connect(url, **settings(RELAY_ROLE))
        try:
            found = await (await connection.execute(statement("read_version"))).fetchone()
        except psycopg.errors.UndefinedTable:
            found = None
        require_schema(found)
        set_json_loads(state_of, connection)
        return cls(connection)

    async def close(self) -> None:
        """Close the connection, and with it let another relay in."""
        await self._connection.close()

    async def is_alone(self) -> bool:
        """Whether this is the one relay at this database, from now on until it is closed."""
        found = await (await self._connection.execute(statement("lock_relay"))).fetchone()
        return found == (True,)

    async def marks(self) -> dict[int, tuple[int, int]]:
        """Return, for each lane, the number of its next word, and that of its next to publish."""
        rows = await self._connection.execute(statement("read_marks"))
        return {lane: (said, relayed) async for lane, said, relayed in rows}

    async def listen(self) -> None:
        """Have `wait` end when casework says something."""
        await self._connection.execute(statement("listen"))

    async def wait(self, seconds: float) -> None:
        """Return when casework says something, or after so long."""
        async for _ in self._connection.notifies(timeout=seconds, stop_after=1):
            pass

    async def waiting(self, nexts: Mapping[int, int], *, most: int) -> dict[int, list[Wire]]:
        """Return what each lane says from its number on, at most so much of each.

        Raises OutboxGapError.
        """
        given = {**_columns(nexts), "most": most}
        rows = await self._connection.execute(statement("read_waiting"), given)
        found: dict[int, list[Wire]] = defaultdict(list)
        async for lane, seq, key, headers, value in rows:
            expected = nexts[lane] + len(found[lane])
            if seq != expected:
                raise OutboxGapError(
                    f"lane {lane} of the outbox goes on with {seq}, {expected} is next: somebody"
                    " deleted what was not published; bring the rows back from a copy"
                )
            told = [(name, text.encode()) for name, text in headers]
            found[lane].append(Wire(key=bytes(key), headers=told, value=bytes(value)))
        return dict(found)

    async def mark(self, nexts: Mapping[int, int]) -> None:
        """Note how far each lane is published."""
        await self._connection.execute(statement("store_marks"), _columns(nexts))

    async def forget(self, *, before: datetime, most: int) -> int:
        """Delete what was published and written before then, at most so much of each lane."""
        given = {"before": before, "most": most}
        return (await self._connection.execute(statement("forget_relayed"), given)).rowcount


def _columns(nexts: Mapping[int, int]) -> dict[str, list[int]]:
    return {"lanes": list(nexts), "nexts": list(nexts.values())}
