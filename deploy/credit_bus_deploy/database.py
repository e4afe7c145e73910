"""Makes a database what this release needs: schemas, and roles of least rights.

Whoever provisions runs it, as the owner. One more schema is one more line.
"""

from collections.abc import Callable

import psycopg

from credit_bus.runtime.casework.connection import WrongSchemaError
from credit_bus.runtime.casework.migrate import migrate as provision_casework
from credit_bus_connectors.departments.desk.database import apply_schema as provision_desk
from credit_bus_connectors.enquiry.provision import provision_enquiry
from credit_bus_connectors.monitor.database import apply_schema as provision_operations
from credit_bus_connectors.platforms.postgres import CONNECT_WAIT_SECONDS_MAX, migrate
from credit_bus_connectors.platforms.public_site import SCHEMA as SITE
from credit_bus_deploy.failures import InstallationError

ROLES = (
    "credit_bus_casework",
    "credit_bus_relay",
    "credit_bus_reports",
    "credit_bus_site",
    "credit_bus_enquiry",
    "credit_bus_desk",
    "credit_bus_monitor",
    "credit_bus_console",
)


def provision_site(url: str) -> None:
    """Make the schema of the public site. Raises psycopg.Error."""
    with psycopg.connect(
        url, autocommit=True, connect_timeout=CONNECT_WAIT_SECONDS_MAX
    ) as connection:
        migrate(connection, SITE)


SCHEMAS: tuple[Callable[[str], None], ...] = (
    provision_casework,
    provision_site,
    provision_enquiry,
    provision_desk,
    provision_operations,
)


def apply_database(url: str) -> None:
    """Bring every schema up to this release. Raises InstallationError."""
    try:
        for provision in SCHEMAS:
            provision(url)
    except WrongSchemaError as error:
        raise InstallationError(str(error)) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise InstallationError(
            f"the database user may not make the schemas and their roles ({_told(error)}):"
            " give a --database whose user owns the database and has CREATEROLE, or is a member of"
            f" the roles {', '.join(ROLES)}"
        ) from error
    except psycopg.Error as error:
        raise InstallationError(
            f"the schemas could not be made ({_told(error)}): see to the server or to the URL"
        ) from error


def _told(error: psycopg.Error) -> str:
    """Return what PostgreSQL says, in one line."""
    return " ".join(str(error).split())
