"""The counts of events by type and hour: each counts in the hour in which it was said. Pure.

Said = accepted + repeated + rejected + what has no verdict yet; what is routed to platforms is
delivered, refused by the platform, or in flight.
"""

from collections.abc import Container, Iterable
from datetime import datetime
from types import MappingProxyType

from credit_bus.domain.channels import inbox
from credit_bus.domain.event_types import DELIVERY_CONFIRMED
from credit_bus.operations.adding_up.account import Account
from credit_bus.operations.trace.hops import Hop, Kind

SAID, ACCEPTED, REPEATED, REJECTED = "said", "accepted", "repeated", "rejected"
ROUTED, DELIVERED, REFUSED = "routed", "delivered", "refused"
WORDS = (SAID, ACCEPTED, REPEATED, REJECTED, ROUTED, DELIVERED, REFUSED)

Count = tuple[datetime, str, str]  # hour, type, word
_REPEATED = MappingProxyType({Kind.SAID: SAID, Kind.DUPLICATE: REPEATED, Kind.REJECTED: REJECTED})


def counted(event: Account, *, inboxes: frozenset[str]) -> list[Count]:
    """Return what an event adds one to, each as often as it counts; "?" is what has no known type.

    `inboxes` are those of platforms.
    """
    first = next(iter(event.said or event.logged), None)
    if first is None:
        return []
    kind = first.type or "?"
    found = [(_hour(hop), kind, SAID) for hop in event.said]
    if len(event.taken) < len(event.said):
        taken = {hop.place for hop in event.taken}
        found += [(_hour(hop), kind, REJECTED) for hop in event.said if hop.place not in taken]
    is_accepted, repeated = _verdicts(event)
    rest = event.taken
    if is_accepted and rest:
        found.append((_hour(rest[0]), kind, ACCEPTED))
        rest = rest[1:]
    found += [(_hour(hop), kind, REPEATED) for hop in rest[:repeated]]
    hour = _hour(first)
    found += [(hour, kind, word) for word in _carried(event, inboxes)]
    return found


def repeated(beyond: Iterable[Hop], judged: Container[bytes]) -> list[Count]:
    """Return what records add one to that are only counted, of the events that are judged.

    A receipt tells the type of what it is about, for it may be read before that.
    """
    return [
        (_hour(hop), (hop.type if hop.kind is Kind.SAID else hop.about_type) or "?", word)
        for hop in beyond
        if (word := _REPEATED.get(hop.kind)) and hop.of in judged
    ]


def _verdicts(event: Account) -> tuple[bool, int]:
    """Return whether it was accepted, and how often it was then said again."""
    if event.is_answered:
        return bool(event.kinds[Kind.ACCEPTED]), len(event.kinds[Kind.DUPLICATE])
    return bool(event.logged), len(event.taken) - 1 if event.logged else 0


def _carried(event: Account, inboxes: frozenset[str]) -> list[str]:
    found = []
    if event.logged:
        found = [ROUTED for entry in event.logged[0].expected or () if entry in inboxes]
    last = {word.source: word.type for word in event.words if inbox(word.source) in inboxes}
    return found + [DELIVERED if kind == DELIVERY_CONFIRMED else REFUSED for kind in last.values()]


def _hour(hop: Hop) -> datetime:
    return hop.at.replace(minute=0, second=0, microsecond=0)
