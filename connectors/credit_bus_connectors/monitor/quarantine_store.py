"""What lies in quarantine by the reader's index, and what is to be sent once more, in PostgreSQL.

Two persons stand behind everything that is sent: the table refuses whoever approves their own.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg

from credit_bus.domain.calendar import SHANGHAI
from credit_bus.flows.outcome import Known
from credit_bus.operations.trace.hops import Kind
from credit_bus_connectors.monitor import hop_rows
from credit_bus_connectors.monitor import quarantine_queries as queries
from credit_bus_connectors.platforms.pool import Pool

LISTED_MAX = 200
_BEGINNING = date(2000, 1, 1)
_END = date(9000, 1, 1)


class OnePersonError(Exception):
    """Whoever proposed a redrive cannot approve it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which of the quarantine is meant; None means any."""

    party: str | None = None
    type: str | None = None
    code: str | None = None
    first: date | None = None  # local days, both included
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A message in quarantine as the index knows it, and its newest redrive."""

    partition: int
    offset: int
    kept_at: datetime
    party: str
    type: str
    codes: tuple[str, ...]
    event: str
    redrive: int | None
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrive:
    """A message that is to be sent once more, or was."""

    number: int
    partition: int
    offset: int
    topic: str
    event: str
    type: str
    proposed_by: str
    proposed_at: datetime
    why: str
    state: str
    decided_by: str | None
    decided_at: datetime | None
    sent_at: datetime | None


class QuarantineStore:
    """The rows of the quarantine. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, connections: Pool) -> None:
        self._connections = connections

    def listed(self, which: Filter, *, most: int = LISTED_MAX) -> list[Listed]:
        """Return what lies in quarantine, newest first."""
        given = {
            "kind": int(Kind.QUARANTINED),
            "party": which.party,
            "type": which.type,
            "code": which.code,
            "first": _midnight(which.first or _BEGINNING),
            "after": _midnight((which.last or _END) + timedelta(days=1)),
            "most": most,
        }
        with self._connections.transaction() as connection:
            rows = connection.execute(queries.LIST, given).fetchall()
        return [
            Listed(
                partition=row[0],
                offset=row[1],
                kept_at=row[2],
                party=row[3],
                type=row[4],
                codes=tuple(row[5]),
                event=bytes(row[6]).hex(),
                redrive=row[7],
                state=row[8],
            )
            for row in rows
        ]

    def counts(self, since: datetime) -> dict[str, int]:
        """Return how many messages of each party came to lie in quarantine since then."""
        with self._connections.transaction() as connection:
            return dict(connection.execute(queries.COUNTS, [since]).fetchall())

    def known(self, document: bytes | None) -> Known | None:
        """Return the newest accepted revision of a document, as far as the reader has read."""
        if document is None:
            return None
        with self._connections.transaction() as connection:
            found = hop_rows.newest_of(connection, document)
        return None if found is None else Known(revision=found.revision, digest=found.digest)

    def propose(
        self,
        *,
        name: bytes,
        type_: str,
        partition: int,
        offset: int,
        topic: str,
        by: str,
        why: str,
        now: datetime,
    ) -> int | None:
        """Note that somebody wants a message sent once more; None when that waits already.

        `partition` and `offset` are its place in quarantine, `topic` is the outbox it came from.
        """
        given = {
            "partition": partition,
            "offset": offset,
            "topic": topic,
            "name": name,
            "type": type_,
            "by": by,
            "at": now,
            "why": why,
        }
        with self._connections.transaction() as connection:
            row = connection.execute(queries.PROPOSE, given).fetchone()
        return None if row is None else int(row[0])

    def newest_of(self, partition: int, offset: int) -> Redrive | None:
        """Return the newest redrive of the message that lies there in quarantine."""
        with self._connections.transaction() as connection:
            row = connection.execute(queries.NEWEST, [partition, offset]).fetchone()
        return None if row is None else self.find(row[0])

    def find(self, number: int) -> Redrive | None:
        """Return the redrive of that number."""
        with self._connections.transaction() as connection:
            row = connection.execute(queries.FIND, [number]).fetchone()
        if row is None:
            return None
        names = ("number", "partition", "offset", "topic", "event", "type", "proposed_by",
                 "proposed_at", "why", "state", "decided_by", "decided_at", "sent_at")  # fmt: skip
        told = dict(zip(names, row, strict=True))
        return Redrive(**{**told, "event": bytes(told["event"]).hex()})

    def decide(self, number: int, *, by: str, approves: bool, now: datetime) -> bool:
        """Approve or decline a waiting redrive; return whether it waited, or was approved already.

        Raises OnePersonError when whoever proposed it would approve it.
        """
        state = "approved" if approves else "declined"
        given = {"number": number, "state": state, "by": by, "at": now}
        try:
            with self._connections.transaction() as connection:
                return connection.execute(queries.DECIDE, given).rowcount == 1
        except psycopg.errors.CheckViolation as error:
            raise OnePersonError(f"{by} proposed redrive {number}") from error

    def sent(self, number: int, *, now: datetime) -> None:
        """Note that an approved redrive was sent."""
        with self._connections.transaction() as connection:
            connection.execute(queries.SENT, {"number": number, "at": now})


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
