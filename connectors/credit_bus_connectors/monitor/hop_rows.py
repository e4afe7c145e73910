"""Hops as rows of `operations.hop`, and back."""

from collections.abc import Iterable, Sequence
from typing import Any

from credit_bus.operations.trace.hops import DELIVERY_TYPES, RECEIPTS, Hop, Kind
from credit_bus_connectors.platforms.pool import Connection

_COLUMNS = (
    "name, kind, topic, partition, log_offset, at, type, source, digest, revision, about, rule,"
    " codes, origin_partition, origin_offset, document, expected"
)
_TYPES = (
    "bytea", "int2", "text", "int4", "int8", "timestamptz", "text", "text", "bytea", "int4",
    "bytea", "text", "text[]", "int4", "int8", "bytea", "text[]",
)  # fmt: skip
_COPY = f"COPY operations.hop ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_OF_ACCOUNTS = f"""
SELECT {_COLUMNS} FROM operations.hop WHERE name = ANY (%(names)b::bytea[])
UNION ALL
SELECT {_COLUMNS} FROM operations.hop
 WHERE about = ANY (%(names)b::bytea[]) AND NOT name = ANY (%(names)b::bytea[])
   AND (kind = ANY (%(kinds)b::smallint[])
        OR (kind = ANY (%(spoken)b::smallint[]) AND type = ANY (%(words)b::text[])))
"""  # noqa: S608 - only our own column names are put in
_OF_WAYS = f"""
SELECT {_COLUMNS} FROM operations.hop WHERE name = ANY (%(names)b::bytea[])
UNION ALL
SELECT {_COLUMNS} FROM operations.hop
 WHERE about = ANY (%(names)b::bytea[]) AND NOT name = ANY (%(names)b::bytea[])
 ORDER BY at, topic, partition, log_offset
 LIMIT %(most)s
"""  # noqa: S608
_NEWEST = f"""
SELECT DISTINCT ON (document) {_COLUMNS} FROM operations.hop
 WHERE document = ANY (%(documents)b::bytea[]) ORDER BY document DESC, revision DESC
"""  # noqa: S608
_ABOUT = sorted({*RECEIPTS, Kind.ORDERED})


def write(connection: Connection, hops: Iterable[Hop]) -> None:
    """Add these hops."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for hop in hops:
            copy.write_row(_row(hop))


def of_accounts(connection: Connection, names: Iterable[bytes]) -> list[Hop]:
    """Return the hops on which the accounts of these events rest."""
    given = {
        "names": sorted(names),
        "kinds": [int(kind) for kind in _ABOUT],
        "spoken": [int(Kind.SAID), int(Kind.LOGGED)],
        "words": sorted(DELIVERY_TYPES),
    }
    return [hop(row) for row in connection.execute(_OF_ACCOUNTS, given)]


def of_ways(connection: Connection, names: Iterable[bytes], *, most: int) -> list[Hop]:
    """Return hops of these events and those that name one of them as their cause, oldest first."""
    given = {"names": sorted(names), "most": most}
    return [hop(row) for row in connection.execute(_OF_WAYS, given)]


def hop(row: Sequence[Any]) -> Hop:
    """Return the hop of a row."""
    (name, kind, topic, partition, offset, at, type_, source, digest, revision, about, rule,
     codes, origin_partition, origin_offset, document, expected) = row  # fmt: skip
    return Hop(
        name=bytes(name),
        kind=Kind(kind),
        topic=topic,
        partition=partition,
        offset=offset,
        at=at,
        type=type_,
        source=source,
        digest=bytes(digest),
        revision=revision,
        about=None if about is None else bytes(about),
        rule=rule,
        codes=tuple(codes),
        origin=None if origin_partition is None else (origin_partition, origin_offset),
        document=None if document is None else bytes(document),
        expected=None if expected is None else tuple(expected),
    )


def _row(hop: Hop) -> tuple[Any, ...]:
    return (
        hop.name,
        int(hop.kind),
        hop.topic,
        hop.partition,
        hop.offset,
        hop.at,
        hop.type,
        hop.source,
        hop.digest,
        hop.revision,
        hop.about,
        hop.rule,
        list(hop.codes),
        None if hop.origin is None else hop.origin[0],
        None if hop.origin is None else hop.origin[1],
        hop.document,
        None if hop.expected is None else list(hop.expected),
    )


def newest_of(connection: Connection, documents: Iterable[bytes]) -> list[Hop]:
    """Return the newest accepted revision of each document, of those that have one."""
    given = {"documents": sorted(documents)}
    return [hop(row) for row in connection.execute(_NEWEST, given)]
