"""What stands on what: an action on a record's document, an objection or repair on either."""

from typing import TypeVar

from credit_bus.casework.desk import Desk
from credit_bus.casework.kept import About
from credit_bus.casework.things import Action, Objection, Record, Repair

Case = TypeVar("Case", Objection, Repair)


def actions_about(desk: Desk, about: About) -> tuple[Action, ...]:
    """Return the actions that rest, go on or end with what this is about.

    One that is still to come is not among them; it is asked then how things stand.
    """
    if about.kind == Action.kind:
        return tuple(action for action in _initiated(desk) if action.name == about.name)
    record = desk.find(Record, about.name)
    if record is not None:
        return actions_on(desk, record)
    number = about.reference["record"]["document_number"]  # a record that is still to come
    return tuple(action for action in _initiated(desk) if action.document_number == number)


def actions_on(desk: Desk, record: Record) -> tuple[Action, ...]:
    """Return the actions whose instrument is one of the record's documents."""
    return tuple(action for action in _initiated(desk) if action.document_number in record.grounds)


def _initiated(desk: Desk) -> tuple[Action, ...]:
    return tuple(action for action in desk.all(Action) if action.revision > 0)


def records_under(desk: Desk, action: Action) -> tuple[Record, ...]:
    """Return the records on whose documents the action stands."""
    return tuple(record for record in desk.all(Record) if action.document_number in record.grounds)


def open_objections(desk: Desk, action: Action) -> tuple[Objection, ...]:
    """Return the objections that are being verified and on which the action rests."""
    return tuple(each for each in _about(desk, Objection, action) if each.open)


def upheld_objections(desk: Desk, action: Action) -> tuple[Objection, ...]:
    """Return the objections that were right, and of which what was wrong is not put right yet."""
    return tuple(
        each
        for each in _about(desk, Objection, action)
        if each.upheld and (each.about.kind == Action.kind or each.duties)
    )


def repairs_under(desk: Desk, action: Action) -> tuple[Repair, ...]:
    """Return the repairs in effect of what the action stands on."""
    return tuple(each for each in _about(desk, Repair, action) if each.in_effect)


def _about(desk: Desk, kind: type[Case], action: Action) -> tuple[Case, ...]:
    """Return the cases about the action or about what it stands on."""
    return tuple(
        case
        for case in desk.all(kind)
        if action.name in {each.name for each in actions_about(desk, case.about)}
    )
