"""Makes a database what this release needs: the schemas of casework and of the public site.

With the roles of their processes and their rights. Whoever provisions runs it, as the owner.
"""

import psycopg

from credit_bus.runtime.casework.connection import WrongSchemaError
from credit_bus.runtime.casework.migrate import migrate
from credit_bus_connectors.platforms import postgres
from credit_bus_connectors.platforms.public_site import SCHEMA as SITE
from credit_bus_deploy.failures import InstallationError


def apply_database(url: str) -> None:
    """Bring the schemas `casework` and `site` up to this release. Raises InstallationError."""
    try:
        migrate(url)
        with psycopg.connect(
            url, autocommit=True, connect_timeout=postgres.CONNECT_WAIT_SECONDS_MAX
        ) as connection:
            postgres.migrate(connection, SITE)
    except WrongSchemaError as error:
        raise InstallationError(str(error)) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise InstallationError(
            "the database user may not make the schemas casework and site and their roles"
            f" ({_told(error)}):"
            " give a --database whose user owns the database and has CREATEROLE, or is a member of"
            " the roles credit_bus_casework, credit_bus_relay, credit_bus_reports and"
            " credit_bus_site"
        ) from error
    except psycopg.Error as error:
        raise InstallationError(
            f"the schemas casework and site could not be made ({_told(error)}): see to the server"
            " or to the URL"
        ) from error


def _told(error: psycopg.Error) -> str:
    """Return what PostgreSQL says, in one line."""
    return " ".join(str(error).split())
