"""What each event type leads to: the table of contents of the bus.

Content-based routing by the registry, and the recipient list of an initiation (EIP Content-Based
Router, Recipient List, Return Address). The payload is forwarded as it came.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from credit_bus.domain.calendar import local_day
from credit_bus.domain.channels import inbox
from credit_bus.domain.event import Event, event_id
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    CANARY_SENT,
    DEFAULTER_LISTED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    ENQUIRY_ANSWERED,
    ENQUIRY_MADE,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
    REPUTATION_RESTORED,
    RULES_ACTIVATED,
    SUBJECT_REGISTERED,
)
from credit_bus.domain.orders import Recipient, frozen, recipients_of
from credit_bus.domain.registry import Registry
from credit_bus.domain.routes import platforms_of
from credit_bus.flows.notices import (
    answer,
    answer_initiator,
    ask,
    ask_hub,
    ask_owner,
    remind,
    tell_implementers,
)
from credit_bus.flows.outcome import Forward, Outcome, Output, Say

BUS = "hub"
_FORWARDS_REMEMBERED_MAX = 256  # sets of platforms, of which a district has a few

Follow = Callable[[Event, Registry, datetime], tuple[Output, ...]]


def to_platforms(event: Event, registry: Registry, now: datetime) -> tuple[Output, ...]:
    """Forward the event to every platform that a route of the registry names for it."""
    return _forwards(
        platforms_of(event.type, event.body, registry, local_day(now), key=event.subject)
    )


@lru_cache(maxsize=_FORWARDS_REMEMBERED_MAX)
def _forwards(platforms: tuple[str, ...]) -> tuple[Output, ...]:
    return tuple(Forward(topic=inbox(platform)) for platform in platforms)


def order_measures(event: Event, registry: Registry, now: datetime) -> tuple[Output, ...]:
    """Order each measure of an initiation from each department that implements it.

    The whole recipient list is frozen into every order, so that later changes of the registry
    cannot change who was asked.
    """
    recipients = recipients_of(event.body, registry, local_day(now))
    listed = frozen(recipients)
    return tuple(
        Say(
            topic=inbox(recipient.implementer),
            event=_order(event, recipient, recipients=listed, now=now),
        )
        for recipient in recipients
    )


ROUTES: MappingProxyType[str, tuple[Follow, ...]] = MappingProxyType(
    {
        LICENCE_GRANTED: (to_platforms,),
        PENALTY_DECIDED: (to_platforms,),
        DEFAULTER_LISTED: (to_platforms,),
        LISTING_ENTERED: (to_platforms,),
        LISTING_REMOVED: (to_platforms, answer("entered_by")),
        SUBJECT_REGISTERED: (to_platforms,),
        RECORD_CORRECTED: (to_platforms,),
        RECORD_WITHDRAWN: (to_platforms,),
        PUBLICITY_ENDED: (to_platforms,),
        ACTION_INITIATED: (to_platforms, order_measures),
        MEASURE_RESPONDED: (to_platforms, answer_initiator),
        MEASURE_EXECUTED: (to_platforms, answer_initiator),
        MEASURE_LIFTED: (to_platforms, answer_initiator),
        ACTION_SUSPENDED: (to_platforms, tell_implementers, answer_initiator),
        ACTION_RESUMED: (to_platforms, tell_implementers, answer_initiator),
        ACTION_ENDED: (to_platforms, tell_implementers, answer_initiator),
        ACTION_CLOSED: (to_platforms, answer_initiator),
        OBJECTION_RAISED: (to_platforms, ask_owner),
        OBJECTION_DECIDED: (to_platforms, answer("raised_by")),
        REPAIR_REQUESTED: (to_platforms, ask("recogniser")),
        REPAIR_ACCEPTED: (to_platforms, answer("requested_by")),
        REPAIR_DECIDED: (to_platforms, answer("requested_by")),
        REPUTATION_RESTORED: (to_platforms,),
        ENQUIRY_MADE: (to_platforms, ask_hub),
        ENQUIRY_ANSWERED: (to_platforms, answer("asker")),
        REMINDER_DUE: (to_platforms, remind),
        CANARY_SENT: (to_platforms,),
        RULES_ACTIVATED: (),
        DELIVERY_CONFIRMED: (),
        DELIVERY_REFUSED: (answer("provider"),),
    }
)


def route(event: Event, *, registry: Registry, now: datetime) -> Outcome:
    """Return everything that an accepted event leads to. KeyError for a type without a row."""
    return Outcome(
        outputs=tuple(
            output for follow in ROUTES[event.type] for output in follow(event, registry, now)
        )
    )


def _order(
    event: Event, recipient: Recipient, *, recipients: list[dict[str, str]], now: datetime
) -> Event:
    measure, implementer = recipient.measure, recipient.implementer
    initiated = event.body
    subject: dict[str, Any] = initiated["subject"]
    body = {
        "action_id": initiated["action_id"],
        "kind": initiated["kind"],
        "measure": measure.code,
        "measure_name": measure.name,
        "content": measure.content,
        "initiator": event.source,
        "implementer": implementer,
        "subject": subject,
        "cause": initiated["cause"],
        "instrument": initiated["instrument"],
        "notice": initiated["notice"],
        "term": initiated["term"],
        "recipients": recipients,
    }
    return Event(
        id=event_id(
            source=BUS,
            kind=MEASURE_ORDERED,
            document=f"{initiated['action_id']}|{measure.code}",
            subject=event.subject,
            revision=event.revision,
            step=implementer,
        ),
        source=BUS,
        type=MEASURE_ORDERED,
        time=now,
        subject=event.subject,
        revision=event.revision,
        correlation_id=event.correlation_id,
        causation_id=event.id,
        traceparent=event.traceparent,
        body=body,
    )
