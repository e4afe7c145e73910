"""What must hold after each symbol of a story: the reference's truth, and the invariants."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from tests import samples
from tests.unit.casework.model import OPEN, Truth
from tests.unit.casework.story import ACTION, MEASURE, SUBJECT, Told

from credit_bus.casework.desk import row_name
from credit_bus.casework.things import Action, Entry, Record
from credit_bus.contracts.wire import read_event
from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    LISTING_REMOVED,
    PUBLICITY_ENDED,
    REMINDER_DUE,
    REPUTATION_RESTORED,
)

# Nothing leads from records to a listing or an action by itself (invariant 1).
HUB_SAYS = frozenset(
    {
        ACTION_SUSPENDED,
        ACTION_RESUMED,
        ACTION_ENDED,
        ACTION_CLOSED,
        LISTING_REMOVED,
        PUBLICITY_ENDED,
        REMINDER_DUE,
        REPUTATION_RESTORED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an implementer knows of the action from what was forwarded to it."""

    resting: frozenset[str] = frozenset()
    ended: bool = False

    def after(self, event: Event) -> "View":
        """Return the view after an event that the router forwards to implementers."""
        match event.type:
            case "action.suspended":
                return View(resting=self.resting | {event.body["reference"]}, ended=self.ended)
            case "action.resumed":
                return View(resting=self.resting - {event.body["reference"]}, ended=self.ended)
            case "action.ended":
                return View(resting=self.resting, ended=True)
        return self


def judge(told: Told, truth: Truth, view: View) -> None:
    """Fail unless the story is as the reference says and keeps the invariants.

    Asked when the log has taken everything that the hub said.
    """
    assert not told.kept.waiting
    row = told.kept.rows.get((Action.kind, row_name(ACTION, SUBJECT)))
    action = None if row is None else Action.model_validate(row.state)
    assert truth.state == ("none" if action is None else action.state)
    assert (SUBJECT,) * len(told.kept.rows) == tuple(r.subject for r in told.kept.rows.values())
    _record(told, truth)
    if action is None or action.revision == 0:
        return
    assert truth.ended == ("" if action.ending is None else action.ending.cause)
    assert [MEASURE] == [order.measure for order in action.orders]
    _term(told, action)
    _rest(truth, action, view)
    _holders(told, action)


def _record(told: Told, truth: Truth) -> None:
    rows = [row for row in told.kept.rows.values() if row.kind == Record.kind]
    for row in rows:
        record = Record.model_validate(row.state)
        assert truth.withdrawn == record.gone
        if truth.repaired:
            assert not record.shown


def _term(told: Told, action: Action) -> None:
    """Invariant 4: no constraint outlives its term, suspended or not."""
    assert action.ends_on is not None
    if local_day(told.now) > action.ends_on:
        assert action.ending is not None


def _rest(truth: Truth, action: Action, view: View) -> None:
    """Invariant 5: while anything is verified or stayed nobody carries the action out."""
    assert view.ended == (action.ending is not None)
    if action.ending is None:
        assert view.resting == {each.reference for each in action.suspensions}
        assert bool(view.resting) == truth.rests
    if OPEN in (truth.record_doubt, truth.action_doubt):
        assert view.resting or view.ended


def _holders(told: Told, action: Action) -> None:
    """Invariant 6: what is closed has a confirmation of each who was told that it is over."""
    if action.closed is None:
        return
    assert action.ending is not None
    row = told.kept.rows[(Entry.kind, row_name(action.ending.event, SUBJECT))]
    entry = Entry.model_validate(row.state)
    assert all(holding.confirmed for holding in entry.holdings)
    assert all(order.lifted or order.refused for order in action.orders)
    for closed in (event for event in told.log if event.type == ACTION_CLOSED):
        proof = {each["holder"] for each in closed.body["holders"]}
        assert proof == {holding.holder for holding in entry.holdings} | {
            order.implementer for order in action.orders
        }


def lawful(event: Event) -> None:
    """Fail unless the gate would take the event, as it lies on the wire."""
    told = ""
    if event.source == samples.HUB:
        assert event.type in HUB_SAYS
        told = json.dumps(event.body, default=str, sort_keys=True)
    _lawful(event.id, event.time, told, _Held(event))


class _Held:
    """The event beside its key: equal to every other, so that a cache looks at the key alone."""

    def __init__(self, event: Event) -> None:
        self.event = event

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=65_536)
def _lawful(_id: str, _time: datetime, _told: str, held: _Held) -> None:
    event = held.event
    context = Context(
        registry=samples.registry(),
        today=local_day(event.time),
        source=event.source,
        subject=event.subject,
    )
    assert check_event(event, context) == ()
    read = read_event(samples.message(event), samples.codec())
    assert read.reasons == ()
