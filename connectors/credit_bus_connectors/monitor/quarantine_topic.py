"""One message read from the quarantine, and one said again in its sender's outbox.

Knows kafka-python. What is said again goes in a transaction of its own: it is there whole, or not.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kafka import TopicPartition
from kafka.errors import KafkaError
from kafka.partitioner.default import murmur2

from credit_bus.contracts.wire import Message, message_of
from credit_bus.domain.channels import QUARANTINE
from credit_bus.operations.quarantine.kept import Kept, kept_of
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.failures import bounded
from credit_bus_connectors.departments.producer import TRANSACTION_SECONDS_MAX, bring, open_producer
from credit_bus_connectors.monitor.following import open_reader

READ_SECONDS_MAX = 20.0
POLL_MS = 500
CLOSE_SECONDS_MAX = 5.0
TRANSACTIONAL_ID = "credit-bus.redrive"  # one at a time: a later one fences the former


def read_kept(broker: str, partition: int, offset: int) -> Kept | None:
    """Return what lies there; None when nothing does. Raises UnreachableError."""
    place = TopicPartition(QUARANTINE, partition)
    with _reader(broker) as consumer:
        try:
            record = _record(consumer, place, offset)
        except KafkaError as error:
            raise UnreachableError(f"{QUARANTINE}/{partition}@{offset} cannot be read") from error
    return None if record is None else kept_of(message_of(record))


def home_of(broker: str, message: Message) -> int | None:
    """Return the partition in which the message's key belongs; None for one without a key."""
    if not message.key:
        return None
    with _reader(broker) as consumer:
        numbers = consumer.partitions_for_topic(message.topic) or ()
    return (murmur2(message.key) & 0x7FFFFFFF) % len(numbers) if numbers else None


def say_again(broker: str, message: Message) -> None:
    """Write the message into its topic and partition. Raises UnreachableError.

    Whether it was written is then unknown: said again it is taken once.
    """
    try:
        producer = open_producer({"bootstrap_servers": broker}, transactional_id=TRANSACTIONAL_ID)
    except KafkaError as error:
        raise UnreachableError(f"the broker at {broker} does not answer") from error
    try:
        told = {
            "partition": message.partition,
            "key": message.key,
            "value": message.value,
            "headers": list(message.headers),
        }
        bring(producer, [(message.topic, told)])
        bounded(producer.commit_transaction, TRANSACTION_SECONDS_MAX)
    except (KafkaError, TimeoutError) as error:
        raise UnreachableError(
            f"it is not known whether {message.topic} took it; approve it again"
        ) from error
    finally:
        producer.close(timeout=CLOSE_SECONDS_MAX)


@contextmanager
def _reader(broker: str) -> Iterator[Any]:
    try:
        consumer = open_reader(broker)
    except KafkaError as error:
        raise UnreachableError(f"the broker at {broker} does not answer") from error
    try:
        yield consumer
    finally:
        consumer.close(autocommit=False)


def _record(consumer: Any, place: TopicPartition, offset: int) -> Any:
    """Return the committed record at an offset, None when there is none."""
    numbers = consumer.partitions_for_topic(place.topic) or ()
    if place.partition not in numbers:
        return None
    consumer.assign([place])
    start, end = consumer.beginning_offsets([place])[place], consumer.end_offsets([place])[place]
    if not start <= offset < end:
        return None
    consumer.seek(place, offset)
    deadline = time.monotonic() + READ_SECONDS_MAX
    while time.monotonic() < deadline:
        for records in consumer.poll(timeout_ms=POLL_MS, max_records=1).values():
            return records[0] if records[0].offset == offset else None
        if consumer.position(place) > offset:  # a mark of a transaction
            return None
    raise UnreachableError(f"{place.topic}/{place.partition}@{offset} did not come in time")
