"""Stands for the core of casework: it says one thing for each event, counts it, and waits.

`Teller` is for processes: how many events a subject has, in one row; a second row is due.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from tests import samples

from credit_bus.casework.port import Row, RowKey, Turn, Wanted
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import REMINDER_DUE

TALLY = "tally"


def reminder(subject: str, because: str, now: datetime, cause: str | None = None) -> Event:
    """What the hub says because of something, as the gate takes it."""
    event = samples.said(
        REMINDER_DUE,
        samples.reminder_body(because_of=because),
        party=samples.HUB,
        subject=subject,
    )
    return replace(event, causation_id=cause, time=now.replace(microsecond=0))


def tally(subject: str, n: int = 0, *, due_on: date | None = None, **state: object) -> Row:
    """The row that counts a subject's events."""
    return Row(kind=TALLY, name=subject, subject=subject, due_on=due_on, state={"n": n, **state})


class Teller:
    """Counts each subject's events in a row, says one thing for each, and one when it is due."""

    def __init__(self, *, due_after: timedelta | None = None) -> None:
        self._due_after = due_after

    def wanted(self, event: Event) -> Wanted:
        """The subject's tally, by its key or with all of the subject in turn."""
        by_key = int(event.id[0], 16) % 2 == 0
        return Wanted(
            keys=frozenset({(TALLY, event.subject)} if by_key else ()), subject=not by_key
        )

    def step(self, event: Event, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        """One more; what the hub said itself is not answered."""
        if event.source == samples.HUB:
            return Turn(counts={(local_day(now), event.source, "heard"): 1})
        before = rows.get((TALLY, event.subject))
        n = (before.state["n"] if before else 0) + 1
        due_on = local_day(now) + self._due_after if self._due_after is not None else None
        return Turn(
            changed=(tally(event.subject, n, due_on=due_on, last=event.id),),
            said=(reminder(event.subject, event.id, now, event.id),),
            counts={(local_day(now), event.source, "seen"): 1},
        )

    def tick(self, key: RowKey, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        """The tally is looked at once, and then no more."""
        row = rows[key]
        return Turn(
            changed=(replace(row, due_on=None, state={**row.state, "ticked": True}),),
            said=(reminder(row.subject, f"{row.state['n']:032x}", now),),
            counts={(local_day(now), "hub", "ticked"): 1},
        )
