"""JSON to a question, or every reason why there is none, each at its field. Pure.

{
  "enquiry_number": "甘政务查〔2026〕1号",       # the asker's own; the same again is the same
  "subject": "91620702…",                      # the subject key: a code, or a pseudonym as
                                               # records carry it; or of a natural person
             {"person_id": "…", "person_id_type": "身份证"},   # in clear, or as it was sealed
  "purpose": "administrative-approval",        # a code of purposes.toml
  "procedure": "食品经营许可",                   # 办理事项
  "case_reference": "甘区行审〔2026〕1号"         # 办件编号
}
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from credit_bus.contracts.shape import Field, Shape
from credit_bus.domain.calendar import in_milliseconds
from credit_bus.domain.context import Context
from credit_bus.domain.enquiries import check_enquiry
from credit_bus.domain.reason import Reason
from credit_bus.domain.references import NUMBER_LENGTH_MAX
from credit_bus.domain.registry import Registry
from credit_bus.domain.subjects import check_subject_key
from credit_bus.domain.text import Text, text_check
from credit_bus_connectors.departments.identity_checks import TYPE_MISSING, number_problem
from credit_bus_connectors.departments.json_form.text import JsonObject, read_json
from credit_bus_connectors.departments.json_form.values import (
    REFUSED,
    ClearNumber,
    Findings,
    check_names,
    read_text,
    read_value,
)
from credit_bus_connectors.enquiry.question import Question

BYTES_MAX = 16 * 1024
ANSWER_WAIT_SECONDS_MAX = 30.0  # how long anybody waits for an answer over HTTP

QUESTION_FIELDS = ("enquiry_number", "subject", "purpose", "procedure", "case_reference")
REQUEST_FIELDS = ("subject", "case_reference")
PERSON_FIELDS = ("person_id", "person_id_type")

_SEALED = Shape(
    kind="record",
    path="",
    fields=tuple(
        Field(name=name, shape=Shape(kind=kind, path=name), has_default=False)
        for name, kind in (("pseudonym", "string"), ("box", "bytes"))
    ),
)
_check_request = text_check(Text(name="case_reference", length_max=NUMBER_LENGTH_MAX, exact=True))

# From a normalised identity number to the 64 hex digits that stand for it.
Pseudonym = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A subject wants to know who asked about it; a window asks for it, in a case of its own."""

    subject: str
    case_reference: str


def read_question(
    content: bytes,
    *,
    asker: str,
    now: datetime,
    registry: Registry,
    today: date,
    pseudonym: Pseudonym,
) -> Question | tuple[Reason, ...]:
    """Return the question that the body asks, or every reason against it."""
    read = _read(content, QUESTION_FIELDS, pseudonym)
    if not isinstance(read, Mapping):
        return read
    question = Question(
        asker=asker,
        enquiry_number=read["enquiry_number"],
        subject=read["subject"],
        purpose=read["purpose"],
        procedure=read["procedure"],
        case_reference=read["case_reference"],
        asked_at=in_milliseconds(now),
        answer_by=now + timedelta(seconds=ANSWER_WAIT_SECONDS_MAX),
    )
    context = Context(registry=registry, today=today, source=asker, subject=question.subject)
    reasons = check_enquiry(question.body(), context)
    return _at_field(reasons) if reasons else question


def read_request(
    content: bytes, *, registry: Registry, today: date, pseudonym: Pseudonym
) -> Request | tuple[Reason, ...]:
    """Return whom a window asks for, or every reason against it."""
    read = _read(content, REQUEST_FIELDS, pseudonym)
    if not isinstance(read, Mapping):
        return read
    context = Context(registry=registry, today=today, source="", subject=read["subject"])
    reasons = (*check_subject_key(context), *_check_request(read))
    return _at_field(reasons) if reasons else Request(**read)


def _read(
    content: bytes, fields: Sequence[str], pseudonym: Pseudonym
) -> Mapping[str, str] | tuple[Reason, ...]:
    """Return each field as a text, the subject as its key; or every reason."""
    parsed = read_json(content, bytes_max=BYTES_MAX)
    if isinstance(parsed, Reason):
        return (parsed,)
    found = Findings()
    value = parsed.value
    if not isinstance(value, JsonObject):
        found.refuse("json-type", "", expected="对象")
        return tuple(found.reasons)
    check_names(value, fields, "", found)
    read = {
        name: _subject(value.get(name), pseudonym, found)
        if name == "subject"
        else _text(value.get(name), name, found)
        for name in fields
    }
    return tuple(found.reasons) if found.reasons else read


def _text(value: Any, path: str, found: Findings) -> Any:
    return found.refuse("json-missing", path) if value is None else read_text(value, path, found)


def _subject(value: Any, pseudonym: Pseudonym, found: Findings) -> Any:
    if not isinstance(value, JsonObject):
        return _text(value, "subject", found)
    check_names(value, PERSON_FIELDS, "subject", found)
    kind = value.get("person_id_type")
    if kind is not None:
        kind = read_text(kind, "subject.person_id_type", found)
    person = value.get("person_id")
    if person is None:
        return found.refuse("json-missing", "subject.person_id")
    sealed = read_value(_SEALED, person, "subject.person_id", found)
    if sealed is REFUSED or kind is REFUSED:
        return REFUSED
    if not isinstance(sealed, ClearNumber):
        return sealed["pseudonym"]
    problem = number_problem(sealed.number, kind)
    if problem is not None:
        name = "person_id_type" if problem == TYPE_MISSING else "person_id"
        return found.refuse(problem, f"subject.{name}")
    return pseudonym(sealed.number)


def _at_field(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons with the subject's named as the field that this form has for it."""
    return tuple(
        replace(each, field="subject") if each.field == "ce_subject" else each for each in reasons
    )
