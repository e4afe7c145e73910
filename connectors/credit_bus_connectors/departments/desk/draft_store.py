"""Drafts in PostgreSQL; what is approved is kept as a statement in the same transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from psycopg import errors

from credit_bus_connectors.departments.desk import queries, rows
from credit_bus_connectors.departments.desk.cases import Case, action_case
from credit_bus_connectors.departments.desk.database import Connections
from credit_bus_connectors.departments.desk.drafts import Body, Draft, Stage
from credit_bus_connectors.departments.desk.paging import ROWS_MAX
from credit_bus_connectors.departments.desk.saying import Act
from credit_bus_connectors.departments.desk.store import case_in, keep, lock
from credit_bus_connectors.departments.desk.subjects import key_of

_COLUMNS = (
    "number, party, subject, state, drafted_by, drafted_at, decided_by, decided_at, remark, body"
)
_LIST = (
    f"SELECT {_COLUMNS} FROM desk.draft WHERE party = %s ORDER BY number DESC LIMIT %s OFFSET %s"  # noqa: S608
)
_FIND = f"SELECT {_COLUMNS} FROM desk.draft WHERE party = %s AND number = %s"  # noqa: S608
_ADD = (
    "INSERT INTO desk.draft (party, action_id, subject, body, drafted_by, drafted_at)"
    " VALUES (%s, %s, %s, %s::jsonb, %s, %s) RETURNING number"
)
_DECIDE = (
    "UPDATE desk.draft SET state = %s, decided_by = %s, decided_at = %s, remark = %s"
    " WHERE party = %s AND number = %s AND state = 'waiting'"
)


class Drafts:
    """The drafts of all parties of a desk. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def all(self, party: str, limit: int = ROWS_MAX, offset: int = 0) -> list[Draft]:
        """Return the newest drafts of the party."""
        with self._connections.transaction() as connection:
            found = connection.execute(_LIST, [party, limit, offset]).fetchall()
        return [_draft(row) for row in found]

    def find(self, party: str, number: int) -> Draft | None:
        """Return the party's draft of that number; None for another's, or none."""
        with self._connections.transaction() as connection:
            row = connection.execute(_FIND, [party, number]).fetchone()
        return None if row is None else _draft(row)

    def case(self, party: str, action: str) -> Case:
        """Return the case of an action, empty for one that nobody heard of."""
        with self._connections.transaction() as connection:
            return case_in(connection, party, action_case(action))

    def add(self, party: str, body: Body, *, by: str, now: datetime) -> int | None:
        """Keep a draft; return its number, None while another one of the same action waits."""
        given = [party, body["action_id"], key_of(body["subject"]), rows.json_of(body), by, now]
        try:
            with self._connections.transaction() as connection:
                row = connection.execute(_ADD, given).fetchone()
                connection.execute(queries.STORE_ACT, [by, party, "draft-added", None])
        except errors.UniqueViolation:
            return None
        assert row is not None, "what is inserted has a number"
        return int(row[0])

    def approve(
        self,
        party: str,
        number: int,
        make: Callable[[Draft, Case], Act | None],
        *,
        by: str,
        now: datetime,
        remark: str | None,
    ) -> bool:
        """Keep what the draft says, and that it is approved, if `make` returns a statement.

        The database refuses an approval by the drafter whatever `make` says.
        """
        with self._connections.transaction() as connection:
            row = connection.execute(_FIND, [party, number]).fetchone()
            if row is None:
                return False
            case = action_case(_draft(row).body["action_id"])
            lock(connection, party, case)
            row = connection.execute(_FIND + " FOR UPDATE", [party, number]).fetchone()
            assert row is not None, "drafts are not removed"
            act = make(_draft(row), case_in(connection, party, case))
            if act is None or not keep(connection, party, case, act):
                return False
            given = [Stage.APPROVED, by, now, remark, party, number]
            decided = connection.execute(_DECIDE, given).rowcount
            assert decided == 1, "the row is locked, and only a draft that waits is said"
            return True

    def close(
        self, party: str, number: int, stage: Stage, *, by: str, now: datetime, remark: str | None
    ) -> bool:
        """Return or drop a draft that waits; return whether it did."""
        with self._connections.transaction() as connection:
            given = [stage, by, now, remark, party, number]
            closed = connection.execute(_DECIDE, given).rowcount == 1
            if closed:
                connection.execute(queries.STORE_ACT, [by, party, f"draft-{stage}:{number}", None])
            return closed


def _draft(row: tuple[Any, ...]) -> Draft:
    return Draft(
        number=row[0],
        party=row[1],
        subject=row[2],
        stage=Stage(row[3]),
        drafted_by=row[4],
        drafted_at=row[5],
        decided_by=row[6],
        decided_at=row[7],
        remark=row[8],
        body=row[9],
    )
