"""What is said again and again: the first repetitions are hops like any other, the rest is counted.

Pure. An adapter that repeats its rows for ever must not make each of its events larger for ever.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from credit_bus.operations.trace.hops import Hop, Kind

REPEATS_MAX = 20  # hops of one sort, topic and speaker that an account holds

COUNTED: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.SAID: "said",
        Kind.ACCEPTED: "answered",
        Kind.DUPLICATE: "answered",
        Kind.REJECTED: "rejected",
        Kind.QUARANTINED: "kept",
    }
)

_Key = tuple[bytes, str, str, str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """How often an event lies where its account does not hold it any more, and the last time."""

    last_at: datetime
    said: int = 0
    answered: int = 0
    rejected: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A batch: what is kept as hops, and what is only counted."""

    hops: Sequence[Hop]
    beyond: Sequence[Hop] = ()
    repeats: Mapping[bytes, Repeats] = field(default_factory=dict)  # of events that have more now


def split(batch: Iterable[Hop], known: Iterable[Hop], before: Mapping[bytes, Repeats]) -> Split:
    """Return what of a batch is kept, by what is known of its events.

    A platform's word that is one too many about an event is kept as an event of its own.
    """
    held = Counter(key for hop in known for key in _keys(hop))
    hops: list[Hop] = []
    beyond: list[Hop] = []
    repeats: dict[bytes, Repeats] = {}
    for hop in batch:
        own, *about = _keys(hop)
        if held[own] >= REPEATS_MAX:
            beyond.append(hop)
            repeats[hop.of] = _counted(repeats.get(hop.of) or before.get(hop.of), hop)
            continue
        is_one_too_many = any(held[key] >= REPEATS_MAX for key in about)
        held.update([own] if is_one_too_many else [own, *about])
        hops.append(replace(hop, about=None) if is_one_too_many else hop)
    return Split(hops=hops, beyond=beyond, repeats=repeats)


def _keys(hop: Hop) -> list[_Key]:
    """Return in which of an event's piles it lies: of its own event, then of what it speaks of."""
    pile = COUNTED.get(hop.kind, hop.kind.name)
    order = hop.name if hop.kind is Kind.ORDERED else b""
    return [(account, pile, hop.topic, hop.source, order) for account in hop.accounts]


def _counted(before: Repeats | None, hop: Hop) -> Repeats:
    found = Repeats(last_at=hop.at) if before is None else before
    word = COUNTED.get(hop.kind)
    more = {} if word is None else {word: getattr(found, word) + 1}
    return replace(found, last_at=max(found.last_at, hop.at), **more)
