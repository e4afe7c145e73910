"""What only an adapter can tell of an identity number, before it seals it.

Its length, its check character and its holder's age: nobody after the adapter sees the number.
"""

from datetime import date

from credit_bus.domain.identifiers import RESIDENT_ID_FORM, check_resident_id

IDENTITY_CHARACTERS_MAX = 64  # p_XDR_ZJHM of the 2018 standard
RESIDENT_IDENTITY_CARD = "身份证"
AGE_OF_MAJORITY_YEARS = 18  # 民法典 第十七条

TYPE_MISSING = "identity-type-missing"


def number_problem(number: str, kind: str | None, *, adult_on: date | None = None) -> str | None:
    """Return the code of the form rule that a number of this kind of document breaks, or None.

    `adult_on` is the day on which its holder must have been of age, where that is asked.
    """
    if len(number) > IDENTITY_CHARACTERS_MAX:
        return "cell-identity-long"
    if kind is None:
        return TYPE_MISSING
    if kind != RESIDENT_IDENTITY_CARD:
        return None
    return _resident_problem(number, adult_on)


def untyped_number_problem(number: str, *, adult_on: date | None = None) -> str | None:
    """Return the same of a number in a place that names no kind of document.

    What looks like a resident identity number is held to be one: its check character tells a slip
    of the pen from somebody else's number.
    """
    if len(number) > IDENTITY_CHARACTERS_MAX:
        return "cell-identity-long"
    return _resident_problem(number, adult_on) if RESIDENT_ID_FORM.fullmatch(number) else None


def _resident_problem(number: str, adult_on: date | None) -> str | None:
    if check_resident_id(number) is not None:
        return "cell-identity"
    if adult_on is not None and _is_minor(number, adult_on):
        return "subject-minor"
    return None


def _is_minor(resident_id: str, day: date) -> bool:
    """Return whether the holder of a valid number was under age on that day."""
    born = (int(resident_id[6:10]), int(resident_id[10:14]))
    reached = (day.year - AGE_OF_MAJORITY_YEARS, day.month * 100 + day.day)
    return born > reached
