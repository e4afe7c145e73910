"""信用修复: asked of whoever recognised the dishonesty; once granted it ends all in step.

NDRC Order 36: publishing, sharing and using stop, and measures are lifted, at the same time.
"""

from credit_bus.casework.counts import (
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_EARLY,
    REPAIR_REQUESTED,
    REPAIRED,
)
from credit_bus.casework.desk import Desk
from credit_bus.casework.duties import done, duty, is_owed, tell
from credit_bus.casework.endings import end
from credit_bus.casework.grounds import actions_about
from credit_bus.casework.publicity import repaired
from credit_bus.casework.records import known_record
from credit_bus.casework.things import Record, Repair
from credit_bus.casework.values import about_of, case_name
from credit_bus.domain.event import Event
from credit_bus.domain.references import owner_of
from credit_bus.domain.repairs import GRANTED
from credit_bus.domain.time_rules import Obligation


def requested(desk: Desk, event: Event) -> None:
    """Open the case; one asked before the shortest publicity is over is marked, not refused.

    Whether it is accepted is for the recogniser to say (谁认定谁修复).
    """
    body = event.body
    about = about_of(body["about"], desk.subject)
    name = case_name(event.source, body["request_number"], about)
    if desk.find(Repair, name) is not None:
        return
    recogniser = body["recogniser"]
    record = desk.find(Record, about.name)
    minimum = None if record is None else record.minimum_until
    early = minimum is not None and body["requested_on"] < minimum
    owed = duty(
        desk, party=recogniser, obligation=Obligation.DECIDE_ACCEPTANCE, because_of=event.id
    )
    desk.put(
        Repair(
            name=name,
            number=body["request_number"],
            requested_by=event.source,
            recogniser=recogniser,
            about=about,
            event=event.id,
            minimum_until=minimum if early else None,
            duties=(owed,),
        )
    )
    desk.count(recogniser, REPAIR_REQUESTED)
    desk.count(recogniser, REPAIR_EARLY, int(early))


def accepted(desk: Desk, event: Event) -> None:
    """The recogniser examines: from now on the time for deciding runs."""
    repair = _case(desk, event)
    if repair.accepted is not None or repair.decision is not None:
        return
    desk.count(repair.recogniser, REPAIR_ACCEPTED)
    repair = done(desk, repair, is_owed(Obligation.DECIDE_ACCEPTANCE), what=REPAIR_ACCEPTED)
    owed = duty(
        desk, party=repair.recogniser, obligation=Obligation.DECIDE_REPAIR, because_of=event.id
    )
    desk.put(repair.but(accepted=event.id, duties=(*repair.duties, owed)))


def decided(desk: Desk, event: Event) -> None:
    """Granted, it takes effect on its day; what has taken effect stays so."""
    repair = _case(desk, event)
    if repair.in_effect:
        return
    if repair.decision is None:
        desk.count(repair.recogniser, REPAIR_DECIDED)
    if repair.accepted is None:  # decided at once, so accepted too, unless it says it was not
        repair = done(desk, repair, is_owed(Obligation.DECIDE_ACCEPTANCE), what=REPAIR_DECIDED)
    repair = done(desk, repair, is_owed(Obligation.DECIDE_REPAIR), what=REPAIR_DECIDED).but(
        decision=event.body["decision"],
        decided=event.id,
        effective_on=event.body["effective_on"],
    )
    desk.put(repair)
    if repair.decision == GRANTED:
        desk.count(repair.recogniser, REPAIRED)
    _take_effect(desk, repair)


def tick(desk: Desk, repair: Repair) -> None:
    """What is granted takes effect on its day; duties are told."""
    _take_effect(desk, repair)
    repair = desk.find(Repair, repair.name) or repair
    desk.put(tell(desk, repair, repair.about.reference))


def _take_effect(desk: Desk, repair: Repair) -> None:
    effective = repair.effective_on
    if repair.in_effect or repair.decided is None or effective is None or effective > desk.today:
        return
    desk.put(repair.but(in_effect=True))
    for action in actions_about(desk, repair.about):
        end(desk, action, cause="repaired", because_of=repair.decided)
    if repair.about.kind == Record.kind:
        record = known_record(desk, repair.about.reference["record"], event=repair.decided)
        repaired(desk, record, repair.decided)


def _case(desk: Desk, event: Event) -> Repair:
    """Return the case, opened by the recogniser's own word when nobody asked over the bus."""
    body = event.body
    about = about_of(body["about"], desk.subject)
    name = case_name(body["requested_by"], body["request_number"], about)
    found = desk.find(Repair, name)
    if found is not None:
        return found
    return Repair(
        name=name,
        number=body["request_number"],
        requested_by=body["requested_by"],
        recogniser=owner_of(body["about"]),
        about=about,
        event=event.id,
    )
