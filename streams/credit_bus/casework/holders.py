"""The closure ledger: who must hold which event, who has confirmed, who is late.

The set of holders is frozen when the log of record has the event, as the router forwards it then.
"""

from credit_bus.casework.desk import Desk
from credit_bus.casework.duties import done, duty, tell
from credit_bus.casework.endings import close_if_over
from credit_bus.casework.kept import About
from credit_bus.casework.things import Action, Entry, Holding, Record
from credit_bus.casework.values import about_action, about_of, own_reference, reference_about
from credit_bus.domain.event import Event, affected_record
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    EVENT_TYPES,
    FOLLOWING_TYPES,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    RECORD_TYPES,
    RECORD_WITHDRAWN,
    REPAIR_DECIDED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.time_rules import Obligation

OF_ACTIONS = frozenset({ACTION_INITIATED, ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED})
OF_CASES = frozenset({OBJECTION_RAISED, OBJECTION_DECIDED, REPAIR_DECIDED, REPUTATION_RESTORED})
IN_LEDGER = RECORD_TYPES | FOLLOWING_TYPES | OF_ACTIONS | OF_CASES


def enter(desk: Desk, event: Event) -> None:
    """Write down which platforms must hold the event, and by when."""
    if event.type not in IN_LEDGER:
        return
    about = _about(event)
    holders = _holders(desk, event, about)
    owing = holders if about.kind != Action.kind else ()  # only records have a deadline of the law
    obligation = _obligation(event)
    duties = tuple(
        duty(desk, party=holder, obligation=obligation, because_of=event.id) for holder in owing
    )
    desk.put(
        Entry(
            name=event.id,
            type=event.type,
            revision=event.revision,
            source=event.source,
            about=about,
            sent_at=desk.now,
            holdings=tuple(Holding(holder=holder) for holder in holders),
            duties=duties,
        )
    )


def confirmed(desk: Desk, event: Event) -> None:
    """A platform holds the event; the last one may close an action."""
    entry = _noted(
        desk,
        event,
        confirmed=event.id,
        confirmed_at=desk.now,
        acknowledgement=event.body["acknowledgement"],
    )
    if entry is None:
        return
    if entry.type in RECORD_TYPES and entry.revision > 1:
        _overtake(desk, entry, _holder(desk, entry, event.source))
    if entry.type == ACTION_ENDED:
        action = desk.find(Action, entry.about.name)
        if action is not None:
            close_if_over(desk, action)


def returned(desk: Desk, event: Event) -> None:
    """A platform would not take the event: it is still owed, though it was confirmed before."""
    _noted(desk, event, refused=event.id, confirmed=None, confirmed_at=None, acknowledgement=None)


def tick(desk: Desk, entry: Entry) -> None:
    """Platforms that have not confirmed are reminded; of records alone, which have a deadline."""
    desk.put(tell(desk, entry, entry.about.reference))


def _holders(desk: Desk, event: Event, about: About) -> tuple[str, ...]:
    """Return where the event goes, and whoever holds an earlier revision of its record.

    A holder to which no route leads any more is never told by the router: it stays unconfirmed in
    the ledger, where it is seen.
    """
    record = desk.find(Record, about.name)
    held = () if record is None or event.type in OF_CASES else record.holders
    return tuple(dict.fromkeys((*desk.platforms_of(event), *held)))


def _overtake(desk: Desk, newer: Entry, holder: str | None) -> None:
    """Whoever holds a newer revision owes nothing of an older one, which it may have returned."""
    for older in desk.all(Entry):
        same = (older.about.name, older.type, older.source) == (
            newer.about.name,
            newer.type,
            newer.source,
        )
        if same and older.revision < newer.revision:
            desk.put(done(desk, older, lambda owed: owed.party == holder))


def _noted(desk: Desk, event: Event, **word: object) -> Entry | None:
    entry = desk.find(Entry, event.body["event_id"])
    if entry is None:
        return None
    holder = _holder(desk, entry, event.source)
    entry = entry.but(
        holdings=tuple(
            each.but(**word) if each.holder == holder else each for each in entry.holdings
        )
    )
    if word.get("confirmed"):
        entry = done(desk, entry, lambda owed: owed.party == holder)
    desk.put(entry)
    return entry


def _holder(desk: Desk, entry: Entry, source: str) -> str | None:
    """Return the holder in whose name the platform speaks: itself, or one that it took over."""
    names = [each.holder for each in entry.holdings]
    if source in names:
        return source
    return next((each for each in names if desk.answers_for(source, each)), None)


def _about(event: Event) -> About:
    """Return the record or the action whose ledger the event belongs to."""
    body = event.body
    if event.type in OF_ACTIONS:
        return about_action(body["action_id"])
    if event.type in OF_CASES:
        return about_of(body["about"], event.subject)
    affected = affected_record(event.type, body)
    if affected is None:
        return reference_about(own_reference(event), event.subject)
    reference = {
        "provider": affected.provider,
        "type": affected.type,
        "document_number": affected.document,
    }
    return reference_about(reference, event.subject)


def _obligation(event: Event) -> Obligation:
    """Return what a platform owes for an event that concerns a record."""
    if EVENT_TYPES[event.type].record:
        return Obligation.PUBLISH
    return Obligation.WITHDRAW if event.type == RECORD_WITHDRAWN else Obligation.SHARE
