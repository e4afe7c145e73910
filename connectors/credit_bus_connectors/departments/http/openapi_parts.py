"""Parts of an OpenAPI document that more than one route is made of: data, and how it is put."""

from collections.abc import Mapping
from typing import Any

from fastapi.security import HTTPBearer

Told = dict[str, Any]


def access_key() -> HTTPBearer:
    """Return what tells the document that a route wants a key; the route itself judges it."""
    return HTTPBearer(
        auto_error=False, scheme_name="accessKey", description="接入密钥，由信用主管部门发给本单位"
    )


def text(description: str, **more: Any) -> Told:
    """Return the schema of a text."""
    return {"type": "string", "description": description, **more}


def or_null(schema: Told) -> Told:
    """Return the schema that takes null as well."""
    return {**schema, "type": [schema["type"], "null"]}


def record(required: Mapping[str, Told], description: str = "", **more: Any) -> Told:
    """Return the schema of an object with exactly these fields."""
    return {
        "type": "object",
        "description": description,
        "properties": dict(required),
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def in_json(schema: Told, *media_types: str) -> Told:
    """Return the content of this schema, as application/json unless other types are named."""
    return {each: {"schema": schema} for each in media_types or ("application/json",)}


REASON = record(
    {
        "code": text("原因代码"),
        "field": text("有误的字段；空为整个请求"),
        "rule": text("规则"),
        "remedy": text("如何改正"),
    }
)
_REFUSAL = record({"reasons": {"type": "array", "minItems": 1, "items": REASON}})
_RETRY: Told = {"Retry-After": {"description": "秒", "schema": {"type": "integer", "minimum": 1}}}


def refusals(texts: Mapping[int, str], *, again: frozenset[int]) -> dict[int | str, Told]:
    """Return the responses that refuse, by status; `again` are those with a `Retry-After`."""
    return {
        status: {
            "description": told,
            "content": in_json(_REFUSAL),
            **({"headers": _RETRY} if status in again else {}),
        }
        for status, told in texts.items()
    }
