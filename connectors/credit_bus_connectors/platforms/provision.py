"""Makes a schema for a process of least rights: tables, role, and what the role may. For owners."""

import psycopg
from psycopg import sql

from credit_bus_connectors.platforms.postgres import (
    CONNECT_WAIT_SECONDS_MAX,
    LOCK_WAIT_SECONDS_MAX,
    STATEMENT_WAIT_SECONDS_MAX,
    migrate,
    statement,
)


def provision(
    url: str,
    schema: str,
    *,
    role: str,
    more_roles: tuple[str, ...] = (),
    beside: tuple[str, ...] = (),
    statement_seconds_max: int = STATEMENT_WAIT_SECONDS_MAX,
) -> None:
    """Apply what is not applied yet of the schema and of those beside it, then set the rights.

    The rights are `rights.sql` beside the schema's migrations. Raises psycopg.Error.
    """
    limits = (
        f"-c statement_timeout={statement_seconds_max}s -c lock_timeout={LOCK_WAIT_SECONDS_MAX}s"
    )
    with psycopg.connect(
        url, autocommit=True, connect_timeout=CONNECT_WAIT_SECONDS_MAX, options=limits
    ) as connection:
        for each in (*beside, schema):
            migrate(connection, each)
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [schema])
            for each in (role, *more_roles):
                _make_role(connection, each)
            connection.execute(statement(schema, "rights.sql"))


def _make_role(connection: psycopg.Connection[tuple[object, ...]], role: str) -> None:
    """Make the role unless it is there, and let whoever provisions act as it.

    Where an administrator has seen to both, no right to make or to give roles is needed.
    """
    name = sql.Identifier(role)
    is_there = "SELECT FROM pg_roles WHERE rolname = %s"
    if connection.execute(is_there, [role]).fetchone() is None:
        try:
            with connection.transaction():
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            pass  # another database of this server is provisioned at the same moment
    is_member = connection.execute("SELECT pg_has_role(%s, 'MEMBER')", [role]).fetchone()
    if is_member != (True,):
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
