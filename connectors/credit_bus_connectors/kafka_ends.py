"""The pump's two ends on Kafka: a platform's inbox and its outbox, joined by a transaction.

Knows kafka-python and the wire. Statements and positions are committed in one Kafka transaction
that carries the consumer's group metadata (KIP-447), so that neither a former instance of the same
name (its transactional id is fenced) nor one that lost its partitions can save anything.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from kafka import KafkaProducer, TopicPartition
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.structs import OffsetAndMetadata

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import message_of, read_event, write_event
from credit_bus.domain.channels import inbox, outbox
from credit_bus.domain.event import Event
from credit_bus_connectors.ending import EXIT_STUCK, end_stuck
from credit_bus_connectors.group_member import GroupMember
from credit_bus_connectors.parking import Delivery
from credit_bus_connectors.pump import Fetched

SESSION_TIMEOUT_SECONDS = 10.0
TRANSACTION_TIMEOUT_SECONDS = 60.0
COMMIT_WAIT_SECONDS_MAX = 50.0  # less than the transaction's own time-out
START_WAIT_SECONDS_MAX = 60.0
CLOSE_WAIT_SECONDS_MAX = 5.0
# Longer than a sink may take over one batch: past that, the partitions go to somebody else.
BATCH_WAIT_SECONDS_MAX = 300.0
FETCH_BYTES_MAX = 8 * 1024 * 1024
PARTITION_FETCH_BYTES_MAX = 2 * 1024 * 1024  # the most bytes a record of an inbox may have
REQUEST_BYTES_MAX = 4 * 1024 * 1024
BATCH_BYTES = 256 * 1024

CONNECTOR_STUCK = "connector.stuck"


class UnreadableRecordError(Exception):
    """An inbox holds something that cannot be read: our own mistake, never the sender's."""


class KafkaEnds:
    """The inbox and the outbox of one platform. One instance name is one process at a time.

    `group` is its consumer group, that of the platform's connector unless another is named.
    """

    def __init__(
        self,
        *,
        platform: str,
        broker: str,
        codec: Codec,
        log: Any,
        instance: str = "1",
        group: str | None = None,
    ) -> None:
        self._inbox = inbox(platform)
        self._outbox = outbox(platform)
        self._codec = codec
        self._log = log
        self._listener = _Losses()
        group = group or f"connector-{platform}"
        name = f"{group}-{instance}"
        self._producer = KafkaProducer(
            bootstrap_servers=broker,
            client_id=name,
            transactional_id=name,
            acks="all",
            transaction_timeout_ms=_milliseconds(TRANSACTION_TIMEOUT_SECONDS),
            delivery_timeout_ms=_milliseconds(COMMIT_WAIT_SECONDS_MAX),
            max_block_ms=_milliseconds(START_WAIT_SECONDS_MAX),
            max_request_size=REQUEST_BYTES_MAX,
            batch_size=BATCH_BYTES,
            linger_ms=0,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        self._producer.init_transactions()  # from here on, a former instance is fenced
        self._consumer = GroupMember(
            bootstrap_servers=broker,
            client_id=name,
            group_id=group,
            group_instance_id=name,  # fences a former instance (KIP-345)
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            session_timeout_ms=_milliseconds(SESSION_TIMEOUT_SECONDS),
            max_poll_interval_ms=_milliseconds(BATCH_WAIT_SECONDS_MAX),
            fetch_max_bytes=FETCH_BYTES_MAX,
            max_partition_fetch_bytes=PARTITION_FETCH_BYTES_MAX,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        self._consumer.subscribe([self._inbox], listener=self._listener)
        self._membership = self._consumer.group_metadata()
        self._owned: frozenset[TopicPartition] = frozenset()

    def poll(self, *, events_max: int, wait_seconds: float) -> Fetched:
        """Return the next events, at most so many, in order per partition; 0 only keeps alive.

        A poll that lost partitions brings no events: what it read is read again by the next one.
        Raises UnreadableRecordError for a record that does not read.
        """
        if events_max == 0:
            self._consumer.pause(*self._consumer.assignment())
        else:
            self._consumer.resume(*self._consumer.paused())
        polled: Mapping[TopicPartition, Sequence[Any]] = self._consumer.poll(
            timeout_ms=_milliseconds(wait_seconds), max_records=max(events_max, 1)
        )
        # The assignment changes only within a poll, so from here on all belongs together; and a
        # membership that ends later is stale, so that the broker refuses its commit (KIP-447).
        self._membership = self._consumer.group_metadata()
        is_member = self._membership.generation_id >= 0
        owned = frozenset(self._consumer.assignment()) if is_member else frozenset()
        lost = self._listener.taken() | {tp.partition for tp in self._owned - owned}
        self._owned = owned
        if events_max == 0 or lost:
            self._read_again(polled)
            return Fetched(lost=lost)
        positions = {tp.partition: self._consumer.position(tp, timeout_ms=0) for tp in owned}
        return Fetched(
            deliveries=[self._read(record) for records in polled.values() for record in records],
            next_offsets={part: at for part, at in positions.items() if at is not None},
        )

    @property
    def is_member(self) -> bool:
        """Whether the broker has it in the group now, as far as the last poll could tell."""
        return bool(self._membership.generation_id >= 0)

    def commit(self, statements: Sequence[Event], next_offsets: Mapping[int, int]) -> None:
        """Publish the statements and save the positions in one transaction: both, or neither.

        Raises what kafka-python raises; nothing is saved then, and the process ought to end, so
        that its successor fences whatever is still open. Ends the process by itself when the
        broker does not answer in time.
        """
        offsets = {
            TopicPartition(self._inbox, partition): OffsetAndMetadata(offset, "", -1)
            for partition, offset in next_offsets.items()
        }
        with self._within(COMMIT_WAIT_SECONDS_MAX):
            self._producer.begin_transaction()
            for event in statements:
                wire = write_event(event, self._codec)
                self._producer.send(
                    self._outbox, key=wire.key, value=wire.value, headers=list(wire.headers)
                )
            if offsets:
                self._producer.send_offsets_to_transaction(offsets, self._membership)
            self._producer.commit_transaction()

    def close(self) -> None:
        """Leave the inbox to others at once."""
        self._consumer.close(autocommit=False, timeout_ms=_milliseconds(CLOSE_WAIT_SECONDS_MAX))
        self._producer.close(timeout=CLOSE_WAIT_SECONDS_MAX)

    def _read_again(self, polled: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Go back before what was polled at a moment when it could not be taken on."""
        for partition, records in polled.items():
            if partition in self._owned:
                self._consumer.seek(partition, records[0].offset)

    def _read(self, record: Any) -> Delivery:
        message = message_of(record)
        reading = read_event(message, self._codec)
        if reading.event is None:
            codes = ", ".join(reason.code for reason in reading.reasons)
            raise UnreadableRecordError(
                f"{record.topic}/{record.partition}@{record.offset} cannot be read ({codes}); the"
                " router wrote it: check that router and connector run the same release"
            )
        return Delivery(event=reading.event, partition=record.partition, offset=record.offset)

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """End the process when the block takes longer: kafka-python waits without a bound."""
        timer = threading.Timer(seconds, self._give_up, (seconds,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _give_up(self, seconds: float) -> NoReturn:
        self._log.error(CONNECTOR_STUCK, exit_code=EXIT_STUCK, waited_seconds=seconds)
        end_stuck()


class _Losses(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python has no types
    """Collects the partitions that were taken away; called on the consumer's own thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._partitions: frozenset[int] = frozenset()

    def taken(self) -> frozenset[int]:
        """Return what was taken since the last call."""
        with self._lock:
            partitions, self._partitions = self._partitions, frozenset()
        return partitions

    def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        with self._lock:
            self._partitions |= {partition.partition for partition in revoked}

    def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Nothing to do: the consumer goes on from the saved positions."""


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
