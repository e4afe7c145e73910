"""Reads an outbox record by record, with the outcome of the transaction that each was written in.

kafka-python hides which batch a record stood in, and markers with it; so its unpacking is replaced
by one that keeps both, and that reads header names which are no UTF-8. Pinned to the exact release
that pyproject.toml names.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import Fetcher
from kafka.partitioner.default import murmur2

from credit_bus.conformance.history import Record, Transaction
from credit_bus.contracts.wire import Message
from credit_bus.operations.lenient import Escaping
from credit_bus_deploy.failures import InstallationError

FETCH_BYTES_MAX = 6 * 1024 * 1024
REQUEST_MILLISECONDS_MAX = 15_000
HOLDS_MAX = 10_000  # records of transactions that have not ended


class _Raw(NamedTuple):
    """A record or a marker, as it lay in its batch."""

    offset: int
    producer: int | None  # None: outside any transaction
    marker: Transaction | None
    message: Message | None


class _Batches(Fetcher.PartitionRecords):  # type: ignore[misc]
    """kafka-python's unpacking, but every record keeps what its batch said, and markers stay."""

    def _unpack_records(self, tp: Any, records: Any, *_: Any) -> Iterator[_Raw]:
        while (batch := records.next_batch()) is not None:
            producer = batch.producer_id if batch.is_transactional else None
            unpacked = iter(batch)
            batch._buffer = Escaping(batch._buffer)
            for record in unpacked:
                self.next_fetch_offset = record.offset + 1
                if batch.is_control_batch:
                    end = Transaction.ABORTED if record.abort else Transaction.COMMITTED
                    yield _Raw(record.offset, producer, end, None)
                else:
                    message = Message(
                        topic=tp.topic,
                        partition=tp.partition,
                        offset=record.offset,
                        timestamp_ms=record.timestamp,
                        key=record.key,
                        headers=tuple(record.headers),
                        value=record.value,
                    )
                    yield _Raw(record.offset, producer, None, message)
            self.next_fetch_offset = batch.next_offset
        self.drain()


class OutboxReader:
    """Reads one outbox from its present end on."""

    def __init__(self, broker: str, topic: str) -> None:
        """Place the reader at the end. Raises InstallationError for a topic that is not there."""
        self._consumer: Any = KafkaConsumer(
            bootstrap_servers=broker,
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_uncommitted",
            auto_offset_reset="none",
            max_partition_fetch_bytes=FETCH_BYTES_MAX,
            request_timeout_ms=REQUEST_MILLISECONDS_MAX,
            metrics_enabled=False,
        )
        numbers = self._consumer.partitions_for_topic(topic)
        if not numbers:
            self.close()
            raise InstallationError(
                f"the broker at {broker} has no topic {topic}: make the registry's topics with "
                f"`credit-bus topics apply`, or leave --broker out"
            )
        self._partitions = len(numbers)
        # The one private name used: the class that kafka-python unpacks a fetch with.
        self._consumer._fetcher.PartitionRecords = _Batches
        places = [TopicPartition(topic, number) for number in sorted(numbers)]
        self._consumer.assign(places)
        for place, end in self._consumer.end_offsets(places).items():
            self._consumer.seek(place, end)
        self._held: dict[tuple[int, int], list[Message]] = {}

    def close(self) -> None:
        """Close the connection."""
        self._consumer.close(autocommit=False)

    def poll(self, seconds: float) -> list[Record]:
        """Return what came, each record once its transaction has ended.

        Raises InstallationError when more is held back than an exchange can ever need.
        """
        found: list[Record] = []
        for place, raws in self._consumer.poll(timeout_ms=int(seconds * 1000)).items():
            for raw in raws:
                found += self._take(place.partition, raw)
        if sum(map(len, self._held.values())) > HOLDS_MAX:
            raise InstallationError(
                f"more than {HOLDS_MAX} records lie in transactions that do not end: the adapter "
                "must commit what it says"
            )
        return found

    def rest(self) -> list[Record]:
        """Return what lies in transactions that have not ended."""
        held, self._held = self._held, {}
        return [
            self._record(message, Transaction.OPEN)
            for messages in held.values()
            for message in messages
        ]

    def _take(self, partition: int, raw: _Raw) -> list[Record]:
        if raw.message is None:
            assert raw.marker is not None, "what is no record is a marker"
            ended = self._held.pop((partition, _producer(raw)), [])
            return [self._record(message, raw.marker) for message in ended]
        if raw.producer is None:
            return [self._record(raw.message, Transaction.NONE)]
        self._held.setdefault((partition, _producer(raw)), []).append(raw.message)
        return []

    def _record(self, message: Message, transaction: Transaction) -> Record:
        home = (murmur2(message.key) & 0x7FFFFFFF) % self._partitions if message.key else None
        return Record(message=message, transaction=transaction, home=home)


def _producer(raw: _Raw) -> int:
    assert raw.producer is not None, "a marker ends a transaction"
    return raw.producer
