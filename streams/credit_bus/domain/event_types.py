"""The event types of the bus: one row each.

`document` names the body fields that, with source, type and subject, say which document an event
is a revision of. An empty tuple means that the event itself is the document: it has no revisions.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A row of the table. `term` is the plan's word, as the glossary has it."""

    name: str
    term: str
    document: tuple[str, ...] = ()
    said_by_bus: bool = False  # only the bus itself says it; refused from any party
    receipt: bool = True  # the gate answers acceptance (a refusal is always answered)


LICENCE_GRANTED = "licence.granted"
PENALTY_DECIDED = "penalty.decided"
DEFAULTER_LISTED = "defaulter.listed"
ACTION_INITIATED = "action.initiated"
MEASURE_ORDERED = "measure.ordered"
MEASURE_RESPONDED = "measure.responded"
MEASURE_EXECUTED = "measure.executed"
DELIVERY_CONFIRMED = "delivery.confirmed"
DELIVERY_REFUSED = "delivery.refused"
EVENT_ACCEPTED = "event.accepted"
EVENT_REJECTED = "event.rejected"

_ROWS = (
    EventType(name=LICENCE_GRANTED, term="行政许可", document=("document_number",)),
    EventType(name=PENALTY_DECIDED, term="行政处罚", document=("document_number",)),
    EventType(name=DEFAULTER_LISTED, term="失信被执行人", document=("case_number",)),
    EventType(name=ACTION_INITIATED, term="发起", document=("action_id",)),
    EventType(name=MEASURE_ORDERED, term="信息推送", said_by_bus=True),
    EventType(name=MEASURE_RESPONDED, term="响应", document=("action_id", "measure")),
    EventType(name=MEASURE_EXECUTED, term="执行反馈", document=("action_id", "measure")),
    EventType(name=DELIVERY_CONFIRMED, term="送达确认", document=("event_id",), receipt=False),
    EventType(name=DELIVERY_REFUSED, term="送达退回", document=("event_id",), receipt=False),
    EventType(name=EVENT_ACCEPTED, term="受理回执", said_by_bus=True),
    EventType(name=EVENT_REJECTED, term="退回回执", said_by_bus=True),
)

EVENT_TYPES = MappingProxyType({row.name: row for row in _ROWS})
