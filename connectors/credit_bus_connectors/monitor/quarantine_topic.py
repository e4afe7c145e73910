"""Messages read from the quarantine, and said again in their senders' outboxes.

Knows kafka-python. What is said again at once goes in one transaction: all of it is there, or none.
"""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

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

OPEN_SECONDS_MAX = 5.0  # a page waits for it
READ_SECONDS_MAX = 20.0
POLL_MS = 500
PASSED_OVER_MAX = 1_000  # offsets read and not wanted, before the next that is wanted is sought
CLOSE_SECONDS_MAX = 5.0
_PLACE = re.compile(r"(\d{1,6})@(\d{1,18})")
TRANSACTIONAL_ID = "credit-bus.redrive"  # one at a time: a later one fences the former


class Place(NamedTuple):
    """Where a message lies in quarantine."""

    partition: int
    offset: int

    def __str__(self) -> str:
        """Return how an operator names it."""
        return f"{self.partition}@{self.offset}"

    @classmethod
    def named(cls, text: str) -> "Place | None":
        """Return the place that an operator names so; None for what names none."""
        match = _PLACE.fullmatch(text)
        return None if match is None else cls(int(match[1]), int(match[2]))


@contextmanager
def open_quarantine(broker: str) -> Iterator["Quarantine"]:
    """Yield what reads the quarantine. Everything in the block raises UnreachableError."""
    try:
        consumer = open_reader(broker, seconds_max=OPEN_SECONDS_MAX)
    except KafkaError as error:
        raise UnreachableError(f"the broker at {broker} does not answer") from error
    try:
        yield Quarantine(consumer)
    except KafkaError as error:
        raise UnreachableError(f"{QUARANTINE} cannot be read: see to the broker") from error
    finally:
        consumer.close(autocommit=False)


class Quarantine:
    """Reads the quarantine, and in how many partitions an outbox lies. Not thread-safe."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._partitions: dict[str, int] = {}

    def kept(self, places: Iterable[Place]) -> Iterator[tuple[Place, Kept | None]]:
        """Yield what lies at each of the places, by partition and offset; None for nothing."""
        wanted = defaultdict(list)
        for place in sorted(set(places)):
            wanted[place.partition].append(place.offset)
        for partition, offsets in wanted.items():
            for offset, record in self._records(partition, offsets):
                kept = None if record is None else kept_of(message_of(record))
                yield Place(partition, offset), kept

    def partitions_of(self, topic: str) -> int:
        """Return in how many partitions a topic lies; 0 when there is none."""
        if topic not in self._partitions:
            self._partitions[topic] = len(self._consumer.partitions_for_topic(topic) or ())
        return self._partitions[topic]

    def _records(self, partition: int, offsets: Sequence[int]) -> Iterator[tuple[int, Any]]:
        """Yield the committed record at each offset, which ascend; None where there is none."""
        place = TopicPartition(QUARANTINE, partition)
        start, end = self._bounds(place)
        position = None
        come: Mapping[int, Any] = {}
        for offset in offsets:
            if not start <= offset < end:
                yield offset, None
                continue
            if position is None or offset - position > PASSED_OVER_MAX:
                self._consumer.seek(place, offset)
                position = offset
            deadline = time.monotonic() + READ_SECONDS_MAX
            while position <= offset:  # a mark of a transaction moves it, too
                if time.monotonic() > deadline:
                    raise UnreachableError(f"{QUARANTINE}/{partition}@{offset} did not come")
                polled = self._consumer.poll(timeout_ms=POLL_MS).get(place, ())
                come = {each.offset: each for each in polled}
                position = self._consumer.position(place)
            yield offset, come.get(offset)

    def _bounds(self, place: TopicPartition) -> tuple[int, int]:
        """Return where the partition begins and ends, assigned; it is empty if there is none."""
        if place.partition >= self.partitions_of(place.topic):
            return (0, 0)
        consumer = self._consumer
        consumer.assign([place])
        return consumer.beginning_offsets([place])[place], consumer.end_offsets([place])[place]


def partition_of(message: Message, partitions: int) -> int | None:
    """Return the partition of so many in which its key belongs; None for one without a key."""
    return (murmur2(message.key) & 0x7FFFFFFF) % partitions if message.key else None


def say_again(broker: str, messages: Sequence[Message]) -> None:
    """Write the messages into their topics and partitions. Raises UnreachableError.

    Whether they were written is then unknown: said again they are taken once.
    """
    try:
        producer = open_producer({"bootstrap_servers": broker}, transactional_id=TRANSACTIONAL_ID)
    except KafkaError as error:
        raise UnreachableError(f"the broker at {broker} does not answer") from error
    try:
        bring(producer, ((each.topic, _told(each)) for each in messages))
        bounded(producer.commit_transaction, TRANSACTION_SECONDS_MAX)
    except (KafkaError, TimeoutError) as error:
        raise UnreachableError(
            "it is not known whether the outboxes took it: approve it again; it is taken once"
        ) from error
    finally:
        producer.close(timeout=CLOSE_SECONDS_MAX)


def _told(message: Message) -> dict[str, Any]:
    return {
        "partition": message.partition,
        "key": message.key,
        "value": message.value,
        "headers": list(message.headers),
    }
