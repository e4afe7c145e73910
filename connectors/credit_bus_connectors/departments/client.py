"""The one simple client: a department says events, and gets an answer for each.

Knows Kafka and the wire. Knows no registry and no rules: what is right is the gate's to say. One
thread at a time may use a client.

All events of one `publish` stand in one Kafka transaction (KIP-98): readers see all or none, also
when the process dies in between. The transactional id is made of party and instance, so a restart
under the same instance fences whatever was left of the former one.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from kafka import TopicPartition
from kafka.errors import InvalidProducerEpochError, KafkaError, ProducerFencedError

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.trace import traced
from credit_bus.contracts.wire import Wire, write_event
from credit_bus.domain.channels import inbox, outbox, replies
from credit_bus.domain.event import Event
from credit_bus_connectors.departments.failures import (
    FencedError,
    NotPublishedError,
    UnansweredError,
    UncertainError,
    bounded,
)
from credit_bus_connectors.departments.feed import (
    POLL_SECONDS_MAX,
    event_of,
    follow,
    milliseconds,
    open_consumer,
    poll,
)
from credit_bus_connectors.departments.producer import (
    CONNECT_SECONDS_MAX,
    TRANSACTION_SECONDS_MAX,
    bring,
    open_producer,
    record_of,
)
from credit_bus_connectors.departments.receipts import Receipt, receipt_of

EVENTS_PER_TRANSACTION_MAX = 500
# A first transaction meets coordinators that are just being found: the default of 100 ms shows.
RETRY_BACKOFF_MILLISECONDS = 20
REQUEST_SECONDS_MAX = 15.0
ANSWER_WAIT_SECONDS_DEFAULT = 60.0

_CAUSATION = "ce_causationid"


class DepartmentClient:
    """A party's way to the bus and back. The package's docstring shows its use."""

    def __init__(
        self,
        party: str,
        bootstrap: str,
        *,
        codec: Codec,
        instance: str = "main",
        security: Mapping[str, Any] | None = None,
    ) -> None:
        """Remember how to connect; the first call connects.

        `instance` tells apart processes that speak for one party at the same time; of an instance
        that is started twice the later one goes on, and the former is fenced. `security` holds
        kafka-python's own settings (`security_protocol`, `sasl_*`, `ssl_*`).
        """
        self.party = party
        self._codec = codec
        self._instance = instance
        self._producer: Any = None
        self._receipts: Any = None
        self._settings = {
            "bootstrap_servers": bootstrap,
            "client_id": f"client-{party}-{instance}",
            "bootstrap_timeout_ms": milliseconds(CONNECT_SECONDS_MAX),
            "request_timeout_ms": milliseconds(REQUEST_SECONDS_MAX),
            "retry_backoff_ms": RETRY_BACKOFF_MILLISECONDS,
            "allow_auto_create_topics": False,
            "metrics_enabled": False,
            **(security or {}),
        }

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._close_producer()
        if self._receipts is not None:
            self._receipts.close(autocommit=False)
            self._receipts = None

    def publish(
        self,
        events: Sequence[Event],
        *,
        wait: bool = False,
        timeout_seconds: float = ANSWER_WAIT_SECONDS_DEFAULT,
    ) -> list[Receipt]:
        """Say the events in one transaction; with `wait`, return each one's receipt, in order.

        An event without a trace begins one. Without `wait` the list is empty and the answers come
        through `replies`. `timeout_seconds` bounds the wait for receipts alone; connecting has its
        own bound. Raises ValueError for more than `EVENTS_PER_TRANSACTION_MAX` events, another
        party's events or a body that does not fit its schema, before anything is sent; ClientError
        when the transaction did not commit; UnansweredError with the ids that have no answer after
        `timeout_seconds`.
        """
        if len(events) > EVENTS_PER_TRANSACTION_MAX:
            raise ValueError(
                f"{len(events)} events in one transaction; the most is "
                f"{EVENTS_PER_TRANSACTION_MAX}: split them"
            )
        foreign = sorted({event.source for event in events} - {self.party})
        if foreign:
            raise ValueError(f"{self.party} cannot speak as {', '.join(foreign)}")
        wires = [write_event(traced(event), self._codec) for event in events]
        if not wires:
            return []
        if not wait:
            self._send(wires)
            return []
        consumer = self._at_end_of_replies()  # before sending, so that no receipt can be missed
        self._send(wires)
        return self._await(consumer, [event.id for event in events], timeout_seconds)

    def send(self, wires: Sequence[Wire]) -> None:
        """Say these records in one transaction, byte for byte; wait for no receipt.

        For whoever kept what `write_event` gave, and says it again after a crash. Raises as
        `publish` does.
        """
        if len(wires) > EVENTS_PER_TRANSACTION_MAX:
            raise ValueError(f"{len(wires)} records in one transaction: split them")
        if wires:
            self._send(wires)

    def replies(self, *, idle_seconds_max: float | None = None) -> Iterator[Event]:
        """Yield what comes back: receipts, responses, feedback, closings.

        Positions are saved in the group `client-<party>-replies`, once the reader has asked for
        the next event: what was handled and that alone, so a crash yields the rest again. Ends
        after that long without anything new; by default never.
        """
        return self._follow(replies(self.party), "replies", idle_seconds_max)

    def orders(self, *, idle_seconds_max: float | None = None) -> Iterator[Event]:
        """Yield what is asked of the party, likewise, in the group `client-<party>-orders`."""
        return self._follow(inbox(self.party), "orders", idle_seconds_max)

    def _follow(self, topic: str, name: str, idle_seconds_max: float | None) -> Iterator[Event]:
        return follow(
            self._settings,
            self._codec,
            topic=topic,
            group=f"client-{self.party}-{name}",
            instance=f"client-{self.party}-{self._instance}",
            idle_seconds_max=idle_seconds_max,
        )

    def _close_producer(self) -> None:
        """Let go of the producer. The next one to open fences it and aborts what it began."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError):  # records of a dead transaction need not leave
                producer.close(timeout=REQUEST_SECONDS_MAX)

    def _send(self, wires: Sequence[Wire]) -> None:
        """Write the records in one transaction.

        Raises NotPublishedError, FencedError or UncertainError, each after letting go of the
        producer, so that the next call starts afresh.
        """
        try:
            self._write(wires)
        except (ProducerFencedError, InvalidProducerEpochError) as error:
            raise self._fenced() from error
        except KafkaError as error:
            self._abort()
            raise NotPublishedError(
                f"{self.party}: the transaction was aborted ({error!r}); nothing of it is visible; "
                f"check the broker, the topic and the rights, then publish again"
            ) from error
        try:
            bounded(self._producer.commit_transaction, TRANSACTION_SECONDS_MAX)
        except (ProducerFencedError, InvalidProducerEpochError) as error:
            raise self._fenced() from error
        except (KafkaError, TimeoutError) as error:
            self._close_producer()
            raise UncertainError(
                f"{self.party}: the broker did not confirm the commit ({error!r}); publish the "
                f"same events again (they are taken once)"
            ) from error

    def _open_producer(self) -> Any:
        name = f"client-{self.party}-{self._instance}"
        return open_producer(self._settings, transactional_id=name)

    def _write(self, wires: Sequence[Wire]) -> None:
        """Begin a transaction and bring every record to the broker, without committing."""
        if self._producer is None:
            self._producer = self._open_producer()
        topic = outbox(self.party)
        bring(self._producer, ((topic, record_of(wire)) for wire in wires))

    def _abort(self) -> None:
        if self._producer is not None:
            # An open transaction would hold back every reader of the topic until it times out.
            with suppress(KafkaError, TimeoutError):
                bounded(self._producer.abort_transaction, REQUEST_SECONDS_MAX)
            self._close_producer()

    def _fenced(self) -> FencedError:
        self._close_producer()
        return FencedError(
            f"{self.party}: another process took over the instance {self._instance!r}; end this "
            f"one, or give it an instance of its own"
        )

    def _at_end_of_replies(self) -> Any:
        """Return the consumer of receipts, placed at the end of every partition of the topic."""
        topic = replies(self.party)
        try:
            if self._receipts is None:
                self._receipts = open_consumer(self._settings, group=None)
            numbers = self._receipts.partitions_for_topic(topic)
            if not numbers:
                raise NotPublishedError(
                    f"topic {topic} does not exist; provision the topics of the registry"
                )
            partitions = [TopicPartition(topic, number) for number in sorted(numbers)]
            ends = self._receipts.end_offsets(
                partitions, timeout_ms=milliseconds(REQUEST_SECONDS_MAX)
            )
        except KafkaError as error:
            raise NotPublishedError(
                f"{self.party}: {topic} cannot be read ({error!r}); nothing was sent; check the "
                f"broker and the rights"
            ) from error
        if self._receipts.assignment() != set(partitions):
            self._receipts.assign(partitions)
        for partition in partitions:
            self._receipts.seek(partition, ends[partition])
        return self._receipts

    def _await(self, consumer: Any, ids: Sequence[str], timeout_seconds: float) -> list[Receipt]:
        """Return the receipts in the order of the ids, or raise UnansweredError in time."""
        deadline = time.monotonic() + timeout_seconds
        waiting = set(ids)
        found: dict[str, Receipt] = {}
        while waiting:
            left = deadline - time.monotonic()
            if left <= 0:
                unanswered = tuple(id_ for id_ in dict.fromkeys(ids) if id_ in waiting)
                raise UnansweredError(self.party, unanswered, timeout_seconds)
            for record in poll(consumer, min(left, POLL_SECONDS_MAX)):
                if _causation(record) in waiting:
                    receipt = receipt_of(event_of(record, self._codec))
                    if receipt is not None:
                        found[receipt.event_id] = receipt
                        waiting.discard(receipt.event_id)
        return [found[id_] for id_ in ids]


def _causation(record: Any) -> str | None:
    """Return the id of the event that a reply is about, without decoding the rest."""
    for key, value in record.headers:
        if key == _CAUSATION and value is not None:
            return str(value.decode("utf-8", "replace"))
    return None
