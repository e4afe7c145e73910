"""What a batch of hops changes: which events add up, which do not, counts and order. Pure.

Nothing is remembered here: an event is judged anew from all its hops whenever one is added, or when
what must follow is due.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from credit_bus.domain.channels import inbox
from credit_bus.operations.adding_up.differences import (
    Account,
    Difference,
    Fault,
    account,
    judge,
)
from credit_bus.operations.adding_up.sequence import Flow, Pair, Step, overtaken, pairs_of
from credit_bus.operations.adding_up.tally import Count, counted
from credit_bus.operations.trace.hops import RECEIPTS, Hop, Kind

# What is amiss for good: nothing that comes later makes it right.
NEVER_MET = frozenset({Fault.DISORDERED, Fault.UNREAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was kept before: hops of the events touched, and how far each of their flows is."""

    hops: Sequence[Hop] = ()
    reached: Mapping[Flow, Step] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What follows from a batch."""

    judged: Mapping[bytes, tuple[Difference, ...]]  # of each event: all that is amiss by now
    due: Mapping[bytes, datetime]  # those to be looked at again
    types: Mapping[bytes, str]
    counts: Mapping[Count, int]  # what is added to the counts; may be less than nothing
    reached: Mapping[Flow, Step]  # of the flows that moved
    answered: Mapping[Flow, int]  # the furthest offset at which each platform has answered


def touched(batch: Iterable[Hop]) -> set[bytes]:
    """Return the events whose accounts these hops change."""
    return {name for hop in batch for name in _accounts(hop)}


def settle(
    batch: Sequence[Hop],
    known: Known,
    *,
    also: Iterable[bytes] = (),
    judged_from: datetime,
    read_to: datetime,
    platforms: frozenset[str],
) -> Found:
    """Return what is amiss after a batch, and what it adds to the counts.

    `also` names events to be judged though nothing was added. An event that began before
    `judged_from` is neither judged nor counted.
    """
    names = touched(batch) | set(also)
    inboxes = frozenset(map(inbox, platforms))
    before = _by_account(known.hops, names)
    added = _by_account(batch, names)
    judged: dict[bytes, tuple[Difference, ...]] = {}
    due: dict[bytes, datetime] = {}
    types: dict[bytes, str] = {}
    counts: dict[Count, int] = defaultdict(int)
    pairs: list[Pair] = []
    answered: dict[Flow, int] = {}
    for name in names:
        hops = before.get(name, []) + added.get(name, [])
        if not hops or min(hop.at for hop in hops) < judged_from:
            continue
        event = account(name, hops)
        verdict = judge(event, read_to=read_to)
        judged[name] = verdict.differences
        types[name] = _type(event)
        if verdict.due is not None:
            due[name] = verdict.due
        for count in counted(event, inboxes=inboxes):
            counts[count] += 1
        if name in before:
            for count in counted(account(name, before[name]), inboxes=inboxes):
                counts[count] -= 1
        pairs += pairs_of(name, event)
        _note_answers(answered, event)
    broken, reached = overtaken(pairs, known.reached)
    for pair in broken:
        difference = Difference(fault=Fault.DISORDERED, where=pair.flow[0], since=pair.at)
        judged[pair.name] = (*judged[pair.name], difference)
    return Found(
        judged=judged,
        due=due,
        types=types,
        counts={count: times for count, times in counts.items() if times},
        reached={flow: step for flow, step in reached.items() if known.reached.get(flow) != step},
        answered=answered,
    )


def flows_of(hops: Iterable[Hop]) -> set[Flow]:
    """Return the flows on which these hops lie."""
    return {(hop.topic, hop.partition) for hop in hops}


def _accounts(hop: Hop) -> tuple[bytes, ...]:
    if hop.is_delivery and hop.about is not None and hop.about != hop.name:
        return (hop.name, hop.about)
    return (hop.of,)


def _by_account(hops: Iterable[Hop], names: set[bytes]) -> dict[bytes, list[Hop]]:
    found: dict[bytes, list[Hop]] = {}
    for hop in hops:
        for name in _accounts(hop):
            if name in names:
                found.setdefault(name, []).append(hop)
    return found


def _note_answers(answered: dict[Flow, int], event: Account) -> None:
    """Note the furthest offset at which each platform has answered."""
    spoke = {word.source for word in event.words}
    for hop in event.kinds[Kind.FORWARDED] if spoke else ():
        if hop.party in spoke:
            flow = (hop.topic, hop.partition)
            answered[flow] = max(answered.get(flow, -1), hop.offset)


def _type(event: Account) -> str:
    told = event.said or event.logged
    others = (hop.type for hops in event.kinds.values() for hop in hops if hop.kind not in RECEIPTS)
    return told[0].type if told else next(others, "")
