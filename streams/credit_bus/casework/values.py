"""Between what events carry and what is kept."""

from typing import Any

from credit_bus.casework.kept import About, Sealed, Subject
from credit_bus.casework.things import Action, Order, Record
from credit_bus.domain.event import Body, Event, document_of, initiator_of, record_key


def subject_of(body: Body) -> Subject:
    """Return the subject as a later word about it must carry it."""
    sealed = body["person_id"]
    return Subject(
        name=body["name"],
        category=body["category"],
        uscc=body["uscc"],
        person_id=sealed and Sealed(pseudonym=sealed["pseudonym"], box=sealed["box"].hex()),
    )


def reference_of(subject: Subject) -> dict[str, Any]:
    """Return the subject as events refer to it."""
    sealed = subject.person_id
    return {
        "name": subject.name,
        "category": subject.category,
        "uscc": subject.uscc,
        "person_id": sealed and {"pseudonym": sealed.pseudonym, "box": bytes.fromhex(sealed.box)},
    }


def record_name(reference: Body, subject: str) -> str:
    """Return how the row of the record is named: 32 hex digits."""
    return record_key(
        reference["provider"], reference["type"], reference["document_number"], subject
    ).hex()


def case_name(brought_by: str, number: str, about: About) -> str:
    """Return how the row of an objection or of a request for repair is named.

    With what it is about: the gate saw only that whoever decides may decide on that, so a word
    about another record under the same number is of another case.
    """
    return "/".join((brought_by, number, about.kind, about.name))


def own_reference(event: Event) -> dict[str, str]:
    """Return the record that the event states as others refer to it."""
    document = document_of(event.type, event.body)
    return {"provider": event.source, "type": event.type, "document_number": document}


def about_of(body: Body, subject: str) -> About:
    """Return what an objection, a repair or a decision on one is about."""
    record, action = body["record"], body["action_id"]
    if record is None:
        return about_action(action)
    return reference_about(record, subject)


def reference_about(record: Body, subject: str) -> About:
    """Return the record that is referred to as what something is about."""
    return About(kind=Record.kind, name=record_name(record, subject), reference=_reference(record))


def about_action(action: str) -> About:
    """Return the action as what something is about."""
    return About(kind=Action.kind, name=action, reference={"record": None, "action_id": action})


def action_to_come(name: str) -> Action:
    """Return an action of which only what others say of it is known."""
    return Action(name=name, initiator=initiator_of(name))


def reference_to(record: Record) -> dict[str, str]:
    """Return the record as events refer to it."""
    return {
        "provider": record.provider,
        "type": record.type,
        "document_number": record.document_number,
    }


def implementers(orders: tuple[Order, ...]) -> list[dict[str, str]]:
    """Return the frozen list of recipients as events carry it."""
    return [{"measure": each.measure, "implementer": each.implementer} for each in orders]


def _reference(record: Body) -> dict[str, Any]:
    names = ("provider", "type", "document_number")
    return {"record": {name: record[name] for name in names}, "action_id": None}
