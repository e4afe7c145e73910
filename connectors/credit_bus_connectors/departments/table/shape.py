"""Whether the department's database is what `outbox.sql` makes: everything that is not, at once.

Knows PostgreSQL's catalogues. A column may have another type of its kind (a text for a varchar,
jsonb for json); no name may be missing, and no right.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

from credit_bus_connectors.departments.table.store import WrongTableError, reaching

REMEDY = (
    "let the owner of the database run what `credit-bus table --ddl` prints, and GRANT"
    " credit_bus_adapter to the role of --source-database"
)

_TEXT = ("character varying", "text")
_JSON = ("json", "jsonb")
_NUMBER = ("bigint",)
_REVISION = ("integer", "smallint", "bigint")
_MOMENT = ("timestamp with time zone",)

# Table, column, its types, and what the adapter must be allowed to do with it.
_COLUMNS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("outbox", "id", ("uuid",), ("SELECT",)),
    ("outbox", "aggregatetype", _TEXT, ()),
    ("outbox", "aggregateid", _TEXT, ("SELECT",)),
    ("outbox", "type", _TEXT, ("SELECT",)),
    ("outbox", "payload", _JSON, ("SELECT",)),
    ("outbox", "revision", _REVISION, ("SELECT",)),
    ("outbox", "causationid", _TEXT, ("SELECT",)),
    ("outbox", "said_at", _MOMENT, ("SELECT",)),
    ("outbox", "position", _NUMBER, ("SELECT",)),
    ("answer", "id", ("uuid",), ("SELECT", "INSERT")),
    ("answer", "position", _NUMBER, ("SELECT", "INSERT")),
    ("answer", "state", _TEXT, ("SELECT", "INSERT", "UPDATE")),
    ("answer", "event_id", _TEXT, ("SELECT", "INSERT", "UPDATE")),
    ("answer", "reasons", ("json",), ("SELECT", "INSERT", "UPDATE")),
    ("answer", "rule_version", _TEXT, ("SELECT", "INSERT", "UPDATE")),
    ("answer", "taken_at", _MOMENT, ("SELECT", "INSERT")),
    ("answer", "answered_at", _MOMENT, ("SELECT", "INSERT", "UPDATE")),
    ("reader", "party", _TEXT, ("SELECT", "UPDATE")),
    ("reader", "position", _NUMBER, ("SELECT", "UPDATE")),
    ("reader", "batch", ("uuid",), ("SELECT", "UPDATE")),
    ("reader", "batch_end", _NUMBER, ("SELECT", "UPDATE")),
    ("reader", "replies", ("jsonb",), ("SELECT", "UPDATE")),
    ("reader", "turn", _NUMBER, ("SELECT", "UPDATE")),
)

_KEYS_NEEDED = (("outbox", ("position",)), ("answer", ("id", "position")))

_FOUND = """
SELECT class.relname, attribute.attname, format_type(attribute.atttypid, NULL),
       has_column_privilege(class.oid, attribute.attnum, 'SELECT'),
       has_column_privilege(class.oid, attribute.attnum, 'INSERT'),
       has_column_privilege(class.oid, attribute.attnum, 'UPDATE')
  FROM pg_class AS class
  JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
 WHERE class.relnamespace = to_regnamespace('credit_bus')
   AND class.relname IN ('outbox', 'answer', 'reader') AND class.relkind IN ('r', 'p')
   AND attribute.attnum > 0 AND NOT attribute.attisdropped
"""
_USAGE = "SELECT has_schema_privilege(to_regnamespace('credit_bus'), 'USAGE')"
_POSITION = """
SELECT attribute.attidentity, attribute.attnotnull, sequence.seqcache, sequence.seqincrement,
       sequence.seqcycle
  FROM pg_attribute AS attribute
  LEFT JOIN pg_depend AS owned
    ON owned.refobjid = attribute.attrelid AND owned.refobjsubid = attribute.attnum
   AND owned.classid = 'pg_class'::regclass AND owned.refclassid = 'pg_class'::regclass
   AND owned.deptype IN ('i', 'a')
  LEFT JOIN pg_sequence AS sequence ON sequence.seqrelid = owned.objid
 WHERE attribute.attrelid = to_regclass('credit_bus.outbox') AND attribute.attname = 'position'
"""
_KEYS = """
SELECT class.relname,
       array(SELECT attname::text FROM pg_attribute
              WHERE attrelid = constraints.conrelid AND attnum = ANY (constraints.conkey)
              ORDER BY attname)
  FROM pg_constraint AS constraints
  JOIN pg_class AS class ON class.oid = constraints.conrelid
 WHERE constraints.connamespace = to_regnamespace('credit_bus')
   AND constraints.contype IN ('p', 'u')
"""
_WIDE = """
SELECT privilege FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
 WHERE to_regclass('credit_bus.outbox') IS NOT NULL
   AND has_table_privilege('credit_bus.outbox', privilege)
"""


def check_shape(connection: psycopg.Connection[Any]) -> None:
    """Raise WrongTableError with everything that is missing, of another kind, or forbidden."""
    with reaching():
        wrong = tuple(_wrong(connection))
    if wrong:
        listed = "".join(f"\n  - {each}" for each in wrong)
        raise WrongTableError(f"the outbox cannot be read:{listed}\n  To mend it: {REMEDY}")


def excess_rights(connection: psycopg.Connection[Any]) -> list[str]:
    """Return what the role may do to the outbox and need not."""
    with reaching():
        return [privilege for (privilege,) in connection.execute(_WIDE)]


def _wrong(connection: psycopg.Connection[Any]) -> Iterator[str]:
    if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
        yield "the database has the encoding SQL_ASCII, which says of no text what it is"
    usage = connection.execute(_USAGE).fetchone()
    if usage is None or usage[0] is None:
        yield "there is no schema credit_bus"
        return
    if not usage[0]:
        yield "the right USAGE on the schema credit_bus is missing"
    found = {
        (table, column): (kind, {"SELECT": select, "INSERT": insert, "UPDATE": update})
        for table, column, kind, select, insert, update in connection.execute(_FOUND)
    }
    tables = {table for table, _ in found}
    for table in dict.fromkeys(table for table, *_ in _COLUMNS):
        if table not in tables:
            yield f"there is no table credit_bus.{table}"
    for column in _COLUMNS:
        if column[0] in tables:
            yield from _wrong_column(*column, found.get(column[:2]))
    yield from _wrong_order(connection)
    keys = {(table, tuple(columns)) for table, columns in connection.execute(_KEYS)}
    for table, key in _KEYS_NEEDED:
        if table in tables and (table, key) not in keys:
            yield f"credit_bus.{table} has no primary or unique key ({', '.join(key)})"


def _wrong_column(
    table: str,
    column: str,
    kinds: tuple[str, ...],
    rights: tuple[str, ...],
    found: tuple[str, Mapping[str, bool]] | None,
) -> Iterator[str]:
    if found is None:
        yield f"credit_bus.{table} has no column {column} ({' or '.join(kinds)})"
        return
    kind, allowed = found
    if kind not in kinds:
        yield f"credit_bus.{table}.{column} is {kind}, not {' or '.join(kinds)}"
    missing = [right for right in rights if not allowed[right]]
    if missing:
        yield f"the right {', '.join(missing)} on credit_bus.{table}.{column} is missing"


def _wrong_order(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Yield why positions would not be given out in order, each at its insertion."""
    row = connection.execute(_POSITION).fetchone()
    if row is None:
        return
    identity, never_null, cache, increment, cycles = row
    if identity != "a":
        yield "credit_bus.outbox.position is not GENERATED ALWAYS AS IDENTITY"
    if not never_null:
        yield "credit_bus.outbox.position may be null"
    if cache not in (None, 1):
        yield f"the sequence of credit_bus.outbox.position has CACHE {cache}, not 1"
    if increment is not None and increment < 1:
        yield f"the sequence of credit_bus.outbox.position has INCREMENT {increment}, not 1"
    if cycles:
        yield "the sequence of credit_bus.outbox.position has CYCLE, not NO CYCLE"
