"""Answers: an implementer's response, feedback and lifting, and a platform's word on a delivery.

Whether the order or the event answered ever existed is not known here: it is for those who keep
state. An action's id names its initiator, and that much is checked.
"""

import re

from credit_bus.domain.amounts import check_amount
from credit_bus.domain.context import Context
from credit_bus.domain.dates import check_not_future
from credit_bus.domain.divisions import check_division
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.parties import is_one_of
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import check_action_id, check_event_id, check_moment
from credit_bus.domain.registry import Role
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_subject_key
from credit_bus.domain.text import Text, is_blank, text_check

# A staff number, or a post by the words that posts end in, which names of persons do not.
_OPERATOR = re.compile(r"[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*|.+(岗|窗口|科|股|室|队|所|中心)[0-9]*号?")

REFUSED = "refused"

_RESPONSE = text_check(
    Text(name="refusal_reason", length_max=2000, required=False),
    Text(name="refusal_basis", length_max=2000, required=False),
    Text(name="remark", length_max=512, required=False),
)
_EXECUTION = text_check(
    Text(name="result", length_max=4000),
    Text(name="legal_basis", length_max=2000, required=False),
    Text(name="document_number", length_max=128, required=False),
    Text(name="batch_number", length_max=128, required=False, exact=True),
    Text(name="operator", length_max=32, required=False),
    Text(name="remark", length_max=512, required=False),
)
_LIFTING = text_check(
    Text(name="result", length_max=4000),
    Text(name="document_number", length_max=128, required=False),
    Text(name="operator", length_max=32, required=False),
    Text(name="remark", length_max=512, required=False),
)
_CONFIRMATION = text_check(Text(name="acknowledgement", length_max=200))
REASONS_MAX = 100  # of one refusal: an answer to it must fit a record

_RETURNED = text_check(
    Text(name="code", length_max=100),
    Text(name="field", length_max=200, required=False),
    Text(name="rule", length_max=1000),
    Text(name="remedy", length_max=1000),
    under="reasons.",
)


def check_response(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against a response. A refusal needs its reason and its legal basis."""
    found = _check_answer(body, context)
    found += _RESPONSE(body)
    if body["decision"] == REFUSED:
        found += [
            reason("refusal-incomplete", name)
            for name in ("refusal_reason", "refusal_basis")
            if is_blank(body[name])
        ]
    return tuple(found + check_not_future(body["responded_on"], context.today, "responded_on"))


def check_execution(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against feedback, whichever the outcome: a result is always stated."""
    found = _check_answer(body, context)
    found += _EXECUTION(body)
    found += check_amount(body["amount_10k"], "amount_10k")
    found += check_division(body["division"], "division")
    found += _check_operator(body)
    return tuple(found + check_not_future(body["executed_on"], context.today, "executed_on"))


def check_lifting(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against the word that a measure of an ended action runs no more."""
    found = _check_answer(body, context)
    found += check_event_id(body["because_of"], "because_of")
    found += _LIFTING(body) + _check_operator(body)
    return tuple(found + check_not_future(body["lifted_on"], context.today, "lifted_on"))


def check_confirmation(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against a platform's word that it holds an event."""
    found = check_delivery(body, context)
    found += _CONFIRMATION(body)
    return tuple(found + check_moment(body["delivered_at"], context.today, "delivered_at"))


def check_return(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against a platform's word that it will not take an event."""
    found = check_delivery(body, context)
    if not body["reasons"]:
        found.append(reason("reasons-missing", "reasons"))
    if len(body["reasons"]) > REASONS_MAX:
        found.append(reason("reasons-too-many", "reasons", reasons_max=REASONS_MAX))
    for told in body["reasons"][:REASONS_MAX]:
        found += _RETURNED(told)
    return tuple(found + check_moment(body["refused_at"], context.today, "refused_at"))


def check_delivery(body: Body, context: Context) -> list[Reason]:
    """Return every reason against what both words on a delivery share: who says it, of which."""
    found = check_subject_key(context)
    source = context.registry.parties.get(context.source)
    if source is None or source.role is not Role.PLATFORM:
        found.append(reason("not-a-platform", "ce_source"))
    if body["provider"] not in context.registry.parties:
        found.append(reason("provider-unknown", "provider"))
    if body["event_type"] not in EVENT_TYPES:
        found.append(reason("event-type-unknown", "event_type"))
    found += check_event_id(body["event_id"], "event_id")
    if body["event_revision"] < 1:
        found.append(reason("revision-not-positive", "event_revision"))
    return found


def _check_operator(body: Body) -> list[Reason]:
    operator = body["operator"]
    if is_blank(operator) or _OPERATOR.fullmatch(operator):
        return []
    return [reason("operator-not-post", "operator")]


def _check_answer(body: Body, context: Context) -> list[Reason]:
    """Which action and which measure, and whether it is this party's to answer."""
    found = check_subject_key(context)
    found += check_action_id(body["action_id"], context)
    measure = context.registry.measures.get(body["measure"])
    if measure is None:
        found.append(reason("measure-unknown", "measure"))
    elif not is_one_of(measure.implementers, context):
        found.append(reason("not-an-implementer", "measure", measure=measure.name))
    return found
