"""Lag on a real broker, where the truth is known: what was written, when, and how far it was read.

Each scenario writes down the moment of every record and every commit itself, and holds what a
sample says against that: events to the last one, ages within a second, the status by the rules.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.structs import OffsetAndMetadata
from tests.offsets import set_offsets
from tests.system.kafka_tools import described

from credit_bus.operations.lag.burrow import WINDOW_LOOKS, Status
from credit_bus.operations.lag.windows import PartitionLag, Windows, moved
from credit_bus_connectors.group_member import GroupMember
from credit_bus_connectors.monitor.lag_requests import requests_to
from credit_bus_connectors.monitor.lag_sampling import Sampler

pytestmark = pytest.mark.broker

ERROR_SECONDS_MAX = 1.0
LOOK_SECONDS = 0.3
WAIT_SECONDS_MAX = 60.0
RETENTION_MS = 3_600_000


@dataclass(slots=True)
class Scene:
    """A topic of one partition, a group that reads it, and the truth about both."""

    broker: str
    topic: str
    group: str
    sampler: Sampler
    producer: KafkaProducer
    admin: KafkaAdminClient
    consumer: GroupMember | None = None
    windows: Windows = field(default_factory=dict)
    written: list[float] = field(default_factory=list)  # when each record was, by its offset
    read: int = 0
    deleted: int = 0
    requests: list[int] = field(default_factory=list)  # of each look

    @property
    def place(self) -> TopicPartition:
        return TopicPartition(self.topic, 0)

    def write(self, count: int) -> None:
        """Write records, and remember when; each moment lies between two clocks of the broker's."""
        sent = [self.producer.send(self.topic, b"event", partition=0) for _ in range(count)]
        self.producer.flush(WAIT_SECONDS_MAX)
        assert [each.get(WAIT_SECONDS_MAX).offset for each in sent] == list(
            range(len(self.written), len(self.written) + count)
        )
        self.written += [time.time()] * count

    def join(self) -> None:
        """Let a consumer of the group take the partition."""
        self.consumer = GroupMember(
            self.topic,
            bootstrap_servers=self.broker,
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not self.consumer.assignment():
            assert time.monotonic() < deadline, "the consumer was given no partition"
            self.consumer.poll(timeout_ms=100)

    def leave(self) -> None:
        """Let the consumer leave the group."""
        assert self.consumer is not None
        self.consumer.close()
        self.consumer = None

    def commit(self, offset: int) -> None:
        """Commit as the consumer that has read so far."""
        assert self.consumer is not None
        self.consumer.poll(timeout_ms=0)
        self.consumer.commit({self.place: OffsetAndMetadata(offset, "", -1)})
        self.read = offset

    def reset(self, offset: int) -> None:
        """Set the group's offset from outside, as an operator does."""
        set_offsets(self.admin, self.group, {self.place: offset})
        self.read = offset

    def look(self) -> PartitionLag:
        """Take a sample, and hold it against the truth."""
        sample = self.sampler.sample()
        self.requests.append(sample.requests)
        self.windows, states = moved(self.windows, sample.partitions, at=sample.at)
        (state,) = states
        start = max(self.read, self.deleted)
        assert len(self.written) - start == state.events
        assert max(0, self.deleted - self.read) == state.lost
        behind = state.behind(sample.at)
        assert behind is not None
        assert abs(self.true_seconds(sample.at) - behind) < ERROR_SECONDS_MAX
        return state

    def true_seconds(self, at: datetime) -> float:
        """Return for how long the first record that waits has waited."""
        start = max(self.read, self.deleted)
        return at.timestamp() - self.written[start] if start < len(self.written) else 0.0

    def look_on(self, looks: int, before: Callable[[], None] = lambda: None) -> list[PartitionLag]:
        """Look so many times, a little apart, each after `before`."""
        found = []
        for _ in range(looks):
            time.sleep(LOOK_SECONDS)
            before()
            found.append(self.look())
        return found


@pytest.fixture
def scene(
    broker: str, fresh_topic: Callable[..., str], unique_name: Callable[[str], str]
) -> Iterator[Scene]:
    topic = fresh_topic(
        "lag", message_timestamp_type="LogAppendTime", retention_ms=str(RETENTION_MS)
    )
    with (
        requests_to(broker) as requests,
        KafkaAdminClient(bootstrap_servers=broker) as admin,
    ):
        producer = KafkaProducer(bootstrap_servers=broker)
        made = Scene(
            broker=broker,
            topic=topic,
            group=unique_name("lag"),
            sampler=Sampler(requests=requests, prefix=topic),
            producer=producer,
            admin=admin,
        )
        yield made
        if made.consumer is not None:
            made.leave()
        producer.close()


def statuses(found: list[PartitionLag]) -> set[Status]:
    return {state.status for state in found}


def test_a_burst_is_late_by_its_age_and_drains_as_foretold(scene: Scene) -> None:
    scene.join()
    scene.write(10)
    scene.commit(10)
    before = scene.look_on(2)
    scene.write(300)
    found = scene.look_on(WINDOW_LOOKS, lambda: scene.commit(scene.read + 20))

    assert {Status.OK} == statuses(before + found), "it is read, and was drained a while ago"
    assert found[-1].events == 100
    assert found[-1].going is not None
    drains = found[-1].drains_in
    assert drains is not None
    now = time.monotonic()
    scene.look_on(5, lambda: scene.commit(scene.read + 20))
    assert scene.windows[scene.group, scene.topic, 0].looks[-1].events == 0
    assert drains / 4 < time.monotonic() - now < drains * 4 + 2, "as fast as the machine lets it"


def test_who_reads_more_slowly_than_it_comes_is_warned_of(scene: Scene) -> None:
    scene.join()
    scene.write(30)
    scene.commit(10)

    def a_step() -> None:
        scene.write(12)
        scene.commit(scene.read + 10)

    found = scene.look_on(WINDOW_LOOKS, a_step)

    assert {Status.OK} == statuses(found[:-1])
    assert Status.WARN is found[-1].status
    assert found[-1].drains_in is None, "never, if it goes on like this"


def test_an_idle_topic_is_ok_at_every_look_and_costs_no_fetch(scene: Scene) -> None:
    scene.join()
    scene.write(5)
    scene.commit(5)
    found = scene.look_on(WINDOW_LOOKS + 2)
    scene.leave()
    found += scene.look_on(WINDOW_LOOKS + 2)

    assert {Status.OK} == statuses(found)
    assert {0.0} == {state.behind(datetime.now(UTC)) for state in found}
    assert min(scene.requests) == 5, "starts, groups, offsets, members, ends: one request each"


def test_an_idle_topic_of_transactions_is_ok_though_their_marks_are_not_read(
    scene: Scene,
) -> None:
    """The mark behind the last event is an offset like any other, and nobody ever commits it."""
    writer = KafkaProducer(bootstrap_servers=scene.broker, transactional_id=scene.group)
    writer.init_transactions()
    for is_committed in (True, False):
        writer.begin_transaction()
        for _ in range(3):
            writer.send(scene.topic, b"event", partition=0)
        writer.flush()
        if is_committed:
            writer.commit_transaction()
        else:
            writer.abort_transaction()
    writer.close()
    scene.join()
    scene.commit(3)
    for _ in range(WINDOW_LOOKS + 1):
        sample = scene.sampler.sample()
        scene.windows, (state,) = moved(scene.windows, sample.partitions, at=sample.at)

    assert (3, 8) == (state.committed, state.end), "a mark, three events undone, and a mark"
    assert (0, Status.OK) == (state.events, state.status)
    scene.admin.delete_records({scene.place: 8})
    sample = scene.sampler.sample()
    scene.windows, (state,) = moved(scene.windows, sample.partitions, at=sample.at)
    assert (8, 0, Status.OK) == (state.log_start, state.lost, state.status)


def test_transactions_of_one_event_each_are_so_many_events_and_no_more(scene: Scene) -> None:
    writer = KafkaProducer(bootstrap_servers=scene.broker, transactional_id=scene.group)
    writer.init_transactions()
    set_offsets(scene.admin, scene.group, {scene.place: 0})
    found = []
    for count in (5, 25):
        for _ in range(count):
            writer.begin_transaction()
            writer.send(scene.topic, b"event" * 100, partition=0)
            writer.commit_transaction()
        sample = scene.sampler.sample()
        scene.windows, (state,) = moved(scene.windows, sample.partitions, at=sample.at)
        found.append((state.events, state.end))
    writer.close()

    assert [(5, 10), (30, 60)] == found


def test_a_consumer_that_is_stuck_stalls_and_one_that_is_gone_stops(scene: Scene) -> None:
    scene.join()
    scene.write(20)
    scene.commit(5)
    stuck = scene.look_on(WINDOW_LOOKS)
    scene.leave()
    gone = scene.look_on(WINDOW_LOOKS)

    assert {Status.OK} == statuses(stuck[:-1]), "a window that is not full judges nobody"
    assert Status.STALL is stuck[-1].status
    assert (1, "kafka-python") == (stuck[-1].members, (stuck[-1].client or "")[:12])
    assert {Status.STALL} == statuses(gone[:-1])
    assert Status.STOP is gone[-1].status
    assert (0, None) == (gone[-1].members, gone[-1].client)
    ages = [state.behind(datetime.now(UTC)) or 0.0 for state in gone]
    assert ages[-1] > 2 * WINDOW_LOOKS * LOOK_SECONDS * 0.9, "it ages while nothing moves"
    assert gone[-1].lost_at is not None
    left = gone[-1].lost_at.timestamp() - scene.written[5]
    assert abs(left - RETENTION_MS / 1000) < ERROR_SECONDS_MAX


def test_a_rewind_is_one_until_it_has_caught_up(scene: Scene) -> None:
    scene.join()
    scene.write(40)
    scene.commit(40)
    before = scene.look_on(2)
    scene.leave()
    scene.reset(0)
    set_back = scene.look_on(2)
    scene.join()
    again = scene.look_on(3, lambda: scene.commit(scene.read + 10))
    caught_up = scene.look_on(1, lambda: scene.commit(40))

    assert {Status.OK} == statuses(before)
    assert {Status.REWIND} == statuses(set_back + again)
    assert {Status.OK} == statuses(caught_up)


def test_what_retention_deleted_unread_is_an_error_and_never_a_lag_of_nothing(
    scene: Scene,
) -> None:
    scene.join()
    scene.write(100)
    scene.commit(10)
    before = scene.look()
    time.sleep(1.5)
    scene.write(20)
    scene.admin.delete_records({scene.place: 100})
    scene.deleted = 100
    some = scene.look()
    scene.admin.delete_records({scene.place: 120})
    scene.deleted = 120
    everything = scene.look()
    scene.commit(120)
    after = scene.look()

    assert (Status.OK, 0) == (before.status, before.lost)
    assert (Status.ERR, 90, 20) == (some.status, some.lost, some.events)
    assert (Status.ERR, 110, 0) == (everything.status, everything.lost, everything.events)
    assert (Status.OK, 0) == (after.status, after.lost)


def test_kafka_s_own_tool_says_the_same(
    scene: Scene, fresh_topic: Callable[..., str], unique_name: Callable[[str], str]
) -> None:
    """Where events are gone it counts them as waiting: ours are what waits, and what is lost."""
    groups = [scene.group, unique_name("lag"), unique_name("lag")]
    scene.write(50)
    scene.admin.delete_records({scene.place: 20})
    for group, offset in zip(groups, (30, 50, 5), strict=True):
        set_offsets(scene.admin, group, {scene.place: offset})
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home:
        theirs = described(scene.broker, groups, Path(home))
    _, states = moved({}, scene.sampler.sample().partitions, at=datetime.now(UTC))
    ours = {state.key: state for state in states}

    assert theirs.keys() == ours.keys()
    for key, row in theirs.items():
        assert (row.committed, row.end) == (ours[key].committed, ours[key].end)
        assert row.lag == ours[key].events + ours[key].lost
    assert [20, 0, 30] == [ours[group, scene.topic, 0].events for group in groups]
    assert [0, 0, 15] == [ours[group, scene.topic, 0].lost for group in groups]
