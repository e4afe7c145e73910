"""The rules of the wire: one row for everything a message can break before its content is judged.

Knows codes and texts only. `headers`, `codec` and `wire` decide which of them is broken.
"""

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import rule_table

_ROWS = (
    (
        "header-missing",
        "消息缺少必备的消息头",
        "请按 CloudEvents 1.0 的 Kafka 二进制模式补齐该消息头后重新发送",
    ),
    (
        "header-name",
        "消息头名称只能由 1 至 128 个字母、数字和 . _ - 组成",
        "请改正或者删除该消息头",
    ),
    (
        "header-repeated",
        "同一消息头只能出现一次",
        "请删除重复的消息头后重新发送",
    ),
    (
        "header-not-text",
        "消息头的值必须是不为空、不含控制字符的 UTF-8 文本",
        "请改用 UTF-8 编码并去除控制字符",
    ),
    (
        "header-too-long",
        "消息头的值超过规定长度",
        "请缩短该消息头的值",
    ),
    (
        "headers-too-large",
        "全部消息头合计不得超过 65536 字节",
        "请删除与本总线无关的消息头",
    ),
    (
        "wrong-specversion",
        "ce_specversion 必须为 1.0",
        "请按 CloudEvents 1.0 发送",
    ),
    (
        "wrong-content-type",
        "content-type 必须为 application/avro",
        "请按 Avro 编码正文，并填写 application/avro",
    ),
    (
        "bad-time",
        "ce_time 必须为世界协调时，精确到毫秒，形如 2018-03-23T01:02:03.000Z",
        "请把本地时间换算为世界协调时后按该格式填写",
    ),
    (
        "bad-revision",
        "ce_revision 必须为 1 至 999999999 的整数，不带前导零",
        "首次报送填 1，以后每次更正加一",
    ),
    (
        "unknown-type",
        "ce_type 不是本总线的事件类型",
        "请对照术语表核对事件类型",
    ),
    (
        "key-missing",
        "消息必须以主体键为消息键",
        "请以 ce_subject 的值作为消息键",
    ),
    (
        "key-not-subject",
        "消息键必须与 ce_subject 完全相同",
        "请以 ce_subject 的值作为消息键",
    ),
    (
        "value-too-large",
        "正文不得超过 1048576 字节",
        "请缩短正文，附件不要随事件报送",
    ),
    (
        "body-missing",
        "消息必须有正文，空正文在 Kafka 中意味着删除",
        "请报送完整正文；撤回记录请使用相应的事件类型",
    ),
    (
        "not-wire-format",
        "正文必须以一个零字节和四字节的模式编号开头",
        "请使用 Confluent 线格式的 Avro 序列化程序",
    ),
    (
        "unknown-schema",
        "正文所引的模式编号未登记",
        "请使用本总线发布的模式和编号",
    ),
    (
        "schema-of-other-type",
        "正文所引的模式不属于 ce_type 所称的事件类型",
        "请核对 ce_type 与模式编号",
    ),
    (
        "body-undecodable",
        "正文与所引的模式不符，无法解码",
        "请用所引模式重新编码后发送",
    ),
    (
        "body-number-out-of-range",
        "数值超出模式规定的范围或精度",
        "请核对该字段的数值",
    ),
    (
        "body-trailing-bytes",
        "正文解码后尚有多余字节",
        "请用所引模式重新编码，一条消息只放一个正文",
    ),
)

WIRE_RULES = rule_table(_ROWS)


def refusal(code: str, field: str) -> Reason:
    """Return the reason for that rule and field; KeyError for a code that is no row."""
    return WIRE_RULES[code].reason(field)
