"""What the OpenAPI document says of `/events`: every field, every status. Data alone.

Texts are for those who build departments' systems. What stands in `data` is told, type by type, in
the AsyncAPI document and on the pages under `/docs`.
"""

from credit_bus_connectors.departments.http.openapi_parts import (
    REASON,
    Told,
    in_json,
    or_null,
    record,
    refusals,
    text,
)
from credit_bus_connectors.departments.http.request import BATCH, EVENTS_MAX, JSON, SINGLE, State
from credit_bus_connectors.departments.json_form.statement import REVISION_MAX, SAYABLE

_EVENT: Told = {
    "type": "object",
    "description": "一个事件；data 的格式见 /docs",
    "properties": {
        "type": {"type": "string", "enum": list(SAYABLE), "description": "事件类型"},
        "data": {"type": "object", "description": "正文"},
        "subject": {"type": ["string", "null"], "description": "正文不写明主体时：主体键"},
        "revision": {"type": ["integer", "null"], "minimum": 1, "maximum": REVISION_MAX},
        "time": {"type": ["string", "null"], "format": "date-time"},
        "causationid": {"type": ["string", "null"], "description": "所答复的事件编号"},
        "id": {"type": ["string", "null"], "description": "本单位系统自己的编号"},
        "source": {"type": ["string", "null"]},
        "specversion": {"type": ["string", "null"]},
        "datacontenttype": {"type": ["string", "null"]},
    },
    "required": ["type", "data"],
    "additionalProperties": False,
}
_EVENTS: Told = {"type": "array", "items": _EVENT, "minItems": 1, "maxItems": EVENTS_MAX}

_VERDICT: dict[str, Told] = {
    "event": or_null(text("事件编号；因格式被退回的没有")),
    "state": {"type": "string", "enum": [each.value for each in State]},
    "reasons": {"type": "array", "items": REASON},
    "judged_at": or_null(text("作出结论的时间", format="date-time")),
    "rule_version": or_null(text("登记册版本")),
    "link": or_null(text("日后查询结论的地址")),
}
_ANSWER = record(
    {
        "events": {
            "type": "array",
            "items": record(
                {
                    "position": {"type": "integer", "minimum": 0},
                    "id": or_null(text("本单位系统自己的编号")),
                    **_VERDICT,
                }
            ),
        }
    }
)
_TEXTS = {
    400: "请求有误，逐项列出",
    401: "没有有效的接入密钥",
    408: "正文未在规定时间内传完",
    409: "同一键的请求正在处理",
    413: "正文过大",
    415: "正文不是 JSON",
    422: "这一键已用于内容不同的请求",
    429: "同时处理的请求过多",
    503: "暂时无法受理",
}
_AGAIN = frozenset({408, 409, 429, 503})
_KEY: Told = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "每个请求一个新的键；重发同一请求时使用原来的键",
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
}

SAY: Told = {
    "operation_id": "say",
    "description": "逐个答复结论；尚无结论的为 pending，稍后可按 link 查询。",
    "openapi_extra": {
        "parameters": [_KEY],
        "requestBody": {
            "required": True,
            "content": {
                **in_json({"oneOf": [_EVENT, _EVENTS]}, JSON),
                **in_json(_EVENT, SINGLE),
                **in_json(_EVENTS, BATCH),
            },
        },
    },
    "responses": {
        200: {"description": "每个事件都有结论", "content": in_json(_ANSWER)},
        202: {"description": "有的事件尚无结论", "content": in_json(_ANSWER)},
        **refusals(_TEXTS, again=_AGAIN),
    },
}
TELL: Told = {
    "operation_id": "tell",
    "responses": {
        200: {"description": "这一事件的结论", "content": in_json(record(_VERDICT))},
        **refusals({401: _TEXTS[401], 404: "没有这一事件", 503: _TEXTS[503]}, again=_AGAIN),
        # Not of the framework's own form, which it would name for want of this line.
        "4XX": refusals({400: "其他拒绝"}, again=_AGAIN)[400],
    },
}
