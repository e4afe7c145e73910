"""Brings a database to the schema of this release, and gives the three roles their rights.

Run by whoever provisions, as the schema's owner; the processes themselves cannot.
"""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from credit_bus.runtime.casework.connection import (
    CONNECT_WAIT_SECONDS_MAX,
    SCHEMA_REVISION,
    WrongSchemaError,
)
from credit_bus.runtime.casework.schema import SCHEMA
from credit_bus.runtime.casework.statements import statement

VERSION_TABLE = "version"
_MIGRATIONS = Path(__file__).with_name("migrations")
_WAIT_SECONDS_MAX = 60
_LIMITS = f"-c statement_timeout={_WAIT_SECONDS_MAX}s -c lock_timeout={_WAIT_SECONDS_MAX}s"


def migrate(url: str) -> None:
    """Apply what is not applied yet, all or nothing, one process at a time; then set the rights.

    Raises WrongSchemaError for a database of a newer release, psycopg.Error.
    """
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(
            url, connect_timeout=CONNECT_WAIT_SECONDS_MAX, options=_LIMITS
        ),
        poolclass=NullPool,
    )
    try:
        with engine.begin() as connection:
            _migrate(connection)
    except DBAPIError as error:  # SQLAlchemy's wrapping says no more than what it wraps
        raise error.orig or error from error


def _migrate(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('casework', 0))"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    try:
        command.upgrade(configuration(connection), SCHEMA_REVISION)
    except CommandError as error:
        raise WrongSchemaError(
            "the schema casework was made by a newer release: run that release's processes"
        ) from error
    connection.exec_driver_sql(statement("rights").decode())


def configuration(connection: Connection) -> Config:
    """Return alembic's configuration for this connection; there is no file of it."""
    found = Config()
    found.set_main_option("script_location", str(_MIGRATIONS))
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    found.attributes["schema"] = SCHEMA
    found.attributes["version_table"] = VERSION_TABLE
    return found
