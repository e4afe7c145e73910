"""The console's process: where its settings, its sources and its pages are joined."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.registry import Registry
from credit_bus.metrics.vitals import Vitals
from credit_bus.reports.legal_time import LegalTime
from credit_bus_connectors.console.console import COOKIE, Console, ConsoleSettings
from credit_bus_connectors.departments.desk.access import SESSION_MAX
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.guard import Application
from credit_bus_connectors.web.sessions import SessionSettings
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import read_sessions_secret
from credit_bus_deploy.registries import registry_of
from credit_bus_deploy.reports import legal_time_from


def console_settings(*, broker: str, database: str, sessions_secret_file: Path) -> ConsoleSettings:
    """Return the settings of a console. Raises InstallationError when there is no secret."""
    sessions = SessionSettings(
        name=COOKIE,
        secret=read_sessions_secret(sessions_secret_file),
        seconds_max=int(SESSION_MAX.total_seconds()),
    )
    return ConsoleSettings(broker=broker, database=database, sessions=sessions)


@contextmanager
def running_console(
    settings: ConsoleSettings,
    *,
    registry_folder: Path | None,
    log: Any,
    vitals: Vitals | None = None,
) -> Iterator[Application]:
    """Yield the application of a console. Raises InstallationError for a bad registry."""
    registry = registry_of(registry_folder)[0]
    legal = legal_time_of(settings.database, registry)
    codec = Codec(load_catalogue())
    with closing(Console(settings, registry=registry, codec=codec, legal=legal)) as console:
        yield create_app(
            parts=[Part(router=console.router())],
            probes={"database": console.is_readable},
            log=log,
            version=version("credit-bus"),
            sessions=settings.sessions,
            meter=(vitals or Vitals()).meter,
        )


def legal_time_of(database: str, registry: Registry) -> Callable[[date], LegalTime | None]:
    """Return what reads legal time, None where casework's database cannot be read now."""

    def read(day: date) -> LegalTime | None:
        try:
            return legal_time_from(database, registry, day=day)
        except InstallationError:
            return None

    return read
