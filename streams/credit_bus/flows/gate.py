"""The gate: who said it, may they, is it valid, is it new. Accepted, or refused with all reasons.

Knows no Kafka: it sees an arrival and what is known of its document, and returns what follows.
"""

from datetime import datetime, timedelta

from credit_bus.domain.arrival import Arrival
from credit_bus.domain.calendar import local_day
from credit_bus.domain.channels import RECORDS, replies
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event, action_of, claimed_document, document_of, event_id
from credit_bus.domain.event_types import EVENT_ACCEPTED, EVENT_REJECTED, EVENT_TYPES
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry
from credit_bus.flows.outcome import Forward, Known, Outcome, Quarantine, Say
from credit_bus.flows.refusals import refusal

STAGE = "gate"
BUS = "hub"
CLOCK_SKEW_MAX = timedelta(minutes=5)
REASONS_MAX = 100


def gate(arrival: Arrival, known: Known | None, *, registry: Registry, now: datetime) -> Outcome:
    """Return what follows from an arrival, given what is known of its document.

    Accepted: on to the log of record, a receipt to the sender, new knowledge of the document.
    Said before: the same receipt again, nothing else. Refused: every reason to the sender, and the
    whole message to quarantine.
    """
    event = arrival.event
    reasons = arrival.reasons
    if event is not None:
        reasons = (*reasons, *_rights(arrival, event, registry, now))
        reasons += check_event(
            event,
            Context(
                registry=registry, today=local_day(now), source=event.source, subject=event.subject
            ),
        )
        reasons += _freshness(arrival, event, known)
    if reasons or event is None:
        return _refused(arrival, reasons, registry, now)
    if known is not None and known.revision == event.revision:
        return Outcome(outputs=_receipt(arrival, event, registry, now, duplicate=True))
    return Outcome(
        outputs=(
            Forward(topic=RECORDS),
            *_receipt(arrival, event, registry, now, duplicate=False),
        ),
        known=Known(revision=event.revision, digest=arrival.digest),
    )


def _rights(arrival: Arrival, event: Event, registry: Registry, now: datetime) -> list[Reason]:
    """Return what speaks against this sender saying this, under this id, at this time."""
    found = []
    row = EVENT_TYPES[event.type]
    party = registry.parties.get(arrival.sender)
    if event.source != arrival.sender:
        found.append(refusal("wrong-party", "ce_source"))
    if row.said_by_bus:
        found.append(refusal("said-by-bus-only", "ce_type"))
    elif party is None or not party.may_say(row):
        found.append(refusal("no-right", "ce_type"))
    if event.time > now + CLOCK_SKEW_MAX:
        # Asked first, for the last day of all has no local day.
        found.append(refusal("time-in-future", "ce_time"))
    elif party is not None and not party.exists_on(local_day(event.time)):
        found.append(refusal("party-not-existing", "ce_time"))
    if event.id != event_id(
        source=event.source,
        kind=event.type,
        document=document_of(event.type, event.body),
        subject=event.subject,
        revision=event.revision,
    ):
        found.append(refusal("id-not-from-content", "ce_id"))
    action = action_of(event.body)
    if action is not None and event.correlation_id != action:
        found.append(refusal("correlation-mismatch", "ce_correlationid"))
    return found


def _freshness(arrival: Arrival, event: Event, known: Known | None) -> tuple[Reason, ...]:
    if known is None or event.revision > known.revision:
        return ()
    if event.revision < known.revision:
        return (refusal("stale-revision", "ce_revision"),)
    if arrival.digest != known.digest:
        return (refusal("revision-conflict", "ce_revision"),)
    return ()


def _receipt(
    arrival: Arrival, event: Event, registry: Registry, now: datetime, *, duplicate: bool
) -> tuple[Say, ...]:
    if not EVENT_TYPES[event.type].receipt:
        return ()
    body = {
        "event_id": event.id,
        "event_type": event.type,
        "event_revision": event.revision,
        "duplicate": duplicate,
        "accepted_at": now,
        "rule_version": registry.version,
    }
    receipt = Event(
        id=event_id(
            source=BUS,
            kind=EVENT_ACCEPTED,
            document=event.id,
            subject=event.subject,
            revision=event.revision,
        ),
        source=BUS,
        type=EVENT_ACCEPTED,
        time=now,
        subject=event.subject,
        revision=1,
        correlation_id=event.correlation_id,
        causation_id=event.id,
        traceparent=event.traceparent,
        body=body,
    )
    return (Say(topic=replies(arrival.sender), event=receipt),)


def _refused(
    arrival: Arrival, reasons: tuple[Reason, ...], registry: Registry, now: datetime
) -> Outcome:
    assert reasons, f"{arrival.topic}/{arrival.partition}@{arrival.offset} refused without a reason"
    if len(reasons) > REASONS_MAX:  # an answer must fit a record, whatever was sent
        reasons = (*reasons[:REASONS_MAX], refusal("more-reasons", ""))
    event = arrival.event
    document = claimed_document(event.type, event.body) if event else arrival.claimed_document
    place = f"{arrival.topic}/{arrival.partition}/{arrival.offset}"
    body = {
        "event_id": arrival.claimed_id,
        "event_type": arrival.claimed_type,
        "document": document,
        "topic": arrival.topic,
        "partition": arrival.partition,
        "offset": arrival.offset,
        "reasons": [
            {"code": r.code, "field": r.field, "rule": r.rule, "remedy": r.remedy} for r in reasons
        ],
        "rejected_at": now,
        "rule_version": registry.version,
    }
    rejection = Event(
        id=event_id(
            source=BUS, kind=EVENT_REJECTED, document=place, subject=arrival.subject, revision=1
        ),
        source=BUS,
        type=EVENT_REJECTED,
        time=now,
        subject=arrival.subject,
        revision=1,
        correlation_id=arrival.claimed_correlation,
        causation_id=arrival.claimed_id,
        traceparent=None if event is None else event.traceparent,
        body=body,
    )
    return Outcome(
        outputs=(
            Say(topic=replies(arrival.sender), event=rejection),
            Quarantine(stage=STAGE, reasons=reasons),
        )
    )
