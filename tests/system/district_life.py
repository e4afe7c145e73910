"""The parties of a district at work on a real broker: what they are told, they answer.

Two threads: one says penalties at a pace, one reads every inbox and reply topic that matters and
says what follows. Neither is ever killed, so what they say, they say once.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from tests import samples
from tests.system.courses import IMPLEMENTERS, Case, Courses

from credit_bus.contracts.wire import message_of, read_event
from credit_bus.domain.channels import inbox, outbox, replies
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import EVENT_ACCEPTED, PENALTY_DECIDED
from credit_bus.domain.registry import Role
from credit_bus_connectors.contract import Answer, Result
from credit_bus_connectors.deliveries import statement

PUNISH = ("market-regulation", "health", "agriculture", "culture-tourism", *IMPLEMENTERS)
PLATFORMS = tuple(
    code for code, party in samples.registry().parties.items() if party.role is Role.PLATFORM
)
EVENTS_AT_ONCE = 20
POLL_MS = 50
JOIN_SECONDS_MAX = 30.0


class Load(threading.Thread):
    """Says penalties of many firms by many departments, and between them how each case begins."""

    def __init__(
        self, broker: str, cases: Sequence[Case], numbers: range, *, firms: range, seconds: float
    ) -> None:
        super().__init__(daemon=True)
        self._broker = broker
        self._firms = firms
        self._seconds = seconds
        every = len(numbers) // len(cases)
        self.events: list[Event] = []
        for place, number in enumerate(numbers):
            self.events.append(self._penalty(number))
            if place % every == 0 and place // every < len(cases):
                self.events += cases[place // every].beginning()

    def run(self) -> None:
        """Say everything, a few at a time, however long each takes."""
        producer = _producer(self._broker)
        parts = range(0, len(self.events), EVENTS_AT_ONCE)
        began = time.monotonic()
        for place, first in enumerate(parts):
            time.sleep(max(0.0, began + self._seconds * place / len(parts) - time.monotonic()))
            say(producer, self.events[first : first + EVENTS_AT_ONCE])
        producer.close()

    def _penalty(self, number: int) -> Event:
        firm = self._firms[number % len(self._firms)]
        party = PUNISH[number % len(PUNISH)]
        body = samples.penalty_body(firm, document_number=f"甘区罚〔2025〕{number}号")
        return samples.said(PENALTY_DECIDED, body, party=party)


class Parties(threading.Thread):
    """Departments and platforms: each answers what it is told, until it is told to stop."""

    def __init__(self, broker: str, courses: Courses) -> None:
        super().__init__(daemon=True)
        self._broker = broker
        self._courses = courses
        self._stopping = threading.Event()
        self.is_listening = threading.Event()
        self.said = 0
        self.failure: Exception | None = None

    def run(self) -> None:
        """Read and answer."""
        try:
            self._live()
        except Exception as error:  # noqa: BLE001 - the test raises it
            self.failure = error

    def end(self) -> None:
        """Stop. Raises what went wrong meanwhile."""
        self._stopping.set()
        self.join(JOIN_SECONDS_MAX)
        if self.failure is not None:
            raise self.failure

    def _live(self) -> None:
        consumer = KafkaConsumer(
            bootstrap_servers=self._broker,
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_committed",
            max_poll_records=2_000,
        )
        topics = [inbox(party) for party in (*PLATFORMS, *IMPLEMENTERS)]
        topics += [replies(party) for party in IMPLEMENTERS]
        places = [
            TopicPartition(topic, number)
            for topic in topics
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        consumer.assign(places)
        for place, end in consumer.end_offsets(places).items():  # what was before is answered
            consumer.seek(place, end)
        self.is_listening.set()
        producer = _producer(self._broker)
        while not self._stopping.is_set():
            for records in consumer.poll(timeout_ms=POLL_MS).values():
                for record in records:
                    self.said += say(producer, self._said_to(record))
        consumer.close()
        producer.close()

    def _said_to(self, record: Any) -> list[Event]:
        kind, party = record.topic.removeprefix("credit.").split(".", 1)
        if dict(record.headers)["ce_type"] == EVENT_ACCEPTED.encode():
            return []
        event = read_event(message_of(record), samples.codec()).event
        assert event is not None, record
        if party in PLATFORMS:
            return [statement(party, event, _held(event))]
        heard = self._courses.asked if kind == "inbox" else self._courses.answered
        return heard(party, event)


def say(producer: KafkaProducer, events: Sequence[Event]) -> int:
    """Write events to their parties' outboxes; return how many these are."""
    for event in events:
        wire = samples.message(event)
        producer.send(
            outbox(event.source), key=wire.key, value=wire.value, headers=list(wire.headers)
        )
    return len(events)


def _held(event: Event) -> Answer:
    return Answer(result=Result.DELIVERED, answered_at=event.time, acknowledgement=event.id)


def _producer(broker: str) -> KafkaProducer:
    return KafkaProducer(bootstrap_servers=broker, acks="all", linger_ms=5)
