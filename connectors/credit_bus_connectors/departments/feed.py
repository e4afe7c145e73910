"""Reading a party's own topics: bounded polls, records to events, positions saved after handling.

Knows kafka-python's consumer and the wire; knows nothing of what the events mean.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import message_of, read_event
from credit_bus.domain.event import Event
from credit_bus_connectors.group_member import GroupMember

POLL_SECONDS_MAX = 0.5
POLL_EVENTS_MAX = 500
COMMIT_SECONDS_MAX = 15.0
REQUEST_SECONDS_MAX = 15.0
ASK_SECONDS = 5.0  # between two questions whether the broker is there
MARK_OFFSETS = 1  # lie behind the last event of a transaction
FETCH_BYTES_MAX = 6 * 1024 * 1024  # above the largest record of any topic


class UnreadableError(Exception):
    """The bus itself wrote what this client cannot read: the client is older than its schemas."""


def open_consumer(
    settings: Mapping[str, Any],
    *,
    group: str | None,
    instance: str | None = None,
) -> Any:
    """Return a consumer that sees committed records only and saves no position by itself.

    Without a group it has no saved position, and whoever assigns it partitions must place it; a
    position that is no longer there is an error then. An instance that died has its partitions
    again at once when it is started anew: its predecessor leaves the group.
    """
    settings = {
        **settings,
        "group_id": group,
        "group_instance_id": instance,
        "enable_auto_commit": False,
        "isolation_level": "read_committed",
        "auto_offset_reset": "none" if group is None else "earliest",
        "max_poll_records": POLL_EVENTS_MAX,
        "max_partition_fetch_bytes": FETCH_BYTES_MAX,
    }
    return KafkaConsumer(**settings) if group is None else GroupMember(**settings)


def follow(
    settings: Mapping[str, Any],
    codec: Codec,
    *,
    topic: str,
    group: str,
    instance: str,
    idle_seconds_max: float | None,
) -> Iterator[Event]:
    """Yield the topic's events from the group's position on.

    An event counts as handled when the next one is asked for; positions of handled events are saved
    after each poll and at the end. Ends after `idle_seconds_max` without anything new.
    """
    consumer = open_consumer(settings, group=group, instance=instance)
    handled: dict[Any, Any] = {}
    try:
        consumer.subscribe([topic])
        last = time.monotonic()
        while idle_seconds_max is None or time.monotonic() - last < idle_seconds_max:
            for record in poll(consumer, POLL_SECONDS_MAX):
                yield event_of(record, codec)
                at = TopicPartition(record.topic, record.partition)
                handled[at] = OffsetAndMetadata(record.offset + 1, "", -1)
                last = time.monotonic()
            _save(consumer, handled)
    finally:
        _save(consumer, handled)
        consumer.close(autocommit=False)


def place(
    consumer: Any, positions: Mapping[TopicPartition, int | None]
) -> dict[TopicPartition, int]:
    """Let the consumer read on from these positions; None: from the beginning.

    Returns where one is no longer there, with how many offsets are gone: it goes on at the first
    that is. That the mark of the last transaction alone is gone is nothing missed.
    """
    places = list(positions)
    bound = milliseconds(REQUEST_SECONDS_MAX)
    consumer.assign(places)
    firsts = consumer.beginning_offsets(places, timeout_ms=bound)
    ends = consumer.end_offsets(places, timeout_ms=bound)
    gone: dict[TopicPartition, int] = {}
    for each, at in positions.items():
        first, end = firsts[each], ends[each]
        if at is not None and not first <= at <= end:
            gone[each] = max(first - at, at - end)
        consumer.seek(each, at if at is not None and first <= at <= end else first)
    return {each: offsets for each, offsets in gone.items() if offsets > MARK_OFFSETS}


def event_of(record: Any, codec: Codec) -> Event:
    """Return the event that a consumed record says. Raises UnreadableError."""
    message = message_of(record)
    reading = read_event(message, codec)
    if reading.event is None:
        codes = ", ".join(reason.code for reason in reading.reasons)
        raise UnreadableError(
            f"{record.topic}/{record.partition}@{record.offset} cannot be read ({codes}); "
            f"bring this client up to the release of the bus"
        )
    return reading.event


def poll(consumer: Any, seconds: float) -> Iterator[Any]:
    """Yield the records of one poll, partition by partition."""
    for records in consumer.poll(timeout_ms=max(1, milliseconds(seconds))).values():
        yield from records


def ask_broker(consumer: Any) -> None:
    """Return once the broker answered for all that is read. Raises KafkaError.

    A poll tells nothing: of a broker that is away it is as empty as of one that has nothing new.
    """
    places = consumer.assignment()
    if places:
        consumer.end_offsets(list(places), timeout_ms=milliseconds(REQUEST_SECONDS_MAX))


def milliseconds(seconds: float) -> int:
    """Return the duration as kafka-python wants it."""
    return int(seconds * 1000)


def _save(consumer: Any, handled: dict[Any, Any]) -> None:
    if handled:
        consumer.commit(dict(handled), timeout_ms=milliseconds(COMMIT_SECONDS_MAX))
        handled.clear()
