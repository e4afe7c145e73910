"""Reads topics from end to end as an auditor would: committed records only, in a process apart.

Knows how to read; what the counts must be is `conservation`.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from credit_bus.contracts.wire import Message, digest_of, message_of
from credit_bus.operations.lenient import make_lenient

POLL_MS = 500
RECORDS_PER_POLL_MAX = 5_000
SCAN_SECONDS_MAX = 120.0


class ScanError(Exception):
    """The topics could not be read to their ends in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A record as it lies in a topic; headers as a dictionary, the last of a name counting."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: dict[str, bytes]
    value: bytes | None
    timestamp_ms: int = 0  # when the log took it, where the topic says so

    @property
    def said(self) -> tuple[str, bytes]:
        """Return the event's id and a digest of its body: what must arrive unharmed."""
        return self.text("ce_id"), digest_of(self.value)

    def text(self, header: str) -> str:
        """Return a header as text, "" when it is absent."""
        return self.headers.get(header, b"").decode("utf-8", "replace")


def scan(
    broker: str, topics: Iterable[str], *, seconds_max: float = SCAN_SECONDS_MAX
) -> Iterator[Seen]:
    """Yield every committed record of the topics, in order within a partition, up to now.

    Raises ScanError when a topic is missing or the ends are not reached within `seconds_max`.
    """
    return map(seen_of, _records(broker, topics, seconds_max))


def scan_whole(
    broker: str, topics: Iterable[str], *, seconds_max: float = SCAN_SECONDS_MAX
) -> Iterator[Message]:
    """Yield the same, with every header in its order. Raises as `scan`."""
    return map(message_of, _records(broker, topics, seconds_max))


def _records(broker: str, topics: Iterable[str], seconds_max: float) -> Iterator[Any]:
    consumer = make_lenient(
        KafkaConsumer(
            bootstrap_servers=broker,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_records=RECORDS_PER_POLL_MAX,
            max_partition_fetch_bytes=8 * 1024 * 1024,
        )
    )
    try:
        yield from _scan(consumer, sorted(topics), time.monotonic() + seconds_max)
    finally:
        consumer.close()


def _scan(consumer: Any, topics: list[str], deadline: float) -> Iterator[Any]:
    tps = []
    for topic in topics:
        partitions = consumer.partitions_for_topic(topic)
        if not partitions:
            raise ScanError(f"topic {topic} does not exist: run `credit-bus topics apply`")
        tps += [TopicPartition(topic, number) for number in sorted(partitions)]
    consumer.assign(tps)
    ends = consumer.end_offsets(tps)
    starts = consumer.beginning_offsets(tps)
    behind = {tp for tp in tps if starts[tp] < ends[tp]}
    while behind:
        if time.monotonic() > deadline:
            left = ", ".join(f"{tp.topic}/{tp.partition}" for tp in sorted(behind)[:5])
            raise ScanError(f"could not read to the end in time; still behind: {left}")
        for records in consumer.poll(timeout_ms=POLL_MS).values():
            for record in records:
                if record.offset < ends[TopicPartition(record.topic, record.partition)]:
                    yield record
        behind = {tp for tp in behind if consumer.position(tp) < ends[tp]}


def seen_of(record: Any) -> Seen:
    """Return a record of kafka-python as an auditor sees it."""
    return Seen(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        headers=dict(record.headers),
        value=record.value,
        timestamp_ms=record.timestamp,
    )
