"""One sample of everything: what every group has still to read, and since when it waits.

Log starts are read before committed offsets, and these before the ends: nothing is negative, and
nothing counts as lost that was read. One request of each kind goes to a broker; records are
fetched only where something new waits, and what is known of a committed offset is remembered.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from credit_bus.operations.lag.measure import PartitionSample
from credit_bus.operations.lag.rollup import NO_GROUPS_OF_THE_LOG
from credit_bus_connectors.monitor.lag_requests import Requests
from credit_bus_connectors.monitor.lag_search import Sought, search
from credit_bus_connectors.monitor.lag_wire import EARLIEST, LATEST, Group, Place, Topology

PREFIX = "credit."
TOPOLOGY_SECONDS = 60.0  # asked anew earlier when a leader has changed
RETENTION_SECONDS = 600.0
SIZE_REMEMBERED_MAX = 1  # of SIZES: one large batch does not make every later request large


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the cluster said at one moment, and what it cost."""

    at: datetime
    partitions: tuple[PartitionSample, ...]
    requests: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A partition as a group reads it; what lies at the committed offset not yet looked for."""

    group: Group
    place: Place
    committed: int | None
    log_start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of the log from one committed offset on."""

    settled: int  # so far without a gap, no event lies there
    first: int  # before it, no event lies that is still in the log
    waiting_ms: int | None = None  # when the log took the event at `first`
    is_undecided: bool = False  # and it may yet be aborted: it is looked for again


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Sampler:
    """Takes samples of a cluster. Remembers what need not be asked again."""

    requests: Requests
    prefix: str = PREFIX
    now: Callable[[], datetime] = _now
    _topology: Topology | None = None
    _topology_until: float = 0.0
    _retention: dict[str, int | None] = field(default_factory=dict)
    _retention_until: float = 0.0
    _sizes: dict[Place, int] = field(default_factory=dict)
    _known: dict[tuple[Place, int], _Known] = field(default_factory=dict)

    def sample(self) -> Sample:
        """Return a sample. Raises KafkaError when the cluster does not answer whole."""
        begun, before = time.monotonic(), self.requests.count
        topology = self._topology_now(begun)
        starts = self.requests.offsets(topology.leaders, EARLIEST)
        groups = {
            name: group
            for name, group in self.requests.groups(topology.brokers).items()
            if name not in NO_GROUPS_OF_THE_LOG
        }
        committed = self.requests.committed(groups)
        described = self.requests.described(groups)
        ends = self.requests.offsets(topology.leaders, LATEST)
        at = self.now()
        if len(ends) < len(topology.leaders):
            self._topology = None
        reads = list(_reads(described, committed, starts, ends))
        self._look_for_events(reads, topology.leaders)
        retention = self._retention_of({read.place[0] for read in reads}, begun)
        return Sample(
            at=at,
            partitions=tuple(self._sampled(read, retention) for read in reads),
            requests=self.requests.count - before,
            seconds=time.monotonic() - begun,
        )

    def _topology_now(self, now: float) -> Topology:
        if self._topology is None or now >= self._topology_until:
            self._topology = self.requests.topology(self.prefix)
            self._topology_until = now + TOPOLOGY_SECONDS
            leaders = self._topology.leaders
            self._sizes = {place: self._sizes[place] for place in self._sizes if place in leaders}
        return self._topology

    def _retention_of(self, topics: set[str], now: float) -> Mapping[str, int | None]:
        if now >= self._retention_until:
            self._retention, self._retention_until = {}, now + RETENTION_SECONDS
        if missing := topics - self._retention.keys():
            self._retention |= self.requests.retention_ms(missing)
        return self._retention

    def _look_for_events(self, reads: Iterable[_Read], leaders: Mapping[Place, int]) -> None:
        """Find the first event of every place where something may wait, unless it is known."""
        known = {_key(read): self._still_known(read) for read in reads}
        ends = {_key(read): read.end for read in reads}
        wanted = {
            key: Sought(
                place=key[0],
                leader=leaders[key[0]],
                offset=each.first,
                end=ends[key],
                size=self._sizes.get(key[0], 0),
            )
            for key, each in known.items()
            if each.first < ends[key] and each.waiting_ms is None
        }
        for key, found in search(self.requests, wanted).items():
            each = known[key]
            self._sizes[found.place] = min(found.size, SIZE_REMEMBERED_MAX)
            has_gap = wanted[key].offset > each.settled  # what lay between is gone, whatever it was
            known[key] = _Known(
                settled=each.settled if has_gap else found.offset,
                first=found.offset,
                waiting_ms=found.timestamp_ms,
                is_undecided=found.is_undecided,
            )
        self._known = known

    def _still_known(self, read: _Read) -> _Known:
        """Return what was known before of the committed offset, as far as the log still begins."""
        begin = read.log_start if read.committed is None else read.committed
        known = self._known.get(_key(read), _Known(settled=begin, first=begin))
        if known.first < read.log_start:
            return _Known(settled=known.settled, first=read.log_start)
        return replace(known, waiting_ms=None) if known.is_undecided else known

    def _sampled(self, read: _Read, retention: Mapping[str, int | None]) -> PartitionSample:
        known = self._known[_key(read)]
        topic, partition = read.place
        client, host = (read.group.owners or {}).get(read.place, (None, None))
        return PartitionSample(
            group=read.group.name,
            topic=topic,
            partition=partition,
            committed=read.committed,
            settled=known.settled,
            first=known.first,
            log_start=read.log_start,
            end=read.end,
            waiting_ms=known.waiting_ms,
            retention_ms=retention.get(topic),
            members=read.group.members,
            client=client,
            host=host,
            is_held=read.group.holds(read.place),
        )


def _key(read: _Read) -> tuple[Place, int]:
    """Return place and offset: groups that stand at one place share what is known of it."""
    return read.place, read.log_start if read.committed is None else read.committed


def _reads(
    groups: Mapping[str, Group],
    committed: Mapping[str, Mapping[Place, int]],
    starts: Mapping[Place, int],
    ends: Mapping[Place, int],
) -> Iterator[_Read]:
    """Yield every partition of the topics that a group reads: of which it committed an offset, or
    of which a member holds a partition.
    """
    by_topic: dict[str, list[Place]] = {}
    for place in starts.keys() & ends.keys():
        by_topic.setdefault(place[0], []).append(place)
    for name, group in sorted(groups.items()):
        offsets = committed.get(name, {})
        topics = {topic for topic, _ in offsets} | {topic for topic, _ in group.owners or ()}
        for place in sorted(place for topic in topics for place in by_topic.get(topic, ())):
            yield _Read(
                group=group,
                place=place,
                committed=offsets.get(place),
                log_start=starts[place],
                end=ends[place],
            )
