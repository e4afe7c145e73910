"""Why an enquiry over HTTP is refused: the status, and the texts that its sender reads.

What is wrong with a field has its rule where the field is judged; here are the rules that only an
enquiry over HTTP has.
"""

from types import MappingProxyType

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import rule_table

_ROWS = (
    (
        403,
        "enquiry-no-right",
        "登记册未授权本单位查询信用信息",
        "确有查询职责的，请向信用主管部门申请",
    ),
    (
        403,
        "enquiry-not-a-window",
        "只有登记的受理窗口和信用主管部门可以代信用主体查询“谁查询过”",
        "请引导申请人到政务服务窗口办理",
    ),
    (
        408,
        "enquiry-too-slow",
        "查询的正文未在 {seconds_max} 秒内传完",
        "请检查网络后重新查询",
    ),
    (
        409,
        "enquiry-late",
        "这一编号的查询送达时已过答复时限，未予答复，只作记录",
        "请以新的查询编号重新查询",
    ),
    (
        409,
        "enquiry-number-used",
        "本单位的这一查询编号已用于内容不同的查询",
        "请为每次查询使用新的编号；重发同一查询时内容不变",
    ),
    (
        413,
        "enquiry-too-large",
        "查询的正文不得超过 {bytes_max} 字节",
        "请只发送一次查询所需的字段",
    ),
    (
        415,
        "enquiry-media-type",
        "正文须为 application/json，不得压缩",
        "请核对 Content-Type 和 Content-Encoding",
    ),
    (
        429,
        "enquiry-busy",
        "同时处理的查询过多",
        "请按 Retry-After 稍候，以同一查询编号重新查询",
    ),
    (
        429,
        "enquiry-too-often",
        "这一密钥的查询过于频繁：平均每秒不超过 {per_second} 次，一时不超过 {burst} 次",
        "请按 Retry-After 稍候再查",
    ),
    (
        503,
        "enquiry-unavailable",
        "总线暂时无法答复",
        "请按 Retry-After 稍候，以同一查询编号重新查询",
    ),
)

ENQUIRY_RULES = rule_table((code, rule, remedy) for _, code, rule, remedy in _ROWS)
STATUS = MappingProxyType({code: status for status, code, _, _ in _ROWS})


def enquiry_reason(code: str, field: str = "", **detail: object) -> Reason:
    """Return the reason for that rule; KeyError for a code that is no row."""
    return ENQUIRY_RULES[code].reason(field, **detail)
