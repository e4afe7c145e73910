"""What a platform says on the bus of an event that it was given. Pure."""

from datetime import datetime
from typing import Any

from credit_bus.domain.event import Event, event_id
from credit_bus.domain.event_types import DELIVERY_CONFIRMED, DELIVERY_REFUSED
from credit_bus_connectors.contract import Answer, Result


def canary_answer(event: Event) -> Answer:
    """Return what is said of a canary: always the same, as every answer to one event is."""
    return Answer(
        result=Result.DELIVERED, acknowledgement=event.id, answered_at=event.body["sent_at"]
    )


def statement(platform: str, event: Event, answer: Answer) -> Event:
    """Return what the platform says on the bus of an event that it took or refused.

    Everything in it comes from the event and the platform's stored answer, so that the same answer
    makes the same statement. ValueError for an answer that settles nothing.
    """
    told: dict[str, Any] = {
        "event_id": event.id,
        "event_type": event.type,
        "provider": event.source,
        "event_revision": event.revision,
    }
    match answer:
        case Answer(result=Result.DELIVERED, answered_at=datetime() as moment):
            kind = DELIVERY_CONFIRMED
            told |= {"acknowledgement": answer.acknowledgement, "delivered_at": moment}
        case Answer(result=Result.INVALID, answered_at=datetime() as moment):
            kind = DELIVERY_REFUSED
            told |= {
                "reasons": [
                    {"code": r.code, "field": r.field, "rule": r.rule, "remedy": r.remedy}
                    for r in answer.reasons
                ],
                "refused_at": moment,
            }
        case _:
            raise ValueError(f"an answer {answer.result} settles nothing; park the event")
    return Event(
        id=event_id(
            source=platform, kind=kind, document=event.id, subject=event.subject, revision=1
        ),
        source=platform,
        type=kind,
        time=moment,
        subject=event.subject,
        revision=1,
        correlation_id=event.correlation_id,
        causation_id=event.id,
        traceparent=event.traceparent,
        body=told,
    )
