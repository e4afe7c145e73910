"""A platform's inbox and outbox on a real broker, and the process of a connector that dies."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, MemberToRemove
from tests import samples
from tests.unit.connectors.inbox import Silence

from credit_bus.contracts.wire import Message, read_event, write_event
from credit_bus.domain.channels import inbox, outbox
from credit_bus.domain.event import Event
from credit_bus_connectors.kafka_ends import KafkaEnds
from credit_bus_connectors.parking import Delivery

PARTITIONS = 3
WAIT_SECONDS_MAX = 60.0
POLL_SECONDS = 0.05

_CRASH = """
import os, sys
from datetime import UTC, datetime
from kafka import KafkaProducer
from tests.integration.connectors.inboxes import Line
from credit_bus_connectors.platforms.district import DistrictSink
from credit_bus_connectors.pump import Pump

broker, platform, database, where = sys.argv[1:]

def die(*_):
    os._exit(9)

line = Line(broker, platform)
ends = line.ends()
if where == "before":
    ends.commit = die
else:
    KafkaProducer.commit_transaction = lambda producer: (producer.flush(), die())
pump = Pump(platform=platform, sink=DistrictSink(database), ends=ends,
            clock=lambda: datetime.now(UTC), log=line.log)
pump.run(lambda: False)
"""


# What a leader does whose metadata are not there yet: kafka-python's first assignment is mostly so.
_FORMING = """
import os, sys
from kafka import KafkaConsumer
from kafka.coordinator.assignors.range import RangePartitionAssignor

broker, group, instance, topic = sys.argv[1:]

class Nothing(RangePartitionAssignor):
    @classmethod
    def assign(cls, cluster, members):
        return super().assign(type("Empty", (), {"partitions_for_topic": lambda *_: None}), members)

consumer = KafkaConsumer(topic, bootstrap_servers=broker, group_id=group,
                         group_instance_id=instance, partition_assignment_strategy=[Nothing])
while consumer.group_metadata().generation_id < 0:
    consumer.poll(timeout_ms=100)
os._exit(9)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One platform's two topics."""

    broker: str
    platform: str
    partitions: int = PARTITIONS
    log: Silence = Silence()  # noqa: RUF009 - nobody reads what several lines write

    def make_topics(self) -> None:
        """Make both topics."""
        names = [inbox(self.platform), outbox(self.platform)]
        with KafkaAdminClient(bootstrap_servers=self.broker) as admin:
            wanted = {"num_partitions": self.partitions, "replication_factor": 1}
            admin.create_topics(dict.fromkeys(names, wanted))
            admin.wait_for_topics(names, timeout_ms=20_000)

    def ends(self, instance: str = "1") -> KafkaEnds:
        """Return the connector's ends on them."""
        return KafkaEnds(
            platform=self.platform,
            broker=self.broker,
            codec=samples.codec(),
            log=self.log,
            instance=instance,
        )

    def put(self, events: Sequence[Event]) -> None:
        """Write events into the inbox in one transaction, as the router does."""
        producer = KafkaProducer(
            bootstrap_servers=self.broker,
            transactional_id=f"router-of-{self.platform}",
            linger_ms=5,
        )
        try:
            producer.init_transactions()
            producer.begin_transaction()
            for event in events:
                wire = write_event(event, samples.codec())
                producer.send(
                    inbox(self.platform),
                    key=wire.key,
                    value=wire.value,
                    headers=list(wire.headers),
                )
            producer.commit_transaction()
        finally:
            producer.close()

    def put_rubbish(self) -> None:
        """Write what is no event into the inbox."""
        producer = KafkaProducer(bootstrap_servers=self.broker)
        producer.send(inbox(self.platform), key=b"x", value=b"rubbish").get(timeout=20)
        producer.close()

    def said(self) -> list[Event]:
        """Return every committed event of the outbox, in order per partition."""
        consumer = KafkaConsumer(
            bootstrap_servers=self.broker,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        )
        partitions = [TopicPartition(outbox(self.platform), n) for n in range(self.partitions)]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        found: list[Event] = []
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while any(consumer.position(one) < ends[one] for one in partitions):
            assert time.monotonic() < deadline
            for records in consumer.poll(timeout_ms=200).values():
                found += [event_of(record) for record in records]
        consumer.close()
        return found

    def saved(self) -> dict[int, int]:
        """Return the positions that the connector's group has saved."""
        with KafkaAdminClient(bootstrap_servers=self.broker) as admin:
            group = f"connector-{self.platform}"
            offsets = admin.list_group_offsets([group])[group]
        return {tp.partition: known.offset for tp, known in offsets.items() if known.offset >= 0}

    def put_out_of_the_group(self, instance: str = "1") -> None:
        """Remove a running connector from its group, as the coordinator does with a frozen one."""
        member = MemberToRemove(group_instance_id=f"connector-{self.platform}-{instance}")
        with KafkaAdminClient(bootstrap_servers=self.broker) as admin:
            admin.remove_group_members(f"connector-{self.platform}", [member])

    def die_while_the_group_forms(self) -> None:
        """Be killed as the instance that has just joined and was not given anything yet."""
        group = f"connector-{self.platform}"
        command = [sys.executable, "-c", _FORMING]
        command += [self.broker, group, f"{group}-1", inbox(self.platform)]
        assert 9 == subprocess.run(command, check=False, timeout=WAIT_SECONDS_MAX).returncode

    def add_a_partition(self) -> None:
        """Let the inbox have one partition more."""
        with KafkaAdminClient(bootstrap_servers=self.broker) as admin:
            admin.create_partitions({inbox(self.platform): self.partitions + 1})

    def ends_of_log(self) -> dict[int, int]:
        """Return where each partition of the inbox ends, marks of transactions included."""
        consumer = KafkaConsumer(bootstrap_servers=self.broker)
        found = consumer.end_offsets(
            [TopicPartition(inbox(self.platform), n) for n in range(self.partitions)]
        )
        consumer.close()
        return {partition.partition: offset for partition, offset in found.items()}

    def crash(self, database: str, where: str) -> int:
        """Run a connector to the district's database until it dies; return its exit code."""
        command = [sys.executable, "-c", _CRASH, self.broker, self.platform, database, where]
        return subprocess.run(command, check=False, timeout=WAIT_SECONDS_MAX).returncode


def event_of(record: object) -> Event:
    """Return the event of a consumer's record."""
    message = Message(
        topic=record.topic,  # type: ignore[attr-defined]
        partition=record.partition,  # type: ignore[attr-defined]
        offset=record.offset,  # type: ignore[attr-defined]
        timestamp_ms=record.timestamp,  # type: ignore[attr-defined]
        key=record.key,  # type: ignore[attr-defined]
        headers=tuple(record.headers),  # type: ignore[attr-defined]
        value=record.value,  # type: ignore[attr-defined]
    )
    reading = read_event(message, samples.codec())
    assert reading.event is not None, reading.reasons
    return reading.event


def read(ends: KafkaEnds, count: int, *, poll_seconds: float = 0.2) -> list[Delivery]:
    """Poll until so many events came."""
    found: list[Delivery] = []
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while len(found) < count:
        assert time.monotonic() < deadline, f"{len(found)} of {count} events"
        found += ends.poll(events_max=500, wait_seconds=poll_seconds).deliveries
    return found


def until(condition: Callable[[], bool], step: Callable[[], object]) -> None:
    """Take steps until the condition holds; fails when it never does."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not condition():
        assert time.monotonic() < deadline
        step()
        time.sleep(POLL_SECONDS)
