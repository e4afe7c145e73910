"""Joins reports with database, registry and log of record; what goes wrong becomes a sentence."""

from collections.abc import Mapping
from datetime import date, datetime

import psycopg

from credit_bus.casework.port import CountKey
from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.registry import Registry
from credit_bus.operations.audit import AuditError
from credit_bus.operations.record_log import RecordLog
from credit_bus.operations.recount import recount
from credit_bus.operations.scan import ScanError
from credit_bus.reports.legal_time import LegalTime, legal_time
from credit_bus.reports.period import Period
from credit_bus.reports.report import Report, UnknownCountError, report_of
from credit_bus.runtime.casework.connection import WrongSchemaError
from credit_bus.runtime.casework.figures import read_counts
from credit_bus.runtime.casework.owed import read_owed
from credit_bus_deploy import broker_admin
from credit_bus_deploy.failures import InstallationError

ALL_DAYS = Period(first=date.min, last=date.max)


def counts_in(database: str, period: Period) -> dict[CountKey, int]:
    """Return what casework has counted in the period. Raises InstallationError."""
    try:
        return read_counts(database, first=period.first, last=period.last)
    except WrongSchemaError as error:
        raise InstallationError(str(error)) from error
    except psycopg.Error as error:
        raise _unreadable(error) from error


def legal_time_from(database: str, registry: Registry, *, day: date) -> LegalTime:
    """Return how everything owed stands on that day. Raises InstallationError."""
    try:
        return legal_time(read_owed(database), registry, day)
    except WrongSchemaError as error:
        raise InstallationError(str(error)) from error
    except psycopg.Error as error:
        raise _unreadable(error) from error


def report_from(database: str, registry: Registry, *, period: Period, now: datetime) -> Report:
    """Return the report of the period, made at that moment. Raises InstallationError."""
    try:
        return report_of(counts_in(database, period), registry, period=period, made_at=now)
    except UnknownCountError as error:
        raise InstallationError(str(error)) from error


def recount_of(broker: str, registry: Registry) -> dict[CountKey, int]:
    """Return what the whole log of record comes to. Raises InstallationError."""
    try:
        with broker_admin.admin_of(broker):
            return recount(RecordLog(broker, Codec(load_catalogue())), registry)
    except (ScanError, AuditError) as error:
        raise InstallationError(f"the log of record cannot be recounted: {error}") from error


def differences(
    counted: Mapping[CountKey, int], recounted: Mapping[CountKey, int], period: Period
) -> tuple[str, ...]:
    """Return a sentence for each day, party and thing of the period whose two numbers differ."""
    keys = {key for key in counted.keys() | recounted.keys() if period.holds(key[0])}
    return tuple(
        f"{day} {party} {what}: casework counted {counted.get((day, party, what), 0)}, the log of"
        f" record has {recounted.get((day, party, what), 0)}"
        for day, party, what in sorted(keys)
        if counted.get((day, party, what), 0) != recounted.get((day, party, what), 0)
    )


def _unreadable(error: psycopg.Error) -> InstallationError:
    return InstallationError(
        f"the figures cannot be read from the database ({_line(error)}): see to the server or"
        " to the URL; after an upgrade run `credit-bus database apply`"
    )


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
