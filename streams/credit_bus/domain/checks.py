"""Which check judges which event type: the table of contents of the domain's rules."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from credit_bus.domain.actions import check_initiation
from credit_bus.domain.answers import (
    check_confirmation,
    check_execution,
    check_lifting,
    check_response,
    check_return,
)
from credit_bus.domain.context import Context
from credit_bus.domain.course import check_closing, check_end, check_resumption, check_suspension
from credit_bus.domain.enquiries import check_enquiry, check_enquiry_answer
from credit_bus.domain.event import Body, Event
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
    EVENT_TYPES,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
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
from credit_bus.domain.listings import check_listing, check_removal
from credit_bus.domain.objections import check_objection, check_restoration, check_verification
from credit_bus.domain.reason import Reason
from credit_bus.domain.records import check_defaulter, check_licence, check_penalty
from credit_bus.domain.registrations import check_registration
from credit_bus.domain.reminders import check_reminder
from credit_bus.domain.repairs import (
    check_repair_acceptance,
    check_repair_decision,
    check_repair_request,
)
from credit_bus.domain.standing import (
    check_correction,
    check_publicity_end,
    check_withdrawal,
)
from credit_bus.domain.upkeep import check_activation, check_canary

Check = Callable[[Body, Context], tuple[Reason, ...]]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        LICENCE_GRANTED: check_licence,
        PENALTY_DECIDED: check_penalty,
        DEFAULTER_LISTED: check_defaulter,
        LISTING_ENTERED: check_listing,
        LISTING_REMOVED: check_removal,
        SUBJECT_REGISTERED: check_registration,
        RECORD_CORRECTED: check_correction,
        RECORD_WITHDRAWN: check_withdrawal,
        PUBLICITY_ENDED: check_publicity_end,
        ACTION_INITIATED: check_initiation,
        MEASURE_RESPONDED: check_response,
        MEASURE_EXECUTED: check_execution,
        MEASURE_LIFTED: check_lifting,
        ACTION_SUSPENDED: check_suspension,
        ACTION_RESUMED: check_resumption,
        ACTION_ENDED: check_end,
        ACTION_CLOSED: check_closing,
        OBJECTION_RAISED: check_objection,
        OBJECTION_DECIDED: check_verification,
        REPAIR_REQUESTED: check_repair_request,
        REPAIR_ACCEPTED: check_repair_acceptance,
        REPAIR_DECIDED: check_repair_decision,
        REPUTATION_RESTORED: check_restoration,
        ENQUIRY_MADE: check_enquiry,
        ENQUIRY_ANSWERED: check_enquiry_answer,
        REMINDER_DUE: check_reminder,
        CANARY_SENT: check_canary,
        RULES_ACTIVATED: check_activation,
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
