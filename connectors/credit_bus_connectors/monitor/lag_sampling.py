"""One sample of everything: what every group has still to read, and since when it waits.

Log starts are read before committed offsets, and these before the ends: nothing is negative, and
nothing counts as lost that was read. One request of each kind goes to a broker; records are
fetched only where something new waits, and what is known of a committed offset is remembered.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from credit_bus.operations.lag.measure import PartitionSample, Unseen
from credit_bus.operations.lag.rollup import is_of_the_log
from credit_bus_connectors.monitor.lag_reads import Positions, Read, Readers, reads, unheard
from credit_bus_connectors.monitor.lag_requests import Requests
from credit_bus_connectors.monitor.lag_search import Sought, count, may_be_counted, search
from credit_bus_connectors.monitor.lag_wire import EARLIEST, LATEST, Place, Topology

PREFIX = "credit."
TOPOLOGY_SECONDS = 60.0  # asked anew earlier when a leader has changed
RETENTION_SECONDS = 600.0
SIZE_REMEMBERED_MAX = 1  # of SIZES: one large batch does not make every later request large


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the cluster said at one moment, and what it cost."""

    at: datetime
    partitions: tuple[PartitionSample, ...]
    unseen: tuple[Unseen, ...]  # read by somebody, and nobody answered for them
    requests: int
    seconds: float


_Key = tuple[Place, int]  # a place and the offset that was committed there


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of the log from one committed offset on."""

    settled: int  # so far without a gap, no event lies there
    first: int  # before it, no event lies that is still in the log
    waiting_ms: int | None = None  # when the log took the event at `first`
    is_undecided: bool = False  # and it may yet be aborted: it is looked for again
    counted: int = 0  # from `first` so far, events are told from marks
    marks: int = 0  # among these offsets


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Sampler:
    """Takes samples of a cluster. Remembers what need not be asked again."""

    requests: Requests
    prefix: str = PREFIX
    readers: Readers = field(default_factory=Readers)
    positions: Callable[[], Positions] = dict  # of readers that keep them elsewhere
    now: Callable[[], datetime] = _now
    _topology: Topology | None = None
    _topology_until: float = 0.0
    _retention: dict[str, int | None] = field(default_factory=dict)
    _retention_until: float = 0.0
    _sizes: dict[Place, int] = field(default_factory=dict)
    _known: dict[_Key, _Known] = field(default_factory=dict)

    def sample(self) -> Sample:
        """Return a sample. Raises KafkaError when the cluster does not answer whole."""
        begun, before = time.monotonic(), self.requests.count
        topology = self._topology_now(begun)
        starts = self.requests.offsets(topology.leaders, EARLIEST)
        groups = {
            name: group
            for name, group in self.requests.groups(topology.brokers).items()
            if is_of_the_log(name)
        }
        kept = self.positions()
        committed = self.requests.committed(groups)
        described = self.requests.described(groups)
        ends = self.requests.offsets(topology.leaders, LATEST)
        at = self.now()
        if len(ends) < len(topology.leaders) or topology.leaderless:
            self._topology = None
        found = tuple(
            reads(
                {**unheard(kept), **described},
                {**kept, **committed},
                self.readers,
                topology.leaders.keys() | topology.leaderless,
                starts,
                ends,
            )
        )
        seen = [each for each in found if isinstance(each, Read)]
        self._look_for_events(seen, topology.leaders)
        retention = self._retention_of({read.place[0] for read in seen}, begun)
        return Sample(
            at=at,
            partitions=tuple(self._sampled(read, retention) for read in seen),
            unseen=tuple(each for each in found if isinstance(each, Unseen)),
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

    def _look_for_events(self, reads: Iterable[Read], leaders: Mapping[Place, int]) -> None:
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
                counted=found.offset if found.counted is None else found.counted,
                marks=found.marks,
            )
        self._known = {**known, **self._counted_on(known, ends, leaders)}

    def _counted_on(
        self,
        known: Mapping[_Key, _Known],
        ends: Mapping[_Key, int],
        leaders: Mapping[Place, int],
    ) -> dict[_Key, _Known]:
        """Return where few wait with what came since told from marks."""
        wanted = {
            key: Sought(place=key[0], leader=leaders[key[0]], offset=each.counted, end=ends[key])
            for key, each in known.items()
            if each.waiting_ms is not None
            and each.counted < ends[key]
            and not each.is_undecided
            and may_be_counted(each.first, ends[key])
        }
        return {
            key: replace(known[key], counted=found.offset, marks=known[key].marks + found.marks)
            for key, found in count(self.requests, wanted).items()
        }

    def _still_known(self, read: Read) -> _Known:
        """Return what was known before of the committed offset, as far as the log still begins."""
        begin = read.log_start if read.committed is None else read.committed
        known = self._known.get(_key(read), _Known(settled=begin, first=begin))
        if known.first < read.log_start:
            return _Known(settled=known.settled, first=read.log_start)
        return replace(known, waiting_ms=None) if known.is_undecided else known

    def _sampled(self, read: Read, retention: Mapping[str, int | None]) -> PartitionSample:
        known = self._known[_key(read)]
        topic, partition = read.place
        client, host = read.group.owner(read.place)
        return PartitionSample(
            group=read.group.name,
            topic=topic,
            partition=partition,
            committed=read.committed,
            settled=known.settled,
            first=known.first,
            log_start=read.log_start,
            end=read.end,
            marks=known.marks,
            waiting_ms=known.waiting_ms,
            retention_ms=retention.get(topic),
            members=read.group.members,
            client=client,
            host=host,
            is_held=read.group.holds(read.place),
        )


def _key(read: Read) -> _Key:
    """Return place and offset: groups that stand at one place share what is known of it."""
    return read.place, read.log_start if read.committed is None else read.committed
