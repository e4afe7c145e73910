"""How a record stands: corrected by a newer revision, withdrawn or shown no more up to a revision.

The plan 五(四): what is wrong is corrected or withdrawn; 行政处罚法 48: with the reason, in public.
Only who provided a record, or its successor, says so. That its publicity is over follows from the
rules of repair (信用修复管理办法), so the hub says it, and the record stands as before.
No statement carries any of the record's content: a corrected one travels as its own revision.
Whether the record exists, and in which revisions, is for those who keep state.
"""

from credit_bus.domain.context import Context
from credit_bus.domain.course import check_cause_event
from credit_bus.domain.dates import check_not_before, check_not_future
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus.domain.public_text import check_public
from credit_bus.domain.reason import Reason
from credit_bus.domain.record_fields import RECORD_FIELDS
from credit_bus.domain.references import (
    check_answers_for,
    check_basis_document,
    check_hub,
    check_items,
    check_record,
)
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_reference
from credit_bus.domain.text import Text, text_check

FIELDS_MAX = 50  # a record has fewer

# A document undid the decision, or changed it: that document is named.
UNDONE_BY_DOCUMENT = frozenset({"revoked", "changed", "confirmed_unlawful", "void"})
# Who a record is about: another subject makes it another record.
_NAMES_SUBJECT = frozenset({"subject.uscc", "subject.person_id"})

_RULE = text_check(Text(name="rule", length_max=200))
_EXPLANATION = text_check(Text(name="explanation", length_max=2000))


def check_correction(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against saying that a record stands corrected."""
    found = _check_change(body, context, decided="corrected_on")
    if body["record_revision"] < 2:
        found.append(reason("correction-of-first", "record_revision"))
    return tuple(found + _check_fields(body["fields"], body["record"]["type"]))


def check_withdrawal(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against withdrawing a record up to one of its revisions."""
    found = _check_change(body, context, decided="decided_on")
    if body["record_revision"] < 1:
        found.append(reason("revision-not-positive", "record_revision"))
    if body["cause"] in UNDONE_BY_DOCUMENT and body["basis"] is None:
        found.append(reason("document-missing", "basis"))
    return tuple(found)


def check_publicity_end(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against the word that a record is shown no more up to a revision.

    A repair is decided by an event, which is named; the other causes follow from the calendar.
    """
    found = check_hub(context) + check_reference(body["subject"], context)
    found += check_record(body["record"], context, "record")
    if body["record_revision"] < 1:
        found.append(reason("revision-not-positive", "record_revision"))
    found += check_cause_event(body) + _RULE(body)
    return tuple(found + check_not_future(body["ended_on"], context.today, "ended_on"))


def _check_change(body: Body, context: Context, *, decided: str) -> list[Reason]:
    """Whose record it is, why it changes, and what that rests on."""
    record, basis, day = body["record"], body["basis"], body[decided]
    found = check_reference(body["subject"], context)
    found += check_record(record, context, "record")
    found += check_answers_for(record["provider"], context)
    found += _EXPLANATION(body) + check_public(body, "explanation")
    found += check_cause_event(body) + check_basis_document(basis, context)
    if basis is not None:
        issued = basis["issued_on"]
        found += check_not_before(day, issued, decided, earlier_name="依据文书作出日期")
    return found + check_not_future(day, context.today, decided)


def _check_fields(paths: list[str], kind: str) -> list[Reason]:
    """Which fields changed: paths of the record's own type, and none that names the record."""
    found = check_items(paths, "fields", items_max=FIELDS_MAX)
    known = RECORD_FIELDS.get(kind)
    if known is None:
        return found  # the type has its own reason
    naming = _NAMES_SUBJECT.union(EVENT_TYPES[kind].document)
    for index, path in enumerate(paths[:FIELDS_MAX]):
        if path not in known:
            found.append(reason("field-path-unknown", f"fields[{index}]"))
        elif path in naming:
            found.append(reason("field-names-record", f"fields[{index}]"))
    return found
