"""The bus's interface as an AsyncAPI 3 document: channels, operations, messages, rights, rules.

Pure: topic files, schemas, examples and the registry in, a JSON value out, always the same for the
same. What AsyncAPI has no place for stands under `x-` names.
Source: AsyncAPI 3.0.0; Kafka bindings 0.5.0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from credit_bus.contracts.examples import Example
from credit_bus.contracts.refusals import WIRE_RULES
from credit_bus.contracts.schemas import SchemaCatalogue
from credit_bus.contracts.topics import Actor, TopicFile
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    EVENT_ACCEPTED,
    EVENT_REJECTED,
    EVENT_TYPES,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
)
from credit_bus.domain.registry import Party, Registry
from credit_bus.domain.rules import RULES, Rule
from credit_bus.flows.refusals import GATE_RULES
from credit_bus.interface.messages import BINDING, headers_schema, messages
from credit_bus.interface.texts import GROUPS
from credit_bus.interface.ways import Family, ways_of

ASYNCAPI = "3.0.0"
SEND, RECEIVE = "send", "receive"
RECEIPTS = (EVENT_ACCEPTED, EVENT_REJECTED)
_PARTY = "{party}"

FAMILY_TERMS: Mapping[Family, str] = MappingProxyType(
    {
        Family.OUTBOX: "发件主题",
        Family.RECORDS: "总账主题",
        Family.INBOX: "收件主题",
        Family.REPLIES: "回执主题",
        Family.QUARANTINE: "隔离主题",
    }
)
ACTOR_TERMS: Mapping[Actor, str] = MappingProxyType(
    {
        Actor.PARTY: "单位",
        Actor.GATE: "闸口",
        Actor.ROUTER: "路由",
        Actor.CASEWORK: "办理",
        Actor.CONNECTOR: "平台连接器",
        Actor.AUDITOR: "审计",
        Actor.OPERATOR: "运维人员",
        Actor.ANY_STAGE: "各环节",
    }
)
_STAGES = (("wire", WIRE_RULES), ("gate", GATE_RULES), ("content", RULES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the document is made from."""

    topics: Sequence[TopicFile]
    catalogue: SchemaCatalogue
    examples: Sequence[Example]
    registry: Registry
    version: str  # of this release


# What an implementing department is told, and what it answers, by the operation's name.
_ANSWERED = {
    "party-answer-order": (
        "实施部门答复推送",
        MEASURE_ORDERED,
        (MEASURE_RESPONDED, MEASURE_EXECUTED),
    ),
    "party-answer-end": ("实施部门答复终止", ACTION_ENDED, (MEASURE_LIFTED,)),
}


def asyncapi_document(sources: Sources) -> dict[str, Any]:
    """Return the document. KeyError for a type, a topic or a follower that has no words yet."""
    registry = sources.registry
    return {
        "asyncapi": ASYNCAPI,
        "id": f"urn:credit-bus:{registry.district}",
        "info": {
            "title": f"信用总线 Credit Bus（{registry.district_name}）",
            "version": sources.version,
            "description": (
                "单位报送、闸口校验、平台持有、实施部门执行并反馈。"
                "不评分；每项措施都有文书、告知和期限。"
            ),
            "tags": [{"name": group} for group in GROUPS],
        },
        "defaultContentType": "application/avro",
        "servers": {"bus": _server()},
        "channels": {
            str(family): _channel(family, file, registry)
            for family, file in _families(sources.topics).items()
        },
        "operations": _operations(sources.topics),
        "components": {
            "messages": messages(sources.catalogue, sources.examples, registry),
            "schemas": {"headers": headers_schema()},
            "correlationIds": {
                "action": {
                    "description": "所涉行动的编号；与行动无关的事件没有该项",
                    "location": "$message.header#/ce_correlationid",
                }
            },
        },
        "x-registry-version": registry.version,
        "x-parties": {code: _party(party) for code, party in registry.parties.items()},
        "x-rules": {
            code: _rule(stage, table[code]) for stage, table in _STAGES for code in sorted(table)
        },
    }


def carried_by(family: Family) -> tuple[str, ...]:
    """Return the event types that travel on topics of this family, in the table's order."""
    match family:
        case Family.OUTBOX | Family.RECORDS | Family.QUARANTINE:
            found = {name for name, row in EVENT_TYPES.items() if not row.said_by_bus}
        case Family.INBOX:
            found = _arriving(family)
        case Family.REPLIES:
            found = {*RECEIPTS, *_arriving(family)}
    return tuple(name for name in EVENT_TYPES if name in found)


def _arriving(family: Family) -> set[str]:
    return {
        way.says or name for name in EVENT_TYPES for way in ways_of(name) if way.family is family
    }


def _families(files: Iterable[TopicFile]) -> dict[Family, TopicFile]:
    """Return the topic file of each family. ValueError for a file of an unknown family."""
    return {Family(file.name.split(".")[1]): file for file in files}


def _server() -> dict[str, Any]:
    return {
        "host": "{broker}",
        "protocol": "kafka",
        "protocolVersion": "4.4",
        "description": (
            "地址见 credit-bus status。单机安装的消息系统只对本机开放，不设账号；"
            "集群的账号和权限由其管理员设置。"
        ),
        "variables": {"broker": {"default": "127.0.0.1:9092", "description": "主机:端口"}},
        "bindings": {
            "kafka": {
                "schemaRegistryUrl": "http://127.0.0.1:8620/schema-registry",
                "schemaRegistryVendor": "confluent",
                "bindingVersion": BINDING,
            }
        },
    }


def _channel(family: Family, file: TopicFile, registry: Registry) -> dict[str, Any]:
    config = file.config
    channel: dict[str, Any] = {
        "address": file.name,
        "title": FAMILY_TERMS[family],
        "description": file.description,
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in carried_by(family)
        },
    }
    if _PARTY in file.name:
        channel["parameters"] = {
            "party": {"description": "单位代码，见登记册", "enum": list(registry.parties)}
        }
    channel["bindings"] = {
        "kafka": {
            "topicConfiguration": {
                **config.as_kafka(),
                "cleanup.policy": [config.cleanup_policy],
                "retention.ms": config.retention_ms,
                "max.message.bytes": config.max_message_bytes,
            },
            "bindingVersion": BINDING,
        }
    }
    channel["x-key"] = file.key
    return channel


def _operations(files: Iterable[TopicFile]) -> dict[str, Any]:
    """Return what each actor sends and receives, and the exchanges of question and answer."""
    operations = {
        f"{actor.replace(' ', '-')}-{action}-{family}": _operation(family, actor, action)
        for family, file in _families(files).items()
        for action, actors in ((SEND, file.written_by), (RECEIVE, file.read_by))
        for actor in actors
    }
    said = operations["party-send-outbox"]
    said["reply"] = _reply(Family.REPLIES, RECEIPTS, "回到来源单位（ce_source）的回执主题")
    for name, (title, asked, answers) in _ANSWERED.items():
        operations[name] = {
            **_operation(Family.INBOX, Actor.PARTY, RECEIVE),
            "title": title,
            "messages": _references(Family.INBOX, (asked,)),
            "reply": _reply(Family.OUTBOX, answers, "由实施部门的发件主题答复"),
        }
    return operations


def _operation(family: Family, actor: Actor, action: str) -> dict[str, Any]:
    verb = {SEND: "写入", RECEIVE: "读取"}[action]
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{family}"},
        "title": f"{ACTOR_TERMS[actor]}{verb}{FAMILY_TERMS[family]}",
        "messages": _references(family, _handled(family, actor)),
        "x-actor": str(actor),
    }


def _handled(family: Family, actor: Actor) -> tuple[str, ...]:
    """Return which of a family's types this actor writes or reads."""
    carried = carried_by(family)
    match family, actor:
        case Family.REPLIES, Actor.GATE:
            return RECEIPTS
        case Family.REPLIES, Actor.ROUTER:
            return tuple(name for name in carried if name not in RECEIPTS)
        case Family.INBOX, Actor.CONNECTOR:
            return tuple(name for name in carried if any(w.by_routes for w in ways_of(name)))
        case _:
            return carried


def _reply(family: Family, types: Iterable[str], description: str) -> dict[str, Any]:
    return {
        "channel": {"$ref": f"#/channels/{family}"},
        "messages": _references(family, types),
        "x-address": description,
    }


def _references(family: Family, types: Iterable[str]) -> list[dict[str, str]]:
    return [{"$ref": f"#/channels/{family}/messages/{name}"} for name in types]


def _party(party: Party) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": party.name,
        "role": party.role.value,
        "since": party.since.isoformat(),
    }
    if party.until is not None:
        found |= {"until": party.until.isoformat(), "successors": list(party.successors)}
    return found


def _rule(stage: str, rule: Rule) -> dict[str, str]:
    return {"stage": stage, "rule": rule.rule, "remedy": rule.remedy}
