"""Numbers that name organisations, persons and cases: their form and their check characters.

Each rule is written from its standard and knows nothing of who may use the number for what. A
region inside a number is never compared with today's divisions: it may be a historic one.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import mul

from credit_bus.domain.registry import SubjectCategory

# GB 32100-2015, 4: the digits and the capital letters without I, O, S, V, Z.
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH = 18
# Data standard 双公示: "has no code". Its own check fails, and it never names anybody.
USCC_NONE = "00000000000000000X"

# Codes repeat (every record names an authority and a source), so answers are kept, boundedly.
USCC_ANSWERS_KEPT_MAX = 8192

_USCC_VALUES = {character: value for value, character in enumerate(USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_USCC_CHARACTERS = frozenset(USCC_ALPHABET)

# GB 32100-2015 with amendment 1 of 2016, table 1: which classes each registering authority has.
# 54 and 55 (village and residents' committees) stand in old data only.
_USCC_CLASSES = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "123945",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}
_USCC_PREFIXES = frozenset(
    authority + kind for authority, kinds in _USCC_CLASSES.items() for kind in kinds
)

# GB 11714-1997: the full alphabet, A = 10 to Z = 35.
_ORGANISATION_VALUES = {
    character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")

# GB 11643-1999: ISO 7064 MOD 11-2.
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
RESIDENT_ID_FORM = re.compile(r"[0-9]{17}[0-9X]")

_REGISTRATION_NUMBER = re.compile(r"[0-9]{13}|[0-9]{15}")

# 最高人民法院关于人民法院案件案号的若干规定: year in brackets, court, type of case, number, 号.
_CASE_NUMBER = re.compile(
    r"（(?:19|20)[0-9]{2}）[\u4e00-\u9fff]{1,4}[0-9]{0,4}[\u4e00-\u9fff]{1,8}[0-9]{1,8}号"
    r"(?:之[一二三四五六七八九十]{1,3})?"
)
_CASE_BRACKETS = str.maketrans("()", "（）")

_PSEUDONYM = re.compile(r"[0-9a-f]{64}")


class UsccProblem(StrEnum):
    """The first thing that is wrong with a unified social credit code."""

    NONE = "none"  # the sentinel: its subject has no code
    LENGTH = "length"
    CHARACTERS = "characters"
    PREFIX = "prefix"
    ORGANISATION_CHECK = "organisation-check"
    CHECK = "check"


class NumberProblem(StrEnum):
    """The first thing that is wrong with any of the other numbers."""

    FORM = "form"
    DATE = "date"
    CHECK = "check"


def uscc_check_character(first17: str) -> str:
    """Return position 18 of a unified social credit code (GB 32100-2015, 5: modulus 31).

    KeyError for a character outside the alphabet.
    """
    total = _weigh(first17, _USCC_VALUES, _USCC_WEIGHTS)
    return USCC_ALPHABET[-total % 31]


def organisation_code_check_character(first8: str) -> str:
    """Return position 9 of an organisation code (GB 11714-1997: modulus 11).

    KeyError for a character that is neither a digit nor a capital letter.
    """
    check = -_weigh(first8, _ORGANISATION_VALUES, _ORGANISATION_WEIGHTS) % 11
    return "X" if check == 10 else str(check)


def check_uscc(code: str) -> UsccProblem | None:
    """Return the first problem of a unified social credit code, or None when it is right.

    GB 32100-2015 with its amendment: length, alphabet, authority and class, region digits, the
    organisation code's own check character (position 17, GB 11714) and the check character.
    """
    # Before the memory of answers, so that what it holds is bounded in bytes as well.
    return UsccProblem.LENGTH if len(code) != USCC_LENGTH else _check_uscc_of_length(code)


@lru_cache(maxsize=USCC_ANSWERS_KEPT_MAX)
def _check_uscc_of_length(code: str) -> UsccProblem | None:
    if code == USCC_NONE:
        return UsccProblem.NONE
    if not _USCC_CHARACTERS.issuperset(code):
        return UsccProblem.CHARACTERS
    if code[:2] not in _USCC_PREFIXES or not code[2:8].isdigit():
        return UsccProblem.PREFIX
    if organisation_code_check_character(code[8:16]) != code[16]:
        return UsccProblem.ORGANISATION_CHECK
    return None if uscc_check_character(code[:17]) == code[17] else UsccProblem.CHECK


def check_organisation_code(code: str) -> NumberProblem | None:
    """Return what is wrong with an organisation code of 9 characters, no hyphen (GB 11714-1997)."""
    if _ORGANISATION_CODE.fullmatch(code) is None:
        return NumberProblem.FORM
    return None if organisation_code_check_character(code[:8]) == code[8] else NumberProblem.CHECK


def check_registration_number(number: str) -> NumberProblem | None:
    """Return what is wrong with an old business registration number 工商注册号.

    15 digits with a check digit by ISO 7064 MOD 11,10, or the 13 digits in use before 2007, which
    have none.
    """
    if _REGISTRATION_NUMBER.fullmatch(number) is None:
        return NumberProblem.FORM
    if len(number) == 13:
        return None
    product = 10
    for digit in number[:14]:
        product = 2 * ((product + int(digit)) % 10 or 10) % 11
    return None if (11 - product) % 10 == int(number[14]) else NumberProblem.CHECK


def resident_id_check_character(first17: str) -> str:
    """Return position 18 of a resident identity number (GB 11643-1999)."""
    pairs = zip(first17, _RESIDENT_WEIGHTS, strict=True)
    total = sum(int(digit) * weight for digit, weight in pairs)
    return _RESIDENT_CHECKS[total % 11]


def check_resident_id(number: str) -> NumberProblem | None:
    """Return what is wrong with a resident identity number of 18 characters (GB 11643-1999).

    The birth date must be a day of the calendar; the region is not compared with anything.
    """
    if RESIDENT_ID_FORM.fullmatch(number) is None:
        return NumberProblem.FORM
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return NumberProblem.DATE
    return None if resident_id_check_character(number[:17]) == number[17] else NumberProblem.CHECK


def normalise_case_number(text: str) -> str:
    """Return a court's case number without spaces and with full-width brackets, as judgments do.

    Both kinds of brackets occur in what courts publish; one case must have one name.
    """
    return "".join(text.split()).translate(_CASE_BRACKETS)


def case_number_is_valid(number: str) -> bool:
    """Return whether a normalised case number has the courts' shape."""
    return _CASE_NUMBER.fullmatch(number) is not None


def is_pseudonym(text: str) -> bool:
    """Return whether this has the form of a keyed digest: 64 lower-case hex digits."""
    return _PSEUDONYM.fullmatch(text) is not None


def subject_key(
    *, category: SubjectCategory, uscc: str | None, pseudonym: str | None
) -> str | None:
    """Return the key that orders everything about a subject, or None when nothing can be one.

    The code, for an organisation or an individual business; the pseudonym, for a natural person
    and for an individual business without a code (`pseudonym` is then its operator's). The
    sentinel is never a key.
    """
    has_code = uscc is not None and uscc != USCC_NONE
    match category:
        case SubjectCategory.NATURAL_PERSON:
            return pseudonym
        case SubjectCategory.ORGANISATION:
            return uscc if has_code else None
        case SubjectCategory.INDIVIDUAL_BUSINESS:
            return uscc if has_code else pseudonym


def _weigh(text: Iterable[str], values: dict[str, int], weights: tuple[int, ...]) -> int:
    found = list(map(values.__getitem__, text))
    if len(found) != len(weights):
        raise ValueError(f"{len(weights)} characters are weighed, not {len(found)}")
    return sum(map(mul, found, weights))
