"""What the OpenAPI document says of the two routes: every field, every status. Data alone.

Texts are for those who build approval systems.
"""

from credit_bus.domain.enquiries import MEASURES_MAX, RECORDS_MAX
from credit_bus.domain.references import NUMBER_LENGTH_MAX
from credit_bus_connectors.departments.http.openapi_parts import (
    Told,
    in_json,
    or_null,
    record,
    refusals,
    text,
)
from credit_bus_connectors.enquiry.store import LINES_TOLD_MAX

PROCEDURE_CHARACTERS_MAX = 200


_NUMBER: Told = {"minLength": 1, "maxLength": NUMBER_LENGTH_MAX}
_MOMENT: Told = {"format": "date-time"}
_COUNT: Told = {"type": "integer", "minimum": 0}

_SEALED = record(
    {
        "pseudonym": text("证件号码的代号", pattern="^[0-9a-f]{64}$"),
        "box": text("已加密的号码，十六进制", pattern="^([0-9a-fA-F]{2})+$"),
    },
    "已加密的证件号码，与记录中的写法相同",
)
_PERSON = {
    **record({"person_id": {"oneOf": [text("证件号码，明文", maxLength=64), _SEALED]}}, "自然人"),
    "properties": {
        "person_id": {"oneOf": [text("证件号码，明文", maxLength=64), _SEALED]},
        "person_id_type": {"type": ["string", "null"], "description": "证件类型，如：身份证"},
    },
}
_SUBJECT: Told = {
    "description": "信用主体：统一社会信用代码，或者自然人",
    "oneOf": [text("统一社会信用代码，或者记录中的主体代号", maxLength=64), _PERSON],
}
_QUESTION = record(
    {
        "enquiry_number": text("查询编号，由查询单位自编；同一编号即同一次查询", **_NUMBER),
        "subject": _SUBJECT,
        "purpose": text("查询用途代码", minLength=1),
        "procedure": text("办理事项", minLength=1, maxLength=PROCEDURE_CHARACTERS_MAX),
        "case_reference": text("办件编号", **_NUMBER),
    }
)
_REQUEST = record({"subject": _SUBJECT, "case_reference": text("受理窗口的办件编号", **_NUMBER)})
_RECORD = record(
    {
        "type": text("信息类别代码"),
        "provider": text("信息提供单位代码"),
        "document_number": text("文书号"),
        "revision": {"type": "integer", "minimum": 1, "description": "版次"},
        "type_name": text("信息类别"),
        "provider_name": or_null(text("信息提供单位")),
        "disputed": {"type": "boolean", "description": "是否处于异议核实期间"},
    }
)
_INSTRUMENT = record(
    {
        "title": text("文书名称"),
        "number": text("文书文号"),
        "issuer": text("作出机关"),
        "issued_on": text("作出日期"),
    }
)
_MEASURE = record(
    {
        "action_id": text("行动编号"),
        "measure": text("措施代码"),
        "ends_on": or_null(text("期限届满日；履行完毕为止的为空", format="date")),
        "measure_name": or_null(text("措施名称")),
        "instrument": _INSTRUMENT,
    }
)
_ANSWER = record(
    {
        "enquiry": text("本次查询的事件编号"),
        "enquiry_number": text("查询编号"),
        "asker": text("查询单位代码"),
        "subject": text("主体代码或者代号"),
        "purpose": text("查询用途代码"),
        "as_of": text("数据截止时间", **_MOMENT),
        "records": {"type": "array", "items": _RECORD, "maxItems": RECORDS_MAX},
        "measures": {"type": "array", "items": _MEASURE, "maxItems": MEASURES_MAX},
        "clean_for_three_years": {
            "type": ["boolean", "null"],
            "description": "连续三年无不良信用记录；用途不涉及的为空",
        },
        "deciding_records": {"type": "array", "items": _RECORD, "maxItems": RECORDS_MAX},
        "left_out": {**_COUNT, "description": "超出一次答复所能列出的条数"},
        "rule_version": text("登记册版本"),
    }
)
_LINE = record(
    {
        "log_number": _COUNT,
        "logged_at": text("查询时间", **_MOMENT),
        "way": {"type": "string", "enum": ["http", "topic"]},
        "asker": text("查询单位代码"),
        "asker_name": or_null(text("查询单位")),
        "enquiry_number": text("查询编号"),
        "purpose": text("查询用途代码"),
        "purpose_name": or_null(text("查询用途")),
        "procedure": text("办理事项"),
        "case_reference": text("办件编号"),
        "outcome": {"type": "string", "enum": ["answered", "late", "void"]},
        "records": _COUNT,
        "measures": _COUNT,
        "clean": {"type": ["boolean", "null"]},
    }
)
_LINES = record(
    {
        "subject": text("主体代码或者代号"),
        "lines": {"type": "array", "items": _LINE, "maxItems": LINES_TOLD_MAX},
        "lines_max": _COUNT,
    }
)


def _refusals(*more: int) -> dict[int | str, Told]:
    texts = {
        400: "正文有误，逐项列出",
        401: "没有有效的接入密钥",
        403: "本单位没有这一权限",
        408: "正文未在规定时间内传完",
        409: "查询编号已用于其他查询，或者查询已过时限",
        413: "正文过大",
        415: "正文不是 JSON",
        429: "过于频繁",
        503: "暂时无法答复",
    }
    wanted = {400, 401, 403, 408, 413, 415, 429, 503, *more}
    return refusals(
        {status: told for status, told in texts.items() if status in wanted},
        again=frozenset({429, 503}),
    )


def _body(schema: Told) -> Told:
    return {"requestBody": {"required": True, "content": in_json(schema)}}


ENQUIRY: Told = {
    "operation_id": "ask",
    "summary": "查询信用信息（应查必查）",
    "description": "答复只含查询用途所允许的内容；每次查询都有记录，信用主体可以得知。",
    "openapi_extra": _body(_QUESTION),
    "responses": {
        200: {"description": "答复", "content": in_json(_ANSWER)},
        **_refusals(409),
    },
}
ABOUT: Told = {
    "operation_id": "about",
    "summary": "代信用主体查询：谁查询过它",
    "description": "供受理窗口使用；每次调取也有记录。",
    "openapi_extra": _body(_REQUEST),
    "responses": {
        200: {"description": "查询记录，新的在前", "content": in_json(_LINES)},
        **_refusals(),
    },
}
