"""The desk's process: where its settings, its threads and its pages are joined."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.departments.desk.access import SESSION_MAX
from credit_bus_connectors.departments.desk.accounts import Accounts
from credit_bus_connectors.departments.desk.database import Connections, apply_schema
from credit_bus_connectors.departments.desk.desk import COOKIE, Desk, DeskSettings
from credit_bus_connectors.platforms.postgres import WrongSchemaError
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.guard import Application
from credit_bus_connectors.web.sessions import SessionSettings
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import read_secret, read_sessions_secret
from credit_bus_deploy.registries import registry_of


def desk_settings(
    *, broker: str, database: str, secret_file: Path, sessions_secret_file: Path
) -> DeskSettings:
    """Return the settings of a desk. Raises InstallationError when a secret is missing."""
    sessions = SessionSettings(
        name=COOKIE,
        secret=read_sessions_secret(sessions_secret_file),
        seconds_max=int(SESSION_MAX.total_seconds()),
    )
    return DeskSettings(
        broker=broker, database=database, sessions=sessions, secret=read_secret(secret_file)
    )


@contextmanager
def running_desk(
    settings: DeskSettings,
    *,
    registry_folder: Path | None,
    log: Any,
    vitals: Vitals | None = None,
) -> Iterator[Application]:
    """Yield the application of a desk, at work.

    Raises InstallationError for a bad registry, and for a database without this release's schema.
    """
    registry = registry_of(registry_folder)[0]
    meter = (vitals or Vitals()).meter
    with ExitStack() as stack:
        try:
            desk = stack.enter_context(
                Desk(settings, registry=registry, catalogue=load_catalogue(), meter=meter)
            )
        except WrongSchemaError as error:
            raise InstallationError(str(error)) from error
        yield create_app(
            parts=[Part(router=desk.router())],
            probes={
                "follower": lambda: desk.follower.is_reading,
                "publisher": lambda: desk.publisher.is_publishing,
            },
            log=log,
            version=version("credit-bus"),
            sessions=settings.sessions,
            meter=meter,
        )


@contextmanager
def desk_accounts(database: str) -> Iterator[Accounts]:
    """Yield the accounts of a desk, its schema made. Raises InstallationError without a database.

    For whoever administers the machine: the process itself cannot make the schema.
    """
    try:
        apply_schema(database)
    except psycopg.Error as error:
        told = " ".join(str(error).split())
        raise InstallationError(
            f"the schema desk could not be made ({told}): see to the server, to the URL, or to the"
            " user's rights"
        ) from error
    connections = Connections(database, connections_max=1)
    try:
        yield Accounts(connections)
    finally:
        connections.close()
