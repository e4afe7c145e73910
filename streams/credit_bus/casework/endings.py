"""How an action ends, and when nothing of it is left anywhere: 终止, 解除, 办结."""

from datetime import date

from credit_bus.casework.counts import CLOSED
from credit_bus.casework.desk import Desk
from credit_bus.casework.duties import feedback
from credit_bus.casework.things import Action, Ending, Entry, Record
from credit_bus.casework.values import action_to_come, implementers
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import ACTION_CLOSED, ACTION_ENDED


def end(
    desk: Desk,
    action: Action,
    *,
    cause: str,
    because_of: str | None,
    explanation: str | None = None,
    effective_on: date | None = None,
) -> None:
    """Have an action end, unless it has ended; whoever carries it out must say that it is lifted.

    `effective_on` is today without another day.
    """
    if action.ending is not None:
        return
    _end(
        desk,
        action,
        cause=cause,
        because_of=because_of,
        explanation=explanation,
        effective_on=effective_on or desk.today,
        revision=1,
    )


def end_with_record(desk: Desk, action: Action, record: Record) -> None:
    """Have an action end because the record on whose document it stands is withdrawn."""
    end(
        desk,
        action,
        cause="withdrawn",
        because_of=record.withdrawal,
        explanation="所依据的信用信息已经撤回",
    )


def end_again(desk: Desk, action: Action) -> None:
    """Say the end of an action once more: it was ordered anew after it had ended."""
    ending = action.ending
    assert ending is not None, "only what has ended ends again"
    _end(
        desk,
        action.but(closed=None),
        cause=ending.cause,
        because_of=ending.because_of,
        explanation="该行动已经终止，重新发起的内容不再执行",
        effective_on=desk.today,
        revision=ending.revision + 1,
    )


def ended(desk: Desk, event: Event) -> None:
    """Take note of an end that a department or a court said; the hub's own is known.

    One that comes before its action holds: what has ended does not begin again.
    """
    body = event.body
    action = desk.find(Action, body["action_id"]) or action_to_come(body["action_id"])
    if action.ending is not None:
        return
    ending = Ending(cause=body["cause"], because_of=body["because_of"], event=event.id, revision=0)
    _kept_ended(desk, action, ending)


def close_if_over(desk: Desk, action: Action) -> None:
    """Say that an action is closed once every holder of its end has confirmed, with the proof."""
    if action.ending is None or action.closed is not None or action.revision == 0:
        return
    told = desk.find(Entry, action.ending.event)
    if told is None or not told.confirmed or not all(order.over for order in action.orders):
        return
    holders = [(order.implementer, order.over) for order in action.orders]
    holders += [(holding.holder, holding.confirmed) for holding in told.holdings]
    closed = desk.say(
        ACTION_CLOSED,
        {
            "action_id": action.name,
            "because_of": action.ending.event,
            "closed_at": desk.now,
            "holders": [
                {"holder": holder, "confirmation": confirmation} for holder, confirmation in holders
            ],
        },
        revision=action.closings + 1,
    )
    desk.put(action.but(closed=closed, closings=action.closings + 1, duties=()))
    desk.count(action.initiator, CLOSED)


def _end(
    desk: Desk,
    action: Action,
    *,
    cause: str,
    because_of: str | None,
    explanation: str | None,
    effective_on: date,
    revision: int,
) -> None:
    event = desk.say(
        ACTION_ENDED,
        {
            "action_id": action.name,
            "cause": cause,
            "because_of": because_of,
            "explanation": explanation,
            "effective_on": effective_on,
            "implementers": implementers(action.orders),
        },
        revision=revision,
    )
    ending = Ending(cause=cause, because_of=because_of, event=event, revision=revision)
    _kept_ended(desk, action, ending)


def _kept_ended(desk: Desk, action: Action, ending: Ending) -> None:
    """Who has not refused must lift the measure, by the deadline of feedback."""
    lifting = tuple(
        feedback(desk, order, because_of=ending.event) for order in action.orders if not order.over
    )
    desk.put(action.but(ending=ending, duties=lifting))
