"""Enquiries: who asks about a subject for which purpose, and what the answer may say.

应查必查 (the plan 五(二)), bound to a purpose of the registry. An answer lists records and measures
as they stand; there is no place in it for a grade.
"""

from datetime import timedelta

from credit_bus.domain.context import Context
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import RECORD_TYPES
from credit_bus.domain.parties import is_one_of
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import (
    NUMBER_LENGTH_MAX,
    check_action_id,
    check_hub,
    check_items,
    check_moment,
    check_party,
)
from credit_bus.domain.registry import Measure, MeasureKind, Purpose
from credit_bus.domain.rules import reason
from credit_bus.domain.subjects import check_subject_key
from credit_bus.domain.text import Text, text_check

ANSWER_WAIT_DAYS_MAX = 30
RECORDS_MAX = 1000  # an answer must fit a record of the bus
MEASURES_MAX = 500

_MADE = text_check(
    Text(name="enquiry_number", length_max=NUMBER_LENGTH_MAX, exact=True),
    Text(name="procedure", length_max=200),
    Text(name="case_reference", length_max=NUMBER_LENGTH_MAX, exact=True),
)
_ANSWERED = text_check(Text(name="enquiry_number", length_max=NUMBER_LENGTH_MAX, exact=True))


def check_enquiry(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against asking: the purpose is one that the asker may have."""
    asked, answer_by = body["asked_at"], body["answer_by"]
    found = check_subject_key(context) + _MADE(body)
    purpose = context.registry.purposes.get(body["purpose"])
    if purpose is None:
        found.append(reason("purpose-unknown", "purpose"))
    elif purpose.askers and not is_one_of(purpose.askers, context):
        found.append(reason("purpose-not-for-asker", "purpose", purpose=purpose.name))
    if answer_by <= asked:
        found.append(reason("answer-by-not-after", "answer_by"))
    elif answer_by - asked > timedelta(days=ANSWER_WAIT_DAYS_MAX):
        found.append(reason("answer-by-too-late", "answer_by", days_max=ANSWER_WAIT_DAYS_MAX))
    return tuple(found + check_moment(asked, context.today, "asked_at"))


def check_enquiry_answer(body: Body, context: Context) -> tuple[Reason, ...]:
    """Return every reason against an answer: nothing in it lies beyond the purpose."""
    found = check_hub(context) + check_subject_key(context) + _ANSWERED(body)
    found += check_party(body["asker"], context, "asker")
    for name in ("records", "deciding_records"):
        found += _check_records(body[name], name, context)
    found += _check_measures(body["measures"], context)
    purpose = context.registry.purposes.get(body["purpose"])
    if purpose is None:
        found.append(reason("purpose-unknown", "purpose"))
    else:
        found += _check_within(body, purpose)
    found += _check_clean(body)
    return tuple(found + check_moment(body["as_of"], context.today, "as_of"))


def _check_records(records: list[Body], field: str, context: Context) -> list[Reason]:
    keys = [(r["type"], r["provider"], r["document_number"]) for r in records]
    found = check_items(keys, field, items_max=RECORDS_MAX, may_be_empty=True)
    check_number = text_check(
        Text(name="document_number", length_max=NUMBER_LENGTH_MAX, exact=True), under=f"{field}."
    )
    for index, record in enumerate(records[:RECORDS_MAX]):
        if record["type"] not in RECORD_TYPES:
            found.append(reason("record-type-unknown", f"{field}[{index}].type"))
        if record["provider"] not in context.registry.parties:
            found.append(reason("provider-unknown", f"{field}[{index}].provider"))
        if record["revision"] < 1:
            found.append(reason("revision-not-positive", f"{field}[{index}].revision"))
        found += check_number(record)
    return found


def _check_measures(measures: list[Body], context: Context) -> list[Reason]:
    keys = [(m["action_id"], m["measure"]) for m in measures]
    found = check_items(keys, "measures", items_max=MEASURES_MAX, may_be_empty=True)
    for index, (action, measure) in enumerate(keys[:MEASURES_MAX]):
        found += check_action_id(action, context, f"measures[{index}].action_id")
        known = context.registry.measures.get(measure)
        ends = measures[index]["ends_on"]
        if known is None:
            found.append(reason("measure-unknown", f"measures[{index}].measure"))
        elif ends is None and _must_end(known):
            found.append(reason("measure-without-end", f"measures[{index}].ends_on"))
    return found


def _must_end(measure: Measure) -> bool:
    return measure.kind is MeasureKind.CONSTRAINT and not measure.until_performance


def _check_within(body: Body, purpose: Purpose) -> list[Reason]:
    beyond = {
        "records": any(record["type"] not in purpose.records for record in body["records"]),
        "measures": bool(body["measures"]) and not purpose.measures,
        "clean_for_three_years": body["clean_for_three_years"] is not None
        and not purpose.three_years_clean,
    }
    return [
        reason("answer-beyond-purpose", field, purpose=purpose.name)
        for field, is_beyond in beyond.items()
        if is_beyond
    ]


def _check_clean(body: Body) -> list[Reason]:
    """The records that decide are told exactly when they make it untrue."""
    is_unclean = body["clean_for_three_years"] is False
    if is_unclean and not body["deciding_records"]:
        return [reason("deciding-records-missing", "deciding_records")]
    if body["deciding_records"] and not is_unclean:
        return [reason("deciding-records-without-cause", "deciding_records")]
    return []
