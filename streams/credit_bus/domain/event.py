"""The event in memory, and how its id is made from what it says.

An event's id is fixed by its content before the first attempt to send it, so saying a thing twice
is saying it once (design: EIP Idempotent Receiver; CloudEvents 1.0 `id`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credit_bus.domain.event_types import EVENT_TYPES

# A decoded Avro body: its shape is held by the schema that decoded it.
Body = Mapping[str, Any]

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A CloudEvent with a decoded body.

    `time` is when the party says it happened (aware, UTC). `subject` is the subject key.
    """

    id: str
    source: str
    type: str
    time: datetime
    subject: str
    revision: int
    body: Body
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None

    def __post_init__(self) -> None:
        if self.time.tzinfo is None:
            raise ValueError(f"event {self.id}: time must be aware, got {self.time!r}")


def event_id(
    *, source: str, kind: str, document: str, subject: str, revision: int, step: str = ""
) -> str:
    """Return the 32 hex digits that name this statement for ever.

    `document` is what the source itself calls the thing (a decision number, an action id).
    """
    said = _SEPARATOR.join((source, kind, document, subject, str(revision), step))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def action_id(*, initiator: str, instrument: str, subject: str) -> str:
    """Return the name of an action: the initiator's code, a dot, 24 hex digits.

    The initiator stands in the name so that an answer finds its way back without any look-up
    (EIP Return Address), and so that nobody can start an action in another's name.
    """
    said = _SEPARATOR.join((initiator, instrument, subject))
    return f"{initiator}.{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def initiator_of(action: str) -> str:
    """Return the party that started the action of this name ("" when the name is not one)."""
    initiator, dot, digest = action.rpartition(".")
    return initiator if dot and len(digest) == 24 else ""


def action_of(body: Body) -> str | None:
    """Return the action that a body is about, which its event carries as correlation.

    A body names it as its own, or as what an objection, a repair or a reminder is about. None for
    what is about no action.
    """
    action: str | None = body.get("action_id") or body.get("about", {}).get("action_id")
    return action


def document_of(kind: str, body: Body) -> str:
    """Return what the source itself calls the document that such a body is a revision of.

    The fields are the event type's `document` row; "" for a type that has no revisions.
    """
    return "|".join(str(body[field]) for field in EVENT_TYPES[kind].document)


def document_key(event: Event) -> bytes:
    """Return 16 bytes that name the document: source, type, its own number and the subject."""
    document = document_of(event.type, event.body)
    said = _SEPARATOR.join((event.source, event.type, document, event.subject))
    return hashlib.sha256(said.encode()).digest()[:16]
