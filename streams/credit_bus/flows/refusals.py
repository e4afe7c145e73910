"""The gate's own rules: who may say what, under which id, in which revision."""

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import rule_table

_ROWS = (
    (
        "more-reasons",
        "退回原因过多，其余未列出",
        "请先改正已列出的各项，再重新发送",
    ),
    (
        "wrong-party",
        "事件来源 ce_source 必须与发件主题的所属单位一致",
        "请用本单位自己的发件主题和单位代码发送",
    ),
    (
        "said-by-bus-only",
        "该类事件只能由总线自身发出",
        "请改用本单位有权发布的事件类型",
    ),
    (
        "no-right",
        "登记册未授权本单位发布该类事件",
        "请核对事件类型；确需发布的，请向信用主管部门申请变更登记册",
    ),
    (
        "party-not-existing",
        "事件发生之日本单位尚未设立或者已经撤并",
        "请以承接其职责的单位名义发送，或者核对事件时间",
    ),
    (
        "time-in-future",
        "事件时间 ce_time 不得晚于当前时间",
        "请校准本机时钟后重新发送",
    ),
    (
        "id-not-from-content",
        "事件编号 ce_id 必须由来源、类型、文号、主体和版次计算得出",
        "请用客户端或者文档所列算法生成编号，重发时不得更换",
    ),
    (
        "correlation-mismatch",
        "关联编号 ce_correlationid 必须等于正文中的行动编号",
        "请在关联编号中填写行动编号",
    ),
    (
        "wrong-partition",
        "消息必须写入其主体键对应的分区，否则同一主体的次序得不到保证",
        "请使用 Kafka 默认分区算法（murmur2），不要自行指定分区",
    ),
    (
        "stale-revision",
        "该文书已受理更新的版次",
        "请核对版次；需要更正的，请以更大的版次重新发送",
    ),
    (
        "revision-conflict",
        "同一文书同一版次已受理过内容不同的事件",
        "内容有变动时，请将版次加一后重新发送",
    ),
)

GATE_RULES = rule_table(_ROWS)


def refusal(code: str, field: str) -> Reason:
    """Return the reason for that rule and field; KeyError for a code that is no row."""
    return GATE_RULES[code].reason(field)
