"""What a batch of hops changes: which events add up, which do not, counts and order. Pure.

Nothing is remembered here: an event is judged anew from all its hops whenever one is added, or when
what must follow is due.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from credit_bus.domain.channels import inbox
from credit_bus.operations.adding_up.account import Account, account
from credit_bus.operations.adding_up.differences import Difference, Fault, judge
from credit_bus.operations.adding_up.repeats import Repeats, split
from credit_bus.operations.adding_up.sequence import Flow, Pair, Step, overtaken, pairs_of
from credit_bus.operations.adding_up.tally import Count, counted, repeated
from credit_bus.operations.trace.hops import RECEIPTS, Hop, Kind

# What is amiss for good: nothing that comes later makes it right.
NEVER_MET = frozenset({Fault.DISORDERED, Fault.UNREAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was kept before: hops of the events touched, and how far each of their flows is."""

    hops: Sequence[Hop] = ()
    reached: Mapping[Flow, Step] = field(default_factory=dict)
    passed: Mapping[Flow, int] = field(default_factory=dict)  # below it platforms have spoken
    repeats: Mapping[bytes, Repeats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What follows from a batch."""

    hops: Sequence[Hop]  # of the batch, as they are kept
    repeats: Mapping[bytes, Repeats]  # of the events of which more is only counted now
    judged: Mapping[bytes, tuple[Difference, ...]]  # of each event: all that is amiss by now
    undecided: Mapping[bytes, frozenset[tuple[str, str]]]  # what may be amiss when it is due
    due: Mapping[bytes, datetime]  # those to be looked at again
    types: Mapping[bytes, str]
    counts: Mapping[Count, int]  # what is added to the counts; may be less than nothing
    reached: Mapping[Flow, Step]  # of the flows that moved
    answered: Mapping[Flow, int]  # the furthest offset at which each platform has answered

    def told_of(self, name: bytes) -> set[tuple[str, str]]:
        """Return the keys of all that is amiss with a judged event, or may be when it is due."""
        return {each.key for each in self.judged[name]} | self.undecided[name]


def touched(batch: Iterable[Hop]) -> set[bytes]:
    """Return the events whose accounts these hops change."""
    return {name for hop in batch for name in hop.accounts}


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
    parts = split(batch, known.hops, known.repeats)
    repeats = {**known.repeats, **parts.repeats}
    before = _by_account(known.hops, names)
    added = _by_account(parts.hops, names)
    judged: dict[bytes, tuple[Difference, ...]] = {}
    undecided: dict[bytes, frozenset[tuple[str, str]]] = {}
    due: dict[bytes, datetime] = {}
    types: dict[bytes, str] = {}
    counts: dict[Count, int] = defaultdict(int)
    pairs: list[Pair] = []
    answered: dict[Flow, int] = {}
    for name in names:
        hops = before.get(name, []) + added.get(name, [])
        if not hops or min(hop.at for hop in hops) < judged_from:
            continue
        event = account(name, hops, repeats=repeats.get(name))
        verdict = judge(event, read_to=read_to, passed=known.passed)
        judged[name] = verdict.differences
        undecided[name] = verdict.undecided
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
    for count in repeated(parts.beyond, judged):
        counts[count] += 1
    broken, reached = overtaken(pairs, known.reached)
    for pair in broken:
        difference = Difference(fault=Fault.DISORDERED, where=pair.flow[0], since=pair.at)
        judged[pair.name] = (*judged[pair.name], difference)
    return Found(
        hops=parts.hops,
        repeats=parts.repeats,
        judged=judged,
        undecided=undecided,
        due=due,
        types=types,
        counts={count: times for count, times in counts.items() if times},
        reached={flow: step for flow, step in reached.items() if known.reached.get(flow) != step},
        answered=answered,
    )


def flows_of(hops: Iterable[Hop]) -> set[Flow]:
    """Return the flows on which these hops lie."""
    return {(hop.topic, hop.partition) for hop in hops}


def _by_account(hops: Iterable[Hop], names: set[bytes]) -> dict[bytes, list[Hop]]:
    found: dict[bytes, list[Hop]] = {}
    for hop in hops:
        for name in hop.accounts:
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
