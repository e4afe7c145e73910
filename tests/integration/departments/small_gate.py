"""A gate just large enough to answer: it knows no rule but those that a test gives it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import Message, read_event, write_event
from credit_bus.domain.channels import inbox, outbox, replies
from credit_bus.domain.event import Event, event_id
from credit_bus.domain.event_types import EVENT_ACCEPTED, EVENT_REJECTED
from credit_bus.domain.reason import Reason

PARTITIONS = 2
READY_MILLISECONDS_MAX = 20_000
POLL_MILLISECONDS = 50

Judge = Callable[[Event], tuple[Reason, ...]]


def make_topics(broker: str, party: str) -> None:
    """Make the topics of a party whose name nobody else uses."""
    names = [outbox(party), replies(party), inbox(party)]
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        admin.create_topics(
            {name: {"num_partitions": PARTITIONS, "replication_factor": 1} for name in names}
        )
        admin.wait_for_topics(names, timeout_ms=READY_MILLISECONDS_MAX)


def accept(_: Event) -> tuple[Reason, ...]:
    """Judge nothing."""
    return ()


@contextmanager
def small_gate(
    broker: str, party: str, codec: Codec, judge: Judge = accept
) -> Iterator[list[Event]]:
    """Answer what the party says until the block ends; give the list of what was said."""
    said: list[Event] = []
    stop = threading.Event()
    thread = threading.Thread(target=_run, args=(broker, party, codec, judge, said, stop))
    thread.start()
    try:
        yield said
    finally:
        stop.set()
        thread.join()


def answer(event: Event, reasons: tuple[Reason, ...], *, duplicate: bool) -> Event:
    """Return the receipt for an event."""
    now = datetime.now(UTC).replace(microsecond=0)
    kind = EVENT_REJECTED if reasons else EVENT_ACCEPTED
    common = {"event_id": event.id, "event_type": event.type, "rule_version": "000000000000"}
    body: dict[str, Any] = (
        {
            **common,
            "document": None,
            "topic": outbox(event.source),
            "partition": 0,
            "offset": 0,
            "reasons": [
                {"code": r.code, "field": r.field, "rule": r.rule, "remedy": r.remedy}
                for r in reasons
            ],
            "rejected_at": now,
        }
        if reasons
        else {
            **common,
            "event_revision": event.revision,
            "duplicate": duplicate,
            "accepted_at": now,
        }
    )
    return Event(
        id=event_id(source="hub", kind=kind, document=event.id, subject=event.subject, revision=1),
        source="hub",
        type=kind,
        time=now,
        subject=event.subject,
        revision=1,
        causation_id=event.id,
        traceparent=event.traceparent,
        body=body,
    )


def _run(
    broker: str,
    party: str,
    codec: Codec,
    judge: Judge,
    said: list[Event],
    stop: threading.Event,
) -> None:
    accepted: set[str] = set()
    with (
        KafkaConsumer(
            bootstrap_servers=broker,
            group_id=None,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        ) as consumer,
        KafkaProducer(bootstrap_servers=broker, transactional_id=f"small-gate-{party}") as producer,
    ):
        producer.init_transactions()
        consumer.assign([TopicPartition(outbox(party), number) for number in range(PARTITIONS)])
        while not stop.is_set():
            polled = consumer.poll(timeout_ms=POLL_MILLISECONDS)
            events = [_event(record, codec) for records in polled.values() for record in records]
            if not events:
                continue
            said += events
            producer.begin_transaction()
            for event in events:
                reasons = judge(event)
                reply = answer(event, reasons, duplicate=event.id in accepted)
                if not reasons:
                    accepted.add(event.id)
                wire = write_event(reply, codec)
                producer.send(replies(party), key=wire.key, value=wire.value, headers=wire.headers)
            producer.commit_transaction()


def _event(record: Any, codec: Codec) -> Event:
    message = Message(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp,
        key=record.key,
        headers=tuple(record.headers),
        value=record.value,
    )
    event = read_event(message, codec).event
    assert event is not None
    return event
