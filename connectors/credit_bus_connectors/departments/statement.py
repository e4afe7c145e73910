"""How a party makes an event: the id from the content, before the first attempt to send it.

Knows the event types and the making of ids; knows no Kafka, no schema and no clock.
"""

from datetime import datetime

from credit_bus.domain.event import Body, Event, action_of, document_of, event_id, stated
from credit_bus.domain.event_types import EVENT_TYPES

HEADER_TEXT_BYTES_MAX = 128  # ce_subject, ce_correlationid, ce_causationid


def fits_a_header(text: str) -> bool:
    """Return whether a subject key or the name of an action or an event can travel as a header."""
    return text.isprintable() and 0 < len(text.encode()) <= HEADER_TEXT_BYTES_MAX


def make_event(
    *,
    party: str,
    type_: str,
    body: Body,
    subject: str,
    time: datetime,
    revision: int = 1,
    correlation_id: str | None = None,
    causation_id: str | None = None,
    step: str = "",
) -> Event:
    """Return the event by which the party says this body, under the id its content gives.

    `step` tells apart statements of a type that has no document of its own. Whatever is about an
    action carries the action's id as correlation. Raises ValueError for a type nobody declared,
    for a revision below 1, for a missing step, and for a body without its document's fields.
    """
    row = EVENT_TYPES.get(type_)
    if row is None:
        known = ", ".join(sorted(EVENT_TYPES))
        raise ValueError(f"{type_!r} is no event type; use one of {known}")
    if revision < 1:
        raise ValueError(f"{type_}: revisions count from 1, got {revision}")
    if bool(row.document) == bool(step):
        rule = "the document names it: give no step" if row.document else "give a step"
        raise ValueError(f"{type_}: {rule}")
    missing = [field for field in row.document if not _states(body, field)]
    if missing:
        raise ValueError(f"{type_}: the body lacks {', '.join(missing)}, which name its document")
    action = action_of(body)
    return Event(
        id=event_id(
            source=party,
            kind=type_,
            document=document_of(type_, body),
            subject=subject,
            revision=revision,
            step=step,
        ),
        source=party,
        type=type_,
        time=time,
        subject=subject,
        revision=revision,
        correlation_id=action if correlation_id is None else correlation_id,
        causation_id=causation_id,
        body=body,
    )


def _states(body: Body, path: str) -> bool:
    try:
        stated(body, path)
    except (KeyError, TypeError):  # TypeError: what should hold the rest of the path is no table
        return False
    return True
