"""What is to be sent once more from quarantine, in PostgreSQL: who, why, and how it ended.

Two persons stand behind everything that is sent: the table refuses whoever approves their own. The
first decision stands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from credit_bus.operations.trace.hops import Hop
from credit_bus_connectors.monitor import quarantine_queries as queries
from credit_bus_connectors.monitor.quarantine_topic import Place
from credit_bus_connectors.platforms.pool import Pool

REDRIVES_MAX = 200  # shown at once
WHY_CHARACTERS_MAX = 500


class OnePersonError(Exception):
    """Whoever proposed a redrive cannot approve it."""


class _AllWaitError(Exception):
    """Nothing of it can be proposed: it is taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrive:
    """Messages that are to be sent once more, or were."""

    number: int
    proposed_by: str
    proposed_at: datetime
    why: str
    asked: str  # by what many were selected; "" for one
    state: str  # waiting, approved, sent (for each message it has ended), declined
    decided_by: str | None
    decided_at: datetime | None
    sent_at: datetime | None
    waiting: int  # of its messages
    sent: int
    left: int
    places: int
    first: Place

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do."""
        return self.state in ("waiting", "approved")


class RedriveStore:
    """The redrives. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, connections: Pool) -> None:
        self._connections = connections

    def propose(
        self, which: Mapping[Place, Hop], *, by: str, why: str, asked: str, now: datetime
    ) -> int | None:
        """Note that somebody wants these sent once more; None when all of them wait already.

        `which` are places in quarantine, and for each what it was in its sender's outbox.
        """
        given = {"by": by, "at": now, "why": why, "asked": asked}
        try:
            with self._connections.transaction() as connection:
                row = connection.execute(queries.PROPOSE, given).fetchone()
                assert row is not None, "an inserted row has a number"
                if connection.execute(queries.COVER, _covered(row[0], which)).rowcount == 0:
                    raise _AllWaitError
                return int(row[0])
        except _AllWaitError:
            return None

    def find(self, number: int) -> Redrive | None:
        """Return the redrive of that number."""
        return self._one(queries.FIND, [number])

    def newest_of(self, place: Place) -> Redrive | None:
        """Return the newest redrive of the message that lies there in quarantine."""
        return self._one(queries.NEWEST, list(place))

    def newest(self, *, most: int = REDRIVES_MAX) -> tuple[list[Redrive], bool]:
        """Return the newest redrives, and whether there are more."""
        with self._connections.transaction() as connection:
            rows = connection.execute(queries.REDRIVES, [most + 1]).fetchall()
        return [_redrive(row) for row in rows[:most]], len(rows) > most

    def waiting(self, number: int, *, most: int) -> list[Place]:
        """Return which of its messages are not sent yet, in order."""
        given = {"number": number, "most": most}
        with self._connections.transaction() as connection:
            return [Place(*row) for row in connection.execute(queries.WAITING, given).fetchall()]

    def decide(self, number: int, *, by: str, approves: bool, now: datetime) -> bool:
        """Approve or decline a waiting redrive; return whether it waited.

        Raises OnePersonError when whoever proposed it would approve it.
        """
        state = "approved" if approves else "declined"
        given = {"number": number, "state": state, "by": by, "at": now}
        try:
            with self._connections.transaction() as connection:
                is_decided = connection.execute(queries.DECIDE, given).rowcount == 1
                if is_decided and not approves:
                    connection.execute(queries.DECLINED, given)
                return is_decided
        except psycopg.errors.CheckViolation as error:
            raise OnePersonError(f"{by} proposed redrive {number}") from error

    def end(
        self,
        number: int,
        ended: Mapping[Place, Sequence[str]],
        *,
        send: Callable[[set[Place]], None],
        now: datetime,
    ) -> None:
        """Send what has no codes, and note for each how it ended: sent, or left for its codes.

        `send` is given those that still wait, while nobody else sends; when it raises, all of them
        wait as before.
        """
        with self._connections.transaction() as connection:
            connection.execute(queries.LOCK)
            rows = connection.execute(queries.STILL, {"number": number}).fetchall()
            still = {Place(*row) for row in rows} & ended.keys()
            going = {place for place in still if not ended[place]}
            if going:
                send(going)
            connection.cursor().executemany(
                queries.DONE,
                [_done(number, place, ended[place], now) for place in sorted(still)],
            )
            connection.execute(queries.SENT, {"number": number, "at": now})

    def _one(self, query: str, given: Sequence[Any]) -> Redrive | None:
        with self._connections.transaction() as connection:
            row = connection.execute(query.encode(), given).fetchone()
        return None if row is None else _redrive(row)


def _covered(number: int, which: Mapping[Place, Hop]) -> dict[str, Any]:
    return {
        "number": number,
        "partitions": [each.partition for each in which],
        "offsets": [each.offset for each in which],
        "topics": [hop.topic for hop in which.values()],
        "names": [hop.name for hop in which.values()],
        "types": [hop.type for hop in which.values()],
    }


def _done(number: int, place: Place, codes: Sequence[str], now: datetime) -> dict[str, Any]:
    return {
        "number": number,
        "partition": place.partition,
        "offset": place.offset,
        "state": "left" if codes else "sent",
        "codes": list(codes),
        "at": now,
    }


def _redrive(row: Sequence[Any]) -> Redrive:
    return Redrive(
        number=row[0],
        proposed_by=row[1],
        proposed_at=row[2],
        why=row[3],
        asked=row[4],
        state=row[5],
        decided_by=row[6],
        decided_at=row[7],
        sent_at=row[8],
        waiting=row[9],
        sent=row[10],
        left=row[11],
        places=row[12],
        first=Place(row[13], row[14]),
    )
