"""What makes an action rest, and lets it go on: 中止, 恢复.

A suspension is known by its reference; an action goes on when none is left. It does not lengthen
the term.
"""

from credit_bus.casework.desk import Desk
from credit_bus.casework.duties import begun_anew, is_owed
from credit_bus.casework.things import Action, Document, Objection, Suspension
from credit_bus.casework.values import action_to_come, implementers
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import ACTION_RESUMED, ACTION_SUSPENDED
from credit_bus.domain.time_rules import Obligation

UNDER_VERIFICATION = "objection_under_verification"


def suspend(desk: Desk, action: Action, objection: Objection) -> None:
    """Have the action rest while the objection is verified."""
    if action.ending is None and _of(action.suspensions, objection.event) is None:
        _say_suspended(
            desk,
            action,
            Suspension(
                reference=objection.event, cause=UNDER_VERIFICATION, because_of=objection.event
            ),
        )


def suspend_again(desk: Desk, action: Action) -> None:
    """Say every suspension anew, to whoever the action is ordered from by now."""
    for suspension in action.suspensions:
        action = _say_suspended(desk, action, suspension.but(revision=suspension.revision + 1))


def resume(desk: Desk, action: Action, objection: Objection, *, because_of: str) -> None:
    """Have the action go on as far as this objection is concerned: it was dismissed."""
    suspension = _of(action.suspensions, objection.event)
    if action.ending is not None or suspension is None:
        return
    over = suspension.but(cause="objection_dismissed", because_of=because_of, basis=None)
    event = _say(desk, ACTION_RESUMED, action, over)
    desk.put(_without(desk, action, suspension, because_of=event))


def suspended(desk: Desk, event: Event) -> None:
    """Take note of a suspension that a department or a court said.

    The hub's own is known. When a stay was lifted while the hub's word on it was on its way, who
    heard that word last must hear that it is over.
    """
    body = event.body
    if event.source == desk.hub:
        _void_if_lifted(desk, body["action_id"], body["reference"])
        return
    action = desk.find(Action, body["action_id"]) or action_to_come(body["action_id"])
    if _of(action.suspensions, body["reference"]) is not None:
        return
    suspension = Suspension(
        reference=body["reference"],
        cause=body["cause"],
        because_of=body["because_of"],
        basis=body["basis"] and Document(**body["basis"]),
        revision=0,
    )
    desk.put(action.but(suspensions=(*action.suspensions, suspension)))


def resumed(desk: Desk, event: Event) -> None:
    """Take note that one ground is gone.

    While an objection is being verified nobody but its decision ends what it suspended: it is
    suspended again.
    """
    action = desk.find(Action, event.body["action_id"])
    suspension = None if action is None else _of(action.suspensions, event.body["reference"])
    if action is None or suspension is None:
        return
    if suspension.cause == UNDER_VERIFICATION and _is_open(desk, suspension.reference):
        if action.ending is None:
            _say_suspended(desk, action, suspension.but(revision=suspension.revision + 1))
        return
    action = _without(desk, action, suspension, because_of=event.id)
    if suspension.cause != UNDER_VERIFICATION and suspension.revision > 0:
        basis = event.body["basis"]
        over = suspension.but(basis=basis and Document(**basis))
        action = action.but(lifted=(*_but(action.lifted, over.reference), over))
    desk.put(action)


def _void_if_lifted(desk: Desk, name: str, reference: str) -> None:
    action = desk.find(Action, name)
    over = None if action is None else _of(action.lifted, reference)
    if action is None or over is None or action.ending is not None:
        return
    if _of(action.suspensions, reference) is None:
        over = over.but(cause="stay_lifted", because_of=None)
        _say(desk, ACTION_RESUMED, action, over)


def _say(desk: Desk, kind: str, action: Action, suspension: Suspension) -> str:
    """Say in the hub's name that this ground is there, or gone; return the event's id."""
    return desk.say(
        kind,
        {
            "action_id": action.name,
            "reference": suspension.reference,
            "cause": suspension.cause,
            "because_of": suspension.because_of,
            "basis": suspension.basis and suspension.basis.model_dump(),
            "effective_at": desk.now,
            "implementers": implementers(action.orders),
        },
        revision=max(1, suspension.revision),
    )


def _say_suspended(desk: Desk, action: Action, suspension: Suspension) -> Action:
    """Say it in the hub's name and keep it; return the action as it is then."""
    _say(desk, ACTION_SUSPENDED, action, suspension)
    action = action.but(suspensions=(*_but(action.suspensions, suspension.reference), suspension))
    desk.put(action)
    return action


def _without(desk: Desk, action: Action, suspension: Suspension, *, because_of: str) -> Action:
    """Return the action without this ground; when none is left, feedback has its time anew."""
    action = action.but(suspensions=_but(action.suspensions, suspension.reference))
    if action.suspensions or action.ending is not None:
        return action
    asked_for = is_owed(Obligation.FEED_BACK)
    return action.but(
        duties=tuple(
            begun_anew(desk, each, because_of=because_of) if asked_for(each) else each
            for each in action.duties
        )
    )


def _but(suspensions: tuple[Suspension, ...], reference: str) -> tuple[Suspension, ...]:
    return tuple(each for each in suspensions if each.reference != reference)


def _of(suspensions: tuple[Suspension, ...], reference: str) -> Suspension | None:
    return next((each for each in suspensions if each.reference == reference), None)


def _is_open(desk: Desk, raised: str) -> bool:
    return any(each.open for each in desk.all(Objection) if each.event == raised)
