"""The messages of the document: one for each event type, with headers, body, examples and rules."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from credit_bus.contracts.examples import Example, misfit_of
from credit_bus.contracts.headers import CONTENT_TYPE, HEADERS, REVISION, SPECVERSION, TIME
from credit_bus.contracts.schemas import Schema, SchemaCatalogue
from credit_bus.contracts.shape import shape_of
from credit_bus.contracts.subjects_api import full_name
from credit_bus.domain.checks import CHECKS
from credit_bus.domain.event import affected_types
from credit_bus.domain.event_types import DISPUTING_TYPES, EVENT_TYPES, RECORD_TYPES, EventType
from credit_bus.domain.generations import OWN_FIELDS
from credit_bus.domain.registry import Registry, Role
from credit_bus.domain.rules import RULES
from credit_bus.interface.reached import Reached, reached_by
from credit_bus.interface.texts import GROUPS, PURPOSES
from credit_bus.interface.ways import Way, ways_of

AVRO = "application/vnd.apache.avro;version=1.9.0"
BINDING = "0.5.0"
_CONSTANTS = {"ce_specversion": SPECVERSION, "content-type": CONTENT_TYPE}
_PATTERNS = {"ce_time": TIME, "ce_revision": REVISION}
_MEANINGS = {
    "ce_specversion": "CloudEvents 版本",
    "ce_id": "事件编号，由内容计算得出",
    "ce_source": "来源单位的代码",
    "ce_type": "事件类型",
    "ce_time": "事件时间，世界协调时",
    "ce_subject": "主体键，与消息键相同",
    "content-type": "正文格式",
    "ce_revision": "版次",
    "ce_correlationid": "行动编号",
    "ce_causationid": "所答复事件的编号",
    "traceparent": "W3C 追踪标识",
}


def headers_schema() -> dict[str, Any]:
    """Return the JSON Schema of the headers, from the very bounds by which they are read."""
    return {
        "type": "object",
        "description": "CloudEvents 1.0，Kafka 二进制模式",
        "required": [name for name, _, required in HEADERS if required],
        "properties": {name: _header(name, longest) for name, longest, _ in HEADERS},
    }


def _header(name: str, longest: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "string",
        "description": _MEANINGS[name],
        "minLength": 1,
        "maxLength": longest,
    }
    if name in _CONSTANTS:
        found["const"] = _CONSTANTS[name]
    if name in _PATTERNS:
        found["pattern"] = f"^{_PATTERNS[name].pattern}$"
    if name == "ce_type":
        found["enum"] = list(EVENT_TYPES)
    return found


def messages(
    catalogue: SchemaCatalogue, examples: Sequence[Example], registry: Registry
) -> dict[str, Any]:
    """Return the message of each event type, by its name, in the table's order."""
    return {
        row.name: _message(
            row,
            catalogue.versions(row.name),
            [each for each in examples if each.type == row.name],
            registry,
        )
        for row in EVENT_TYPES.values()
    }


def _message(
    row: EventType, versions: Sequence[Schema], examples: Sequence[Example], registry: Registry
) -> dict[str, Any]:
    newest = versions[-1]
    reached = _reached(row)
    return {
        "name": row.name,
        "title": row.term,
        "summary": PURPOSES[row.name],
        "contentType": CONTENT_TYPE,
        "tags": [{"name": group_of(row.name)}],
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/headers"},
                {"type": "object", "properties": {"ce_type": {"const": row.name}}},
            ]
        },
        "payload": {"schemaFormat": AVRO, "schema": json.loads(newest.raw)},
        "correlationId": {"$ref": "#/components/correlationIds/action"},
        "bindings": {"kafka": _binding()},
        "examples": [
            {"name": each.name, "payload": each.body}
            for each in examples
            if each.valid and each.version == newest.version
        ],
        "x-invalid-examples": [
            {"name": each.name, "payload": each.body, **_misfit(newest, each.body)}
            for each in examples
            if not each.valid and each.version == newest.version
        ],
        "x-versions": [
            {
                "version": each.version,
                "schema-id": each.id,
                "subject": full_name(each),
                "schema": json.loads(each.raw),
            }
            for each in versions
        ],
        "x-document": list(row.document),
        "x-record": row.record,
        "x-receipt": row.receipt and not row.said_by_bus,
        "x-said-by": speakers(row, registry),
        "x-ways": [_way(way, row.name, registry) for way in ways_of(row.name)],
        "x-rules": sorted(reached.codes),
        "x-lengths": {path: list(found) for path, found in reached.lengths.items()},
        "x-required": sorted(reached.required),
        "x-generations": {
            path: generation.value
            for generation, paths in OWN_FIELDS.get(row.name, {}).items()
            for path in paths
        },
    }


def _misfit(schema: Schema, body: Any) -> dict[str, str]:
    """Return where an invalid example does not fit, and by which rule."""
    found = misfit_of(shape_of(schema.parsed)[0], body)
    return {} if found is None else {"field": found[0], "rule": found[1]}


def group_of(event_type: str) -> str:
    """Return the group that a type is shown in. StopIteration when it stands in none."""
    return next(group for group, types in GROUPS.items() if event_type in types)


def speakers(row: EventType, registry: Registry) -> list[str]:
    """Return the codes of the parties that may say this, in the registry's order."""
    return [
        code
        for code, party in registry.parties.items()
        if (party.role is Role.HUB if row.said_by_bus else party.may_say(row))
    ]


def _reached(row: EventType) -> Reached:
    if row.name not in CHECKS:
        return Reached(codes=frozenset(), lengths={}, required=frozenset())
    return reached_by(CHECKS[row.name], known=frozenset(RULES))


def _way(way: Way, event_type: str, registry: Registry) -> dict[str, Any]:
    found: dict[str, Any] = {"channel": way.family.value, "whom": way.whom}
    if way.says:
        found["says"] = way.says
    if way.by_routes:
        found["parties"] = platforms(event_type, registry)
    return found


def platforms(event_type: str, registry: Registry) -> dict[str, list[str]]:
    """Return the platforms that the routes name for a type, each with the categories that go.

    What changes how a record stands goes where the routes of that record's type lead, and what
    disputes one there as well.
    """
    carried = affected_types(event_type) or {event_type}
    if event_type in DISPUTING_TYPES:
        carried |= RECORD_TYPES
    found: dict[str, set[str]] = {}
    for route in registry.routes:
        if carried & route.types:
            found.setdefault(route.to, set()).update(route.categories)
    return {party: sorted(categories) for party, categories in found.items()}


def _binding() -> Mapping[str, Any]:
    return {
        "key": {
            "type": "string",
            "description": "主体键：统一社会信用代码，或者自然人的假名",
            "pattern": "^([0-9A-HJ-NPQRTUWXY]{18}|[0-9a-f]{64})$",
        },
        "schemaIdLocation": "payload",
        "schemaIdPayloadEncoding": "confluent",
        "schemaLookupStrategy": "RecordNameStrategy",
        "bindingVersion": BINDING,
    }
