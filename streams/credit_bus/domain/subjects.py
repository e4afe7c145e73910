"""The subject of a record or of an action: which fields belong to which category, and its key.

An identity number is never seen here: it comes sealed, and so no check can tell its holder's age
or the number's check character. Both are the adapter's to hold, before it seals.
"""

import re
from operator import itemgetter

from credit_bus.domain.context import Context
from credit_bus.domain.event import Body
from credit_bus.domain.generations import OF_2016, OF_2018, Generation, not_of, states
from credit_bus.domain.identifiers import (
    USCC_NONE,
    UsccProblem,
    check_organisation_code,
    check_registration_number,
    check_uscc,
    is_pseudonym,
    subject_key,
)
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry, SubjectCategory
from credit_bus.domain.rules import reason
from credit_bus.domain.text import Text, Words, is_blank, text_check, word_check

NAME_LENGTH_MAX = 200

# AES-256-GCM: a nonce of 12 bytes, a tag of 16, and a number of 1 to 64 characters of up to 4.
BOX_BYTES_MIN = 12 + 16 + 1
BOX_BYTES_MAX = 12 + 16 + 64 * 4

# A member of a StrEnum is found by its text; calling the class to find it costs 0.2 µs.
_CATEGORIES = {category.value: category for category in SubjectCategory}

_NATURAL_PERSON = SubjectCategory.NATURAL_PERSON

_NAME = Text(name="name", length_max=NAME_LENGTH_MAX)
_REPRESENTATIVE_LENGTH_MAX = 50

# Format rules of the 2018 双公示 template (common subject block).
_TEXTS = (
    _NAME,
    Text(name="registration_number", length_max=50, required=False),
    Text(name="tax_number", length_max=15, required=False),
    Text(name="institution_certificate", length_max=12, required=False),
    Text(name="society_certificate", length_max=50, required=False),
)
_PERSON = text_check(*_TEXTS, under="subject.")
_ORGANISATION = text_check(
    *_TEXTS,
    Text(name="representative_name", length_max=_REPRESENTATIVE_LENGTH_MAX),
    under="subject.",
)
_REFERENCE = text_check(_NAME, under="subject.")

# The template of 2016 has fewer columns, and rules of its own for the old numbers.
_TEXTS_2016 = text_check(
    _NAME,
    Text(name="representative_name", length_max=_REPRESENTATIVE_LENGTH_MAX, required=False),
    under="subject.",
)
_TAX_NUMBER_2016 = re.compile(r"[A-Z0-9]{15}|[A-Z0-9]{17}|[A-Z0-9]{18}|[A-Z0-9]{20}")
_CERTIFICATES_2018 = ("institution_certificate", "society_certificate")

_ORGANISATION_TEXTS = (
    "uscc",
    "registration_number",
    "organisation_code",
    "tax_number",
    "institution_certificate",
    "society_certificate",
    "representative_name",
    "representative_id_type",
)

# What a subject with a code seldom states beside it.
_RARE = (
    "organisation_code",
    "person_id",
    "person_id_type",
    "representative_id_type",
    "representative_id",
)
_rare = itemgetter(*_RARE)
_RARE_LEFT_OUT = (None,) * len(_RARE)

_id_type = word_check(
    "身份证",
    "护照号",
    "港澳居民来往内地通行证",
    "台湾居民来往大陆通行证",
    "外国人永久居留身份证",
    other_length_max=64,
)
_id_type_2016 = word_check("身份证")  # p_XDR_SFZ: there is a column for no other


def check_subject(
    subject: Body, context: Context, generation: Generation = OF_2018
) -> list[Reason]:
    """Return every reason against the subject of a record (双公示, 行政相对人).

    A natural person has an identity number and neither codes nor a representative; everyone else
    has a code and no identity number of their own, and since 2018 must name a representative. In
    2016 the one identity number of an individual business is its operator's.
    """
    category = _CATEGORIES[subject["category"]]
    is_old = generation is OF_2016
    id_type = _id_type_2016 if is_old else _id_type
    if category is _NATURAL_PERSON:
        found = (_TEXTS_2016 if is_old else _PERSON)(subject)
        found += _check_person(subject, id_type)
        return found + _check_key(subject["uscc"], subject["person_id"], category, context)
    found = (_TEXTS_2016 if is_old else _ORGANISATION)(subject)
    if is_old:
        found += _check_old_form(subject, category)
    # A right code that is the key has nothing against it, whosever it is: 1 µs a record.
    uscc, holder = subject["uscc"], subject["representative_id"]
    is_named = uscc is not None and uscc == context.subject and check_uscc(uscc) is None
    if not is_named:
        found += _check_code(uscc, holder, category, context.registry)
    found += _check_organisation(subject, id_type)
    return found if is_named else found + _check_key(uscc, holder, category, context)


def check_reference(subject: Body, context: Context) -> list[Reason]:
    """Return every reason against the subject of an action.

    A natural person is named by an identity number alone and never through a code, so that nobody
    is reached through a company. `person_id` is the operator's for an individual business that
    has no code.
    """
    category = _CATEGORIES[subject["category"]]
    found = _REFERENCE(subject)
    uscc, holder = subject["uscc"], subject["person_id"]
    if category is SubjectCategory.NATURAL_PERSON:
        if not is_blank(uscc):
            found.append(reason("organisation-field-of-person", "subject.uscc"))
        if holder is None:
            found.append(reason("person-id-missing", "subject.person_id"))
    else:
        found += _check_code(uscc, holder, category, context.registry)
        has_code = not is_blank(uscc) and uscc != USCC_NONE
        if holder is not None and (has_code or category is SubjectCategory.ORGANISATION):
            found.append(reason("person-field-of-organisation", "subject.person_id"))
    found += check_sealed(holder, "subject.person_id")
    return found + _check_key(uscc, holder, category, context)


def check_agency_code(code: str | None, field: str, registry: Registry) -> list[Reason]:
    """Return the reasons against the code of an authority or a source.

    The sentinel for "has none" is let through here: agencies without a code do use it.
    """
    if code is None:
        return [reason("text-missing", field)]
    problem = check_uscc(code)
    if problem is None or problem is UsccProblem.NONE:
        return []
    return (
        [reason("text-missing", field)] if is_blank(code) else _told(problem, code, field, registry)
    )


def check_registered_code(code: str, field: str, registry: Registry) -> list[Reason]:
    """Return the reasons against a code that must be there, for it names the subject."""
    if is_blank(code):
        return [reason("text-missing", field)]
    problem = check_uscc(code)
    return [] if problem is None else _told(problem, code, field, registry)


def check_subject_key(context: Context) -> list[Reason]:
    """Return the reason against a key that can name nobody, for bodies that state no subject."""
    key = context.subject
    problem = None if is_pseudonym(key) else check_uscc(key)
    excepted = problem is UsccProblem.CHECK and key in context.registry.uscc_exceptions
    return [] if problem is None or excepted else [reason("subject-key-malformed", "ce_subject")]


def check_sealed(sealed: Body | None, field: str) -> list[Reason]:
    """Return the reason against a sealed number that cannot be one."""
    if sealed is None or (
        is_pseudonym(sealed["pseudonym"]) and BOX_BYTES_MIN <= len(sealed["box"]) <= BOX_BYTES_MAX
    ):
        return []
    return [reason("sealed-malformed", field)]


def _check_person(subject: Body, id_type: Words) -> list[Reason]:
    found = [
        reason("organisation-field-of-person", f"subject.{name}")
        for name in _ORGANISATION_TEXTS
        if not is_blank(subject[name])
    ]
    if subject["representative_id"] is not None:
        found.append(reason("organisation-field-of-person", "subject.representative_id"))
    if subject["person_id"] is None:
        found.append(reason("person-id-missing", "subject.person_id"))
    if is_blank(subject["person_id_type"]):
        found.append(reason("text-missing", "subject.person_id_type"))
    else:
        found += id_type(subject["person_id_type"], "subject.person_id_type")
    return found + check_sealed(subject["person_id"], "subject.person_id")


def _check_old_form(subject: Body, category: SubjectCategory) -> list[Reason]:
    """Return the reasons that only the template of 2016 gives against a subject with a code."""
    absent: tuple[str, ...] = _CERTIFICATES_2018
    if category is SubjectCategory.ORGANISATION:
        absent += ("representative_id_type", "representative_id")
    found = [not_of(OF_2016, f"subject.{name}") for name in absent if states(subject[name])]
    registered, taxed = subject["registration_number"], subject["tax_number"]
    if not is_blank(registered) and check_registration_number(registered) is not None:
        found.append(reason("registration-number-invalid", "subject.registration_number"))
    if not is_blank(taxed) and _TAX_NUMBER_2016.fullmatch(taxed) is None:
        found.append(reason("tax-number-invalid", "subject.tax_number"))
    return found


def _check_organisation(subject: Body, id_type: Words) -> list[Reason]:
    if _rare(subject) == _RARE_LEFT_OUT:  # one comparison for all of them: 0.8 µs a record
        return []
    found = []
    code = subject["organisation_code"]
    if not is_blank(code) and check_organisation_code(code) is not None:
        found.append(reason("organisation-code-invalid", "subject.organisation_code"))
    if subject["person_id"] is not None:
        found.append(reason("person-field-of-organisation", "subject.person_id"))
    if not is_blank(subject["person_id_type"]):
        found.append(reason("person-field-of-organisation", "subject.person_id_type"))
    return found + _check_representative_id(subject, id_type)


def _check_representative_id(subject: Body, id_type: Words) -> list[Reason]:
    number, kind = subject["representative_id"], subject["representative_id_type"]
    if is_blank(kind):
        if number is None:
            return []
        found = [reason("id-pair-incomplete", "subject.representative_id_type")]
    else:
        found = id_type(kind, "subject.representative_id_type")
        if number is None:
            found.append(reason("id-pair-incomplete", "subject.representative_id"))
    return found + check_sealed(number, "subject.representative_id")


def _check_code(
    uscc: str | None, operator: Body | None, category: SubjectCategory, registry: Registry
) -> list[Reason]:
    """Only an individual business may have no code, when its operator's number is given."""
    individual = category is SubjectCategory.INDIVIDUAL_BUSINESS
    if uscc is None or is_blank(uscc) or (uscc == USCC_NONE and individual):
        missing = not individual or operator is None
        return [reason("uscc-missing", "subject.uscc")] if missing else []
    problem = check_uscc(uscc)
    return [] if problem is None else _told(problem, uscc, "subject.uscc", registry)


def _told(problem: UsccProblem, code: str, field: str, registry: Registry) -> list[Reason]:
    if problem is UsccProblem.CHECK and code in registry.uscc_exceptions:
        return []  # registered so, and somebody looked
    return [reason(f"uscc-{problem.value}", field)]


def _check_key(
    uscc: str | None, holder: Body | None, category: SubjectCategory, context: Context
) -> list[Reason]:
    """A key that cannot be derived has its own reason already; a derived one must agree."""
    key = subject_key(
        category=category,
        uscc=None if is_blank(uscc) else uscc,
        pseudonym=None if holder is None else holder["pseudonym"],
    )
    if key is None or key == context.subject:
        return []
    return [reason("subject-key-mismatch", "ce_subject")]
