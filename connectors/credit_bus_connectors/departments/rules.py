"""Why a file, a cell or a statement in JSON cannot become an event: the reasons of form.

Only mistakes of form stand here. Whether a record is right in law is the gate's to say.
"""

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import rule_table
from credit_bus_connectors.departments.rules_of_files import FILE_ROWS
from credit_bus_connectors.departments.rules_of_json import JSON_ROWS

# A row of a department's outbox table: `table/rows.py`.
_TABLE_ROWS = (
    (
        "row-passed-over",
        "该行的序号不大于已读取到的序号，未予上报",
        "请以新的 id 重新插入该行；序号由数据库生成，请勿自行填写或者回拨",
    ),
)

FORM_RULES = rule_table((*FILE_ROWS, *_TABLE_ROWS, *JSON_ROWS))


def form_reason(code: str, field: str, **detail: object) -> Reason:
    """Return the reason for that rule and that place.

    KeyError for a code that is no row, or a placeholder without its detail: both our mistake.
    """
    return FORM_RULES[code].reason(field, **detail)
