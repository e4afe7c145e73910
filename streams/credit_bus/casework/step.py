"""Casework of a district: which step follows from which event, and what it must see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from credit_bus.casework import actions, holders, objections, records, repairs
from credit_bus.casework.counts import OVERDUE, SAID
from credit_bus.casework.desk import Desk, row_name
from credit_bus.casework.endings import ended
from credit_bus.casework.kept import Thing
from credit_bus.casework.port import Row, RowKey, Turn, Wanted
from credit_bus.casework.suspensions import resumed, suspended
from credit_bus.casework.things import Action, Entry, Objection, Record, Repair
from credit_bus.casework.values import record_name
from credit_bus.domain.event import Event, document_key
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_TYPES,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.registry import Registry
from credit_bus.domain.reminders import OVERDUE as IS_OVERDUE
from credit_bus.domain.upkeep import is_of_canary

Sees = Callable[[Event], Wanted]
Does = Callable[[Desk, Event], None]
ALL = Wanted(subject=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row of the table: what the step must see, and what it does.

    What only the hub says is already known when it comes back: with `hub_too` false it is written
    into the ledger, and changes nothing else.
    """

    sees: Sees
    does: Does | None = None
    hub_too: bool = True


def _nothing(_event: Event) -> Wanted:
    return Wanted()


def _all(_event: Event) -> Wanted:
    return ALL


def _only(kind: type[Thing], name: str, event: Event) -> Wanted:
    return Wanted(keys=frozenset({(kind.kind, row_name(name, event.subject))}))


def _record(event: Event) -> Wanted:
    return _only(Record, document_key(event).hex(), event)


def _named_record(event: Event) -> Wanted:
    return _only(Record, record_name(event.body["record"], event.subject), event)


def _action(event: Event) -> Wanted:
    return _only(Action, event.body["action_id"], event)


def _delivery(event: Event) -> Wanted:
    body = event.body
    if body["event_type"] == ACTION_ENDED:  # its confirmation may close the action
        return ALL
    overtakes = body["event_type"] in RECORD_TYPES and body["event_revision"] > 1
    if overtakes:  # the holder owes nothing of older ones any more
        return ALL
    return _only(Entry, body["event_id"], event)


def _overdue(desk: Desk, event: Event) -> None:
    if event.body["state"] == IS_OVERDUE:
        desk.count(event.body["party"], OVERDUE)


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        **dict.fromkeys(RECORD_TYPES, Step(sees=_record, does=records.stated)),
        RECORD_CORRECTED: Step(sees=_all, does=records.corrected),
        RECORD_WITHDRAWN: Step(sees=_all, does=records.withdrawn),
        LISTING_REMOVED: Step(sees=_all, does=records.removed, hub_too=False),
        ACTION_INITIATED: Step(sees=_all, does=actions.initiated),
        MEASURE_RESPONDED: Step(sees=_all, does=actions.responded),
        MEASURE_EXECUTED: Step(sees=_action, does=actions.executed),
        MEASURE_LIFTED: Step(sees=_all, does=actions.lifted),
        ACTION_SUSPENDED: Step(sees=_action, does=suspended),
        ACTION_RESUMED: Step(sees=_all, does=resumed, hub_too=False),
        ACTION_ENDED: Step(sees=_action, does=ended, hub_too=False),
        OBJECTION_RAISED: Step(sees=_all, does=objections.raised),
        OBJECTION_DECIDED: Step(sees=_all, does=objections.decided),
        REPAIR_REQUESTED: Step(sees=_all, does=repairs.requested),
        REPAIR_ACCEPTED: Step(sees=_all, does=repairs.accepted),
        REPAIR_DECIDED: Step(sees=_all, does=repairs.decided),
        PUBLICITY_ENDED: Step(sees=_named_record),
        REMINDER_DUE: Step(sees=_nothing, does=_overdue),
        DELIVERY_CONFIRMED: Step(sees=_delivery, does=holders.confirmed),
        DELIVERY_REFUSED: Step(sees=_delivery, does=holders.returned),
    }
)
_LEDGER_ONLY = Step(sees=_nothing)

CLOCK: Mapping[str, Callable[[Desk, Any], None]] = MappingProxyType(
    {
        Action.kind: actions.tick,
        Record.kind: records.tick,
        Objection.kind: objections.tick,
        Repair.kind: repairs.tick,
        Entry.kind: holders.tick,
    }
)


class DistrictCasework:
    """The casework of a registry's district, as the port wants it."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._hub = registry.hub

    def wanted(self, event: Event) -> Wanted:
        """Return which rows the step for this event must see."""
        if is_of_canary(event):
            return Wanted()
        return STEPS.get(event.type, _LEDGER_ONLY).sees(event)

    def step(self, event: Event, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        """Return what follows from an event of the log of record; nothing from a canary's way."""
        if is_of_canary(event):
            return Turn()
        desk = self._desk(rows, subject=event.subject, now=now, cause=event)
        desk.count(event.source, SAID)
        holders.enter(desk, event)
        step = STEPS.get(event.type, _LEDGER_ONLY)
        if step.does is not None and (step.hub_too or event.source != self._hub):
            step.does(desk, event)
        return desk.turn()

    def tick(self, key: RowKey, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        """Return what follows from a row's falling due."""
        desk = self._desk(rows, subject=rows[key].subject, now=now, cause=None)
        thing = desk.thing(key)
        CLOCK[thing.kind](desk, thing)
        return desk.turn()

    def _desk(
        self, rows: Mapping[RowKey, Row], *, subject: str, now: datetime, cause: Event | None
    ) -> Desk:
        return Desk(
            rows, registry=self._registry, hub=self._hub, subject=subject, now=now, cause=cause
        )
