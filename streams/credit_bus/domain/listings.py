"""Lists: a named body enters a subject on a document, and takes it off again.

国办发〔2020〕49号: a list rests on law; the subject is told the reasons, the basis and its rights
before the decision, and the decision states how one comes off and what one can do against it.
Nothing leads here from records: an entry is a department's own decision, and a recommendation by
anybody whom the list does not name is none. The courts' defaulters have their own type.
Knows the rules of one statement by itself. That an entry exists is for those who keep state.
"""

from credit_bus.domain.context import Context
from credit_bus.domain.course import check_cause_event
from credit_bus.domain.dates import check_not_before, check_not_future, months_after
from credit_bus.domain.event import Body
from credit_bus.domain.instruments import (
    check_field,
    check_instrument,
    check_notice,
    check_term,
)
from credit_bus.domain.parties import is_one_of
from credit_bus.domain.public_text import check_public
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import (
    NUMBER_LENGTH_MAX,
    check_answers_for,
    check_basis_document,
    check_hub,
    check_party,
)
from credit_bus.domain.registry import CreditList, MeasureKind, SubjectCategory
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_reference
from credit_bus.domain.text import Text, is_blank, text_check

# Where the body itself decides that an entry is over, it says why, on a document.
OWN_CAUSES = frozenset({"withdrawn", "conditions_met"})

_ENTERED = text_check(
    Text(name="document_number", length_max=NUMBER_LENGTH_MAX, exact=True),
    Text(name="cause", length_max=2000),
    Text(name="removal_conditions", length_max=2000, required=False),
    Text(name="remedies", length_max=2000, required=False),
    Text(name="decided_by", length_max=200),
    Text(name="remark", length_max=512, required=False),
)
_REMOVED = text_check(
    Text(name="document_number", length_max=NUMBER_LENGTH_MAX, exact=True),
    Text(name="explanation", length_max=2000, required=False),
)


def check_listing(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against entering this subject on this list."""
    decided, instrument = body["decided_on"], body["instrument"]
    found = check_reference(body["subject"], context) + _ENTERED(body)
    found += check_public(body, "cause", "removal_conditions")
    found += check_not_future(decided, context.today, "decided_on")
    found += check_not_before(
        decided, instrument["issued_on"], "decided_on", earlier_name="文书作出日期"
    )
    found += check_not_before(
        body["term"]["begins_on"], decided, "term.begins_on", earlier_name="列入决定日期"
    )
    entered = context.registry.lists.get(body["list"])
    if entered is None:
        return (*found, reason("list-unknown", "list"), *_check_told(body, context))
    kind = entered.kind.bears
    found += check_field(body["field"], kind, context)
    found += check_instrument(instrument, kind, context)
    found += check_term(body["term"], instrument, kind, context)
    found += _check_told(body, context)
    if kind is MeasureKind.CONSTRAINT:
        found += _check_rights(body)
    return tuple(found + _check_list(entered, body, context) + _check_length(entered, body["term"]))


def check_removal(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against taking a subject off a list.

    Whoever entered it, its successor, or the hub says so. The list's row may have changed or ended
    since: coming off needs no right of today.
    """
    found = check_reference(body["subject"], context) + _REMOVED(body)
    found += check_public(body, "explanation")
    if body["list"] not in context.registry.lists:
        found.append(reason("list-unknown", "list"))
    found += check_party(body["entered_by"], context, "entered_by")
    if check_hub(context):
        found += check_answers_for(body["entered_by"], context)
    found += check_cause_event(body) + check_basis_document(body["basis"], context)
    if body["cause"] in OWN_CAUSES:
        if is_blank(body["explanation"]):
            found.append(reason("removal-unexplained", "explanation"))
        if body["basis"] is None:
            found.append(reason("document-missing", "basis"))
    return tuple(found + check_not_future(body["removed_on"], context.today, "removed_on"))


def _check_told(body: Body, context: Context) -> list[Reason]:
    """The notice, where there is one: before the term, and not after the decision."""
    notice = body["notice"]
    if notice is None:
        return []
    found = check_notice(notice, body["term"]["begins_on"], context)
    if notice["given_on"] > body["decided_on"]:
        found.append(reason("notice-after-decision", "notice.given_on"))
    return found


def _check_rights(body: Body) -> list[Reason]:
    """What an entry that burdens its subject must tell it."""
    found = [] if body["notice"] is not None else [reason("notice-missing", "notice")]
    return found + [
        reason("listing-incomplete", name)
        for name in ("removal_conditions", "remedies")
        if is_blank(body[name])
    ]


def _check_list(entered: CreditList, body: Body, context: Context) -> list[Reason]:
    broken = []
    if not entered.in_force_on(body["decided_on"]):
        broken.append(("list-not-in-force", "decided_on"))
    if not is_one_of(entered.enterers, context):
        broken.append(("list-not-for-party", "list"))
    if SubjectCategory(body["subject"]["category"]) not in entered.targets:
        broken.append(("list-not-for-subject", "subject.category"))
    if body["instrument"]["type"] not in entered.instrument_types:
        broken.append(("list-not-on-instrument", "instrument.type"))
    if body["field"] in context.registry.fields.keys() - entered.fields:
        broken.append(("field-not-of-list", "field"))
    if body["publish"] and not entered.public:
        broken.append(("list-not-public", "publish"))
    return [reason(code, field, list=entered.name) for code, field in broken]


def _check_length(entered: CreditList, term: Body) -> list[Reason]:
    longest, ends = entered.term_months_max, term["ends_on"]
    if longest is None:
        return []
    if ends is None:
        # One that burdens has its own reason for having no end.
        is_late = entered.kind.bears is MeasureKind.INCENTIVE
    else:
        is_late = ends > months_after(term["begins_on"], longest)
    detail = {"list": entered.name, "months_max": longest}
    return [reason("list-term-too-long", "term.ends_on", **detail)] if is_late else []
