"""The event types of the bus: one row each.

`document` names the body fields, by dotted paths, that with source, type and subject say which
document an event is a revision of. An empty tuple means that the event itself is the document: it
has no revisions.
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
    record: bool = False  # states a fact about a subject, which can be disputed and repaired
    follows: bool = False  # changes how a record stands, so it goes wherever that record went
    disputes: bool = False  # doubts a record, or answers the doubt: goes where it went, as well
    for_all: bool = False  # any party may say it; it is about nobody, and counts for nobody


LICENCE_GRANTED = "licence.granted"
PENALTY_DECIDED = "penalty.decided"
DEFAULTER_LISTED = "defaulter.listed"
LISTING_ENTERED = "listing.entered"
LISTING_REMOVED = "listing.removed"
SUBJECT_REGISTERED = "subject.registered"
RECORD_CORRECTED = "record.corrected"
RECORD_WITHDRAWN = "record.withdrawn"
PUBLICITY_ENDED = "publicity.ended"
ACTION_INITIATED = "action.initiated"
MEASURE_ORDERED = "measure.ordered"
MEASURE_RESPONDED = "measure.responded"
MEASURE_EXECUTED = "measure.executed"
MEASURE_LIFTED = "measure.lifted"
DELIVERY_CONFIRMED = "delivery.confirmed"
DELIVERY_REFUSED = "delivery.refused"
ACTION_SUSPENDED = "action.suspended"
ACTION_RESUMED = "action.resumed"
ACTION_ENDED = "action.ended"
ACTION_CLOSED = "action.closed"
OBJECTION_RAISED = "objection.raised"
OBJECTION_DECIDED = "objection.decided"
REPAIR_REQUESTED = "repair.requested"
REPAIR_ACCEPTED = "repair.accepted"
REPAIR_DECIDED = "repair.decided"
REPUTATION_RESTORED = "reputation.restored"
ENQUIRY_MADE = "enquiry.made"
ENQUIRY_ANSWERED = "enquiry.answered"
REMINDER_DUE = "reminder.due"
CANARY_SENT = "canary.sent"
RULES_ACTIVATED = "rules.activated"
EVENT_ACCEPTED = "event.accepted"
EVENT_REJECTED = "event.rejected"

# A correction, a withdrawal or an end of publicity is of one revision of one record.
_OF_A_RECORD = (
    "record.provider",
    "record.type",
    "record.document_number",
    "record_revision",
)

_ROWS = (
    EventType(name=LICENCE_GRANTED, term="行政许可", document=("document_number",), record=True),
    EventType(name=PENALTY_DECIDED, term="行政处罚", document=("document_number",), record=True),
    EventType(name=DEFAULTER_LISTED, term="失信被执行人", document=("case_number",), record=True),
    EventType(name=LISTING_ENTERED, term="名单列入", document=("document_number",), record=True),
    EventType(
        name=LISTING_REMOVED,
        term="名单移出",
        document=("entered_by", "document_number"),
        follows=True,
    ),
    EventType(
        name=SUBJECT_REGISTERED, term="登记注册信息", document=("subject.uscc",), record=True
    ),
    EventType(name=RECORD_CORRECTED, term="信息更正", document=_OF_A_RECORD, follows=True),
    EventType(name=RECORD_WITHDRAWN, term="信息撤回", document=_OF_A_RECORD, follows=True),
    EventType(name=PUBLICITY_ENDED, term="停止公示", document=_OF_A_RECORD, follows=True),
    EventType(name=ACTION_INITIATED, term="发起", document=("action_id",)),
    EventType(name=MEASURE_ORDERED, term="信息推送", said_by_bus=True),
    EventType(name=MEASURE_RESPONDED, term="响应", document=("action_id", "measure")),
    EventType(name=MEASURE_EXECUTED, term="执行反馈", document=("action_id", "measure")),
    EventType(name=MEASURE_LIFTED, term="解除", document=("action_id", "measure")),
    # An action may be suspended several times over; `reference` tells which suspension it is.
    EventType(name=ACTION_SUSPENDED, term="中止", document=("action_id", "reference")),
    EventType(name=ACTION_RESUMED, term="恢复", document=("action_id", "reference")),
    EventType(name=ACTION_ENDED, term="终止", document=("action_id",)),
    EventType(name=ACTION_CLOSED, term="办结", document=("action_id",)),
    EventType(
        name=OBJECTION_RAISED, term="异议申请", document=("objection_number",), disputes=True
    ),
    EventType(
        name=OBJECTION_DECIDED,
        term="异议处理",
        document=("raised_by", "objection_number"),
        disputes=True,
    ),
    EventType(name=REPAIR_REQUESTED, term="修复申请", document=("request_number",)),
    EventType(name=REPAIR_ACCEPTED, term="修复受理", document=("requested_by", "request_number")),
    EventType(name=REPAIR_DECIDED, term="修复决定", document=("requested_by", "request_number")),
    EventType(name=REPUTATION_RESTORED, term="恢复信誉", document=("because_of",)),
    EventType(name=ENQUIRY_MADE, term="应查必查", document=("enquiry_number",)),
    EventType(name=ENQUIRY_ANSWERED, term="查询答复", document=("asker", "enquiry_number")),
    EventType(
        name=REMINDER_DUE,
        term="催办",
        document=("party", "obligation", "because_of", "state"),
    ),
    # Without a receipt: the department's own adapter never said it, and is not to wonder.
    EventType(name=CANARY_SENT, term="巡检", document=("round",), receipt=False, for_all=True),
    EventType(name=RULES_ACTIVATED, term="规则启用", document=("registry_version", "activated_at")),
    EventType(name=DELIVERY_CONFIRMED, term="送达确认", document=("event_id",), receipt=False),
    EventType(name=DELIVERY_REFUSED, term="送达退回", document=("event_id",), receipt=False),
    EventType(name=EVENT_ACCEPTED, term="受理回执", said_by_bus=True),
    EventType(name=EVENT_REJECTED, term="退回回执", said_by_bus=True),
)

EVENT_TYPES = MappingProxyType({row.name: row for row in _ROWS})
RECORD_TYPES = frozenset(name for name, row in EVENT_TYPES.items() if row.record)
FOLLOWING_TYPES = frozenset(name for name, row in EVENT_TYPES.items() if row.follows)
DISPUTING_TYPES = frozenset(name for name, row in EVENT_TYPES.items() if row.disputes)


def term_of(name: str) -> str:
    """Return what officials call a type; its name when it is none of this release."""
    row = EVENT_TYPES.get(name)
    return name if row is None else row.term
