"""How the processes of casework connect: as a role of least rights, every wait with a bound."""

import time
from typing import Any

import psycopg

from credit_bus.runtime import logs
from credit_bus.runtime.casework.statements import statement

CASEWORK_ROLE = "credit_bus_casework"
RELAY_ROLE = "credit_bus_relay"
REPORTS_ROLE = "credit_bus_reports"
SCHEMA_REVISION = "0002"  # what this release reads and writes; the newest migration

CONNECT_WAIT_SECONDS_MAX = 5
# A supervisor gives a process up that ends a dozen times in five minutes; so a start is patient.
DATABASE_WAIT_SECONDS_MAX = 600.0
DATABASE_LOOK_SECONDS = 2.0
STATEMENT_WAIT_SECONDS_MAX = 10
LOCK_WAIT_SECONDS_MAX = 8
# A process that is frozen within a transaction holds its lane's row: then the server lets go.
IDLE_IN_TRANSACTION_SECONDS_MAX = 5
KEEPALIVE_SECONDS = 5
KEEPALIVES_UNANSWERED_MAX = 3
UNANSWERED_WAIT_SECONDS_MAX = 15  # for a server that is gone without a word


class WrongSchemaError(Exception):
    """The database does not have the schema of this release."""


def await_database(
    url: str,
    log: Any,
    *,
    wait_seconds_max: float = DATABASE_WAIT_SECONDS_MAX,
    look_seconds: float = DATABASE_LOOK_SECONDS,
) -> None:
    """Return when the database takes connections. Raises psycopg.OperationalError if it never does.

    Blocks: for a start, before anything else runs.
    """
    deadline = time.monotonic() + wait_seconds_max
    while True:
        try:
            psycopg.connect(url, connect_timeout=CONNECT_WAIT_SECONDS_MAX).close()
        except psycopg.OperationalError as error:
            if time.monotonic() >= deadline:
                raise
            log.warning(logs.DATABASE_AWAY, sqlstate=error.sqlstate)
            time.sleep(look_seconds)
        else:
            return


def settings(role: str) -> dict[str, Any]:
    """Return what psycopg's `connect` is told besides the URL.

    The session acts as `role`, whoever logs in: its user must be that or a member of it.
    """
    options = {
        "role": role,
        "statement_timeout": f"{STATEMENT_WAIT_SECONDS_MAX}s",
        "lock_timeout": f"{LOCK_WAIT_SECONDS_MAX}s",
        "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_SECONDS_MAX}s",
        # So that the server notices a machine that is gone, and the next relay need not wait.
        "tcp_keepalives_idle": KEEPALIVE_SECONDS,
        "tcp_keepalives_interval": KEEPALIVE_SECONDS,
        "tcp_keepalives_count": KEEPALIVES_UNANSWERED_MAX,
    }
    return {
        "autocommit": True,
        "connect_timeout": CONNECT_WAIT_SECONDS_MAX,
        "tcp_user_timeout": UNANSWERED_WAIT_SECONDS_MAX * 1000,
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
    }


def connect(url: str, role: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Return a connection to a database with the schema of this release.

    Raises WrongSchemaError, psycopg.Error.
    """
    connection = psycopg.connect(url, **settings(role))
    try:
        found = connection.execute(statement("read_version")).fetchone()
    except psycopg.errors.UndefinedTable:
        found = None
    try:
        require_schema(found)
    except WrongSchemaError:
        connection.close()
        raise
    return connection


def require_schema(found: tuple[Any, ...] | None) -> None:
    """Raise WrongSchemaError unless the row that `read_version` gave names this release's."""
    if found != (SCHEMA_REVISION,):
        raise WrongSchemaError(
            f"the schema casework is at {'nothing' if found is None else found[0]}, this release"
            f" needs {SCHEMA_REVISION}: run `credit-bus database apply`"
        )
