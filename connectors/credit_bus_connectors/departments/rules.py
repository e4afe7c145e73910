"""Why a file, a cell or a statement in JSON cannot become an event: the reasons of form.

Only mistakes of form stand here. Whether a record is right in law is the gate's to say.
"""

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import rule_table
from credit_bus_connectors.departments.rules_of_files import FILE_ROWS
from credit_bus_connectors.departments.rules_of_json import JSON_ROWS

FORM_RULES = rule_table((*FILE_ROWS, *JSON_ROWS))


def form_reason(code: str, field: str, **detail: object) -> Reason:
    """Return the reason for that rule and that place.

    KeyError for a code that is no row, or a placeholder without its detail: both our mistake.
    """
    return FORM_RULES[code].reason(field, **detail)
