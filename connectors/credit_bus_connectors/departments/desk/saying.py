"""A statement as it is kept before it is said: under a trace of its own, as a record to the byte.

The trace is a W3C traceparent that the gate repeats in its receipt.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.trace import new_trace
from credit_bus.contracts.wire import Wire, write_event
from credit_bus.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What an official says. The event's cause is the event that it answers."""

    event: Event
    trace: str
    wire: Wire
    account: str
    made_at: datetime
    petition: int | None = None  # of the public site, that it is made of


def act_of(
    event: Event, *, account: str, now: datetime, codec: Codec, petition: int | None = None
) -> Act:
    """Return the event as it is kept. Raises ValueError for a body that its schema refuses."""
    trace = new_trace()
    traced = replace(event, traceparent=trace)
    return Act(
        event=traced,
        trace=trace,
        wire=write_event(traced, codec),
        account=account,
        made_at=now,
        petition=petition,
    )
