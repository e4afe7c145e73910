"""The watchdog against a real broker: a waiting record is told, transaction markers are not."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from credit_bus.runtime.watchdog import Watchdog

STUCK_SECONDS = 1.0
LOOK_SECONDS = 0.2
SEEN_SECONDS_MAX = 20.0
QUIET_SECONDS = 6.0


@contextmanager
def watching(broker: str, group: str, topic: str) -> Iterator[tuple[list[str], threading.Event]]:
    told: list[str] = []
    heard = threading.Event()

    def stuck(where: list[str]) -> None:
        told.extend(where)
        heard.set()

    dog = Watchdog(
        broker=broker,
        group=group,
        assignment=lambda: [TopicPartition(topic, 0)],
        stuck=stuck,
        interval_seconds=LOOK_SECONDS,
        stuck_seconds_max=STUCK_SECONDS,
    )
    dog.start()
    try:
        yield told, heard
    finally:
        dog.end()
        dog.join(SEEN_SECONDS_MAX)


def write(broker: str, topic: str, unique_name: Callable[[str], str], count: int) -> None:
    """Write records in one transaction, whose marker takes an offset of its own."""
    producer = KafkaProducer(bootstrap_servers=broker, transactional_id=unique_name("writer"))
    producer.init_transactions()
    producer.begin_transaction()
    for _ in range(count):
        producer.send(topic, value=b"v", partition=0)
    producer.commit_transaction()
    producer.close()


def commit(broker: str, group: str, topic: str, offset: int) -> None:
    consumer = KafkaConsumer(bootstrap_servers=broker, group_id=group, enable_auto_commit=False)
    consumer.assign([TopicPartition(topic, 0)])
    consumer.commit({TopicPartition(topic, 0): OffsetAndMetadata(offset, "", -1)})
    consumer.close()


def test_a_record_that_waits_while_the_offset_stands_is_told(
    broker: str, fresh_topic: Callable[..., str], unique_name: Callable[[str], str]
) -> None:
    topic, group = fresh_topic("watched"), unique_name("group")
    write(broker, topic, unique_name, 3)
    commit(broker, group, topic, 2)
    with watching(broker, group, topic) as (told, heard):
        assert heard.wait(SEEN_SECONDS_MAX)
    assert f"{topic}/0@2" == told[0]


def test_a_group_that_never_committed_is_told_too(
    broker: str, fresh_topic: Callable[..., str], unique_name: Callable[[str], str]
) -> None:
    topic, group = fresh_topic("watched"), unique_name("group")
    write(broker, topic, unique_name, 1)
    with watching(broker, group, topic) as (told, heard):
        assert heard.wait(SEEN_SECONDS_MAX)
    assert f"{topic}/0@0" == told[0]


def test_only_transaction_markers_behind_the_offset_are_no_lag(
    broker: str, fresh_topic: Callable[..., str], unique_name: Callable[[str], str]
) -> None:
    topic, group = fresh_topic("watched"), unique_name("group")
    write(broker, topic, unique_name, 3)
    commit(broker, group, topic, 3)  # the marker lies at 3, the end is 4
    with watching(broker, group, topic) as (told, heard):
        assert not heard.wait(QUIET_SECONDS)
    assert [] == told


def test_a_broker_that_does_not_answer_is_not_a_stuck_worker(
    unique_name: Callable[[str], str],
) -> None:
    began = time.monotonic()
    with watching("127.0.0.1:1", unique_name("group"), "nothing") as (told, heard):
        assert not heard.wait(2 * STUCK_SECONDS)

    assert [] == told
    assert time.monotonic() - began < SEEN_SECONDS_MAX + 5
