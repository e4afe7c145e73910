"""Why a platform cannot take a record: the texts that officials read.

One row for everything that stops a record on its way out. What a platform itself says on refusing
comes back in the platform's own words, under the code `refused-by-platform`.
"""

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import rule_table

# `{...}` is filled in by `refusal`.
_ROWS = (
    (
        "column-too-long",
        "省级前置库字段 {column} 最多 {length} 个字符，现有 {actual} 个",
        "请缩短该字段后以新的版次重新报送",
    ),
    (
        "number-erased",
        "该自然人的证件号码已依法删除，不再向外提供",
        "无需处理；依法需要重新归集的，请由信息提供单位重新报送",
    ),
    (
        "number-unreadable",
        "证件号码的密文与主体不符，无法解开",
        "请由信息提供单位以新的版次重新报送",
    ),
    (
        "text-not-storable",
        "文本中含有数据库不能保存的空字符（U+0000）",
        "请删除该字符后以新的版次重新报送",
    ),
    (
        "refused-by-platform",
        "平台退回：{told}",
        "请按平台所述更正后以新的版次重新报送",
    ),
)

PLATFORM_RULES = rule_table(_ROWS)
TOLD_CHARACTERS_MAX = 500


def refusal(code: str, field: str, **detail: object) -> Reason:
    """Return the reason for that rule and body field; KeyError for a code that is no row."""
    return PLATFORM_RULES[code].reason(field, **detail)
