"""The way of an event: its hops in order, who was given it and who confirmed, what it caused. Pure.

`way` folds hops into a value, `plain` makes JSON values of it for commands and pages.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from credit_bus.domain.channels import inbox
from credit_bus.domain.event_types import DELIVERY_CONFIRMED, DELIVERY_REFUSED
from credit_bus.operations.trace.hops import DELIVERY_TYPES, RECEIPTS, Hop, Kind, PartitionOf

WAYS_MAX = 200  # events of one tree
DEPTH_MAX = 8


class Delivery(Enum):
    """How an event stands with a platform."""

    IN_FLIGHT = "in-flight"
    PARKED = "parked"  # what came after it in the inbox is answered, and it is tried again
    PASSED_OVER = "passed-over"  # the connector is past it for good, and has not said a word
    DELIVERED = "delivered"
    REFUSED = "refused"
    REFUSED_LATE = "refused-late"  # confirmed first, and refused after a closer look


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A hop in its way; `after` is how long after the one before."""

    hop: Hop
    after: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An event in a platform's inbox, and what the platform said of it."""

    platform: str
    state: Delivery
    hop: Hop
    answered_at: datetime | None
    said_times: int  # how often the platform's word was said: more than once after a crash

    @property
    def took(self) -> timedelta | None:
        """Return how long the platform took."""
        return None if self.answered_at is None else self.answered_at - self.hop.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The whole way of an event, and of what it caused."""

    name: bytes
    type: str
    source: str
    steps: tuple[Step, ...]
    deliveries: tuple[Given, ...]
    caused: tuple["Way", ...]
    is_whole: bool = True  # False: more was said or caused than is told here

    @property
    def took(self) -> timedelta | None:
        """Return how long it took from its first hop to its last, deliveries included."""
        moments = [step.hop.at for step in self.steps]
        moments += [each.answered_at for each in self.deliveries if each.answered_at is not None]
        return max(moments) - min(moments) if moments else None


def causes_of(hops: Iterable[Hop]) -> set[bytes]:
    """Return the events that these hops say were caused by others: what a tree must hold, too."""
    return {hop.name for hop in hops if _is_caused(hop)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All hops, by the event whose way they are on and by what they follow from; and offsets."""

    by_name: Mapping[bytes, list[Hop]]
    by_cause: Mapping[bytes, list[Hop]]
    answered: Mapping[PartitionOf, int]
    passed: Mapping[PartitionOf, int]


def way(
    name: bytes,
    hops: Iterable[Hop],
    *,
    answered: Mapping[PartitionOf, int] | None = None,
    passed: Mapping[PartitionOf, int] | None = None,
    is_whole: bool = True,
) -> Way | None:
    """Return the way of the event of that name; None when no hop is its own.

    `hops` are those of the event and of all that it caused. `answered` says for each inbox
    partition which offset its platform has answered furthest on, and by that which inboxes are
    platforms'; `passed` below which one its connector has spoken of everything. `is_whole` says
    whether the hops are all there are.
    """
    by_name: dict[bytes, list[Hop]] = defaultdict(list)
    by_cause: dict[bytes, list[Hop]] = defaultdict(list)
    for hop in sorted(hops, key=lambda hop: (hop.at, hop.kind, hop.place)):
        by_name[hop.name if hop.kind is Kind.ORDERED else hop.of].append(hop)
        if hop.about is not None:
            by_cause[hop.about].append(hop)
    if name not in by_name:
        return None
    known = _Known(by_name=by_name, by_cause=by_cause, answered=answered or {}, passed=passed or {})
    found = _way(name, known, met={name}, depth=0)
    return replace(found, is_whole=is_whole and found.is_whole)


def _way(name: bytes, known: _Known, *, met: set[bytes], depth: int) -> Way:
    own = known.by_name[name]
    said = next((hop for hop in own if hop.kind not in RECEIPTS), own[0])
    followed = known.by_cause.get(name, [])
    caused = []
    is_whole = True
    for each in dict.fromkeys(hop.name for hop in followed if _is_caused(hop)):
        if each in met or each not in known.by_name:
            continue
        if len(met) >= WAYS_MAX or depth >= DEPTH_MAX:
            is_whole = False
            break
        met.add(each)
        caused.append(_way(each, known, met=met, depth=depth + 1))
    return Way(
        name=name,
        type=said.type,
        source=said.source,
        steps=tuple(_steps(own)),
        deliveries=tuple(_deliveries(own, followed, known)),
        caused=tuple(caused),
        is_whole=is_whole and all(each.is_whole for each in caused),
    )


def _is_caused(hop: Hop) -> bool:
    is_own = hop.kind in (Kind.SAID, Kind.LOGGED, Kind.ORDERED, Kind.QUARANTINED)
    return hop.about is not None and is_own and hop.type not in DELIVERY_TYPES


def _steps(own: list[Hop]) -> Iterable[Step]:
    before: datetime | None = None
    for hop in own:
        yield Step(hop=hop, after=None if before is None else hop.at - before)
        before = hop.at


def _deliveries(own: list[Hop], followed: list[Hop], known: _Known) -> Iterable[Given]:
    answering = {topic for topic, _ in known.answered}
    words: dict[str, list[Hop]] = defaultdict(list)
    times: Counter[str] = Counter()
    for hop in followed:
        if hop.is_delivery:
            words[hop.source].append(hop)
        elif hop.kind is Kind.SAID and hop.type in DELIVERY_TYPES:
            times[hop.source] += 1
    for hop in own:
        platform = hop.party
        # A department's inbox has no connector that answers.
        if hop.kind is not Kind.FORWARDED or not (hop.topic in answering or platform in words):
            continue
        told = words.get(platform, [])
        yield Given(
            platform=platform,
            state=_answer([word.type for word in told])
            or (Delivery.IN_FLIGHT if times[platform] else _unanswered(hop, known)),
            hop=hop,
            answered_at=told[-1].at if told else None,
            said_times=times[platform],
        )


def _answer(words: list[str]) -> Delivery | None:
    if DELIVERY_REFUSED in words:
        return Delivery.REFUSED_LATE if DELIVERY_CONFIRMED in words else Delivery.REFUSED
    return Delivery.DELIVERED if words else None


def _unanswered(hop: Hop, known: _Known) -> Delivery:
    """Return how that stands on which the platform has said nothing."""
    place = (hop.topic, hop.partition)
    if hop.offset < known.passed.get(place, 0):
        return Delivery.PASSED_OVER
    return Delivery.PARKED if hop.offset < known.answered.get(place, -1) else Delivery.IN_FLIGHT


def plain(found: Way) -> dict[str, Any]:
    """Return the way as JSON values; times are ISO 8601 in UTC, durations in seconds."""
    return {
        "event": found.name.hex(),
        "type": found.type,
        "source": found.source,
        "took_seconds": _seconds(found.took),
        "is_whole": found.is_whole,
        "hops": [_plain_step(each) for each in found.steps],
        "deliveries": [
            {
                "platform": each.platform,
                "state": each.state.value,
                "given_at": each.hop.at.isoformat(),
                "topic": inbox(each.platform),
                "partition": each.hop.partition,
                "offset": each.hop.offset,
                "answered_at": None if each.answered_at is None else each.answered_at.isoformat(),
                "took_seconds": _seconds(each.took),
                "said_times": each.said_times,
            }
            for each in found.deliveries
        ],
        "caused": [plain(each) for each in found.caused],
    }


def _plain_step(step: Step) -> dict[str, Any]:
    hop = step.hop
    return {
        "kind": hop.kind.name.lower(),
        "party": hop.party,
        "topic": hop.topic,
        "partition": hop.partition,
        "offset": hop.offset,
        "at": hop.at.isoformat(),
        "after_seconds": _seconds(step.after),
        "rule_version": hop.rule,
        "codes": list(hop.codes),
    }


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else round(duration.total_seconds(), 3)
