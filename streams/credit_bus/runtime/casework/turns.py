"""Events and due rows, one after another, over what is kept: what a transaction then writes. Pure.

Within a transaction a step sees what the steps before it changed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from credit_bus.casework.port import Casework, CountKey, Row, RowKey, Turn, Wanted
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event import Event


class ForeignRowError(Exception):
    """A turn touched another subject than its own, whose rows may lie in another lane."""


class StuckClockError(Exception):
    """A row is due again on the day on which it was looked at: the clock would never end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An event of the log of record, and when the log took it."""

    event: Event
    now: datetime


@dataclass(slots=True)
class Overlay:
    """What is kept, with all that changed since it was read."""

    rows: dict[RowKey, Row] = field(default_factory=dict)
    changed: dict[RowKey, Row] = field(default_factory=dict)
    said: list[Event] = field(default_factory=list)
    counts: Counter[CountKey] = field(default_factory=Counter)
    _of_subject: defaultdict[str, dict[RowKey, None]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    @classmethod
    def over(cls, rows: Iterable[Row]) -> "Overlay":
        """Return an overlay in which nothing has changed yet."""
        overlay = cls()
        for row in rows:
            overlay._put(row)
        return overlay

    def seen(self, wanted: Wanted, subject: str) -> dict[RowKey, Row]:
        """Return the rows that a step wants, as far as they exist."""
        found = {key: self.rows[key] for key in wanted.keys if key in self.rows}
        if wanted.subject:
            found |= {key: self.rows[key] for key in self._of_subject.get(subject, ())}
        return found

    def take(self, turn: Turn, subject: str, because: str) -> None:
        """Take over what follows from one event or due row. Raises ForeignRowError."""
        for row in turn.changed:
            before = self.rows.get(row.key)
            if row.subject != subject or (before is not None and before.subject != subject):
                raise ForeignRowError(
                    f"{because} changed a row of kind {row.kind} of another subject"
                )
            if row != before:
                self._put(row)
                self.changed[row.key] = row
        for event in turn.said:
            if event.subject != subject:
                raise ForeignRowError(f"{because} said {event.type} of another subject")
        self.said.extend(turn.said)
        self.counts.update(turn.counts)

    def _put(self, row: Row) -> None:
        self.rows[row.key] = row
        self._of_subject[row.subject][row.key] = None


def wanted_by(casework: Casework, events: Iterable[Event]) -> tuple[set[RowKey], set[str]]:
    """Return what must be read for these events: rows by key, and subjects with all their rows."""
    keys: set[RowKey] = set()
    subjects: set[str] = set()
    for event in events:
        wanted = casework.wanted(event)
        keys |= wanted.keys
        if wanted.subject:
            subjects.add(event.subject)
    return keys, subjects


def steps(casework: Casework, taken: Sequence[Taken], rows: Iterable[Row]) -> Overlay:
    """Return what follows from the events, in their order. Raises ForeignRowError."""
    overlay = Overlay.over(rows)
    for each in taken:
        event = each.event
        seen = overlay.seen(casework.wanted(event), event.subject)
        overlay.take(casework.step(event, seen, each.now), event.subject, event.type)
    return overlay


def ticks(
    casework: Casework, due: Mapping[RowKey, str], rows: Iterable[Row], now: datetime
) -> Overlay:
    """Return what follows from rows being due, in their order; `due` has each one's subject.

    A row that another one's tick put off is left alone. Raises ForeignRowError, StuckClockError.
    """
    today = local_day(now)
    overlay = Overlay.over(rows)
    for key, subject in due.items():
        before = overlay.rows[key].due_on
        if before is None or before > today:
            continue
        seen = overlay.seen(Wanted(subject=True), subject)
        overlay.take(casework.tick(key, seen, now), subject, f"a tick of kind {key[0]}")
        after = overlay.rows[key].due_on
        if after is not None and after <= today:
            raise StuckClockError(
                f"a tick of kind {key[0]} left its row due on {after}, which is not after {today}"
            )
    return overlay
