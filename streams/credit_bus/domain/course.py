"""The course of an action after it was initiated: suspended, resumed, ended, closed.

Knows the rules of one statement by itself: who may say it, on what ground, to whom it applies.
Whether the action exists and in which state it is, is for those who keep state.
"""

from collections.abc import Mapping
from types import MappingProxyType

from credit_bus.domain.context import Context
from credit_bus.domain.dates import check_not_future
from credit_bus.domain.event import Body, initiator_of
from credit_bus.domain.parties import is_one_of
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import (
    NUMBER_LENGTH_MAX,
    check_action_id,
    check_basis_document,
    check_event_id,
    check_hub,
    check_items,
    check_moment,
    check_party,
)
from credit_bus.domain.registry import Role
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_subject_key
from credit_bus.domain.text import Text, is_blank, text_check

IMPLEMENTERS_MAX = 500  # 50 measures, ten departments for each
HOLDERS_MAX = 1000  # each implementer of each measure, each platform, and room

WITHDRAWN = "withdrawn"

# What a court or a reconsideration body may say of another's action, and on which cause a document
# of theirs is needed.
REVIEW_CAUSES = frozenset(
    {"stayed_by_court", "stayed_on_reconsideration", "stay_lifted", "court_event"}
)
STAYS = frozenset({"stayed_by_court", "stayed_on_reconsideration", "stay_lifted"})
# Which event it is that caused it.
CAUSED_BY_EVENT: Mapping[str, str] = MappingProxyType(
    {
        "objection_under_verification": "异议申请",
        "objection_dismissed": "异议处理",
        "record_corrected": "更正或者异议处理",
        "objection_upheld": "异议处理",
        "repaired": "修复决定",
        "court_event": "法院所报",
        "superseded": "新的发起",
    }
)

_REFERENCE = text_check(Text(name="reference", length_max=NUMBER_LENGTH_MAX, exact=True))
_EXPLANATION = text_check(Text(name="explanation", length_max=2000, required=False))


def check_suspension(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against suspending an action.

    The plan 五(四): while a provider verifies, no measure is enforced; a stay by a court or a
    reconsideration body suspends too, on its document.
    """
    found = _check_step(body, context) + _check_implementers(body, context)
    found += _REFERENCE(body) + _check_basis(body, context)
    basis = body["basis"]
    if body["cause"] in STAYS and basis is not None and body["reference"] != basis["number"]:
        found.append(reason("reference-not-basis", "reference"))
    return tuple(found + check_moment(body["effective_at"], context.today, "effective_at"))


def check_resumption(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against ending one suspension of an action."""
    found = _check_step(body, context) + _check_implementers(body, context)
    found += _REFERENCE(body) + _check_basis(body, context)
    return tuple(found + check_moment(body["effective_at"], context.today, "effective_at"))


def check_end(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against ending an action: an initiator says why it withdraws."""
    found = _check_step(body, context) + _check_implementers(body, context)
    found += _EXPLANATION(body)
    if body["cause"] == WITHDRAWN and is_blank(body["explanation"]):
        found.append(reason("explanation-missing", "explanation"))
    return tuple(found + check_not_future(body["effective_on"], context.today, "effective_on"))


def check_closing(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against the proof that nothing of an action is left anywhere."""
    found = check_hub(context) + check_subject_key(context)
    found += check_action_id(body["action_id"], context)
    found += check_event_id(body["because_of"], "because_of")
    pairs = [(each["holder"], each["confirmation"]) for each in body["holders"]]
    found += check_items(pairs, "holders", items_max=HOLDERS_MAX)
    for index, (holder, confirmation) in enumerate(pairs[:HOLDERS_MAX]):
        found += check_party(holder, context, f"holders[{index}].holder")
        found += check_event_id(confirmation, f"holders[{index}].confirmation")
    return tuple(found + check_moment(body["closed_at"], context.today, "closed_at"))


def _check_step(body: Body, context: Context) -> list[Reason]:
    """Whose action it is, who may say it on this cause, and the event that caused it."""
    found = check_subject_key(context)
    malformed = check_action_id(body["action_id"], context)
    found += malformed or _check_speaker(body, context)
    return found + check_cause_event(body)


def check_cause_event(body: Body) -> list[Reason]:
    """Return the reason against the event that caused a statement: malformed, or not named."""
    event = body["because_of"]
    if event is not None:
        return check_event_id(event, "because_of")
    if body["cause"] not in CAUSED_BY_EVENT:
        return []
    kind = CAUSED_BY_EVENT[body["cause"]]
    return [reason("cause-event-missing", "because_of", event=kind)]


def _check_speaker(body: Body, context: Context) -> list[Reason]:
    """The hub speaks of every action, a party of its own, a reviewing body of what it decided."""
    source = context.registry.parties.get(context.source)
    is_hub = source is not None and source.role is Role.HUB
    if is_hub or is_one_of((initiator_of(body["action_id"]),), context):
        return []
    if source is None or not source.reviews:
        return [reason("action-of-another", "action_id")]
    return [] if body["cause"] in REVIEW_CAUSES else [reason("cause-not-for-reviewer", "cause")]


def _check_basis(body: Body, context: Context) -> list[Reason]:
    basis = body["basis"]
    if basis is None:
        return [reason("basis-missing", "basis")] if body["cause"] in STAYS else []
    return check_basis_document(basis, context)


def _check_implementers(body: Body, context: Context) -> list[Reason]:
    """The list is as it was frozen, so a measure may have left the catalogue since."""
    pairs = [(each["measure"], each["implementer"]) for each in body["implementers"]]
    found = check_items(pairs, "implementers", items_max=IMPLEMENTERS_MAX)
    for index, (measure, implementer) in enumerate(pairs[:IMPLEMENTERS_MAX]):
        if measure not in context.registry.measures:
            found.append(reason("measure-unknown", f"implementers[{index}].measure"))
        found += check_party(implementer, context, f"implementers[{index}].implementer")
    return found
