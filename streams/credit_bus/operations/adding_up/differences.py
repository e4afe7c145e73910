"""Whether one event adds up, by all its hops: said = accepted + said before + rejected, and what is
accepted stands once with everybody whom the routing names. Pure.

What follows has a bound; what is there without its cause, twice, or in other words is amiss at
once. A delivery has no bound: it is in flight as long as the platform's connector keeps its
position at or below it, parked or not; one that is past it has spoken in the same transaction.
`read_to` is a moment up to which the reader has read every topic to its end, so that a reader who
is behind finds nothing missing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, replies
from credit_bus.domain.value import value
from credit_bus.operations.adding_up.account import Account, origin_of
from credit_bus.operations.adding_up.repeats import COUNTED, Repeats
from credit_bus.operations.trace.hops import Hop, Kind, PartitionOf, Place

FOLLOWS_WITHIN = timedelta(seconds=30)
# Clocks of brokers differ, and a cause is read in another order than it was written in.
CAUSE_WITHIN = timedelta(seconds=5)


class Fault(Enum):
    """What can be amiss with an event."""

    UNANSWERED = "unanswered"  # said, and neither accepted nor rejected
    UNLOGGED = "unlogged"  # told to be accepted, and not in the log of record
    UNRECEIPTED = "unreceipted"  # in the log of record, and its sender was not told
    UNKEPT = "unkept"  # told to be rejected, and not in quarantine; or the other way round
    UNROUTED = "unrouted"  # accepted, and not with somebody whom the routing names
    UNDELIVERED = "undelivered"  # a platform's connector is past it, and has not said a word
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
    undecided: frozenset[tuple[str, str]] = frozenset()  # keys of what is not due yet
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


def judge(event: Account, *, read_to: datetime, passed: Mapping[PartitionOf, int]) -> Judged:
    """Return what is amiss by now with an event.

    `passed` says of platforms' inboxes below which offset all that was said of it is read.
    """
    found: dict[tuple[str, str], Difference] = {}
    waiting: list[_Duty] = []
    for duty in _broken(event, passed):
        if duty.due > read_to:
            waiting.append(duty)
            continue
        difference = Difference(fault=duty.fault, where=duty.where, since=duty.since)
        found.setdefault(difference.key, difference)
    return Judged(
        differences=tuple(found.values()),
        undecided=frozenset((duty.fault.value, duty.where) for duty in waiting),
        due=min((duty.due for duty in waiting), default=None),
    )


def _broken(event: Account, passed: Mapping[PartitionOf, int]) -> Iterator[_Duty]:
    """Yield every rule that the event does not keep, or not yet."""
    if event.repeats is not None:
        yield from _balanced(event, event.repeats)
    else:
        if event.kinds[Kind.REJECTED] or event.kinds[Kind.QUARANTINED]:
            yield from _refused(event)
        yield from _answered(event)
    yield from _logged(event)
    yield from _carried(event)
    yield from _delivered(event, passed)


def _balanced(event: Account, repeats: Repeats) -> Iterator[_Duty]:
    """What is said without end is answered as often, and kept as often as rejected, once it rests.

    Which answer belongs to which repetition is not known any more: only numbers are compared.
    """
    kinds = event.kinds
    said = len(event.said) + repeats.said
    answered = len(kinds[Kind.ACCEPTED]) + len(kinds[Kind.DUPLICATE]) + repeats.answered
    rejected = len(kinds[Kind.REJECTED]) + repeats.rejected
    kept = len(kinds[Kind.QUARANTINED]) + repeats.kept
    every = [hop.at for kind in COUNTED for hop in kinds[kind]]
    since = max([*every, repeats.last_at])
    told = next((hop for kind in COUNTED for hop in kinds[kind]), None)
    where = RECORDS if told is None else told.topic
    if rejected != kept:
        yield _Duty(fault=Fault.UNKEPT, where=QUARANTINE, since=since, within=FOLLOWS_WITHIN)
    if not event.is_answered:
        answered = said - rejected if event.logged else 0
    if said != answered + rejected:
        fault = Fault.UNANSWERED if said > answered + rejected else Fault.DOUBLED
        yield _Duty(fault=fault, where=where, since=since, within=FOLLOWS_WITHIN)
    yield from _accepted_once(event)


def _refused(event: Account) -> Iterator[_Duty]:
    """What is refused is told once, and lies once and whole in quarantine."""
    said = {hop.place: hop for hop in event.said}
    told: dict[Place, list[Hop]] = defaultdict(list)
    kept: dict[Place, list[Hop]] = defaultdict(list)
    for hop in event.kinds[Kind.REJECTED]:
        told[origin_of(hop)].append(hop)
    for hop in event.kinds[Kind.QUARANTINED]:
        kept[origin_of(hop)].append(hop)
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
    yield from _accepted_once(event)


def _accepted_once(event: Account) -> Iterator[_Duty]:
    for hop in event.kinds[Kind.ACCEPTED][1:2]:
        yield _Duty(fault=Fault.DOUBLED, where=hop.topic, since=hop.at)


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
    # Of what is only counted nobody knows which was refused, and what it said.
    taken = event.taken if event.repeats is None else event.said
    if not taken:
        yield _nowhere(first)
    elif event.repeats is None and first.digest not in {hop.digest for hop in taken}:
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


def _delivered(event: Account, passed: Mapping[PartitionOf, int]) -> Iterator[_Duty]:
    """A platform speaks of what it was given, and of all that its connector has passed."""
    given = {hop.topic for hop in event.kinds[Kind.FORWARDED]}
    for word in event.words:
        if inbox(word.source) not in given:
            where = inbox(word.source)
            yield _Duty(fault=Fault.NOWHERE, where=where, since=word.at, within=CAUSE_WITHIN)
    for hop in event.kinds[Kind.FORWARDED]:
        is_passed = hop.offset < passed.get((hop.topic, hop.partition), 0)
        if is_passed and hop.party not in event.spoke:
            yield _Duty(fault=Fault.UNDELIVERED, where=hop.topic, since=hop.at)


def _follows(fault: Fault, where: str, cause: Hop) -> _Duty:
    return _Duty(fault=fault, where=where, since=cause.at, within=FOLLOWS_WITHIN)


def _nowhere(hop: Hop) -> _Duty:
    return _Duty(fault=Fault.NOWHERE, where=hop.topic, since=hop.at, within=CAUSE_WITHIN)
