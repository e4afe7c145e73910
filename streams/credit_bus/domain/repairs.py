"""Repair of credit: asked of whoever recognised the dishonesty, accepted and decided there.

谁认定谁修复 (国办发〔2025〕22号); the conditions are those of 信用修复管理办法 (NDRC Order 36). How
long the shortest publicity lasts is not known here: the request states when it was over.
"""

from credit_bus.domain.context import Context
from credit_bus.domain.dates import (
    check_not_before,
    check_not_beyond_long_term,
    check_not_future,
)
from credit_bus.domain.event import Body
from credit_bus.domain.parties import answers_for
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import (
    NUMBER_LENGTH_MAX,
    check_about,
    check_items,
    check_owner,
    check_party,
    owner_of,
)
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_reference, check_subject_key
from credit_bus.domain.text import Text, is_blank, text_check

PROOFS_MAX = 20

GRANTED = "granted"

_NUMBER = text_check(Text(name="request_number", length_max=NUMBER_LENGTH_MAX, exact=True))
_PROOF = text_check(Text(name="proofs", length_max=200))
_DECIDED = text_check(
    Text(name="request_number", length_max=NUMBER_LENGTH_MAX, exact=True),
    Text(name="reason", length_max=2000, required=False),
)

# What must lie before the request besides the shortest publicity.
_BEFORE = (("performed_on", "义务履行完毕日"), ("commitment_published_on", "信用承诺公开日"))


def check_repair_request(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against asking for repair: all three conditions come first."""
    requested = body["requested_on"]
    found = check_reference(body["subject"], context) + _NUMBER(body)
    found += check_about(body["about"], context) + _check_recogniser(body, context)
    found += check_items(body["proofs"], "proofs", items_max=PROOFS_MAX)
    for proof in body["proofs"][:PROOFS_MAX]:
        found += _PROOF({"proofs": proof})
    if requested < body["minimum_reached_on"]:
        found.append(reason("repair-too-early", "requested_on"))
    for name, word in _BEFORE:
        found += check_not_before(requested, body[name], "requested_on", earlier_name=word)
    return tuple(found + check_not_future(requested, context.today, "requested_on"))


def check_repair_acceptance(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against taking a request in for examination: by the recogniser alone.

    国办发〔2025〕22号 gives three working days; whether they were kept is for who keeps state.
    """
    found = check_subject_key(context) + _NUMBER(body) + _check_answer(body, context)
    return tuple(found + check_not_future(body["accepted_on"], context.today, "accepted_on"))


def check_repair_decision(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against a decision on repair: by the recogniser alone."""
    found = check_subject_key(context) + _DECIDED(body) + _check_answer(body, context)
    found += check_not_future(body["decided_on"], context.today, "decided_on")
    return tuple(found + _check_effect(body))


def _check_answer(body: Body, context: Context) -> list[Reason]:
    """Whose request it answers, and whether what it is about is this party's."""
    found = check_party(body["requested_by"], context, "requested_by")
    return found + check_about(body["about"], context) + check_owner(body["about"], context)


def _check_recogniser(body: Body, context: Context) -> list[Reason]:
    owner, recogniser = owner_of(body["about"]), body["recogniser"]
    unknown = check_party(recogniser, context, "recogniser")
    # An unknown owner has its own reason already.
    if unknown or owner not in context.registry.parties:
        return unknown
    if answers_for(recogniser, owner, context):
        return []
    return [reason("recogniser-not-of-about", "recogniser")]


def _check_effect(body: Body) -> list[Reason]:
    decided, effective = body["decided_on"], body["effective_on"]
    if body["decision"] != GRANTED:
        found = [reason("repair-reason-missing", "reason")] if is_blank(body["reason"]) else []
        if effective is not None:
            found.append(reason("repair-effect-of-refusal", "effective_on"))
        return found
    if effective is None:
        return [reason("repair-effect-missing", "effective_on")]
    return [
        *check_not_before(effective, decided, "effective_on", earlier_name="决定日期"),
        *check_not_beyond_long_term(effective, "effective_on"),
    ]
