"""A case: what was heard and said about one action, objection or repair, as plain values.

Bodies are JSON here, as they are kept: days are text. Knows no database, no Kafka and no clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from credit_bus.domain.event import Event, action_of
from credit_bus.domain.event_types import (
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.reason import Reason

ACTION, OBJECTION, REPAIR, OTHER = "action", "objection", "repair", "other"
_SEPARATOR = "\x1f"

# Of what starts a case its source names whoever asked; of what answers one, this field does.
_ASKED_BY = {
    OBJECTION_RAISED: None,
    OBJECTION_DECIDED: "raised_by",
    REPAIR_REQUESTED: None,
    REPAIR_ACCEPTED: "requested_by",
    REPAIR_DECIDED: "requested_by",
}


class State(StrEnum):
    """What became of a statement."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An event that reached the department, and when the log had it."""

    event_id: str
    type: str
    source: str
    subject: str
    revision: int
    heard_at: datetime
    causation_id: str | None
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement of the department, and what became of it."""

    event_id: str
    type: str
    subject: str
    revision: int
    made_at: datetime
    causation_id: str | None
    state: State
    account: str
    reasons: tuple[Reason, ...] = ()
    judged_at: datetime | None = None
    petition: int | None = None  # of the public site, that it was made of
    body: Mapping[str, Any] = field(repr=False)

    @property
    def holds(self) -> bool:
        """Whether the gate took it."""
        return self.state in (State.ACCEPTED, State.DUPLICATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All of one case, each list in the order in which it came about."""

    name: str
    party: str
    heard: Sequence[Heard] = ()
    said: Sequence[Said] = ()

    @property
    def kind(self) -> str:
        """Of what kind it is."""
        return self.name.split(_SEPARATOR, 1)[0]

    def heard_of(self, *types: str) -> list[Heard]:
        """Return what was heard of these types, a newer revision after the older."""
        return [each for each in self.heard if each.type in types]

    def opener(self, event_id: str) -> Heard | Said:
        """Return the event of that id, heard or said. StopIteration when there is none."""
        events: list[Heard | Said] = [*self.heard, *self.said]
        return next(each for each in events if each.event_id == event_id)

    def answers(self, type_: str, because_of: str, measure: str | None) -> list[Said]:
        """Return the statements of the type that answer this event, for this measure.

        A correction comes after what it corrects, and what was refused stands among them.
        """
        return [
            each
            for each in self.said
            if each.type == type_
            and each.causation_id == because_of
            and each.body.get("measure") == measure
        ]

    def holding(self, type_: str, because_of: str, measure: str | None) -> list[Said]:
        """Return those of `answers` that the gate took: the newest of them is what holds."""
        return [each for each in self.answers(type_, because_of, measure) if each.holds]


def case_name(kind: str, source: str, subject: str, body: Mapping[str, Any]) -> str:
    """Return which case an event of this type belongs to.

    An objection and a repair are cases of their own, also where they are about an action.
    """
    if kind in _ASKED_BY:
        named = _ASKED_BY[kind]
        asker = source if named is None else body[named]
        is_objection = kind in (OBJECTION_RAISED, OBJECTION_DECIDED)
        number = body["objection_number" if is_objection else "request_number"]
        return _SEPARATOR.join((OBJECTION if is_objection else REPAIR, asker, number, subject))
    action = action_of(body)
    if action is not None:
        return action_case(action)
    return _SEPARATOR.join((OTHER, kind, subject))


def action_case(action: str) -> str:
    """Return the case of the action of that name."""
    return _SEPARATOR.join((ACTION, action))


def case_of(event: Event) -> str:
    """Return which case the event belongs to."""
    return case_name(event.type, event.source, event.subject, event.body)


def day_of(text: str | None) -> date | None:
    """Return the day that a kept body's text names."""
    return None if text is None else date.fromisoformat(text)
