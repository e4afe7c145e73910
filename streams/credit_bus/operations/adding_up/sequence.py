"""Whether events keep their order: from an outbox into the log, from the log to whoever is given.

Pure. Within a partition each topic is read in order, so that of two events which are both known on
both sides all earlier ones are known, too: one pair a flow is enough to remember.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from credit_bus.domain.value import value
from credit_bus.operations.adding_up.account import Account
from credit_bus.operations.trace.hops import Hop, Kind

Flow = tuple[str, int]  # the topic that is not the log of record, and the partition of both


class Step(NamedTuple):
    """One event on one flow: where it lies on this side, and on the other."""

    before: int
    after: int


@value
class Pair:
    """A step of an event."""

    name: bytes
    flow: Flow
    step: Step
    at: datetime


def pairs_of(name: bytes, event: Account) -> Iterator[Pair]:
    """Yield the steps of the event of that name that are known on both sides."""
    if not event.logged:
        return
    log = event.logged[0]
    said = _accepted_one(event, log)
    if said is not None:
        step = Step(before=said.offset, after=log.offset)
        yield Pair(name=name, flow=(said.topic, said.partition), step=step, at=log.at)
    expected = set(log.expected or ())
    for kind in (Kind.FORWARDED, Kind.RETURNED, Kind.ORDERED):
        for hop in event.kinds[kind]:
            entry = f"{hop.topic} {hop.name.hex()}" if kind is Kind.ORDERED else hop.topic
            # A second copy, or one that is nobody's, is a fault of another name.
            if entry in expected and hop.partition == log.partition:
                expected.discard(entry)
                step = Step(before=log.offset, after=hop.offset)
                yield Pair(name=name, flow=(hop.topic, hop.partition), step=step, at=hop.at)


def _accepted_one(event: Account, log: Hop) -> Hop | None:
    """Return which of all that was said of it lies in the log; None while that is not certain.

    The receipt of the acceptance lies behind those of former refusals, in one partition: when it
    is read, they are. Words of platforms have no receipt, and what is only counted is not known.
    """
    is_told = any(hop.partition == log.partition for hop in event.kinds[Kind.ACCEPTED])
    if not is_told or event.repeats is not None:
        return None
    here = (hop for hop in event.taken if hop.partition == log.partition)
    return next((hop for hop in here if hop.digest == log.digest), None)


def overtaken(
    pairs: Iterable[Pair], reached: Mapping[Flow, Step]
) -> tuple[list[Pair], dict[Flow, Step]]:
    """Return the pairs that are out of order, and how far each flow of them is now."""
    broken = []
    now = dict(reached)
    for pair in sorted(pairs, key=lambda pair: (pair.flow, pair.step)):
        last = now.get(pair.flow)
        step = pair.step
        if last is None:
            now[pair.flow] = step
        elif (step.before - last.before) * (step.after - last.after) < 0:
            broken.append(pair)
        elif step > last:
            now[pair.flow] = step
    return broken, now
