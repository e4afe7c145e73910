"""A whole message: record key, headers and value to an event and back.

Knows headers and codec. Knows no Kafka client: a message is a value that the runtime fills in.
Reading never raises on what others wrote; it tells every mistake it can find.
"""

import hashlib
from typing import Any

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.headers import (
    Envelope,
    read_claims,
    read_headers,
    readable_subject,
    to_headers,
)
from credit_bus.contracts.refusals import refusal
from credit_bus.domain.arrival import Arrival
from credit_bus.domain.event import Event, claimed_document
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.reason import Reason
from credit_bus.domain.value import value

VALUE_BYTES_MAX = 1_048_576
SUBJECT_UNREADABLE = "unreadable"

Headers = tuple[tuple[str, bytes], ...]


@value
class Message:
    """A record as it lies in a topic."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    headers: Headers
    value: bytes | None


def message_of(record: Any) -> Message:
    """Return a consumed record, of whichever Kafka client, as a message."""
    return Message(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp_ms=record.timestamp,
        key=record.key,
        headers=tuple(record.headers),
        value=record.value,
    )


@value
class Wire:
    """A record to be written."""

    key: bytes
    headers: list[tuple[str, bytes]]
    value: bytes


@value
class Reading:
    """What a message says. `event` is None exactly when there are reasons.

    The claims are what can be repeated in a rejection, as far as it could be read; they are safe
    to write into headers and bodies. That of the document is left out when the event could be read:
    few are refused after that, and who refuses has it from the event.
    `subject` is the record key, or `SUBJECT_UNREADABLE`.
    """

    event: Event | None
    reasons: tuple[Reason, ...]
    subject: str
    claimed_id: str | None
    claimed_type: str | None
    claimed_correlation: str | None
    claimed_document: str | None


def arrival_of(
    message: Message, reading: Reading, *, sender: str, more: tuple[Reason, ...] = ()
) -> Arrival:
    """Return what was read of a message as a step wants it, with more reasons than the reader's."""
    return Arrival(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        sender=sender,
        subject=reading.subject,
        event=reading.event,
        reasons=(*reading.reasons, *more),
        digest=digest_of(message.value),
        claimed_id=reading.claimed_id,
        claimed_type=reading.claimed_type,
        claimed_document=reading.claimed_document,
        claimed_correlation=reading.claimed_correlation,
    )


def digest_of(value: bytes | None) -> bytes:
    """Return 16 bytes that tell one payload from another."""
    return hashlib.blake2b(value or b"", digest_size=16).digest()


def read_event(message: Message, codec: Codec) -> Reading:
    """Return the event of a message, or every reason why it is none."""
    envelope = read_headers(message.headers)
    value = message.value
    if not isinstance(envelope, Envelope) or (value and len(value) > VALUE_BYTES_MAX):
        return _refused(message, codec)
    body = codec.decode(value, expected_type=envelope.type)
    if isinstance(body, Reason) or message.key != envelope.subject.encode():
        return _refused(message, codec)
    return Reading(
        event=Event(
            id=envelope.id,
            source=envelope.source,
            type=envelope.type,
            time=envelope.time,
            subject=envelope.subject,
            revision=envelope.revision,
            body=body,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            traceparent=envelope.traceparent,
        ),
        reasons=(),
        subject=envelope.subject,
        claimed_id=envelope.id,
        claimed_type=envelope.type,
        claimed_correlation=envelope.correlation_id,
        claimed_document=None,
    )


def write_event(event: Event, codec: Codec) -> Wire:
    """Return the record that says this event.

    Raises ValueError (EncodeError for the body) when `read_event` would refuse it.
    """
    value = codec.encode(event.type, event.body)
    if len(value) > VALUE_BYTES_MAX:
        raise ValueError(
            f"event {event.id}: the body has {len(value)} bytes, the most is {VALUE_BYTES_MAX}; "
            f"shorten it"
        )
    return Wire(key=event.subject.encode(), headers=to_headers(event), value=value)


def _refused(message: Message, codec: Codec) -> Reading:
    """Return all that is wrong with a message that cannot be taken, and what it claims to be."""
    claims = read_claims(message.headers)
    envelope = read_headers(message.headers)
    reasons = [] if isinstance(envelope, Envelope) else list(envelope)
    subject = readable_subject(message.key)
    if not message.key:
        reasons.append(refusal("key-missing", ""))
    elif isinstance(envelope, Envelope) and message.key != envelope.subject.encode():
        reasons.append(refusal("key-not-subject", "ce_subject"))
    document = None
    if message.value and len(message.value) > VALUE_BYTES_MAX:
        reasons.append(refusal("value-too-large", ""))
    else:
        kind = codec.type_of(message.value)
        expected = claims.type if claims.type in EVENT_TYPES else None
        body = codec.decode(message.value, expected_type=expected)
        if isinstance(body, Reason):
            reasons.append(body)
        elif kind is not None:
            document = claimed_document(kind, body)
    return Reading(
        event=None,
        reasons=tuple(reasons),
        subject=subject if subject is not None else SUBJECT_UNREADABLE,
        claimed_id=claims.id,
        claimed_type=claims.type,
        claimed_correlation=claims.correlation_id,
        claimed_document=document,
    )
