"""Texts that are read in public: no identity number and no mobile number stands in them.

Trips on what is written as one; it is no proof that a text names nobody.
"""

import re

from credit_bus.domain.event import Body, stated
from credit_bus.domain.identifiers import check_resident_id
from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import reason

_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<mobile>1[3-9][0-9]{9})|(?P<identity>[0-9]{17}[0-9Xx]))(?![0-9A-Za-z])"
)


def check_public(body: Body, *paths: str) -> list[Reason]:
    """Return the reason against each of these texts that holds somebody's number."""
    return [
        reason("personal-number-in-text", path)
        for path in paths
        if _holds_number(stated(body, path) or "")
    ]


def _holds_number(text: str) -> bool:
    return any(
        found["mobile"] or check_resident_id(found["identity"].upper()) is None
        for found in _NUMBER.finditer(text)
    )
