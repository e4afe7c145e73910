"""异议: what is doubted rests while its owner verifies; what was wrong ends and is made good."""

from credit_bus.casework.counts import (
    OBJECTED,
    OBJECTION_DECIDED,
    OBJECTION_UPHELD,
    UNMATCHED,
)
from credit_bus.casework.desk import Desk
from credit_bus.casework.duties import done, duty, is_owed, tell
from credit_bus.casework.endings import end
from credit_bus.casework.grounds import actions_about
from credit_bus.casework.suspensions import resume, suspend
from credit_bus.casework.things import Objection, Record
from credit_bus.casework.values import about_of, case_name, reference_of, subject_of
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import REPUTATION_RESTORED
from credit_bus.domain.objections import UPHELD
from credit_bus.domain.references import owner_of
from credit_bus.domain.time_rules import Obligation

RESTORED = "经核实，异议成立。此前就该事项公开的信息有误，已经停止使用，特此更正，恢复信誉。"


def raised(desk: Desk, event: Event) -> None:
    """Open the case, ask its owner to verify, and have all that stands on it rest.

    Said again in a newer revision it is the same case; once decided it needs a new number.
    """
    body = event.body
    about = about_of(body["about"], desk.subject)
    name = case_name(event.source, body["objection_number"], about)
    if desk.find(Objection, name) is not None:
        return
    owner = owner_of(body["about"])
    objection = Objection(
        name=name,
        number=body["objection_number"],
        raised_by=event.source,
        owner=owner,
        about=about,
        subject=subject_of(body["subject"]),
        event=event.id,
        duties=(
            duty(desk, party=owner, obligation=Obligation.VERIFY_OBJECTION, because_of=event.id),
        ),
    )
    desk.put(objection)
    desk.count(owner, OBJECTED)
    for action in actions_about(desk, objection.about):
        suspend(desk, action, objection)


def decided(desk: Desk, event: Event) -> None:
    """Dismissed: what rested goes on. Upheld: it ends, and the good name is restored in public."""
    body = event.body
    about = about_of(body["about"], desk.subject)
    objection = desk.find(Objection, case_name(body["raised_by"], body["objection_number"], about))
    if objection is None:
        desk.count(event.source, UNMATCHED)
        return
    if objection.upheld:
        return  # what has ended does not begin again
    if objection.open:
        desk.count(objection.owner, OBJECTION_DECIDED)
    verified = is_owed(Obligation.VERIFY_OBJECTION)
    objection = done(desk, objection, verified, what=OBJECTION_DECIDED).but(
        decision=body["decision"], decided=event.id
    )
    desk.put(objection)
    if body["decision"] == UPHELD:
        _make_good(desk, objection, event)
        return
    for action in actions_about(desk, objection.about):
        resume(desk, action, objection, because_of=event.id)


def put_right(desk: Desk, record: str) -> None:
    """What an upheld objection asked of the record's provider is done: corrected or withdrawn."""
    for objection in desk.all(Objection):
        if objection.about.name == record:
            desk.put(done(desk, objection, is_owed(Obligation.WITHDRAW)))


def tick(desk: Desk, objection: Objection) -> None:
    """Duties are told."""
    desk.put(tell(desk, objection, objection.about.reference))


def _make_good(desk: Desk, objection: Objection, event: Event) -> None:
    desk.count(objection.owner, OBJECTION_UPHELD)
    for action in actions_about(desk, objection.about):
        end(desk, action, cause="objection_upheld", because_of=event.id)
    record = desk.find(Record, objection.about.name)
    if objection.about.kind == Record.kind and not (record and record.gone):
        owed = duty(
            desk, party=objection.owner, obligation=Obligation.WITHDRAW, because_of=event.id
        )
        desk.put(objection.but(duties=(owed,)))
    desk.say(
        REPUTATION_RESTORED,
        {
            "subject": reference_of(objection.subject),
            "about": objection.about.reference,
            "statement": RESTORED,
            "because_of": event.id,
            "restored_on": desk.today,
        },
    )
