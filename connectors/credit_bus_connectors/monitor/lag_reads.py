"""Who reads what, and who should: out of what coordinators, leaders and the registry say. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from credit_bus.operations.lag.measure import Unseen
from credit_bus.operations.lag.rollup import NOBODY
from credit_bus_connectors.monitor.lag_wire import Group, Place

Positions = Mapping[str, Mapping[Place, int]]  # of each reader

NO_MEMBERS = "Dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who must read, whether or not a broker knows of them.

    A group that has committed nothing yet, or whose offsets are gone, has all of its topics before
    it. What nobody reads waits for nobody.
    """

    groups: Mapping[str, Collection[str]] = field(default_factory=lambda: MappingProxyType({}))
    inboxes: Collection[str] = ()  # topics that must have a reader, whoever that is


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A partition as a group reads it; what lies at the committed offset not yet looked for."""

    group: Group
    place: Place
    committed: int | None
    log_start: int
    end: int


def reads(
    groups: Mapping[str, Group],
    committed: Positions,
    readers: Readers,
    places: Collection[Place],
    starts: Mapping[Place, int],
    ends: Mapping[Place, int],
) -> Iterator[Read | Unseen]:
    """Yield every partition of the topics that a group reads, or must read.

    It reads a topic when it committed an offset there, or when a member holds a partition.
    """
    numbers: defaultdict[str, list[Place]] = defaultdict(list)
    for place in sorted(places):
        numbers[place[0]].append(place)
    for group, topics in _topics_read(groups, committed, readers):
        offsets = committed.get(group.name, {})
        for place in (place for topic in sorted(topics) for place in numbers.get(topic, ())):
            if place in starts and place in ends:
                yield Read(
                    group=group,
                    place=place,
                    committed=offsets.get(place),
                    log_start=starts[place],
                    end=ends[place],
                )
            else:
                yield _unseen(group, place, offsets.get(place))


def unheard(positions: Positions) -> dict[str, Group]:
    """Return readers that no coordinator knows: who holds what, nobody tells."""
    return {name: Group(name=name, coordinator=-1, state="") for name in positions}


def _topics_read(
    groups: Mapping[str, Group], committed: Positions, readers: Readers
) -> Iterator[tuple[Group, set[str]]]:
    read: set[str] = set()
    for name in sorted(groups.keys() | readers.groups.keys()):
        group = groups.get(name) or _absent(name)
        topics = {topic for topic, _ in committed.get(name, {})}
        topics |= {topic for topic, _ in group.owners or ()}
        read |= topics
        yield group, topics | set(readers.groups.get(name, ()))
    yield _absent(NOBODY), set(readers.inboxes) - read


def _absent(name: str) -> Group:
    return Group(name=name, coordinator=-1, state=NO_MEMBERS, members=0, owners={})


def _unseen(group: Group, place: Place, committed: int | None) -> Unseen:
    client, host = group.owner(place)
    return Unseen(
        group=group.name,
        topic=place[0],
        partition=place[1],
        committed=committed,
        members=group.members,
        client=client,
        host=host,
    )
