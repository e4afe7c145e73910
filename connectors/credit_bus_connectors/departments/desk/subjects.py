"""A subject as a form names it: its place in a body, its key, and what is wrong with its number.

Pure. An identity number is looked at here, sealed by whoever holds the keys, and kept nowhere.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from credit_bus.contracts.identity import normalise
from credit_bus.domain.identifiers import subject_key
from credit_bus.domain.registry import SubjectCategory
from credit_bus_connectors.departments.identity_checks import untyped_number_problem

Sealed = Mapping[str, Any]
Seal = Callable[[str], Sealed]

CATEGORIES: Mapping[str, str] = {
    SubjectCategory.ORGANISATION: "法人及非法人组织",
    SubjectCategory.INDIVIDUAL_BUSINESS: "个体工商户",
    SubjectCategory.NATURAL_PERSON: "自然人",
}
CODE_MISSING = "法人、非法人组织和个体工商户请填写统一社会信用代码。"
NUMBER_MISSING = "自然人请填写身份证件号码。"
NOT_OF_A_PERSON = "自然人不填写统一社会信用代码。"
NUMBER_NOT_ASKED = "有统一社会信用代码的，不填写身份证件号码。"
_MISTAKES = {
    "cell-identity": "身份证号码校验不符，请核对。",
    "cell-identity-long": "证件号码不得超过 64 个字符。",
    "subject-minor": "文书作出时未满十八周岁的自然人，不得发起。",
}


def subject_mistakes(
    *, category: str, uscc: str, number: str, adult_on: date | None = None
) -> list[tuple[str, str]]:
    """Return what is wrong with how a subject is named: field of the subject, and why.

    `adult_on` is the day on which a person must have been of age, where that is asked.
    """
    if category != SubjectCategory.NATURAL_PERSON:
        found = [] if uscc else [("uscc", CODE_MISSING)]
        return found + ([("number", NUMBER_NOT_ASKED)] if number else [])
    if not number:
        return [("number", NUMBER_MISSING)]
    found = [("uscc", NOT_OF_A_PERSON)] if uscc else []
    problem = untyped_number_problem(normalise(number), adult_on=adult_on)
    return found + ([] if problem is None else [("number", _MISTAKES[problem])])


def reference_of(*, name: str, category: str, uscc: str, number: str, seal: Seal) -> dict[str, Any]:
    """Return a subject that has no mistakes as bodies refer to it, its number sealed."""
    return {
        "name": name,
        "category": category,
        "uscc": uscc.upper() or None,
        "person_id": seal(number) if number else None,
    }


def key_of(reference: Mapping[str, Any]) -> str:
    """Return the subject key of a reference without mistakes."""
    sealed = reference["person_id"]
    key = subject_key(
        category=SubjectCategory(reference["category"]),
        uscc=reference["uscc"],
        pseudonym=None if sealed is None else sealed["pseudonym"],
    )
    assert key is not None, "a subject without mistakes has a code or a number"
    return key


def with_bytes(reference: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kept subject as the wire has it: a sealed number is bytes there, digits here."""
    sealed = reference["person_id"]
    if sealed is None or isinstance(sealed["box"], bytes):
        return dict(reference)
    return {**reference, "person_id": {**sealed, "box": bytes.fromhex(sealed["box"])}}
