"""The life of a record: stated in revisions, corrected, withdrawn, taken off its list."""

from datetime import date
from typing import Any

from credit_bus.casework.counts import LATE, WITHDRAWN_LATE
from credit_bus.casework.desk import Desk
from credit_bus.casework.endings import end_with_record
from credit_bus.casework.grounds import actions_on
from credit_bus.casework.objections import put_right
from credit_bus.casework.publicity import in_time, newer, off
from credit_bus.casework.things import Over, Record
from credit_bus.casework.values import own_reference, record_name, subject_of
from credit_bus.domain.calendar import BeyondTableError
from credit_bus.domain.deadlines import due_on
from credit_bus.domain.event import Body, Event, document_of
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
)
from credit_bus.domain.standing import UNDONE_BY_DOCUMENT
from credit_bus.domain.terms import Publicity, publicity_of
from credit_bus.domain.time_rules import Obligation

_PUBLISHED = (LICENCE_GRANTED, PENALTY_DECIDED)  # 双公示: within working days of the decision


def stated(desk: Desk, event: Event) -> None:
    """Keep the newest revision of a record, and how long it is to be shown."""
    before = known_record(desk, own_reference(event), event=event.id)
    desk.put(
        before.but(
            event=event.id,
            revision=event.revision,
            subject=subject_of(event.body["subject"]),
            grounds=_grounds(event),
            holders=tuple(dict.fromkeys((*before.holders, *desk.platforms_of(event)))),
            **_times(desk, event),
        )
    )
    if event.revision == 1 and event.type in _PUBLISHED:
        # 谁产生、谁负责: the time for publishing runs from the decision.
        _count_if_after(desk, event, Obligation.PUBLISH, event.body["decided_on"], LATE)
    newer(desk, before.name)


def corrected(desk: Desk, event: Event) -> None:
    """A correction fulfils what an upheld objection asked of the provider."""
    put_right(desk, record_name(event.body["record"], desk.subject))


def withdrawn(desk: Desk, event: Event) -> None:
    """Keep how far a record is withdrawn; what stood on it ends.

    A withdrawal may come before its record.
    """
    body = event.body
    record = known_record(desk, body["record"], event=event.id)
    if body["record_revision"] > record.withdrawn:
        record = record.but(withdrawn=body["record_revision"], withdrawal=event.id)
    desk.put(record)
    put_right(desk, record.name)
    if body["cause"] in UNDONE_BY_DOCUMENT:
        _count_if_after(
            desk, event, Obligation.WITHDRAW, body["basis"]["issued_on"], WITHDRAWN_LATE
        )
    if not record.gone:
        return
    for action in actions_on(desk, record):
        end_with_record(desk, action, record)


def removed(desk: Desk, event: Event) -> None:
    """Keep that a department took an entry off its list; the hub's own word is known."""
    body = event.body
    reference = {
        "provider": body["entered_by"],
        "type": LISTING_ENTERED,
        "document_number": body["document_number"],
    }
    record = known_record(desk, reference, event=event.id)
    if record.removed is not None:
        return
    over = Over(cause=body["cause"], because_of=body["because_of"], on=body["removed_on"])
    put_right(desk, record.name)
    off(desk, record, over)


def tick(desk: Desk, record: Record) -> None:
    """What is over is said."""
    in_time(desk, record.name)


def known_record(desk: Desk, reference: Body, *, event: str) -> Record:
    """Return the record as it is kept, or before its first revision, when `event` names it."""
    name = record_name(reference, desk.subject)
    return desk.find(Record, name) or Record(
        name=name,
        provider=reference["provider"],
        type=reference["type"],
        document_number=reference["document_number"],
        grounds=(reference["document_number"],),
        subject=None,
        revision=0,
        event=event,
    )


def _grounds(event: Event) -> tuple[str, ...]:
    """Return the numbers by which an initiation can name this record as its instrument."""
    instrument = event.body.get("instrument")
    numbers = (document_of(event.type, event.body), instrument and instrument["number"])
    return tuple(dict.fromkeys(number for number in numbers if number))


def _times(desk: Desk, event: Event) -> dict[str, Any]:
    """Return from when and until when this revision counts and is shown, and by which rule."""
    body = event.body
    term = body.get("term") or {"ends_on": None, "until_performance": False}
    times = {
        "decided_on": body.get("listed_on") or body.get("decided_on"),
        "term_until": term["ends_on"],
        "until_performance": term["until_performance"],
        "list_code": body.get("list"),
    }
    if event.type == DEFAULTER_LISTED:
        return times | {
            "shown_until": term["ends_on"],
            "shown_cause": "term_over",
            "shown_rule": body["instrument"]["title"],
        }
    publicity = publicity_of(event.type, body, desk.registry)
    if publicity is None:
        return times
    return times | {
        "shown_until": _shown_until(body, publicity),
        "shown_cause": "maximum_reached",
        "shown_rule": publicity.rule,
        "minimum_until": publicity.minimum_until,
    }


def _shown_until(body: Body, publicity: Publicity) -> date | None:
    """Return the last day of being shown: the rules' or the decision's own, whichever is first.

    What the rules keep from being shown at all is over with the day of the decision.
    """
    decided: date = body["decided_on"]
    stated_end: date | None = body.get("publish_until")
    longest = publicity.maximum_until if publicity.published else decided
    return min((day for day in (longest, stated_end) if day is not None), default=None)


def _count_if_after(
    desk: Desk, event: Event, obligation: Obligation, since: date, what: str
) -> None:
    """Count of its sender what comes after the time that began on that day."""
    try:
        last_day = due_on(desk.registry, obligation, since)
    except BeyondTableError:
        return
    if desk.today > last_day:
        desk.count(event.source, what)
