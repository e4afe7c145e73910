"""Makes a database what this release's casework needs: its schema, three roles and their rights."""

import psycopg

from credit_bus.runtime.casework.connection import WrongSchemaError
from credit_bus.runtime.casework.migrate import migrate
from credit_bus_deploy.failures import InstallationError


def apply_database(url: str) -> None:
    """Bring the schema `casework` up to this release. Raises InstallationError."""
    try:
        migrate(url)
    except WrongSchemaError as error:
        raise InstallationError(str(error)) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise InstallationError(
            f"the database user may not make the schema casework and its roles ({_told(error)}):"
            " give a --database whose user owns the database and has CREATEROLE, or is a member of"
            " the roles credit_bus_casework, credit_bus_relay and credit_bus_reports"
        ) from error
    except psycopg.Error as error:
        raise InstallationError(
            f"the schema casework could not be made ({_told(error)}): see to the server or to the"
            " URL"
        ) from error


def _told(error: psycopg.Error) -> str:
    """Return what PostgreSQL says, in one line."""
    return " ".join(str(error).split())
