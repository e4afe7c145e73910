"""One look of an auditor at a whole bus: scan, decode, conserve."""

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import Message, read_event
from credit_bus.domain.event import Body, Event
from credit_bus.domain.registry import Registry
from credit_bus.operations.conservation import conserve, needs_body, topics_of
from credit_bus.operations.findings import Conservation, place
from credit_bus.operations.scan import Seen, scan


class AuditError(Exception):
    """A record that the bus itself wrote cannot be read."""


def audit(
    broker: str, *, registry: Registry, codec: Codec, connectors: bool = True
) -> Conservation:
    """Return the counts and differences of the bus at rest.

    Raises ScanError when the topics cannot be read to their ends, AuditError for a record of the
    bus that does not decode.
    """
    seen = list(scan(broker, topics_of(registry)))
    bodies = {place(record): body_of(record, codec) for record in seen if needs_body(record)}
    return conserve(seen, registry=registry, bodies=bodies, connectors=connectors)


def body_of(record: Seen, codec: Codec) -> Body:
    """Return the decoded body of a record that the bus wrote. Raises AuditError."""
    return event_of(record, codec).body


def event_of(record: Seen, codec: Codec) -> Event:
    """Return the event that a record of the bus holds. Raises AuditError."""
    message = Message(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp_ms,
        key=record.key,
        headers=tuple(record.headers.items()),
        value=record.value,
    )
    reading = read_event(message, codec)
    if reading.event is None:
        codes = ", ".join(reason.code for reason in reading.reasons)
        raise AuditError(f"{record.topic}/{record.partition}@{record.offset}: {codes}")
    return reading.event
