"""Whom a JSON statement is about: the subject key of a stated subject, and its identity numbers.

Knows the places of a body where a subject and its numbers stand. Pure.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from credit_bus.domain.event import Body
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
)
from credit_bus.domain.identifiers import subject_key
from credit_bus.domain.registry import SubjectCategory
from credit_bus.domain.text import is_blank
from credit_bus_connectors.departments.identity_checks import (
    TYPE_MISSING,
    number_problem,
    untyped_number_problem,
)
from credit_bus_connectors.departments.json_form.values import (
    REFUSED,
    ClearNumber,
    Findings,
    FoundNumber,
)
from credit_bus_connectors.departments.statement import fits_a_header

# From a normalised identity number to the 64 hex digits that stand for it.
Pseudonym = Callable[[str], str]

# The day on which a subject must have been of age: records of minors are not collected, and nothing
# is initiated on one.
_ADULT_ON = MappingProxyType(
    {
        LICENCE_GRANTED: "decided_on",
        PENALTY_DECIDED: "decided_on",
        DEFAULTER_LISTED: "listed_on",
        LISTING_ENTERED: "decided_on",
        ACTION_INITIATED: "instrument.issued_on",
    }
)
_PERSON = "data.subject.person_id"
_CODE = "data.subject.uscc"


def check_numbers(body: Body, kind: str, found: Findings) -> None:
    """Note what is wrong with the numbers that nobody can see once they are sealed."""
    day = _day(body, _ADULT_ON.get(kind, ""))
    for number in found.numbers:
        adult_on = day if number.path == _PERSON and isinstance(day, date) else None
        code = _number_problem(number, adult_on)
        if code is not None:
            is_of_kind = code == TYPE_MISSING
            found.refuse(code, f"{number.path}_type" if is_of_kind else number.path)


def _day(body: Body, path: str) -> Any:
    """Return what stands at the path; None where a record on the way was refused."""
    value: Any = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _number_problem(found: FoundNumber, adult_on: date | None) -> str | None:
    if found.kind is REFUSED:
        return None
    if not found.has_kind:
        return untyped_number_problem(found.number, adult_on=adult_on)
    kind = None if is_blank(found.kind) else found.kind
    return number_problem(found.number, kind, adult_on=adult_on)


def stated_subject(subject: Any, found: Findings, pseudonym: Pseudonym) -> str:
    """Return the key of a body's `subject`; "" when it gives none, or part of it was refused."""
    key = REFUSED if subject is REFUSED else _key(subject, pseudonym)
    if key is REFUSED:
        return ""
    if key is None or not fits_a_header(key):
        is_person = subject["category"] == SubjectCategory.NATURAL_PERSON
        found.refuse("subject-unnamed", _PERSON if is_person else _CODE)
        return ""
    return str(key)


def _key(subject: Mapping[str, Any], pseudonym: Pseudonym) -> Any:
    """Return the key of a stated subject, None when it gives none, `REFUSED` when that is unknown.

    The operator of an individual business without a code is its representative, or, where a body
    has no place for one, its person.
    """
    category, uscc = subject["category"], subject["uscc"]
    is_person = category == SubjectCategory.NATURAL_PERSON
    has_place = "representative_id" in subject and not is_person
    # What a register says of an organisation has no place for any number.
    holder = subject.get("representative_id" if has_place else "person_id")
    if any(each is REFUSED for each in (category, uscc, holder)):
        return REFUSED
    if isinstance(holder, ClearNumber):
        holder = {"pseudonym": pseudonym(holder.number)}
    return subject_key(
        category=SubjectCategory(category),
        uscc=uscc,
        pseudonym=None if holder is None else holder["pseudonym"],
    )
