"""Plays events to casework as its shell would, in memory: the log, rows, the hub's own words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from credit_bus.casework.port import Casework, CountKey, Row, RowKey, Turn
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event import Event

TICKS_MAX = 50  # of one row on one day: more is a clock that stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that is kept at one moment. `waiting` was said by the hub and is not in the log yet."""

    rows: Mapping[RowKey, Row] = field(default_factory=dict)
    counts: Mapping[CountKey, int] = field(default_factory=dict)
    waiting: tuple[Event, ...] = ()
    digests: Mapping[RowKey, int] = field(default_factory=dict)  # of the rows: to compare quickly


def play(casework: Casework, kept: Kept, event: Event, now: datetime) -> Kept:
    """Return what is kept after the log took an event; a step sees only what it wanted."""
    wanted = casework.wanted(event)
    seen = {
        key: row
        for key, row in kept.rows.items()
        if key in wanted.keys or (wanted.subject and row.subject == event.subject)
    }
    turn = casework.step(event, seen, now)
    assert {event.subject} >= {row.subject for row in turn.changed}
    return _after(kept, turn)


def tick(casework: Casework, kept: Kept, now: datetime) -> Kept:
    """Return what is kept after the clock looked at everything that is due."""
    today = local_day(now)
    for _ in range(TICKS_MAX):
        due = [row for row in kept.rows.values() if row.due_on is not None and row.due_on <= today]
        if not due:
            return kept
        first = min(due, key=lambda row: (row.due_on, row.key))
        seen = {key: row for key, row in kept.rows.items() if row.subject == first.subject}
        kept = _after(kept, casework.tick(first.key, seen, now))
        after = kept.rows[first.key].due_on
        assert after is None or after > today, f"{first.key} stays due on {after}"
    raise AssertionError("the clock does not come to rest")


def taken(kept: Kept) -> tuple[Event, Kept]:
    """Return the next word of the hub that the log takes, and what is kept without it."""
    return kept.waiting[0], replace(kept, waiting=kept.waiting[1:])


def _after(kept: Kept, turn: Turn) -> Kept:
    counts = dict(kept.counts)
    for key, times in turn.counts.items():
        counts[key] = counts.get(key, 0) + times
    return Kept(
        rows={**kept.rows, **{row.key: row for row in turn.changed}},
        counts=counts,
        waiting=(*kept.waiting, *turn.said),
        digests={**kept.digests, **{row.key: _digest(row) for row in turn.changed}},
    )


def _digest(row: Row) -> int:
    return hash((row.due_on, json.dumps(row.state, sort_keys=True)))
