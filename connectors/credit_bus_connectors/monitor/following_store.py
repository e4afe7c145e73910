"""What the reader of the bus keeps, in PostgreSQL: hops, positions, and what does not add up.

All that follows from a batch is written in the transaction that writes its positions. Knows psycopg
and the rows; what adds up says `credit_bus.operations.adding_up`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from credit_bus.domain.channels import inbox
from credit_bus.operations.adding_up.differences import Difference, Fault
from credit_bus.operations.adding_up.ledger import (
    NEVER_MET,
    Found,
    settle,
    touched,
)
from credit_bus.operations.trace.hops import Hop, name_of
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor import account_rows, hop_rows
from credit_bus_connectors.monitor import following_queries as queries
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.platforms.pool import Connection

WATCH = "follow"
KEPT_FOR = timedelta(days=400)  # an event of last year can still be traced
# Longer than inboxes and outboxes hold a record: a word that comes once more is never a stranger's.
CANARIES_KEPT_FOR = timedelta(days=100)
DROPPED_AT_ONCE_MAX = 5_000
CANARIES_DROPPED_AT_ONCE_MAX = 500  # with a dozen hops and more each
DUE_AT_ONCE_MAX = 2_000
ALARMS_OPEN_MAX = 10_000
PASSED_AT_ONCE_MAX = 1_000  # offsets of each partition
LOOK_AGAIN = timedelta(seconds=60)  # at what is amiss while there is no room for its alarm

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # nothing is read to its end yet

Place = tuple[str, int]


class OvertakenError(UnreachableError):
    """Another reader has read on: begin again from where the database says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm that was raised or cleared now."""

    fault: str
    place: str
    name: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What one transaction did to the alarms."""

    raised: Sequence[Alarm] = ()
    cleared: Sequence[Alarm] = ()
    is_full: bool = False  # more is amiss than alarms are kept


class FollowStore:
    """The reader's rows. Everything raises UnreachableError."""

    def __init__(self, connections: Connections, *, platforms: frozenset[str]) -> None:
        self._connections = connections
        self._platforms = platforms

    def begin(self, now: datetime) -> dict[Place, int]:
        """Note when following began, if it begins now; return where each partition goes on."""
        with self._connections.transaction() as connection:
            connection.execute(queries.BEGIN, [now, NEVER])
            inboxes = [inbox(platform) for platform in sorted(self._platforms)]
            connection.execute(queries.PLATFORMS, {"topics": inboxes})
            found = connection.execute(queries.READING, [WATCH]).fetchall()
        return {(topic, partition): offset for topic, partition, offset in found}

    def keep(
        self, hops: Sequence[Hop], before: Mapping[Place, int], after: Mapping[Place, int]
    ) -> Changed:
        """Keep what was read, what follows from it, and how far that was, in one transaction.

        `before` and `after` are positions of the partitions that moved; a partition that was never
        read is in `after` alone. Raises OvertakenError when another reader moved one of them.
        """
        with self._connections.transaction() as connection:
            judged_from, read_to = _lock(connection)
            _move(connection, before, after)
            if not hops:
                return Changed()
            names = touched(hops)
            known = account_rows.known(connection, names, hops)
            found = settle(
                hops,
                known,
                judged_from=judged_from,
                read_to=read_to,
                platforms=self._platforms,
            )
            hop_rows.write(connection, found.hops)
            return _write(connection, found, names, read_to)

    def passed(self, read_to: datetime) -> Changed:
        """Note that all topics are read to where they ended at that moment; judge what is due."""
        raised: list[Alarm] = []
        cleared: list[Alarm] = []
        is_full = False
        more = True
        self._pass(read_to)
        while more:
            with self._connections.transaction() as connection:
                judged_from, _ = _lock(connection)
                connection.execute(queries.READ_TO, [read_to])
                due = connection.execute(queries.DUE, [read_to, DUE_AT_ONCE_MAX]).fetchall()
                names = {bytes(name) for (name,) in due}
                known = account_rows.known(connection, names, ())
                found = settle(
                    (),
                    known,
                    also=names,
                    judged_from=judged_from,
                    read_to=read_to,
                    platforms=self._platforms,
                )
                changed = _write(connection, found, names, read_to)
            raised += changed.raised
            cleared += changed.cleared
            is_full = is_full or changed.is_full
            more = len(due) == DUE_AT_ONCE_MAX
        return Changed(raised=raised, cleared=cleared, is_full=is_full)

    def _pass(self, read_to: datetime) -> None:
        """Note how far the platforms' connectors are, and who was passed without a word."""
        topics = [inbox(platform) for platform in sorted(self._platforms)]
        given = {"topics": topics, "read_to": read_to, "most": PASSED_AT_ONCE_MAX}
        with self._connections.transaction() as connection:
            _lock(connection)
            connection.execute(queries.GO_PAST, given)

    def lost(self, places: Iterable[Place], now: datetime) -> Changed:
        """Raise an alarm for each partition whose records were gone before they were read."""
        told = {
            name_of(f"{topic}/{partition}"): Difference(
                fault=Fault.UNREAD, where=f"{topic}/{partition}", since=now
            )
            for topic, partition in places
        }
        with self._connections.transaction() as connection:
            raised = _raise(connection, {name: (one,) for name, one in told.items()}, {}, now)
        return Changed(raised=raised)

    def drop_old(self, now: datetime) -> bool:
        """Drop some of what is older than it is kept; return whether there may be more."""
        given = {"before": now - KEPT_FOR, "most": DROPPED_AT_ONCE_MAX}
        canaries = {"before": now - CANARIES_KEPT_FOR, "most": CANARIES_DROPPED_AT_ONCE_MAX}
        with self._connections.transaction() as connection:
            dropped = [connection.execute(each, given).rowcount for each in queries.DROP_OLD]
            of_canaries = connection.execute(queries.DROP_CANARIES, canaries).rowcount
        return max(dropped) == DROPPED_AT_ONCE_MAX or of_canaries > 0


def _lock(connection: Connection) -> tuple[datetime, datetime]:
    """Return from when events are judged, and up to when all is read; nobody else writes then."""
    row = connection.execute(queries.LOCK).fetchone()
    assert row is not None, "following has begun"
    return row[0], row[1]


def _move(connection: Connection, before: Mapping[Place, int], after: Mapping[Place, int]) -> None:
    places = sorted(after)
    given = {"watch": WATCH, **account_rows.columns_of(places)}
    found = connection.execute(queries.POSITIONS, given).fetchall()
    if {(topic, partition): offset for topic, partition, offset in found} != dict(before):
        raise OvertakenError("another reader has read on; the watch begins again behind it")
    offsets = [after[place] for place in places]
    connection.execute(queries.STORE_POSITIONS, {**given, "offsets": offsets})


def _write(connection: Connection, found: Found, names: set[bytes], read_to: datetime) -> Changed:
    """Write what follows from a batch; return what it did to the alarms."""
    account_rows.write(connection, found)
    amiss: dict[bytes, Sequence[Difference]] = {
        name: told for name, told in found.judged.items() if told
    }
    due = dict(found.due)
    is_full = False
    raised: list[Alarm] = []
    cleared = _clear(connection, found, read_to)
    if amiss:
        is_full = open_alarms(connection) >= ALARMS_OPEN_MAX
        if is_full:
            amiss, later = _for_good(amiss)
            due |= dict.fromkeys(later, read_to + LOOK_AGAIN)
        raised = _raise(connection, amiss, found.types, read_to)
    settled = {"names": sorted(names - due.keys())}
    connection.execute(queries.SETTLED, settled)
    waiting = sorted(due.items())
    told = {"names": [name for name, _ in waiting], "dues": [moment for _, moment in waiting]}
    connection.execute(queries.UNSETTLED, told)
    return Changed(raised=raised, cleared=cleared, is_full=is_full)


def open_alarms(connection: Connection) -> int:
    """Return how many alarms are open."""
    (found,) = connection.execute(queries.OPEN_ALARMS).fetchone() or (0,)
    return int(found)


def _for_good(
    amiss: Mapping[bytes, Sequence[Difference]],
) -> tuple[dict[bytes, Sequence[Difference]], list[bytes]]:
    """Return what nobody could find again, and which events are amiss otherwise."""
    lasting: dict[bytes, Sequence[Difference]] = {}
    later = []
    for name, told in amiss.items():
        ever = [each for each in told if each.fault in NEVER_MET]
        if ever:
            lasting[name] = ever
        if len(ever) < len(told):
            later.append(name)
    return lasting, later


def _clear(connection: Connection, found: Found, now: datetime) -> list[Alarm]:
    """Clear the open alarms of judged events that are amiss no more, and not about to be."""
    rows = connection.execute(queries.OPEN_OF, {"names": sorted(found.judged)}).fetchall()
    never = {fault.value for fault in NEVER_MET}
    over = [
        (number, Alarm(fault=fault, place=place, name=bytes(name)))
        for number, name, fault, place in rows
        if fault not in never and (fault, place) not in found.told_of(bytes(name))
    ]
    if over:
        given = {"numbers": [number for number, _ in over], "now": now}
        connection.execute(queries.CLEAR, given)
    return [alarm for _, alarm in over]


def _raise(
    connection: Connection,
    amiss: Mapping[bytes, Sequence[Difference]],
    types: Mapping[bytes, str],
    now: datetime,
) -> list[Alarm]:
    """Raise an alarm for each difference that has none yet; return the new ones."""
    told = [(name, each) for name in sorted(amiss) for each in sorted(amiss[name], key=str)]
    given = {
        "names": [name for name, _ in told],
        "faults": [each.fault.value for _, each in told],
        "places": [each.where for _, each in told],
        "types": [types.get(name, "") for name, _ in told],
        "sinces": [each.since for _, each in told],
        "now": now,
    }
    rows = connection.execute(queries.RAISE, given).fetchall()
    return [Alarm(name=bytes(name), fault=fault, place=place) for name, fault, place in rows]
