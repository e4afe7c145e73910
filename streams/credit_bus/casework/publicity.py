"""How a record stops being shown, and a list entry standing, by itself: 停止公示, 名单移出.

At the longest time of the repair rules, at the end of its own term, or when it is repaired.
"""

from datetime import date
from typing import Any

from credit_bus.casework.desk import Desk
from credit_bus.casework.endings import end
from credit_bus.casework.grounds import actions_on
from credit_bus.casework.things import Action, Over, Record
from credit_bus.casework.values import reference_of, reference_to
from credit_bus.domain.event_types import LISTING_ENTERED, LISTING_REMOVED, PUBLICITY_ENDED

REPAIRED = "repaired"
TERM_OVER = "term_over"


def in_time(desk: Desk, name: str) -> None:
    """Say what is over by today of the record's being shown and standing."""
    record = desk.get(Record, name)
    if record.listed and _before(record.term_until, desk):
        remove(desk, record, cause=TERM_OVER, because_of=None)
        record = desk.get(Record, name)
    if record.shown and _before(record.shown_until, desk):
        hide(desk, record, cause=record.shown_cause, because_of=None, rule=record.shown_rule)


def repaired(desk: Desk, record: Record, decided: str) -> None:
    """Have a repaired record shown no more, in this revision and in later ones."""
    desk.put(record.but(repair=decided, repaired_on=desk.today))
    _hide_repaired(desk, record.name)


def newer(desk: Desk, name: str) -> None:
    """Say of a newer revision what holds for it already: repaired, or its time is over."""
    if desk.get(Record, name).repair is not None:
        _hide_repaired(desk, name)
    in_time(desk, name)


def hide(desk: Desk, record: Record, *, cause: str, because_of: str | None, rule: str) -> None:
    """Say that the newest revision is shown no more."""
    desk.say(
        PUBLICITY_ENDED,
        {
            "subject": _subject(record),
            "record": reference_to(record),
            "record_revision": record.revision,
            "cause": cause,
            "because_of": because_of,
            "rule": rule,
            "ended_on": desk.today,
        },
    )
    desk.put(record.but(hidden_revision=record.revision))


def remove(desk: Desk, record: Record, *, cause: str, because_of: str | None) -> None:
    """Say that an entry is off its list; what stood on it ends."""
    desk.say(
        LISTING_REMOVED,
        {
            "list": record.list_code,
            "document_number": record.document_number,
            "entered_by": record.provider,
            "subject": _subject(record),
            "cause": cause,
            "because_of": because_of,
            "explanation": None,
            "basis": None,
            "removed_on": desk.today,
        },
    )
    off(desk, record, Over(cause=cause, because_of=because_of, on=desk.today))


def off(desk: Desk, record: Record, over: Over) -> None:
    """Keep that an entry is off its list, and end what stood on it (发改财金规〔2017〕1798号)."""
    record = record.but(removed=over)
    desk.put(record)
    for action in actions_on(desk, record):
        end_with_entry(desk, action, over)


def end_with_entry(desk: Desk, action: Action, over: Over) -> None:
    """Have an action end because the entry that it stands on is off its list."""
    if over.cause in (TERM_OVER, REPAIRED):
        end(desk, action, cause=over.cause, because_of=over.because_of)
        return
    end(
        desk,
        action,
        cause="withdrawn",
        because_of=over.because_of,
        explanation="所依据的名单已经移出",
    )


def _hide_repaired(desk: Desk, name: str) -> None:
    record = desk.get(Record, name)
    if record.type == LISTING_ENTERED:
        if record.listed:
            remove(desk, record, cause=REPAIRED, because_of=record.repair)
    elif record.shown:
        hide(
            desk,
            record,
            cause=REPAIRED,
            because_of=record.repair,
            rule=record.shown_rule or "信用修复",
        )


def _subject(record: Record) -> dict[str, Any]:
    assert record.subject is not None, "what is shown or listed was stated"
    return reference_of(record.subject)


def _before(last_day: date | None, desk: Desk) -> bool:
    return last_day is not None and last_day < desk.today
