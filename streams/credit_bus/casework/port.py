"""The port of casework: what its shell gives to a step, and what a step answers. Values alone.

The shell keeps rows and knows nothing of what they mean; the core knows nothing of where they are
kept. Everything about one subject lies in one lane, and a step touches one subject.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from credit_bus.domain.event import Event

RowKey = tuple[str, str]  # kind and name
CountKey = tuple[date, str, str]  # local day, party, and what is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that is kept. `state` is JSON; only the core reads it."""

    kind: str
    name: str
    subject: str  # subject key
    due_on: date | None  # the first local day on which the clock must look at it
    state: Mapping[str, Any]

    @property
    def key(self) -> RowKey:
        """Return what names the row."""
        return self.kind, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a step must see: rows by name, and with `subject` all that are kept of its subject."""

    keys: frozenset[RowKey] = frozenset()
    subject: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """All that follows from an event or from the clock: rows anew, what the hub says, counts."""

    changed: tuple[Row, ...] = ()
    said: tuple[Event, ...] = ()
    counts: Mapping[CountKey, int] = field(default_factory=dict)


class Casework(Protocol):
    """The core, as the shell sees it. Deterministic: same rows, event and moment, same turn."""

    def wanted(self, event: Event) -> Wanted:
        """Return which rows the step for this event must see."""
        ...

    def step(self, event: Event, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        """Return what follows from an event of the log of record.

        `rows` has what was wanted, as far as it exists. `now` is when the log took the event.
        """
        ...

    def tick(self, key: RowKey, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        """Return what follows from a row's falling due, which moves its `due_on` past today.

        `rows` has all that are kept of the row's subject.
        """
        ...
