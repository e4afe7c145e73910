"""Codes of administrative divisions 行政区划代码, by form alone."""

import re

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import reason

_DIVISION = re.compile(r"[0-9]{6}")


def check_division(code: str, field: str) -> list[Reason]:
    """Return the reason against a code that is not six digits (GB/T 2260)."""
    return [] if _DIVISION.fullmatch(code) else [reason("division-malformed", field)]
