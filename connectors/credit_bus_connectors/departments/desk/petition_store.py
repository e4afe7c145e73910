"""Petitions of the public site, and what was said of them: PostgreSQL, in one transaction each.

Whoever changes a petition holds its row, so it is answered once: taken in by one statement that
the gate did not refuse, or declined.
"""

from datetime import datetime, timedelta
from typing import Any

from credit_bus_connectors.departments.desk import queries, rows
from credit_bus_connectors.departments.desk.cases import Case, Said, case_of
from credit_bus_connectors.departments.desk.database import Connections
from credit_bus_connectors.departments.desk.paging import ROWS_MAX
from credit_bus_connectors.departments.desk.requests import KIND_OF, RECEIVED, Petition
from credit_bus_connectors.departments.desk.saying import Act
from credit_bus_connectors.departments.desk.store import case_in, keep, lock
from credit_bus_connectors.platforms.pool import Connection

KEPT_FOR = timedelta(days=365)  # after the answer; what was said of it lies on the bus
FORGOTTEN_AT_ONCE_MAX = 1_000

_NAMES = (
    "number",
    "kind",
    "state",
    "received_at",
    "provider",
    "record_type",
    "document_number",
    "subject_name",
    "category",
    "uscc",
    "applicant",
    "relation",
    "telephone",
    "statement",
    "scope",
    "performed_on",
    "commitment_published_on",
    "proofs",
    "answered_at",
    "answer",
)
_COLUMNS = ", ".join(_NAMES).replace("number", "petition_number", 1)
_WAITING = (
    f"SELECT {_COLUMNS} FROM site.petition WHERE state = 'received'"  # noqa: S608 - of ours
    " ORDER BY petition_number LIMIT %s OFFSET %s"
)
_ANSWERED = (
    f"SELECT {_COLUMNS} FROM site.petition WHERE state <> 'received'"  # noqa: S608
    " ORDER BY answered_at DESC, petition_number LIMIT %s OFFSET %s"
)
_FIND = f"SELECT {_COLUMNS} FROM site.petition WHERE petition_number = %s"  # noqa: S608
_IS_SAID = (
    "SELECT number, party, account FROM (SELECT seq AS number, party, account, state"
    " FROM desk.statement WHERE petition = %s ORDER BY seq DESC LIMIT 1) AS newest"
    " WHERE state <> 'rejected'"
)
_DECLINE = (
    "UPDATE site.petition SET state = 'not_accepted', answered_at = %s, answer = %s"
    " WHERE petition_number = %s"
)
_FORGET = (
    "DELETE FROM site.petition WHERE petition_number IN ("
    "SELECT petition_number FROM site.petition"
    " WHERE state NOT IN ('received', 'accepted', 'taken_in') AND answered_at < %s LIMIT %s)"
)
_REQUESTS = (
    f"SELECT {rows.SAID}, seq FROM desk.statement WHERE party = %s"  # noqa: S608
    " AND type IN ('objection.raised', 'repair.requested') ORDER BY seq DESC LIMIT %s OFFSET %s"
)
_REQUEST = (
    "SELECT case_name FROM desk.statement WHERE party = %s AND seq = %s"
    " AND type IN ('objection.raised', 'repair.requested')"
)


class Requests:
    """What parties passed on for the public. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def petitions(
        self, limit: int = ROWS_MAX, offset: int = 0, *, answered: bool = False
    ) -> list[Petition]:
        """Return those that wait for the window, the oldest first; or those answered last."""
        query = _ANSWERED if answered else _WAITING
        with self._connections.transaction() as connection:
            found = connection.execute(query, [limit, offset]).fetchall()
        return [_petition(row) for row in found]

    def find(self, number: int) -> tuple[Petition | None, int | None]:
        """Return a petition, and the number of the request that was made of it."""
        with self._connections.transaction() as connection:
            row = connection.execute(_FIND, [number]).fetchone()
            return (None, None) if row is None else (_petition(row), _said(connection, number))

    def made_of(self, petition: int, *, party: str, account: str) -> int | None:
        """Return the number of the request that the account made of a petition, if it stands."""
        with self._connections.transaction() as connection:
            row = connection.execute(_IS_SAID, [petition]).fetchone()
        if row is None or row[1:] != (party, account):
            return None
        return int(row[0])

    def all(self, party: str, limit: int = ROWS_MAX, offset: int = 0) -> list[tuple[int, Said]]:
        """Return what the party passed on last: the number and the statement of each."""
        with self._connections.transaction() as connection:
            found = connection.execute(_REQUESTS, [party, limit, offset]).fetchall()
        return [(row[-1], rows.said(row)) for row in found]

    def case(self, party: str, number: int) -> Case | None:
        """Return the case of the party's request of that number; None for another's, or none."""
        with self._connections.transaction() as connection:
            row = connection.execute(_REQUEST, [party, number]).fetchone()
            return None if row is None else case_in(connection, party, row[0])

    def say(self, party: str, act: Act) -> int | None:
        """Keep a request; return its number.

        None, and nothing is kept, when the same was said before, or when its petition is answered.
        """
        assert act.event.type in KIND_OF, "only requests are kept here"
        case = case_of(act.event)
        with self._connections.transaction() as connection:
            if act.petition is not None and not _is_open(connection, act.petition):
                return None
            lock(connection, party, case)
            if not keep(connection, party, case, act):
                return None
            row = connection.execute(queries.NUMBER_OF, [act.trace]).fetchone()
            assert row is not None, "it was kept just now"
            return int(row[0])

    def decline(self, number: int, answer: str, *, party: str, by: str, now: datetime) -> bool:
        """Answer a petition that waits; return whether it did."""
        with self._connections.transaction() as connection:
            if not _is_open(connection, number):
                return False
            connection.execute(_DECLINE, [now, answer, number])
            connection.execute(queries.STORE_ACT, [by, party, f"petition-declined:{number}", None])
            return True

    def forget(self, *, now: datetime) -> None:
        """Remove some of the petitions that were answered longer than `KEPT_FOR` ago."""
        with self._connections.transaction() as connection:
            connection.execute(_FORGET, [now - KEPT_FOR, FORGOTTEN_AT_ONCE_MAX])


def _is_open(connection: Connection, number: int) -> bool:
    """Hold the petition; return whether nobody answered it and nothing waits for a receipt."""
    row = connection.execute(_FIND + " FOR UPDATE", [number]).fetchone()
    is_waiting = row is not None and _petition(row).state == RECEIVED
    return is_waiting and _said(connection, number) is None


def _said(connection: Connection, number: int) -> int | None:
    row = connection.execute(_IS_SAID, [number]).fetchone()
    return None if row is None else int(row[0])


def _petition(row: tuple[Any, ...]) -> Petition:
    told = dict(zip(_NAMES, row, strict=True))
    return Petition(**{**told, "scope": tuple(told["scope"]), "proofs": tuple(told["proofs"])})
