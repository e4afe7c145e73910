"""Which check judges which event type: the table of contents of the domain's rules."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from credit_bus.domain.actions import check_initiation
from credit_bus.domain.answers import (
    check_confirmation,
    check_execution,
    check_response,
    check_return,
)
from credit_bus.domain.context import Context
from credit_bus.domain.event import Body, Event
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    DEFAULTER_LISTED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    EVENT_TYPES,
    LICENCE_GRANTED,
    MEASURE_EXECUTED,
    MEASURE_RESPONDED,
    PENALTY_DECIDED,
)
from credit_bus.domain.reason import Reason
from credit_bus.domain.records import check_defaulter, check_licence, check_penalty

Check = Callable[[Body, Context], tuple[Reason, ...]]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        LICENCE_GRANTED: check_licence,
        PENALTY_DECIDED: check_penalty,
        DEFAULTER_LISTED: check_defaulter,
        ACTION_INITIATED: check_initiation,
        MEASURE_RESPONDED: check_response,
        MEASURE_EXECUTED: check_execution,
        DELIVERY_CONFIRMED: check_confirmation,
        DELIVERY_REFUSED: check_return,
    }
)


def check_event(event: Event, context: Context) -> tuple[Reason, ...]:
    """Return every reason against what the event says; none when it may stand.

    What only the bus says is not judged here: the bus does not check itself, and its types are
    refused from anybody else by their name alone. KeyError for a type that is no row.
    """
    if EVENT_TYPES[event.type].said_by_bus:
        return ()
    return CHECKS[event.type](event.body, context)
