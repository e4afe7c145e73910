"""The gate's answer for one event, as a value.

Knows the two events that carry it; knows no Kafka.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import EVENT_ACCEPTED, EVENT_REJECTED
from credit_bus.domain.reason import Reason


class Answer(StrEnum):
    """What the gate answered."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"  # accepted before; nothing new followed
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The gate's answer for one event. `reasons` are all there are; empty unless rejected."""

    event_id: str
    answer: Answer
    reasons: tuple[Reason, ...]
    answered_at: datetime
    rule_version: str


def receipt_of(event: Event) -> Receipt | None:
    """Return the receipt that the event is, or None for anything else that an event caused."""
    if event.causation_id is None:
        return None
    if event.type == EVENT_ACCEPTED:
        return Receipt(
            event_id=event.causation_id,
            answer=Answer.DUPLICATE if event.body["duplicate"] else Answer.ACCEPTED,
            reasons=(),
            answered_at=event.body["accepted_at"],
            rule_version=event.body["rule_version"],
        )
    if event.type == EVENT_REJECTED:
        return Receipt(
            event_id=event.causation_id,
            answer=Answer.REJECTED,
            reasons=tuple(Reason(**reason) for reason in event.body["reasons"]),
            answered_at=event.body["rejected_at"],
            rule_version=event.body["rule_version"],
        )
    return None
