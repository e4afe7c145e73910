"""Rehearses and activates a changed registry: where log, registries and client are joined."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.calendar import in_milliseconds
from credit_bus.domain.channels import QUARANTINE
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import RULES_ACTIVATED
from credit_bus.domain.registry import Registry
from credit_bus.domain.upkeep import nobodys_key
from credit_bus.operations.audit import AuditError
from credit_bus.operations.quarantine.kept import Kept, kept_of
from credit_bus.operations.quarantine.rejudged import Bench
from credit_bus.operations.record_log import READ_SECONDS_MAX, RecordLog
from credit_bus.operations.rehearsal import Rehearsal, rehearse
from credit_bus.operations.scan import ScanError, scan_whole
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.failures import ClientError
from credit_bus_connectors.departments.receipts import Answer
from credit_bus_connectors.departments.statement import make_event
from credit_bus_deploy import broker_admin
from credit_bus_deploy.failures import InstallationError

INSTANCE = "rules"
REFUSALS_MAX = 200_000  # of a year: some minutes of judging
_SUBJECT = nobodys_key("rules")


def rehearsal_of(broker: str, old: Registry, new: Registry, *, day: date) -> Rehearsal:
    """Return what the new registry would do to all that log of record and quarantine hold.

    Of the quarantine at most `REFUSALS_MAX` messages are judged. Raises InstallationError when
    either cannot be read.
    """
    codec = Codec(load_catalogue())
    benches = (Bench(codec=codec, registry=each) for each in (old, new))
    try:
        with broker_admin.admin_of(broker):
            said = (each.event for each in RecordLog(broker, codec))
            refused = islice(_quarantined(broker), REFUSALS_MAX)
            return rehearse(said, *benches, day=day, refused=refused)
    except (ScanError, AuditError) as error:
        raise InstallationError(f"what was said cannot be read: {error}") from error


def _quarantined(broker: str) -> Iterator[Kept]:
    records = scan_whole(broker, [QUARANTINE], seconds_max=READ_SECONDS_MAX)
    return (kept for record in records if (kept := kept_of(record)) is not None)


def activation_of(found: Rehearsal, hub: str, *, reason: str, now: datetime) -> Event:
    """Return the event by which the hub says that the new version is in force."""
    return make_event(
        party=hub,
        type_=RULES_ACTIVATED,
        body={
            "registry_version": found.new_version,
            "previous_version": found.old_version,
            "activated_at": in_milliseconds(now),
            "reason": reason,
            "events_rehearsed": found.events,
            "events_changed": found.changed,
            "rehearsed_for": found.day,
        },
        subject=_SUBJECT,
        time=now.replace(microsecond=0),
    )


def activate(broker: str, event: Event) -> None:
    """Say it, and wait until the gate has taken it. Raises InstallationError with every reason."""
    try:
        codec = Codec(load_catalogue())
        with DepartmentClient(event.source, broker, codec=codec, instance=INSTANCE) as client:
            (receipt,) = client.publish([event], wait=True)
    except ClientError as error:
        raise InstallationError(f"the activation could not be said: {error}") from error
    if receipt.answer is Answer.REJECTED:
        said = "; ".join(f"{each.field}: {each.rule}" for each in receipt.reasons)
        raise InstallationError(f"the gate refused the activation: {said}")
