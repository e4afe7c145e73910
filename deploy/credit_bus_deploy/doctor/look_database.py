"""Looks at a database for the doctor. Reads only."""

import time
from typing import Any

import psycopg
from psycopg import sql

from credit_bus.runtime.casework.connection import CONNECT_WAIT_SECONDS_MAX, SCHEMA_REVISION
from credit_bus_connectors.platforms.postgres import migrations
from credit_bus_deploy.database import ROLES
from credit_bus_deploy.doctor.facts import Clock, Roles, SchemaState

STATEMENT_SECONDS_MAX = 10
CASEWORK = "casework"

# Schemas with migrations of their own: whether only the process that uses it makes it.
SCHEMAS: dict[str, bool] = {
    "site": False,
    "enquiry": False,
    "desk": False,
    "operations": False,
    "intake": True,
    "district": True,
    "front": True,
}

Connection = psycopg.Connection[tuple[Any, ...]]


def connect(url: str) -> Connection:
    """Return a bounded connection that changes nothing. Raises psycopg.Error."""
    connection = psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=CONNECT_WAIT_SECONDS_MAX,
        options=f"-c statement_timeout={STATEMENT_SECONDS_MAX}s",
    )
    connection.read_only = True
    return connection


def version(connection: Connection) -> int:
    """Return the server's version as a number."""
    return connection.info.server_version


def clock(connection: Connection) -> Clock:
    """Return what the server's clock says."""
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    assert row is not None, "a SELECT without FROM has a row"
    return Clock(before=before, told=float(row[0]), after=time.time())


def roles(connection: Connection) -> Roles:
    """Return which roles of least rights are not there, or not ours to act as."""
    found = connection.execute(
        "SELECT rolname, pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = ANY (%s)",
        [list(ROLES)],
    )
    there: dict[str, bool] = dict(found.fetchall())
    return Roles(
        missing=tuple(name for name in ROLES if name not in there),
        foreign=tuple(name for name in ROLES if there.get(name) is False),
    )


def schemas(connection: Connection) -> tuple[SchemaState, ...]:
    """Return what each schema is at."""
    states = [
        SchemaState(
            name=CASEWORK,
            found=_newest(connection, CASEWORK, table="version", column="version_num"),
            wanted=SCHEMA_REVISION,
            is_made_by_its_process=False,
        )
    ]
    states += [
        SchemaState(
            name=name,
            found=_newest(connection, name, table="migration", column="version"),
            wanted=str(max(migrations(name))),
            is_made_by_its_process=is_lazy,
        )
        for name, is_lazy in SCHEMAS.items()
    ]
    return tuple(states)


def _newest(connection: Connection, schema: str, *, table: str, column: str) -> str | None:
    query = sql.SQL("SELECT max({})::text FROM {}").format(
        sql.Identifier(column), sql.Identifier(schema, table)
    )
    try:
        row = connection.execute(query).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None
    return None if row is None else row[0]
