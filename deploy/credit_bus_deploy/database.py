"""Makes a database what this release needs: schemas of casework and desk, roles, their rights."""

import psycopg

from credit_bus.runtime.casework.connection import WrongSchemaError
from credit_bus.runtime.casework.migrate import migrate
from credit_bus_connectors.departments.desk.database import apply_schema
from credit_bus_deploy.failures import InstallationError


def apply_database(url: str) -> None:
    """Bring the schemas `casework` and `desk` up to this release. Raises InstallationError."""
    try:
        migrate(url)
        apply_schema(url)
    except WrongSchemaError as error:
        raise InstallationError(str(error)) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise InstallationError(
            f"the database user may not make the schemas and roles ({_told(error)}): give a"
            " --database whose user owns the database and has CREATEROLE, or is a member of the"
            " roles credit_bus_casework, credit_bus_relay, credit_bus_reports and credit_bus_desk"
        ) from error
    except psycopg.Error as error:
        raise InstallationError(
            f"the schemas casework and desk could not be made ({_told(error)}): see to the server"
            " or to the URL"
        ) from error


def _told(error: psycopg.Error) -> str:
    """Return what PostgreSQL says, in one line."""
    return " ".join(str(error).split())
