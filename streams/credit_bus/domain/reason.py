"""Why something was refused: a stable code, the field, the rule and the remedy, for an official.

Knows the form of a reason. The texts of the rules are rows in `domain/rules.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason for a refusal. A refusal always lists all of them."""

    code: str  # stable, kebab-case, English: what a machine compares
    field: str  # body field, header or "" for the whole event
    rule: str  # Chinese: which rule was broken
    remedy: str  # Chinese: what to do
