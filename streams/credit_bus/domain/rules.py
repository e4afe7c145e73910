"""The rules a statement can break: a stable code, the rule and the remedy, for an official.

Knows codes and texts. Which rule is broken decide the checks of this package.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules_of_actions import ACTION_ROWS
from credit_bus.domain.rules_of_course import COURSE_ROWS
from credit_bus.domain.rules_of_form import FORM_ROWS
from credit_bus.domain.rules_of_requests import REQUEST_ROWS
from credit_bus.domain.rules_of_standing import STANDING_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. The texts may hold `{placeholders}` for the details of a case."""

    code: str
    rule: str
    remedy: str

    def reason(self, field: str, **detail: object) -> Reason:
        """Return the reason that this rule is broken at a field.

        KeyError for a placeholder without its detail, which is our mistake.
        """
        return Reason(
            code=self.code,
            field=field,
            rule=self.rule.format_map(detail),
            remedy=self.remedy.format_map(detail),
        )


def rule_table(rows: Iterable[tuple[str, str, str]]) -> Mapping[str, Rule]:
    """Return the rules of rows of code, rule and remedy, by code."""
    return MappingProxyType(
        {code: Rule(code=code, rule=rule, remedy=remedy) for code, rule, remedy in rows}
    )


RULES = rule_table((*FORM_ROWS, *ACTION_ROWS, *COURSE_ROWS, *REQUEST_ROWS, *STANDING_ROWS))


def reason(code: str, field: str, **detail: object) -> Reason:
    """Return the reason for a broken rule at a body field.

    KeyError for a code that is no rule, or a placeholder without its detail: both our mistake.
    """
    return RULES[code].reason(field, **detail)
