"""An event's account: all that lies anywhere of it, sorted by what it is. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter

from credit_bus.domain.channels import outbox
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.value import value
from credit_bus.operations.adding_up.repeats import Repeats
from credit_bus.operations.trace.hops import Hop, Kind, Place

_ORDER = attrgetter("at", "topic", "partition", "offset")


@value
class Account:
    """All that lies anywhere of one event, sorted by what it is, each in the order of its topic."""

    said: list[Hop]
    taken: list[Hop]  # of what was said, that which no rejection names
    logged: list[Hop]
    kinds: dict[Kind, list[Hop]]
    words: list[Hop]  # what platforms said of it
    spoke: frozenset[str]  # the platforms whose words on it are said, accepted or not yet
    repeats: Repeats | None = None  # what is only counted

    @property
    def is_answered(self) -> bool:
        """Whether its sender is told when it is taken."""
        told = self.said or self.logged
        row = EVENT_TYPES.get(told[0].type) if told else None
        return row is None or row.receipt


def account(name: bytes, hops: Iterable[Hop], *, repeats: Repeats | None = None) -> Account:
    """Return the account of the event of that name."""
    kinds: dict[Kind, list[Hop]] = defaultdict(list)
    words = []
    spoke = set()
    for hop in sorted(hops, key=_ORDER):
        if hop.of == name:
            kinds[hop.kind].append(hop)
        elif hop.is_word and hop.about == name:
            spoke.add(hop.source)
            if hop.is_delivery:
                words.append(hop)
    said = kinds[Kind.SAID]
    rejected = {origin_of(hop) for hop in kinds[Kind.REJECTED]}
    return Account(
        said=said,
        taken=[hop for hop in said if hop.place not in rejected] if rejected else said,
        logged=kinds[Kind.LOGGED],
        kinds=kinds,
        words=words,
        spoke=frozenset(spoke),
        repeats=repeats,
    )


def origin_of(hop: Hop) -> Place:
    """Return where a refused message was said."""
    party = hop.party if hop.kind is Kind.REJECTED else hop.source
    return (outbox(party), *(hop.origin or (-1, -1)))
