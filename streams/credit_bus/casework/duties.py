"""Duties: by which day, reminded before it, and called overdue after it.

Deadlines are the registry's, in working days, by the day on which they began to run. One that
reaches a year which is not announced yet has no day; it is asked for again each day.
"""

from collections.abc import Callable, Collection
from datetime import date
from functools import lru_cache
from typing import Any

from credit_bus.casework.counts import ON_TIME
from credit_bus.casework.desk import Desk
from credit_bus.casework.kept import AnyThing, Duty
from credit_bus.casework.things import Order
from credit_bus.domain.calendar import BeyondTableError
from credit_bus.domain.deadlines import due_on, remind_on
from credit_bus.domain.event_types import REMINDER_DUE
from credit_bus.domain.registry import Registry
from credit_bus.domain.time_rules import Obligation

_DAYS_REMEMBERED_MAX = 4_096


def duty(
    desk: Desk,
    *,
    party: str,
    obligation: Obligation,
    because_of: str,
    measure: str | None = None,
) -> Duty:
    """Return what the party owes, with its days as far as they are known; it begins today."""
    return _dated(
        Duty(
            party=party,
            obligation=obligation,
            because_of=because_of,
            began_on=desk.today,
            tried_on=desk.today,
            measure=measure,
        ),
        desk,
    )


def feedback(desk: Desk, order: Order, *, because_of: str) -> Duty:
    """Return that the implementer owes a word on the order: carried out, or at its end lifted."""
    return duty(
        desk,
        party=order.implementer,
        obligation=Obligation.FEED_BACK,
        because_of=because_of,
        measure=order.measure,
    )


def begun_anew(desk: Desk, owed: Duty, *, because_of: str) -> Duty:
    """Return the same duty with its whole time from today."""
    return duty(
        desk,
        party=owed.party,
        obligation=owed.obligation,
        because_of=because_of,
        measure=owed.measure,
    )


def is_owed(obligation: Obligation) -> Callable[[Duty], bool]:
    """Return what tells duties of that obligation."""
    return lambda owed: owed.obligation is obligation


def is_owed_on(order: Order, obligation: Obligation) -> Callable[[Duty], bool]:
    """Return what tells the duty of that obligation that the order is owed."""
    asked = (obligation, order.implementer, order.measure)
    return lambda owed: (owed.obligation, owed.party, owed.measure) == asked


def done(
    desk: Desk,
    thing: AnyThing,
    where: Callable[[Duty], bool],
    *,
    what: str | None = None,
    by: str | None = None,
) -> AnyThing:
    """Return the thing without these duties; with `what`, counted for each that was on time.

    Counted for who did it: the party that owed it, or `by`, which took its duties over.
    """
    for each in thing.duties:
        if what is not None and where(each) and not is_late(each, desk.today):
            desk.count(by or each.party, what + ON_TIME)
    return thing.but(duties=tuple(each for each in thing.duties if not where(each)))


def is_late(owed: Duty, today: date) -> bool:
    """Return whether its day is over."""
    return owed.overdue or (owed.due_on is not None and owed.due_on < today)


def tell(
    desk: Desk, thing: AnyThing, about: dict[str, Any], *, resting: Collection[Obligation] = ()
) -> AnyThing:
    """Say which duties are due or overdue today; return the thing with that noted."""
    return thing.but(
        duties=tuple(
            each if each.obligation in resting else _told(desk, each, about)
            for each in thing.duties
        )
    )


def _told(desk: Desk, owed: Duty, about: dict[str, Any]) -> Duty:
    owed = _dated(owed, desk) if owed.due_on is None else owed
    if owed.due_on is None or owed.remind_on is None:
        return owed
    if owed.due_on < desk.today:
        if not owed.overdue:
            _remind(desk, owed, about, state="overdue")
        return owed.but(reminded=True, overdue=True)
    if owed.remind_on <= desk.today and not owed.reminded:
        _remind(desk, owed, about, state="due")
        return owed.but(reminded=True)
    return owed


def _remind(desk: Desk, owed: Duty, about: dict[str, Any], *, state: str) -> None:
    desk.say(
        REMINDER_DUE,
        {
            "party": owed.party,
            "obligation": owed.obligation,
            "about": about,
            "because_of": owed.because_of,
            "due_on": owed.due_on,
            "state": state,
            "rule_version": desk.registry.version,
        },
    )


@lru_cache(maxsize=_DAYS_REMEMBERED_MAX)  # the same few deadlines begin for many each day
def _days(registry: Registry, obligation: Obligation, began_on: date) -> tuple[date, date]:
    return due_on(registry, obligation, began_on), remind_on(registry, obligation, began_on)


def _dated(owed: Duty, desk: Desk) -> Duty:
    try:
        due, remind = _days(desk.registry, owed.obligation, owed.began_on)
        return owed.but(due_on=due, remind_on=remind)
    except BeyondTableError:
        return owed.but(tried_on=desk.today)
