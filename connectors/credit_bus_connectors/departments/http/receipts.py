"""The gate's receipts for what was said over HTTP: read, kept, and told to whoever waits.

One thread reads the reply topics of all parties that have spoken here. A receipt finds its
statement by the trace that it repeats. How far was read is kept in the same transaction as the
receipts, so that none is lost or needed twice. Knows kafka-python and the store; no HTTP.
"""

import queue
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from kafka import TopicPartition
from kafka.errors import KafkaError

from credit_bus.contracts.codec import Codec
from credit_bus.domain.channels import replies
from credit_bus.domain.event_types import EVENT_ACCEPTED, EVENT_REJECTED
from credit_bus.logs import logger, told_of
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.failures import NotPublishedError
from credit_bus_connectors.departments.feed import (
    ASK_SECONDS,
    REQUEST_SECONDS_MAX,
    ask_broker,
    event_of,
    milliseconds,
    open_consumer,
    place,
    poll,
)
from credit_bus_connectors.departments.http.request import State, Verdict
from credit_bus_connectors.departments.http.store import Store
from credit_bus_connectors.departments.pulse import Pulse
from credit_bus_connectors.departments.receipts import receipt_of
from credit_bus_connectors.ending import ending_the_process

POLL_SECONDS = 0.1
FOLLOW_SECONDS_MAX = 10.0
RETRY_SECONDS = 1.0
STOP_SECONDS_MAX = 30.0
FOLLOWS_WAITING_MAX = 256

RECEIPTS_FAILED = "intake.receipts_failed"
RECEIPTS_HEARD = "intake.receipts_heard"
POSITION_LOST = "intake.position_lost"  # what lay from there on was deleted before it was read
_RECEIPT_TYPES = {EVENT_ACCEPTED.encode(), EVENT_REJECTED.encode()}

log = logger()


@dataclass(slots=True, eq=False)
class Waiter:
    """The statements that somebody waits for."""

    traces: set[str]
    done: threading.Event = field(default_factory=threading.Event)


class Receipts:
    """The reader of receipts. Thread-safe; `start` it once."""

    def __init__(self, settings: Mapping[str, Any], *, codec: Codec, store: Store) -> None:
        """`settings` are kafka-python's own for the connection."""
        self._settings = settings
        self._codec = codec
        self._store = store
        self._pulse = Pulse()
        self._stop = threading.Event()
        self._asked: queue.Queue[tuple[str, Future[None]]] = queue.Queue(FOLLOWS_WAITING_MAX)
        self._followed: set[str] = set()
        self._lock = threading.Lock()
        self._waiters: dict[str, Waiter] = {}
        self._thread = threading.Thread(
            target=ending_the_process(self._run), name="receipts", daemon=True
        )

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    @property
    def is_reading(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def is_getting_on(self) -> bool:
        """Whether it runs, and broker and database answered it lately."""
        return self._pulse.is_of(self._thread)

    def stop(self) -> None:
        """End reading."""
        self._stop.set()
        self._thread.join(STOP_SECONDS_MAX)

    def follow(self, party: str) -> None:
        """Return once no receipt for what the party says from now on can be missed.

        Raises NotPublishedError when its replies cannot be read.
        """
        if party in self._followed:
            return
        outcome: Future[None] = Future()
        try:
            self._asked.put((party, outcome), timeout=FOLLOW_SECONDS_MAX)
            outcome.result(FOLLOW_SECONDS_MAX)
        except (queue.Full, FutureTimeoutError, KafkaError, UnreachableError) as error:
            raise NotPublishedError(
                f"{party}: {replies(party)} cannot be read ({type(error).__name__}); nothing was"
                f" sent; check the broker and the rights"
            ) from error
        self._followed.add(party)

    @contextmanager
    def waiter(self, traces: Collection[str]) -> Iterator[Waiter]:
        """Run the block with a waiter for the receipts of these statements."""
        waiter = Waiter(set(traces))
        if not waiter.traces:
            waiter.done.set()
        with self._lock:
            self._waiters.update(dict.fromkeys(traces, waiter))
        try:
            yield waiter
        finally:
            with self._lock:
                for trace in waiter.traces:
                    self._waiters.pop(trace, None)

    def tell(self, traces: Iterable[str]) -> None:
        """Let whoever waits for these statements know that they are judged."""
        with self._lock:
            for trace in traces:
                waiter = self._waiters.pop(trace, None)
                if waiter is not None:
                    waiter.traces.discard(trace)
                    if not waiter.traces:
                        waiter.done.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._read()
            except (KafkaError, UnreachableError) as error:
                log.warning(RECEIPTS_FAILED, **told_of(error))
                self._stop.wait(RETRY_SECONDS)

    def _read(self) -> None:
        """Read until told to stop, from where the store says; raise when broker or store fail.

        A position that is no longer there is such a failure, and it is placed anew.
        """
        consumer = open_consumer(self._settings, group=None)
        try:
            reading = self._store.reading()
            _assign(consumer, reading)
            asked_at = -ASK_SECONDS
            while not self._stop.is_set():
                if time.monotonic() - asked_at >= ASK_SECONDS:
                    asked_at = time.monotonic()
                    self._store.reading()
                    ask_broker(consumer)
                    self._pulse.beat()
                self._follow_asked(consumer, reading, wait=not reading)
                if reading:
                    self._hear(consumer, reading)
        finally:
            consumer.close(autocommit=False)

    def _follow_asked(
        self, consumer: Any, reading: dict[tuple[str, int], int], *, wait: bool
    ) -> None:
        try:
            party, outcome = self._asked.get(block=wait, timeout=POLL_SECONDS if wait else None)
        except queue.Empty:
            return
        try:
            new = self._ends(consumer, replies(party), reading)
            if new:
                reading.update(self._store.begin(new))
                _assign(consumer, reading)
        except (KafkaError, UnreachableError) as error:
            outcome.set_exception(error)
            raise
        except NotPublishedError as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(None)

    def _ends(
        self, consumer: Any, topic: str, reading: Mapping[tuple[str, int], int]
    ) -> dict[tuple[str, int], int]:
        """Return the end of each partition of the topic that is not read yet."""
        numbers = consumer.partitions_for_topic(topic)
        if not numbers:
            raise NotPublishedError(
                f"topic {topic} does not exist; provision the topics of the registry"
            )
        new = [
            TopicPartition(topic, number) for number in numbers if (topic, number) not in reading
        ]
        if not new:
            return {}
        ends = consumer.end_offsets(new, timeout_ms=milliseconds(REQUEST_SECONDS_MAX))
        return {(each.topic, each.partition): offset for each, offset in ends.items()}

    def _hear(self, consumer: Any, reading: dict[tuple[str, int], int]) -> None:
        """Keep the receipts of one poll, then tell of them."""
        verdicts: dict[str, Verdict] = {}
        read: dict[tuple[str, int], int] = {}
        for record in poll(consumer, POLL_SECONDS):
            read[record.topic, record.partition] = record.offset + 1
            told = self._verdict(record)
            if told is not None:
                verdicts.setdefault(*told)
        if read:
            self._store.hear(verdicts, read)
            log.info(RECEIPTS_HEARD, partitions=len(read), events=len(verdicts))
            reading.update(read)
            self.tell(verdicts)

    def _verdict(self, record: Any) -> tuple[str, Verdict] | None:
        """Return the trace and the verdict of a receipt; None for any other reply."""
        headers = dict(record.headers)
        trace = headers.get("traceparent")
        if not trace or headers.get("ce_type") not in _RECEIPT_TYPES:
            return None
        receipt = receipt_of(event_of(record, self._codec))
        if receipt is None:
            return None
        verdict = Verdict(
            event_id=receipt.event_id,
            state=State(receipt.answer.value),
            reasons=receipt.reasons,
            judged_at=receipt.answered_at,
            rule_version=receipt.rule_version,
        )
        return trace.decode("utf-8", "replace"), verdict


def _assign(consumer: Any, reading: Mapping[tuple[str, int], int]) -> None:
    """Place the consumer where reading goes on, in every partition."""
    if reading:
        places = {TopicPartition(*at): offset for at, offset in reading.items()}
        for each, offsets in place(consumer, places).items():
            log.error(POSITION_LOST, topic=each.topic, partition=each.partition, lost=offsets)
