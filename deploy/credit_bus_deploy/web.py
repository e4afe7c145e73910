"""Which parts the web process has, each with its collaborators: the place where they are joined."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from credit_bus.casework.port import CountKey
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.subjects_api import SubjectsApi
from credit_bus.logs import told_of
from credit_bus.metrics.vitals import Vitals
from credit_bus.reports.period import Period
from credit_bus_connectors.departments.http.intake import Intake, IntakeSettings
from credit_bus_connectors.departments.http.routes import EVENTS_PATH, intake_router
from credit_bus_connectors.enquiry import routes as enquiry_routes
from credit_bus_connectors.enquiry.office import EnquirySettings, Office
from credit_bus_connectors.web import docs, reports, schema_registry
from credit_bus_connectors.web.app import Part, Probe, create_app
from credit_bus_connectors.web.guard import Application
from credit_bus_connectors.web.pages import pages_of
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.home import read_secret
from credit_bus_deploy.interface import document_of, text_of
from credit_bus_deploy.registries import registry_of
from credit_bus_deploy.reports import counts_in

FIGURES_UNREADABLE = "web.figures-unreadable"
FIGURE_READERS_MAX = 4  # each a connection to the database
FIGURES_WAIT_SECONDS_MAX = 5.0


def web_application(
    *,
    registry_folder: Path | None,
    intake: Intake | None,
    database: str | None,
    log: Any,
    office: Office | None = None,
    vitals: Vitals | None = None,
) -> Application:
    """Return the web application of a district; one more part is one more line here.

    Without an intake it takes nothing in, without an office it answers no enquiry, without a
    database it has no reports. Raises InstallationError for a registry with mistakes.
    """
    catalogue = load_catalogue()
    document = document_of(registry_folder)
    beside = {} if database is None else {"工作统计": f"..{reports.PREFIX}/"}
    pages = {**pages_of(document, beside=beside), docs.DOCUMENT: text_of(document)}
    parts = [
        Part(
            router=schema_registry.schema_registry_router(SubjectsApi(catalogue)),
            prefix=schema_registry.PREFIX,
        ),
        Part(router=docs.docs_router(pages), prefix=docs.PREFIX),
    ]
    if database is not None:
        router = reports.reports_router(_figures(database, registry_folder, log))
        parts.append(Part(router=router, prefix=reports.PREFIX))
    probes: dict[str, Probe] = {}
    if intake is not None:
        parts.append(Part(router=intake_router(intake), streams=frozenset({EVENTS_PATH})))
        probes["intake"] = lambda: intake.receipts.is_getting_on
    if office is not None:
        router = enquiry_routes.enquiry_router(office)
        parts.append(Part(router=router, streams=enquiry_routes.PATHS))
    return create_app(
        parts=parts,
        probes=probes,
        log=log,
        version=version("credit-bus"),
        meter=(vitals or Vitals()).meter,
    )


def _figures(database: str, registry_folder: Path | None, log: Any) -> reports.Figures:
    readers = BoundedSemaphore(FIGURE_READERS_MAX)

    def read(period: Period) -> Mapping[CountKey, int]:
        if not readers.acquire(timeout=FIGURES_WAIT_SECONDS_MAX):
            raise reports.UnreadableError
        try:
            return counts_in(database, period)
        except InstallationError as error:
            log.error(FIGURES_UNREADABLE, **told_of(error.__cause__ or error))
            raise reports.UnreadableError from error
        finally:
            readers.release()

    registry = registry_of(registry_folder)[0]
    return reports.Figures(registry=registry, read=read, now=lambda: datetime.now(UTC))


def intake_settings(
    *, broker: str | None, database: str | None, secret_file: Path | None
) -> IntakeSettings | None:
    """Return the settings of an intake; None without a broker.

    Raises InstallationError when only a part is given. A database alone is for the reports, with a
    secret for enquiries, too.
    """
    if broker and database and secret_file:
        return IntakeSettings(broker=broker, database=database, secret=read_secret(secret_file))
    if broker or (secret_file and not database):
        raise InstallationError(
            "to take in what departments say, --broker, --database and --secret-file are all "
            "needed: give all three, or none"
        )
    return None


def enquiry_settings(
    *,
    database: str | None,
    secret_file: Path | None,
    registry_folder: Path | None,
) -> EnquirySettings | None:
    """Return the settings of enquiries; None without database or secret."""
    if not database or secret_file is None:
        return None
    registry = registry_of(registry_folder)[0]
    return EnquirySettings(database=database, registry=registry, secret=read_secret(secret_file))


@contextmanager
def running_office(
    settings: EnquirySettings | None, vitals: Vitals | None = None
) -> Iterator[Office | None]:
    """Yield what answers enquiries; None without settings."""
    if settings is None:
        yield None
        return
    meter = (vitals or Vitals()).meter
    with closing(Office(settings, now=lambda: datetime.now(UTC), meter=meter)) as office:
        yield office


@contextmanager
def running_intake(settings: IntakeSettings | None) -> Iterator[Intake | None]:
    """Yield the intake of these settings, at work; None without settings."""
    if settings is None:
        yield None
        return
    with Intake(settings, catalogue=load_catalogue()) as intake:
        yield intake
