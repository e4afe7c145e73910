"""Whether one event adds up, by all its hops: said = accepted + said before + rejected, and what is
accepted stands once with everybody whom the routing names. Pure.

What follows has a bound; what is there without its cause, twice, or in other words is amiss at
once. A delivery has no bound: it is in flight as long as the platform has not answered.
`read_to` is a moment up to which the reader has read every topic to its end, so that a reader who
is behind finds nothing missing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from operator import attrgetter

from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, outbox, replies
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.value import value
from credit_bus.operations.trace.hops import Hop, Kind, Place

FOLLOWS_WITHIN = timedelta(seconds=30)
# Clocks of brokers differ, and a cause is read in another order than it was written in.
CAUSE_WITHIN = timedelta(seconds=5)


_ORDER = attrgetter("at", "topic", "partition", "offset")


class Fault(Enum):
    """What can be amiss with an event."""

    UNANSWERED = "unanswered"  # said, and neither accepted nor rejected
    UNLOGGED = "unlogged"  # told to be accepted, and not in the log of record
    UNRECEIPTED = "unreceipted"  # in the log of record, and its sender was not told
    UNKEPT = "unkept"  # told to be rejected, and not in quarantine; or the other way round
    UNROUTED = "unrouted"  # accepted, and not with somebody whom the routing names
    DOUBLED = "doubled"
    NOWHERE = "nowhere"  # stands somewhere without its cause
    ALTERED = "altered"  # its body is not that which was said
    DISORDERED = "disordered"  # overtook what was said before it
    UNREADABLE = "unreadable"  # the log of record holds what nobody can read
    UNREAD = "unread"  # records were gone before they were read


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Difference:
    """One thing that is amiss, and with which topic."""

    fault: Fault
    where: str
    since: datetime

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells it from another difference of the same event."""
        return (self.fault.value, self.where)


@value
class Judged:
    """What is amiss with an event, and when it must be looked at again (None: it adds up)."""

    differences: tuple[Difference, ...] = ()
    due: datetime | None = None


@value
class _Duty:
    """Something that must be so from a moment on; amiss when it is not by then."""

    fault: Fault
    where: str
    since: datetime
    within: timedelta = timedelta()

    @property
    def due(self) -> datetime:
        return self.since + self.within


@value
class Account:
    """All that lies anywhere of one event, sorted by what it is, each in the order of its topic."""

    said: list[Hop]
    taken: list[Hop]  # of what was said, that which no rejection names
    logged: list[Hop]
    kinds: dict[Kind, list[Hop]]
    words: list[Hop]  # what platforms said of it

    @property
    def is_answered(self) -> bool:
        """Whether its sender is told when it is taken."""
        told = self.said or self.logged
        row = EVENT_TYPES.get(told[0].type) if told else None
        return row is None or row.receipt


def account(name: bytes, hops: Iterable[Hop]) -> Account:
    """Return the account of the event of that name."""
    kinds: dict[Kind, list[Hop]] = defaultdict(list)
    words = []
    for hop in sorted(hops, key=_ORDER):
        if hop.of == name:
            kinds[hop.kind].append(hop)
        elif hop.is_delivery and hop.about == name:
            words.append(hop)
    said = kinds[Kind.SAID]
    rejected = {_origin(hop) for hop in kinds[Kind.REJECTED]}
    return Account(
        said=said,
        taken=[hop for hop in said if hop.place not in rejected] if rejected else said,
        logged=kinds[Kind.LOGGED],
        kinds=kinds,
        words=words,
    )


def judge(event: Account, *, read_to: datetime) -> Judged:
    """Return what is amiss by now with an event."""
    found: dict[tuple[str, str], Difference] = {}
    due: datetime | None = None
    for duty in _broken(event):
        if duty.due > read_to:
            due = duty.due if due is None else min(due, duty.due)
            continue
        difference = Difference(fault=duty.fault, where=duty.where, since=duty.since)
        found.setdefault(difference.key, difference)
    return Judged(differences=tuple(found.values()), due=due)


def _broken(event: Account) -> Iterator[_Duty]:
    """Yield every rule that the event does not keep, or not yet."""
    if event.kinds[Kind.REJECTED] or event.kinds[Kind.QUARANTINED]:
        yield from _refused(event)
    yield from _answered(event)
    yield from _logged(event)
    yield from _carried(event)
    yield from _delivered(event)


def _refused(event: Account) -> Iterator[_Duty]:
    """What is refused is told once, and lies once and whole in quarantine."""
    said = {hop.place: hop for hop in event.said}
    told: dict[Place, list[Hop]] = defaultdict(list)
    kept: dict[Place, list[Hop]] = defaultdict(list)
    for hop in event.kinds[Kind.REJECTED]:
        told[_origin(hop)].append(hop)
    for hop in event.kinds[Kind.QUARANTINED]:
        kept[_origin(hop)].append(hop)
    for place in told.keys() | kept.keys():
        for hops in (told[place], kept[place]):
            if hops and place not in said:
                yield _nowhere(hops[0])
            if len(hops) > 1:
                yield _Duty(fault=Fault.DOUBLED, where=hops[0].topic, since=hops[1].at)
        if not kept[place]:
            yield _follows(Fault.UNKEPT, QUARANTINE, told[place][0])
        elif not told[place]:
            yield _follows(Fault.UNANSWERED, place[0], kept[place][0])
        if kept[place] and place in said and kept[place][0].digest != said[place].digest:
            yield _Duty(fault=Fault.ALTERED, where=QUARANTINE, since=kept[place][0].at)


def _answered(event: Account) -> Iterator[_Duty]:
    """What is taken is told as often as it was said; a platform's word only lies in the log."""
    accepted = event.kinds[Kind.ACCEPTED]
    answers = sorted([*accepted, *event.kinds[Kind.DUPLICATE]], key=lambda hop: hop.at)
    if not event.is_answered:
        if event.taken and not event.logged:
            yield _follows(Fault.UNANSWERED, event.taken[0].topic, event.taken[0])
        taken = []
    else:
        taken = event.taken
    for hop in taken[len(answers) :]:
        yield _follows(Fault.UNANSWERED, hop.topic, hop)
    for hop in answers[len(taken) :]:
        fault = Fault.DOUBLED if taken else Fault.NOWHERE
        yield _Duty(fault=fault, where=hop.topic, since=hop.at, within=CAUSE_WITHIN)
    if len(accepted) > 1:
        yield _Duty(fault=Fault.DOUBLED, where=accepted[1].topic, since=accepted[1].at)


def _logged(event: Account) -> Iterator[_Duty]:
    """What is accepted lies once in the log of record, as it was said, and its sender knows."""
    accepted = event.kinds[Kind.ACCEPTED]
    if not event.logged:
        for hop in accepted[:1]:
            yield _follows(Fault.UNLOGGED, RECORDS, hop)
        return
    first, *more = event.logged
    for hop in more[:1]:
        yield _Duty(fault=Fault.DOUBLED, where=RECORDS, since=hop.at)
    if not event.taken:
        yield _nowhere(first)
    elif first.digest not in {hop.digest for hop in event.taken}:
        yield _Duty(fault=Fault.ALTERED, where=RECORDS, since=first.at, within=CAUSE_WITHIN)
    if event.is_answered and not accepted:
        yield _follows(Fault.UNRECEIPTED, replies(first.source), first)
    if first.expected is None:
        yield _Duty(fault=Fault.UNREADABLE, where=RECORDS, since=first.at)


def _carried(event: Account) -> Iterator[_Duty]:
    """What is accepted stands once, as it lies in the log, with everybody whom routing names."""
    log = event.logged[0] if event.logged else None
    given: dict[str, list[Hop]] = defaultdict(list)
    for hop in (*event.kinds[Kind.FORWARDED], *event.kinds[Kind.RETURNED]):
        given[hop.topic].append(hop)
        if log is not None and hop.digest != log.digest:
            yield _Duty(fault=Fault.ALTERED, where=hop.topic, since=hop.at)
    for hop in event.kinds[Kind.ORDERED]:
        given[f"{hop.topic} {hop.name.hex()}"].append(hop)
    wanted = Counter(log.expected or () if log else ())
    for entry in wanted.keys() | given.keys():
        topic = entry.partition(" ")[0]
        hops, times = given[entry], wanted[entry]
        if log is not None and len(hops) < times:
            yield _follows(Fault.UNROUTED, topic, log)
        for hop in hops[times : times + 1]:
            if times:
                yield _Duty(fault=Fault.DOUBLED, where=topic, since=hop.at)
            elif log is None or log.expected is not None:
                yield _nowhere(hop)


def _delivered(event: Account) -> Iterator[_Duty]:
    """A platform speaks of what it was given."""
    given = {hop.topic for hop in event.kinds[Kind.FORWARDED]}
    for word in event.words:
        if inbox(word.source) not in given:
            where = inbox(word.source)
            yield _Duty(fault=Fault.NOWHERE, where=where, since=word.at, within=CAUSE_WITHIN)


def _follows(fault: Fault, where: str, cause: Hop) -> _Duty:
    return _Duty(fault=fault, where=where, since=cause.at, within=FOLLOWS_WITHIN)


def _nowhere(hop: Hop) -> _Duty:
    return _Duty(fault=Fault.NOWHERE, where=hop.topic, since=hop.at, within=CAUSE_WITHIN)


def _origin(hop: Hop) -> Place:
    """Return where a refused message was said."""
    party = hop.party if hop.kind is Kind.REJECTED else hop.source
    return (outbox(party), *(hop.origin or (-1, -1)))
