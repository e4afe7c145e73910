"""Why a whole request over HTTP is refused: the status, and the texts that its sender reads.

Knows no request. What is wrong with a single event is told in `rules.py`.
"""

from types import MappingProxyType

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import rule_table

_ROWS = (
    (
        401,
        "http-key-needed",
        "请求须带有本单位有效的接入密钥：Authorization: Bearer",
        "请核对密钥；密钥遗失或者已撤销的，请向信用主管部门申领新的密钥",
    ),
    (
        404,
        "http-no-such-event",
        "本单位没有通过本接口发送过这一事件，或者已过保存期限",
        "请核对事件编号",
    ),
    (
        400,
        "http-idempotency-key",
        "请求须带有 Idempotency-Key，为 1 至 {characters_max} 个可打印的 ASCII 字符",
        "请为每个请求生成一个新的键；重发同一请求时使用原来的键",
    ),
    (
        422,
        "http-key-of-other-request",
        "这一 Idempotency-Key 已用于内容不同的请求",
        "内容不同的请求请使用新的键",
    ),
    (
        409,
        "http-under-way",
        "同一 Idempotency-Key 的请求正在处理",
        "请按 Retry-After 稍候，以同一键重新发送",
    ),
    (
        415,
        "http-media-type",
        "正文须为 JSON：application/json、cloudevents+json 或者 cloudevents-batch+json，不得压缩",
        "请核对 Content-Type 和 Content-Encoding",
    ),
    (
        413,
        "http-too-large",
        "一次请求的正文不得超过 {bytes_max} 字节",
        "请分为若干次请求，各用一个键",
    ),
    (
        413,
        "http-too-many-events",
        "一次请求不得超过 {events_max} 个事件",
        "请分为若干次请求，各用一个键",
    ),
    (
        408,
        "http-too-slow",
        "请求的正文未在 {seconds_max} 秒内传完",
        "请检查网络，以同一键重新发送",
    ),
    (
        400,
        "http-batch-expected",
        "cloudevents-batch+json 的正文必须是数组",
        "请发送事件的数组，或者改用 application/json",
    ),
    (
        400,
        "http-single-expected",
        "cloudevents+json 的正文必须是一个事件",
        "请只发送一个事件，或者改用 application/json",
    ),
    (
        400,
        "http-nothing-said",
        "请求中没有事件",
        "请至少发送一个事件",
    ),
    (
        429,
        "http-too-many-requests",
        "同时处理的请求过多",
        "请按 Retry-After 稍候，以同一键重新发送；可将多个事件合为一次请求",
    ),
    (
        503,
        "http-unavailable",
        "总线暂时无法受理",
        "请按 Retry-After 稍候，以同一键重新发送，事件不会重复",
    ),
)

HTTP_RULES = rule_table((code, rule, remedy) for _, code, rule, remedy in _ROWS)
STATUS = MappingProxyType({code: status for status, code, _, _ in _ROWS})


def http_reason(code: str, **detail: object) -> Reason:
    """Return the reason for that rule; KeyError for a code that is no row."""
    return HTTP_RULES[code].reason("", **detail)
