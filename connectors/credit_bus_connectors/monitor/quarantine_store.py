"""What lies in quarantine by the reader's index, in PostgreSQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from credit_bus.domain.calendar import SHANGHAI
from credit_bus.flows.outcome import Known
from credit_bus.operations.trace.hops import Kind
from credit_bus_connectors.monitor import hop_rows
from credit_bus_connectors.monitor import quarantine_queries as queries
from credit_bus_connectors.monitor.quarantine_topic import Place
from credit_bus_connectors.platforms.pool import Pool

LISTED_MAX = 200
PLACES_MAX = 5_000  # of one redrive: a longer one is begun again when it has ended
_BEGINNING = date(2000, 1, 1)
_END = date(9000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which of the quarantine is meant; None means any."""

    party: str | None = None
    type: str | None = None
    code: str | None = None
    first: date | None = None  # local days, both included
    last: date | None = None

    @property
    def words(self) -> str:
        """Return what is asked for in a line, "" for everything."""
        return " ".join(
            f"{word}={asked}"
            for word, asked in (
                ("party", self.party),
                ("type", self.type),
                ("code", self.code),
                ("from", self.first),
                ("to", self.last),
            )
            if asked
        )


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
class Listing:
    """What was found, newest first; whether there is more of it than is shown."""

    rows: Sequence[Listed]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What of a filter can be proposed, in the order in which it was refused."""

    places: Sequence[Place]
    more: bool  # than one redrive may hold
    redriven: int  # was sent once more already
    waiting: int  # is in a redrive that has not ended


class QuarantineStore:
    """The rows of the quarantine. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, connections: Pool) -> None:
        self._connections = connections

    def listed(self, which: Filter, *, most: int = LISTED_MAX) -> Listing:
        """Return what lies in quarantine, newest first."""
        given = {**_given(which), "most": most + 1}
        with self._connections.transaction() as connection:
            rows = connection.execute(queries.LIST, given).fetchall()
        return Listing(rows=[_listed(row) for row in rows[:most]], more=len(rows) > most)

    def selected(self, which: Filter, *, most: int = PLACES_MAX) -> Selection:
        """Return what a redrive of all that may hold."""
        given = {**_given(which), "most": most + 1}
        with self._connections.transaction() as connection:
            rows = connection.execute(queries.PLACES, given).fetchall()
            taken = connection.execute(queries.TAKEN, given).fetchone()
        redriven, waiting = taken or (0, 0)
        return Selection(
            places=[Place(*row) for row in rows[:most]],
            more=len(rows) > most,
            redriven=redriven,
            waiting=waiting,
        )

    def counts(self, since: datetime) -> dict[str, int]:
        """Return how many messages of each party came to lie in quarantine since then."""
        with self._connections.transaction() as connection:
            return dict(connection.execute(queries.COUNTS, [since]).fetchall())

    def known(self, documents: Iterable[bytes]) -> dict[bytes, Known]:
        """Return the newest accepted revision of each document, as far as the reader has read."""
        with self._connections.transaction() as connection:
            newest = hop_rows.newest_of(connection, documents)
        return {
            each.document: Known(revision=each.revision, digest=each.digest)
            for each in newest
            if each.document is not None
        }


def _given(which: Filter) -> dict[str, Any]:
    last = min(which.last or _END, _END)
    return {
        "kind": int(Kind.QUARANTINED),
        "party": which.party,
        "type": which.type,
        "code": which.code,
        "first": _midnight(max(which.first or _BEGINNING, _BEGINNING)),
        "after": _midnight(last + timedelta(days=1)),
    }


def _listed(row: Sequence[Any]) -> Listed:
    return Listed(
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


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
