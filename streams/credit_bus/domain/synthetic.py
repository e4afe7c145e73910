"""Numbers for tests, examples and demonstrations that can name no real person and no real firm.

Codes: region 620702 with an organisation code that begins 99999, which the register has not
reached. Identity numbers: region 999999, which is no division, and sequence 000, which is never
given out. All check characters are right, so that everything downstream can be tried.
"""

from datetime import date, timedelta
from typing import Literal

from credit_bus.domain.identifiers import (
    USCC_ALPHABET,
    organisation_code_check_character,
    resident_id_check_character,
    uscc_check_character,
)

Kind = Literal["company", "individual", "agency"]

_PREFIXES: dict[Kind, str] = {"company": "91", "individual": "92", "agency": "11"}
_DISTRICT = "620702"
_FICTITIOUS = "99999"

SYNTHETIC_CODES_MAX = len(USCC_ALPHABET) ** 3  # of each kind

_FIRST_BIRTH = date(1900, 1, 1)
_LAST_BIRTH = date(1999, 12, 31)

SYNTHETIC_PERSONS_MAX = (_LAST_BIRTH - _FIRST_BIRTH).days + 1


def synthetic_uscc(n: int, kind: Kind = "company") -> str:
    """Return the n-th made-up unified social credit code of that kind, counting from 0.

    ValueError beyond SYNTHETIC_CODES_MAX.
    """
    if not 0 <= n < SYNTHETIC_CODES_MAX:
        raise ValueError(f"made-up code {n} is none of 0 to {SYNTHETIC_CODES_MAX - 1}")
    base = len(USCC_ALPHABET)
    running = "".join(USCC_ALPHABET[n // base**place % base] for place in (2, 1, 0))
    organisation = _FICTITIOUS + running
    first17 = (
        _PREFIXES[kind] + _DISTRICT + organisation + organisation_code_check_character(organisation)
    )
    return first17 + uscc_check_character(first17)


def synthetic_resident_id(n: int) -> str:
    """Return the n-th made-up identity number, counting from 0: a birth date each.

    ValueError beyond SYNTHETIC_PERSONS_MAX.
    """
    if not 0 <= n < SYNTHETIC_PERSONS_MAX:
        raise ValueError(f"made-up person {n} is none of 0 to {SYNTHETIC_PERSONS_MAX - 1}")
    birth = _FIRST_BIRTH + timedelta(days=n)
    first17 = f"999999{birth:%Y%m%d}000"
    return first17 + resident_id_check_character(first17)
