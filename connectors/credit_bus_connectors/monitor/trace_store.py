"""What the reader of the bus knows, for commands and pages: ways of events, alarms, counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from credit_bus.operations.trace.hops import Hop, name_of
from credit_bus.operations.trace.way import DEPTH_MAX, WAYS_MAX, Way, causes_of, way
from credit_bus_connectors.monitor import following_queries as queries
from credit_bus_connectors.monitor import hop_rows
from credit_bus_connectors.monitor.following_store import NEVER, open_alarms
from credit_bus_connectors.platforms.pool import Connection, Pool

HOPS_MAX = 5_000
ALARMS_SHOWN_MAX = 200
COUNTS_SHOWN_MAX = 2_000  # lines: an hour and a type each
PARKED_COUNTED_MAX = 20_000
WHY_CHARACTERS_MAX = 200  # of the word on an alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """How far the reader is: what is judged, and up to when every topic is read (None: never)."""

    judged_from: datetime
    read_to: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAlarm:
    """An alarm as it is kept; `event` is the event's id, or a digest where it has none."""

    number: int
    event: str
    fault: str
    place: str
    type: str
    since: datetime
    raised_at: datetime
    cleared_at: datetime | None
    cleared_why: str | None
    cleared_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourCounts:
    """How often each word holds of the events of a type that were said in an hour."""

    hour: datetime
    type: str
    times: Mapping[str, int]


class TraceStore:
    """Reads what the reader of the bus keeps. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, connections: Pool) -> None:
        self._connections = connections

    def followed(self) -> Followed | None:
        """Return how far the reader is; None when nothing has been followed yet."""
        with self._connections.transaction() as connection:
            row = connection.execute(queries.FOLLOWED).fetchone()
        if row is None:
            return None
        return Followed(judged_from=row[0], read_to=None if row[1] == NEVER else row[1])

    def read_to(self) -> datetime | None:
        """Return up to when the reader has read everything; None when it never has."""
        followed = self.followed()
        return None if followed is None else followed.read_to

    def way(self, event_id: str) -> Way | None:
        """Return the whole way of an event by its id; None when the reader does not know it."""
        name = name_of(event_id)
        with self._connections.transaction() as connection:
            hops, is_whole = _tree(connection, name)
            counted = connection.execute(queries.REPEATED, {"names": [name]}).fetchone()
            reached = [
                {(topic, partition): offset for topic, partition, offset in found}
                for found in map(connection.execute, (queries.ANSWERED, queries.ALL_PASSED))
            ]
        return way(
            name,
            hops,
            answered=reached[0],
            passed=reached[1],
            is_whole=is_whole and counted is None,
        )

    def open_alarms(self) -> int:
        """Return how many alarms are open."""
        with self._connections.transaction() as connection:
            return open_alarms(connection)

    def alarms(self, *, cleared: bool = False, most: int = ALARMS_SHOWN_MAX) -> list[KeptAlarm]:
        """Return the newest open alarms, or those that were cleared last."""
        query = queries.LAST_CLEARED if cleared else queries.OPEN
        with self._connections.transaction() as connection:
            rows = connection.execute(query, [most]).fetchall()
        return [
            KeptAlarm(
                number=row[0],
                event=bytes(row[1]).hex(),
                fault=row[2],
                place=row[3],
                type=row[4],
                since=row[5],
                raised_at=row[6],
                cleared_at=row[7],
                cleared_why=row[8],
                cleared_by=row[9],
            )
            for row in rows
        ]

    def parked(self) -> dict[str, int]:
        """Return how many events each platform passed over, which its connector tries again.

        They lie between the position that the connector saved and the last that was answered.
        """
        with self._connections.transaction() as connection:
            return dict(connection.execute(queries.PARKED, [PARKED_COUNTED_MAX]).fetchall())

    def close_alarm(self, number: int, *, by: str, why: str, now: datetime) -> bool:
        """Close an alarm by hand; return whether it was open."""
        given = {"number": number, "by": by, "why": why, "now": now}
        with self._connections.transaction() as connection:
            return connection.execute(queries.CLOSE, given).rowcount == 1

    def counts(self, since: datetime, *, most: int = COUNTS_SHOWN_MAX) -> Sequence[HourCounts]:
        """Return the counts of events that were said since then, the newest hour first."""
        with self._connections.transaction() as connection:
            rows = connection.execute(queries.TALLIES, [since, most]).fetchall()
        return [HourCounts(hour=hour, type=kind, times=times) for hour, kind, times in rows]


def _tree(connection: Connection, name: bytes) -> tuple[list[Hop], bool]:
    """Return the hops of an event and of all that it caused, and whether the bounds left none."""
    found: dict[tuple[str, int, int], Hop] = {}
    names = {name}
    met = set(names)
    is_whole = True
    for _ in range(DEPTH_MAX):
        room = HOPS_MAX - len(found)
        if not names or room <= 0:
            break
        level = hop_rows.of_ways(connection, names, most=room)
        found |= {hop.place: hop for hop in level}
        caused = {hop.name for hop in level if hop.about in names and causes_of([hop])} - met
        names = set(sorted(caused)[: max(0, WAYS_MAX - len(met))])
        is_whole = is_whole and len(level) < room and len(names) == len(caused)
        met |= names
    return list(found.values()), is_whole and not names
