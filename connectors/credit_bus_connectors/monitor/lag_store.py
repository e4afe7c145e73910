"""Lag in PostgreSQL: the newest state of every partition, and how it came for two days.

Written by the watch, read by the console and the command. Everything raises UnreachableError.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import TopicLag
from credit_bus.operations.lag.windows import PartitionLag
from credit_bus_connectors.monitor.lag_wire import Place
from credit_bus_connectors.platforms.pool import Connection, Pool

KEEP = timedelta(hours=48)
ROWS_PER_STATEMENT = 5_000
PRUNED_MAX = 10_000  # at a sample: far more than one writes
BINS_MAX = 500
DESK = "desk"  # as its process is called; it joins no group

_TYPES = {
    "group_id": "text", "topic": "text", "partition": "integer", "status": "text",
    "completeness": "double precision", "committed": "bigint", "log_start": "bigint",
    "end_offset": "bigint", "events": "bigint", "lost": "bigint", "ahead": "bigint",
    "waiting_since": "timestamptz", "lost_at": "timestamptz", "coming": "double precision",
    "going": "double precision", "last_commit_at": "timestamptz", "members": "integer",
    "client": "text", "host": "text",
}  # fmt: skip
_COLUMNS = ", ".join(_TYPES)
_GIVEN = ", ".join(f"%({name})b::{type_}[]" for name, type_ in _TYPES.items())
_KEYS = ("group_id", "topic", "partition")

_ADD_SAMPLE = """
INSERT INTO operations.lag_sample (at, seconds, requests, partitions) VALUES (%s, %s, %s, %s)
    ON CONFLICT (at) DO NOTHING
"""
_STORE_STATES = f"""
INSERT INTO operations.lag_now AS kept ({_COLUMNS})
SELECT * FROM unnest({_GIVEN}) AS told ({_COLUMNS}) ORDER BY group_id, topic, partition
    ON CONFLICT (group_id, topic, partition) DO UPDATE
   SET ({_COLUMNS}) = (SELECT excluded.*)
 WHERE kept.* IS DISTINCT FROM excluded.*
"""  # noqa: S608 - columns of ours
_KNOWN = "SELECT group_id, topic, partition FROM operations.lag_now"
_FORGET = """
DELETE FROM operations.lag_now
 USING unnest(%(group_id)b::text[], %(topic)b::text[], %(partition)b::integer[])
       AS gone (group_id, topic, partition)
 WHERE (lag_now.group_id, lag_now.topic, lag_now.partition)
     = (gone.group_id, gone.topic, gone.partition)
"""
_ADD_POINTS = """
INSERT INTO operations.lag_point
       (group_id, topic, at, status, events, lost, seconds_behind, coming, going)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (group_id, topic, at) DO NOTHING
"""
_PRUNE_POINTS = """
DELETE FROM operations.lag_point WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM operations.lag_point WHERE at < %s ORDER BY at LIMIT %s))
"""
_PRUNE_SAMPLES = """
DELETE FROM operations.lag_sample WHERE at = ANY (ARRAY(
    SELECT at FROM operations.lag_sample WHERE at < %s ORDER BY at LIMIT %s))
"""
_NEWEST = "SELECT at FROM operations.lag_sample ORDER BY at DESC LIMIT 1"
_STATES = f"SELECT {_COLUMNS} FROM operations.lag_now ORDER BY {', '.join(_KEYS)}"  # noqa: S608
_DESK_READING = "SELECT topic, partition, next_offset FROM operations.desk_reading"
_SERIES = """
SELECT date_bin(%(width)s, sample.at, %(since)s) AS bin,
       max(coalesce(array_position(%(statuses)s::text[], point.status), 1)),
       max(coalesce(point.events, 0)), max(coalesce(point.lost, 0)), max(point.seconds_behind),
       avg(coalesce(point.coming, 0)), avg(coalesce(point.going, 0))
  FROM operations.lag_sample AS sample
  LEFT JOIN operations.lag_point AS point
    ON point.group_id = %(group)s AND point.topic = %(topic)s AND point.at = sample.at
 WHERE sample.at >= %(since)s AND sample.at < %(until)s
 GROUP BY bin ORDER BY bin LIMIT %(bins)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The worst of a span of time; a span that nobody watched has no point."""

    at: datetime  # where the span begins
    status: Status
    events: int
    lost: int
    seconds_behind: float | None  # None: nothing waited, or nobody knows
    coming: float
    going: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest sample: when it was taken, and every partition's state then."""

    at: datetime
    states: tuple[PartitionLag, ...]


class LagStore:
    """What is kept of lag. Thread-safe."""

    def __init__(self, connections: Pool) -> None:
        """Use these connections."""
        self._connections = connections

    def keep(
        self,
        states: Sequence[PartitionLag],
        rows: Sequence[TopicLag],
        *,
        at: datetime,
        seconds: float,
        requests: int,
    ) -> None:
        """Keep a sample, in one transaction, and forget what is older than two days."""
        with self._connections.transaction() as connection:
            connection.execute(_ADD_SAMPLE, [at, seconds, requests, len(states)])
            _replace(connection, states)
            with connection.cursor() as cursor:
                cursor.executemany(_ADD_POINTS, [_point(row, at) for row in rows if _tells(row)])
            for statement in (_PRUNE_POINTS, _PRUNE_SAMPLES):
                connection.execute(statement, [at - KEEP, PRUNED_MAX])

    def positions(self) -> dict[str, dict[Place, int]]:
        """Return how far readers have come that keep it in this database, and in no group."""
        with self._connections.transaction() as connection:
            found = connection.execute(_DESK_READING).fetchall()
        read = {(topic, partition): offset for topic, partition, offset in found}
        return {DESK: read} if read else {}

    def newest_at(self) -> datetime | None:
        """Return when the newest sample was taken; None before the first."""
        with self._connections.transaction() as connection:
            sample = connection.execute(_NEWEST).fetchone()
        return None if sample is None else sample[0]

    def newest(self) -> Newest | None:
        """Return the newest state of everything; None before the first sample."""
        with self._connections.transaction() as connection:
            sample = connection.execute(_NEWEST).fetchone()
            if sample is None:
                return None
            states = connection.execute(_STATES).fetchall()
        return Newest(at=sample[0], states=tuple(_state(row) for row in states))

    def series(
        self, group: str, topic: str, *, since: datetime, until: datetime, bins: int = 120
    ) -> list[Point]:
        """Return how it came for a group on a topic, in at most so many spans of one length."""
        assert since < until, "a series has a length"
        assert 0 < bins <= BINS_MAX, f"a series has at most {BINS_MAX} spans"
        given = {
            "group": group,
            "topic": topic,
            "since": since,
            "until": until,
            "width": (until - since) / bins,
            "bins": bins,
            "statuses": [str(each) for each in Status],
        }
        with self._connections.transaction() as connection:
            found = connection.execute(_SERIES, given).fetchall()
        return [
            Point(
                at=at,
                status=tuple(Status)[rank - 1],
                events=events,
                lost=lost,
                seconds_behind=behind,
                coming=coming,
                going=going,
            )
            for at, rank, events, lost, behind, coming, going in found
        ]


def _replace(connection: Connection, states: Sequence[PartitionLag]) -> None:
    """Make the newest states these, and no others."""
    for start in range(0, len(states), ROWS_PER_STATEMENT):
        batch = [astuple(state) for state in states[start : start + ROWS_PER_STATEMENT]]
        connection.execute(_STORE_STATES, _by_column(_TYPES, batch))
    known = {(group, topic, number) for group, topic, number in connection.execute(_KNOWN)}
    gone = sorted(known - {state.key for state in states})
    for start in range(0, len(gone), ROWS_PER_STATEMENT):
        batch = gone[start : start + ROWS_PER_STATEMENT]
        connection.execute(_FORGET, _by_column(_KEYS, batch))


def _by_column(names: Iterable[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {
        name: [_plain(value) for value in values]
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Status) else value


def _state(row: tuple[Any, ...]) -> PartitionLag:
    names = [each.name for each in fields(PartitionLag)]
    given = dict(zip(names, row, strict=True))
    return PartitionLag(**{**given, "status": Status(given["status"])})


def _tells(row: TopicLag) -> bool:
    """Whether a point says more than that nothing came and nothing waits."""
    return bool(row.events or row.lost or row.ahead or row.coming or row.status is not Status.OK)


def _point(row: TopicLag, at: datetime) -> list[Any]:
    return [
        row.group,
        row.topic,
        at,
        str(row.status),
        row.events,
        row.lost,
        row.seconds_behind if row.events else None,
        row.coming,
        row.going,
    ]
