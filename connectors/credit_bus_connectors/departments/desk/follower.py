"""What the bus tells the departments of a desk: read from inbox and replies, kept in the database.

One thread. How far was read stands in the same database transaction as what was kept; no consumer
group has a position. Knows kafka-python and the store; knows no page.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kafka import TopicPartition
from kafka.errors import KafkaError

from credit_bus.contracts.codec import Codec
from credit_bus.domain.channels import inbox, replies
from credit_bus.logs import logger, told_of
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.desk.store import Arrival, Place, Store
from credit_bus_connectors.departments.feed import (
    ASK_SECONDS,
    ask_broker,
    event_of,
    open_consumer,
    place,
    poll,
)
from credit_bus_connectors.departments.pulse import Pulse
from credit_bus_connectors.departments.receipts import receipt_of
from credit_bus_connectors.ending import ending_the_process

POLL_SECONDS = 0.3
RETRY_SECONDS = 1.0
FORGET_SECONDS = 3600.0
STOP_SECONDS_MAX = 30.0

FOLLOW_FAILED = "desk.follow-failed"
FOLLOWED = "desk.followed"
TOPIC_MISSING = "desk.topic-missing"
POSITION_LOST = "desk.position-lost"  # what lay from there on was deleted before it was read

log = logger()


class Follower:
    """The reader of the topics of every party that has an account. `start` it once."""

    def __init__(
        self,
        settings: Mapping[str, Any],
        *,
        codec: Codec,
        store: Store,
        parties: Callable[[], Sequence[str]],
        forget: Callable[[], None],
    ) -> None:
        """`settings` are kafka-python's own for the connection; `forget` is called each hour."""
        self._settings = settings
        self._codec = codec
        self._store = store
        self._parties = parties
        self._forget = forget
        self._pulse = Pulse()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=ending_the_process(self._run), name="follower", daemon=True
        )

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    @property
    def is_reading(self) -> bool:
        """Whether the thread runs, and broker and database answered it lately."""
        return self._pulse.is_of(self._thread)

    def stop(self) -> None:
        """End reading; what was not kept is read again by the next process."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS_MAX)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._read()
            except (KafkaError, UnreachableError) as error:
                log.warning(FOLLOW_FAILED, **told_of(error))
                self._stop.wait(RETRY_SECONDS)

    def _read(self) -> None:
        """Read until told to stop, from where the database says.

        A position that is no longer there ends it with an error, and it is placed anew.
        """
        consumer = open_consumer(self._settings, group=None)
        try:
            followed: dict[str, tuple[str, str]] = {}
            looked_at, forgotten_at = -ASK_SECONDS, -FORGET_SECONDS
            while not self._stop.is_set():
                if time.monotonic() - forgotten_at >= FORGET_SECONDS:
                    forgotten_at = time.monotonic()
                    self._forget()
                if time.monotonic() - looked_at >= ASK_SECONDS:
                    looked_at = time.monotonic()
                    if self._follow(consumer, followed):
                        _assign(consumer, followed, self._store.reading())
                    ask_broker(consumer)
                    self._pulse.beat()
                if followed:
                    self._keep(consumer, followed)
                else:
                    self._stop.wait(POLL_SECONDS)
        finally:
            consumer.close(autocommit=False)

    def _follow(self, consumer: Any, followed: dict[str, tuple[str, str]]) -> bool:
        """Add the topics of parties that are new; return whether there are any."""
        wanted = {
            topic: (party, channel)
            for party in self._parties()
            for topic, channel in ((inbox(party), "inbox"), (replies(party), "replies"))
        }
        new = {topic: told for topic, told in wanted.items() if topic not in followed}
        for topic, told in new.items():
            if consumer.partitions_for_topic(topic):
                followed[topic] = told
            else:
                log.warning(TOPIC_MISSING, topic=topic)
        return any(topic in followed for topic in new)

    def _keep(self, consumer: Any, followed: Mapping[str, tuple[str, str]]) -> None:
        arrivals: list[Arrival] = []
        read: dict[Place, int] = {}
        for record in poll(consumer, POLL_SECONDS):
            read[record.topic, record.partition] = record.offset + 1
            party, channel = followed[record.topic]
            event = event_of(record, self._codec)
            arrivals.append(
                Arrival(
                    party=party,
                    channel=channel,
                    event=event,
                    heard_at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
                    receipt=receipt_of(event),
                )
            )
        if read:
            began = time.monotonic()
            self._store.hear(arrivals, read)
            log.info(
                FOLLOWED,
                events=len(arrivals),
                partitions=len(read),
                seconds=round(time.monotonic() - began, 3),
            )


def _assign(consumer: Any, followed: Mapping[str, Any], reading: Mapping[Place, int]) -> None:
    """Place the consumer where reading goes on, in every partition; at the beginning of new ones.

    A department that is new to the desk finds there what it was asked before.
    """
    places = [
        TopicPartition(topic, number)
        for topic in followed
        for number in sorted(consumer.partitions_for_topic(topic) or ())
    ]
    reached = {each: reading.get((each.topic, each.partition)) for each in places}
    for each, offsets in place(consumer, reached).items():
        log.error(POSITION_LOST, topic=each.topic, partition=each.partition, lost=offsets)
