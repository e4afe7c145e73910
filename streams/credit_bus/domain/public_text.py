"""Texts that are read in public: no identity number and no mobile number stands in them.

Trips on what is written as one; it is no proof that a text names nobody. Where a text is shown
that was not refused for one, the number is masked, and so is a person's name.
"""

import re

from credit_bus.domain.event import Body, stated
from credit_bus.domain.identifiers import check_resident_id
from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import reason

# Letters written to eleven digits make them a code, unless they say telephone; an identity number
# has a check character, so letters beside it change nothing.
_NUMBER = re.compile(
    r"(?:(?<![0-9a-z])|(?<=tel)|(?<=phone)|(?<=mobile))(?P<mobile>1[3-9][0-9]{9})(?![0-9a-z])"
    r"|(?<![0-9])(?P<identity>[0-9]{17}[0-9X])(?![0-9])",
    re.IGNORECASE,
)
_MASK = "*"


def check_public(body: Body, *paths: str) -> list[Reason]:
    """Return the reason against each of these texts that holds somebody's number."""
    return [
        reason("personal-number-in-text", path)
        for path in paths
        if _holds_number(stated(body, path) or "")
    ]


def without_numbers(text: str) -> str:
    """Return the text with each identity number and each mobile number in it as stars."""
    return _NUMBER.sub(lambda found: found[0] if _is_none(found) else _MASK * len(found[0]), text)


def masked_name(name: str) -> str:
    """Return a person's name as it may be shown: its first character, and a star for each other.

    A name of one character is a star.
    """
    return name[0] + _MASK * (len(name) - 1) if len(name) > 1 else _MASK


def _holds_number(text: str) -> bool:
    return not all(_is_none(found) for found in _NUMBER.finditer(text))


def _is_none(found: re.Match[str]) -> bool:
    """Return whether what is written as an identity number is none, by its check character."""
    return not found["mobile"] and check_resident_id(found["identity"].upper()) is not None
