"""A sample of a cluster that moves meanwhile: nothing is negative, nothing lost that was read."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.unit.connectors.test_lag_search import mark, said

from credit_bus.operations.lag.measure import PartitionSample, measure
from credit_bus.operations.lag.rollup import NOBODY
from credit_bus_connectors.monitor import lag_sampling, lag_search
from credit_bus_connectors.monitor.lag_reads import Readers
from credit_bus_connectors.monitor.lag_sampling import Sampler
from credit_bus_connectors.monitor.lag_wire import EARLIEST, Fetch, Fetched, Group, Place, Topology

TOPIC = "credit.records"
PLACE: Place = (TOPIC, 0)
GROUP = "credit-bus.router"
OWNER = ("router-1", "10.0.0.1")


@dataclass
class Cluster:
    """One partition and one group; `meanwhile` happens before every answer."""

    start: int = 0
    end: int = 0
    stable_end: int | None = None
    committed: int | None = 0
    state: str = "Stable"
    owners: Mapping[Place, tuple[str, str]] | None = field(default_factory=lambda: {PLACE: OWNER})
    others: dict[str, int] = field(default_factory=dict)  # groups and their offsets
    has_leader: bool = True
    is_offline: bool = False
    batch_bytes: int = 0
    has_marks: bool = False
    has_group: bool = True
    meanwhile: Callable[["Cluster"], None] = lambda _: None
    asked: list[str] = field(default_factory=list)
    count: int = 0

    def _ask(self, what: str) -> None:
        self.meanwhile(self)
        self.asked.append(what)
        self.count += 1

    def topology(self, prefix: str) -> Topology:
        self._ask("topology")
        if self.is_offline:
            return Topology(brokers=(1,), leaders={}, leaderless=frozenset({PLACE}))
        return Topology(brokers=(1,), leaders={PLACE: 1})

    def groups(self, brokers: Iterable[int]) -> dict[str, Group]:
        self._ask("groups")
        names = [*([GROUP] if self.has_group else ()), *self.others]
        return {name: Group(name=name, coordinator=1, state=self.state) for name in names}

    def committed_of(self, name: str) -> int | None:
        return self.others.get(name, self.committed)

    def committed_(self, groups: Mapping[str, Group]) -> dict[str, dict[Place, int]]:
        self._ask("committed")
        return {
            name: {} if (offset := self.committed_of(name)) is None else {PLACE: offset}
            for name in groups
        }

    def described(self, groups: Mapping[str, Group]) -> dict[str, Group]:
        self._ask("described")
        return {
            name: Group(name=name, coordinator=1, state=self.state, members=1, owners=self.owners)
            for name in groups
        }

    def offsets(self, leaders: Mapping[Place, int], which: int) -> dict[Place, int]:
        self._ask("starts" if which == EARLIEST else "ends")
        if not self.has_leader or not leaders:
            return {}
        return {PLACE: self.start if which == EARLIEST else self.end}

    def fetched(self, asked: Sequence[Fetch]) -> list[dict[Place, Fetched]]:
        return [self._fetched(each) for each in asked]

    def _fetched(self, asked: Fetch) -> dict[Place, Fetched]:
        self._ask("fetched")
        stable_end = self.end if self.stable_end is None else self.stable_end
        offset = asked.wanted[PLACE]
        if offset < self.start:
            return {}
        is_there = offset < (stable_end if asked.is_committed else self.end)
        is_there = is_there and self.batch_bytes <= asked.bytes_max
        records = self.log(offset, self.end) if is_there else b""
        return {PLACE: Fetched(stable_end=stable_end, aborted=(), records=records)}

    def log(self, offset: int, end: int) -> bytes:
        """What lies there: events, or in turn an event and the mark that ends its transaction."""
        if not self.has_marks:
            return said(offset, *range(1_000 + offset, 1_000 + end))
        return b"".join(
            mark(at, 1) if at % 2 else said(at, 1_000 + at) for at in range(offset, end)
        )

    def retention_ms(self, topics: Iterable[str]) -> dict[str, int | None]:
        self._ask("retention")
        return dict.fromkeys(topics, 60_000)


@dataclass
class _Requests:
    """The cluster under the names that the sampler asks by."""

    cluster: Cluster

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cluster, "committed_" if name == "committed" else name)


def sampler_of(cluster: Cluster, **more: Any) -> Sampler:
    return Sampler(requests=_Requests(cluster), **more)  # type: ignore[arg-type]


def only(sampler: Sampler) -> PartitionSample:
    (found,) = sampler.sample().partitions
    return found


@pytest.mark.parametrize("seed", range(40))
def test_whatever_moves_meanwhile_nothing_is_negative_and_nothing_lost_that_was_read(
    seed: int,
) -> None:
    """A reader that keeps up, a writer, and retention that deletes only what was read."""
    dice = random.Random(seed)

    def step(cluster: Cluster) -> None:
        assert cluster.committed is not None
        cluster.end += dice.randint(0, 5)
        cluster.committed += dice.randint(0, cluster.end - cluster.committed)
        cluster.start += dice.randint(0, cluster.committed - cluster.start)

    sampler = sampler_of(Cluster(meanwhile=step))
    for _ in range(20):
        found = measure(only(sampler))

        assert (0, 0) == (found.lost, found.ahead)
        assert found.events >= 0


def test_what_is_known_is_not_asked_again() -> None:
    cluster = Cluster(end=9, committed=4)
    sampler = sampler_of(cluster)
    first = sampler.sample()
    cluster.asked.clear()
    second = sampler.sample()

    assert ["starts", "groups", "committed", "described", "ends"] == cluster.asked
    assert 5 == second.requests < first.requests
    assert [1_004] == [each.waiting_ms for each in second.partitions]


def test_transactions_of_one_event_each_are_counted_without_their_marks() -> None:
    cluster = Cluster(end=60, committed=0, has_marks=True)
    sampler = sampler_of(cluster)

    assert 30 == measure(only(sampler)).events


def test_what_comes_while_nobody_reads_is_counted_on_and_nothing_twice() -> None:
    cluster = Cluster(end=2, committed=0, has_marks=True)
    sampler = sampler_of(cluster)
    found = []
    for end in (2, 4, 60, 60):
        cluster.end = end
        cluster.asked.clear()
        found.append(measure(only(sampler)).events)

    assert [1, 2, 30, 30] == found
    assert "fetched" not in cluster.asked


def test_where_many_wait_their_offsets_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lag_search, "COUNTED_OFFSETS_MAX", 59)
    sampler = sampler_of(Cluster(end=60, committed=0, has_marks=True))

    assert 60 == measure(only(sampler)).events


def test_the_size_of_batches_is_remembered_but_not_of_the_largest() -> None:
    cluster = Cluster(end=9, committed=4, batch_bytes=30_000)
    sampler = sampler_of(cluster)
    costs = []
    for committed in (4, 5, 6):
        cluster.committed = committed
        cluster.asked.clear()
        sampler.sample()
        costs.append(cluster.asked.count("fetched"))
    cluster.batch_bytes = 300_000
    for committed in (7, 8):
        cluster.committed = committed
        cluster.asked.clear()
        sampler.sample()
        costs.append(cluster.asked.count("fetched"))

    assert [2, 1, 1, 2, 2] == costs


def test_a_leader_that_changed_is_asked_for_at_the_next_sample() -> None:
    cluster = Cluster(end=9, has_leader=False)
    sampler = sampler_of(cluster)

    assert () == sampler.sample().partitions
    cluster.has_leader = True
    cluster.asked.clear()
    assert 9 == only(sampler).end
    assert "topology" in cluster.asked


def test_a_partition_without_a_leader_is_told_as_unseen_and_asked_for_at_each_sample() -> None:
    cluster = Cluster(end=9, committed=4, is_offline=True)
    sampler = sampler_of(cluster)
    sampler.sample()
    cluster.asked.clear()
    found = sampler.sample()
    (unseen,) = found.unseen

    assert () == found.partitions
    assert (GROUP, *PLACE, 4) == (unseen.group, unseen.topic, unseen.partition, unseen.committed)
    assert (1, *OWNER) == (unseen.members, unseen.client, unseen.host)
    assert "topology" in cluster.asked
    cluster.is_offline = False
    assert 9 == only(sampler).end


def test_a_group_that_must_be_there_and_is_not_has_everything_before_it() -> None:
    """Its offsets expired, or were deleted, or it never began."""
    readers = Readers(groups={GROUP: [TOPIC]})
    found = only(sampler_of(Cluster(start=2, end=9, has_group=False), readers=readers))

    assert (GROUP, None, 0, False) == (found.group, found.committed, found.members, found.is_held)
    assert (7, 1_002) == (measure(found).events, found.waiting_ms)


def test_a_group_that_is_there_and_has_no_offset_left_is_seen_all_the_same() -> None:
    readers = Readers(groups={GROUP: [TOPIC]})
    cluster = Cluster(end=9, committed=None, state="Empty", owners={})

    assert (GROUP, 9) == (
        (found := only(sampler_of(cluster, readers=readers))).group,
        measure(found).events,
    )


def test_a_topic_that_must_have_a_reader_and_has_none_is_nobody_s() -> None:
    readers = Readers(inboxes=[TOPIC])
    found = only(sampler_of(Cluster(end=9, has_group=False), readers=readers))

    assert (NOBODY, 9, False) == (found.group, measure(found).events, found.is_held)
    assert GROUP == only(sampler_of(Cluster(end=9), readers=readers)).group


def test_a_reader_that_keeps_its_positions_elsewhere_is_a_reader() -> None:
    readers = Readers(inboxes=[TOPIC])
    sampler = sampler_of(
        Cluster(end=9, has_group=False), readers=readers, positions=lambda: {"desk": {PLACE: 4}}
    )
    found = only(sampler)

    assert ("desk", 4, 5) == (found.group, found.committed, measure(found).events)
    assert (None, True) == (found.members, found.is_held), "nobody tells"


def test_marks_of_a_client_s_transactions_are_no_offsets() -> None:
    cluster = Cluster(end=9, others={"client-tax-1-marks": 0})

    assert GROUP == only(sampler_of(cluster)).group


def test_topology_and_retention_are_asked_for_anew_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cluster = Cluster(end=9)
    sampler = sampler_of(cluster)
    sampler.sample()
    monkeypatch.setattr(lag_sampling.time, "monotonic", lambda: 1e9)
    cluster.asked.clear()
    sampler.sample()

    assert {"topology", "retention"} <= set(cluster.asked)


def test_what_may_yet_be_aborted_is_looked_for_again() -> None:
    cluster = Cluster(end=5, stable_end=4, committed=4)
    sampler = sampler_of(cluster)
    assert 1_004 == only(sampler).waiting_ms
    cluster.stable_end = None
    cluster.asked.clear()

    assert 1_004 == only(sampler).waiting_ms
    assert "fetched" in cluster.asked


def test_what_retention_took_from_under_a_reader_is_lost_once_and_its_age_is_the_next_event_s() -> (
    None
):
    cluster = Cluster(end=9, committed=4)
    sampler = sampler_of(cluster)
    assert 1_004 == only(sampler).waiting_ms
    cluster.start = 7
    found = only(sampler)

    assert (3, 2, 1_007) == (measure(found).lost, measure(found).events, found.waiting_ms)
    assert 3 == measure(only(sampler)).lost
    cluster.committed = 8
    assert 0 == measure(only(sampler)).lost


def test_a_group_without_an_offset_is_seen_by_what_its_members_hold() -> None:
    cluster = Cluster(end=9, start=2, committed=None)
    found = only(sampler_of(cluster))

    assert (None, 7) == (found.committed, measure(found).events)
    cluster = Cluster(end=9, committed=None, owners={})
    assert () == sampler_of(cluster).sample().partitions


def test_the_relay_s_group_is_not_asked_about() -> None:
    cluster = Cluster(end=9, others={"credit-bus.relay": 900, "connector-district-platform": 9})
    found = sampler_of(cluster).sample().partitions

    assert ["connector-district-platform", GROUP] == [each.group for each in found]


@pytest.mark.parametrize(
    ("expected", "state", "owners"),
    [
        (True, "Stable", {PLACE: OWNER}),
        (False, "Stable", {(TOPIC, 1): OWNER}),
        (False, "Empty", {}),
        (False, "Dead", None),
        (True, "PreparingRebalance", {}),
        (True, "Stable", None),
    ],
    ids=["held", "by nobody", "no members", "gone", "being settled", "nobody told"],
)
def test_a_partition_is_held_unless_it_is_known_that_nobody_has_it(
    expected: bool, state: str, owners: Mapping[Place, tuple[str, str]] | None
) -> None:
    found = only(sampler_of(Cluster(end=9, committed=4, state=state, owners=owners)))

    assert expected is found.is_held
    assert (OWNER if owners and PLACE in owners else (None, None)) == (found.client, found.host)
