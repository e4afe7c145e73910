"""Objections: raised for a subject, verified and decided by whoever provided or initiated.

Knows the rules of one statement by itself; that a decision answers an objection which was raised
is for those who keep state.
"""

from credit_bus.domain.context import Context
from credit_bus.domain.dates import check_not_future
from credit_bus.domain.event import Body
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import (
    NUMBER_LENGTH_MAX,
    check_about,
    check_event_id,
    check_hub,
    check_items,
    check_owner,
    check_party,
)
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_reference, check_subject_key
from credit_bus.domain.text import Text, text_check, word_check

SCOPE_MAX = 4  # as many as there are words for it

UPHELD = "upheld"
ENDED = "ended"

_RAISED = text_check(
    Text(name="objection_number", length_max=NUMBER_LENGTH_MAX, exact=True),
    Text(name="statement", length_max=2000),
)
_DECIDED = text_check(
    Text(name="objection_number", length_max=NUMBER_LENGTH_MAX, exact=True),
    Text(name="findings", length_max=4000),
    Text(name="basis", length_max=2000),
)
_RESTORED = text_check(Text(name="statement", length_max=2000))

_channel = word_check("窗口", "网站", "信用中国", other_length_max=64)


def check_objection(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against an objection; its merits are the provider's to verify."""
    found = check_reference(body["subject"], context) + _RAISED(body)
    found += check_about(body["about"], context)
    found += check_items(body["scope"], "scope", items_max=SCOPE_MAX)
    found += _channel(body["channel"], "channel")
    return tuple(found + check_not_future(body["raised_on"], context.today, "raised_on"))


def check_verification(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against the decision on an objection.

    The plan 五(四): the provider verifies; what is wrong is corrected or withdrawn, and what was
    initiated on it ends.
    """
    found = check_subject_key(context) + _DECIDED(body)
    found += check_party(body["raised_by"], context, "raised_by")
    found += check_about(body["about"], context) + check_owner(body["about"], context)
    found += _check_remedy(body)
    return tuple(found + check_not_future(body["decided_on"], context.today, "decided_on"))


def check_restoration(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against a public word that restores a subject's reputation.

    It is for whoever provided the record or initiated the action, or for the hub on its behalf.
    """
    found = check_reference(body["subject"], context) + _RESTORED(body)
    found += check_about(body["about"], context)
    if check_hub(context):
        found += check_owner(body["about"], context)
    found += check_event_id(body["because_of"], "because_of")
    return tuple(found + check_not_future(body["restored_on"], context.today, "restored_on"))


def _check_remedy(body: Body) -> list[Reason]:
    remedy = body["remedy"]
    if body["decision"] != UPHELD:
        return [] if remedy is None else [reason("remedy-of-dismissed", "remedy")]
    if remedy is None:
        return [reason("remedy-missing", "remedy")]
    if remedy == ENDED and body["about"]["record"] is not None:
        return [reason("remedy-not-for-record", "remedy")]
    return []
