"""What sinks on PostgreSQL share: a connection that comes back, migrations, stored refusals.

Knows psycopg and where the SQL files lie, here or beside those who use them:
`sql/<schema>/NNN_*.sql` are migrations, applied once and in order; other files there are
statements. Knows no event type.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from credit_bus.domain.reason import Reason
from credit_bus_connectors.contract import Answer, Result, UnreachableError

CONNECT_WAIT_SECONDS_MAX = 5
STATEMENT_WAIT_SECONDS_MAX = 60
LOCK_WAIT_SECONDS_MAX = 20
UNANSWERED_WAIT_SECONDS_MAX = 30  # for a server that is gone without a word

_PACKAGES = (
    "credit_bus_connectors.platforms",
    "credit_bus_connectors.departments.http",
    "credit_bus_connectors.enquiry",
    "credit_bus_connectors.departments.desk",
    "credit_bus_connectors.monitor",
)
_MIGRATION = re.compile(r"(\d{3})_\w+\.sql")
# How JSON writes the one character that PostgreSQL cannot store, unless its backslash is escaped.
_NULL_IN_JSON = "\\u0000"
_NULL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

# A batch is small, a table is not, and every statement finds its rows by key. Before the first
# ANALYZE of a new table the planner does not know that, and read tables whole for each batch.
BY_KEY = "-c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off"

_FIRST_REFUSALS = """
INSERT INTO {schema}.refusal (event_id, reasons)
SELECT event_id, reasons
  FROM jsonb_to_recordset(%(refusals)s) AS told (event_id text, reasons jsonb)
    ON CONFLICT (event_id) DO NOTHING
"""
_READ_REFUSALS = """
SELECT event_id, reasons, answered_at FROM {schema}.refusal WHERE event_id = ANY (%(ids)s)
"""


class WrongSchemaError(UnreachableError):
    """The database does not have the schema of this release: nothing can be done until it has."""


class Database:
    """One schema of a database: one connection, opened when it is needed and migrated then.

    With a role of least rights the session acts as that, and whoever provisions has migrated.
    """

    def __init__(self, url: str, *, schema: str, role: str | None = None) -> None:
        self.schema = schema
        self._url = url
        self._role = role
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Run the block in one transaction. Raises UnreachableError when the server is not there,
        is too busy, or goes away: whether the block took effect is then unknown.
        """
        with self.single() as connection, connection.transaction():
            yield connection

    @contextmanager
    def single(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Run the block with each statement a transaction of its own. Raises as `transaction`."""
        try:
            yield self._opened()
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            state = getattr(error, "sqlstate", None) or "no answer"
            raise UnreachableError(
                f"database schema {self.schema}: {type(error).__name__} ({state});"
                " see to the server or to the URL"
            ) from error

    def reach(self) -> None:
        """Return when the server answers, with the schema. Raises as `transaction`."""
        with self.single() as connection:
            connection.execute("SELECT 1")

    def close(self) -> None:
        """Close the connection; the next transaction opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _opened(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None:
            limits = (
                f"-c statement_timeout={STATEMENT_WAIT_SECONDS_MAX}s"
                f" -c lock_timeout={LOCK_WAIT_SECONDS_MAX}s"
                f" {BY_KEY}"
            )
            connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=CONNECT_WAIT_SECONDS_MAX,
                options=limits,
                tcp_user_timeout=UNANSWERED_WAIT_SECONDS_MAX * 1000,
            )
            try:
                if self._role is None:
                    migrate(connection, self.schema)
                else:
                    _act_as(connection, self._role)
                    require_migrated(connection, self.schema)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


def migrate(connection: psycopg.Connection[Any], schema: str) -> None:
    """Apply the schema's migrations that are not applied yet, one process at a time."""
    name = sql.Identifier(schema)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [schema])
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
        connection.execute(
            sql.SQL(
                "CREATE TABLE IF NOT EXISTS {}.migration (version integer PRIMARY KEY,"
                " file text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
            ).format(name)
        )
        applied = connection.execute(sql.SQL("SELECT version FROM {}.migration").format(name))
        known = {version for (version,) in applied}
        for version, file in migrations(schema).items():
            if version not in known:
                connection.execute(statement(schema, file))
                connection.execute(
                    sql.SQL("INSERT INTO {}.migration (version, file) VALUES (%s, %s)").format(
                        name
                    ),
                    [version, file],
                )


def _act_as(connection: psycopg.Connection[Any], role: str) -> None:
    """Give up every right but the role's. Raises WrongSchemaError when there is none to be had."""
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    except (psycopg.errors.InvalidParameterValue, psycopg.errors.InsufficientPrivilege) as error:
        raise WrongSchemaError(
            f"the database user may not act as {role}: run `credit-bus database apply`"
        ) from error


def require_migrated(connection: psycopg.Connection[Any], schema: str) -> None:
    """Raise WrongSchemaError unless the schema has exactly the migrations of this release."""
    query = sql.SQL("SELECT max(version) FROM {}.migration").format(sql.Identifier(schema))
    try:
        row = connection.execute(query).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        row = None
    newest = max(migrations(schema))
    if row != (newest,):
        found = "nothing" if row is None or row[0] is None else row[0]
        raise WrongSchemaError(
            f"database schema {schema} is at {found}, this release needs {newest}:"
            " run `credit-bus database apply`"
        )


def migrations(schema: str) -> dict[int, str]:
    """Return the schema's migration files by version, in order."""
    names = sorted(entry.name for entry in _folder(schema).iterdir())
    found = [match for match in map(_MIGRATION.fullmatch, names) if match]
    by_version = {int(match[1]): match[0] for match in found}
    assert len(by_version) == len(found), f"two migrations of {schema} have one number"
    return by_version


@cache
def statement(schema: str, file: str) -> bytes:
    """Return the SQL of a file."""
    return _folder(schema).joinpath(file).read_bytes()


def _folder(schema: str) -> Traversable:
    found = (files(package).joinpath("sql", schema) for package in _PACKAGES)
    return next(folder for folder in found if folder.is_dir())


def plain(value: object) -> object:
    """Return what JSON has no form for as what it is stored as: for `json.dumps(default=…)`."""
    match value:
        case date() | datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return value.hex()
        case _:
            raise TypeError(f"{type(value).__name__} has no stored form; add one in plain()")


def is_storable(text_of_json: str) -> bool:
    """Return whether PostgreSQL can store this JSON text: all but the character U+0000."""
    # The plain search first: the pattern alone took a fifth of the district connector's time.
    return _NULL_IN_JSON not in text_of_json or _NULL.search(text_of_json) is None


def first_refusals(
    connection: psycopg.Connection[Any], schema: str, refused: Mapping[str, tuple[Reason, ...]]
) -> dict[str, Answer]:
    """Store each event's refusal unless it was refused before; return the first ones as answers."""
    if not refused:
        return {}
    name = sql.Identifier(schema)
    rows = [
        {"event_id": event_id, "reasons": [_told(reason) for reason in reasons]}
        for event_id, reasons in refused.items()
    ]
    connection.execute(sql.SQL(_FIRST_REFUSALS).format(schema=name), {"refusals": Jsonb(rows)})
    stored = connection.execute(sql.SQL(_READ_REFUSALS).format(schema=name), {"ids": list(refused)})
    return {
        event_id: Answer(
            result=Result.INVALID,
            answered_at=answered_at,
            reasons=tuple(Reason(**reason) for reason in reasons),
        )
        for event_id, reasons, answered_at in stored
    }


def _told(reason: Reason) -> dict[str, str]:
    return {
        "code": reason.code,
        "field": reason.field,
        "rule": reason.rule,
        "remedy": reason.remedy,
    }
