"""Which parts the web process has, each with its collaborators: the place where they are joined."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.subjects_api import SubjectsApi
from credit_bus_connectors.departments.http.intake import Intake, IntakeSettings
from credit_bus_connectors.departments.http.routes import EVENTS_PATH, intake_router
from credit_bus_connectors.web import docs, schema_registry
from credit_bus_connectors.web.app import Part, Probe, create_app
from credit_bus_connectors.web.guard import Application
from credit_bus_connectors.web.pages import pages_of
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import read_secret
from credit_bus_deploy.interface import document_of, text_of


def web_application(
    *, registry_folder: Path | None, intake: Intake | None, log: Any
) -> Application:
    """Return the web application of a district; one more part is one more line here.

    Without an intake it takes nothing in. Raises InstallationError for a registry with mistakes.
    """
    catalogue = load_catalogue()
    document = document_of(registry_folder)
    pages = {**pages_of(document), docs.DOCUMENT: text_of(document)}
    parts = [
        Part(
            router=schema_registry.schema_registry_router(SubjectsApi(catalogue)),
            prefix=schema_registry.PREFIX,
        ),
        Part(router=docs.docs_router(pages), prefix=docs.PREFIX),
    ]
    probes: dict[str, Probe] = {}
    if intake is not None:
        parts.append(Part(router=intake_router(intake), streams=frozenset({EVENTS_PATH})))
        probes["intake"] = lambda: intake.receipts.is_reading
    return create_app(parts=parts, probes=probes, log=log, version=version("credit-bus"))


def intake_settings(
    *, broker: str | None, database: str | None, secret_file: Path | None
) -> IntakeSettings | None:
    """Return the settings of an intake, None when nothing of it is given.

    Raises InstallationError when only a part is.
    """
    if broker and database and secret_file:
        return IntakeSettings(broker=broker, database=database, secret=read_secret(secret_file))
    if broker or database or secret_file:
        raise InstallationError(
            "to take in what departments say, --broker, --database and --secret-file are all "
            "needed: give all three, or none"
        )
    return None


@contextmanager
def running_intake(settings: IntakeSettings | None) -> Iterator[Intake | None]:
    """Yield the intake of these settings, at work; None without settings."""
    if settings is None:
        yield None
        return
    with Intake(settings, catalogue=load_catalogue()) as intake:
        yield intake
