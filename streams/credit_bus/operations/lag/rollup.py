"""States of partitions added up: for each group and topic, each group, each party."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from credit_bus.domain.channels import party_of
from credit_bus.operations.lag.burrow import Status, of_group, worst
from credit_bus.operations.lag.windows import PartitionLag

# The relay commits numbers of its outbox table as this group's offsets, not offsets of the log:
# compared with the end of a topic they say nothing.
_RELAY = "credit-bus.relay"
# A department's client that marks its transactions keeps the marks as offsets of such a group.
_MARKS = "-marks"

NOBODY = "(nobody)"  # reads a topic that must have a reader: no group's name

_T = TypeVar("_T")
_K = TypeVar("_K", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLag:
    """One group on one topic. Seconds are None where nobody knows, or never."""

    party: str | None  # whose topic it is; None: everybody's
    group: str
    topic: str
    status: Status
    completeness: float
    events: int
    lost: int
    ahead: int
    seconds_behind: float | None
    coming: float | None
    going: float | None
    drains_in: float | None
    lost_in: float | None
    members: int | None
    last_commit_at: datetime | None
    partitions: int

    @property
    def is_judged(self) -> bool:
        """Whether the status is a verdict: what waits needs a full window, unless it is wrong."""
        return self.completeness >= 1.0 or not self.events or self.status.is_above_warn


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a group, or the topics of a party, come to."""

    name: str
    status: Status
    events: int
    lost: int
    seconds_behind: float | None
    lost_in: float | None


def is_of_the_log(group: str) -> bool:
    """Whether the group's offsets are offsets of the log."""
    return group != _RELAY and not group.endswith(_MARKS)


def by_topic(states: Iterable[PartitionLag], now: datetime) -> tuple[TopicLag, ...]:
    """Return a row for each group and topic: the worst first, then the latest."""
    rows = [
        _topic_lag(group, topic, parts, now)
        for (group, topic), parts in _grouped(states, lambda state: (state.group, state.topic))
    ]
    return tuple(sorted(rows, key=_urgency))


def by_group(rows: Iterable[TopicLag]) -> tuple[Sum, ...]:
    """Return what each group comes to; its status is Burrow's of a group."""
    return tuple(
        _sum(group, parts, of_group(part.status for part in parts))
        for group, parts in _grouped(rows, lambda row: row.group)
    )


def by_party(rows: Iterable[TopicLag]) -> tuple[Sum, ...]:
    """Return what waits in the topics of each party, whoever reads them."""
    return tuple(
        _sum(party, parts, worst(part.status for part in parts))
        for party, parts in _grouped(rows, lambda row: row.party or "")
        if party
    )


def _topic_lag(group: str, topic: str, parts: Sequence[PartitionLag], now: datetime) -> TopicLag:
    return TopicLag(
        party=party_of(topic),
        group=group,
        topic=topic,
        status=worst(part.status for part in parts),
        completeness=min(part.completeness for part in parts),
        events=sum(part.events for part in parts),
        lost=sum(part.lost for part in parts),
        ahead=sum(part.ahead for part in parts),
        seconds_behind=_latest([part.behind(now) for part in parts]),
        coming=_added([part.coming for part in parts]),
        going=_added([part.going for part in parts]),
        drains_in=_all_known([part.drains_in for part in parts]),
        lost_in=_soonest([part.lost_in(now) for part in parts]),
        members=parts[0].members,  # of the group, so the same in each
        last_commit_at=max(
            (part.last_commit_at for part in parts if part.last_commit_at is not None),
            default=None,
        ),
        partitions=len(parts),
    )


def _sum(name: str, parts: Sequence[TopicLag], status: Status) -> Sum:
    return Sum(
        name=name,
        status=status,
        events=sum(part.events for part in parts),
        lost=sum(part.lost for part in parts),
        seconds_behind=_latest([part.seconds_behind for part in parts]),
        lost_in=_soonest([part.lost_in for part in parts]),
    )


def _grouped(things: Iterable[_T], key: Callable[[_T], _K]) -> list[tuple[_K, list[_T]]]:
    """Return the things by their keys, in the order in which the keys come first."""
    found: dict[_K, list[_T]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return list(found.items())


def _urgency(row: TopicLag) -> tuple[int, float, int, str, str]:
    behind = 0.0 if row.seconds_behind is None else row.seconds_behind
    return -row.status.rank, -behind, -row.events, row.group, row.topic


def _latest(found: Iterable[float | None]) -> float | None:
    """Return the largest; an unknown one hides that nothing waits elsewhere."""
    each = list(found)
    largest = max((one for one in each if one is not None), default=None)
    return None if largest == 0 and None in each else largest


def _soonest(found: Iterable[float | None]) -> float | None:
    return min((each for each in found if each is not None), default=None)


def _added(found: Sequence[float | None]) -> float | None:
    known = [each for each in found if each is not None]
    return sum(known) if known else None


def _all_known(found: Sequence[float | None]) -> float | None:
    """Return when the last is drained; one that never is hides the others."""
    known = [each for each in found if each is not None]
    return max(known) if len(known) == len(found) else None
