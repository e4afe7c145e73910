"""The way of a type through the bus: as boxes of a picture, and as sentences beside it."""

from collections.abc import Mapping
from typing import Any

from credit_bus_connectors.web.picture import Node

Document = Mapping[str, Any]

_CATEGORIES = {
    "organisation": "法人及非法人组织",
    "individual_business": "个体工商户",
    "natural_person": "自然人",
}
_PARTY, _PARTY_SHOWN = "{party}", "单位代码"
SPEAKERS_NAMED_MAX = 2


def nodes_of(document: Document, name: str) -> list[Node]:
    """Return the boxes from whoever says it to whoever gets it."""
    message = document["components"]["messages"][name]
    if name not in document["channels"]["outbox"]["messages"]:
        return _nodes_of_bus(document, name)
    nodes = [
        Node(kind="who", text=_speakers(document, message)),
        _topic(document, "outbox"),
        Node(kind="stage", text="闸口", small="身份、权限、格式、内容、版次"),
    ]
    receipt = "受理或者退回的回执" if message["x-receipt"] else "退回的回执"
    nodes.append(_branch(document, "replies", f"{receipt}，发给报送单位"))
    nodes.append(Node(kind="topic", text=_titled(document, "records"), small="全部已受理事件"))
    if message["x-ways"]:
        nodes.append(Node(kind="stage", text="路由"))
    nodes += [_branch(document, way["channel"], _whom(document, way)) for way in message["x-ways"]]
    return nodes


def _nodes_of_bus(document: Document, name: str) -> list[Node]:
    """Return the boxes of what the bus itself says: from the type that leads to it."""
    sources = [
        (other, way)
        for other, message in document["components"]["messages"].items()
        for way in message["x-ways"]
        if way.get("says") == name
    ]
    if sources:
        other, way = sources[0]
        term = document["components"]["messages"][other]["title"]
        return [
            Node(kind="topic", text=_titled(document, "records"), small=f"{term} {other}"),
            Node(kind="stage", text="路由"),
            _branch(document, way["channel"], _whom(document, way)),
        ]
    return [
        Node(kind="topic", text=_titled(document, "outbox"), small="任何事件"),
        Node(kind="stage", text="闸口"),
        _branch(document, "replies", "报送单位"),
    ]


def steps_of(document: Document, name: str) -> list[str]:
    """Return the same way as sentences."""
    message = document["components"]["messages"][name]
    if name not in document["channels"]["outbox"]["messages"]:
        return [
            f"{each.text}：{each.small}" if each.small else each.text
            for each in _nodes_of_bus(document, name)
        ]
    steps = [
        f"{_speakers(document, message)}写入{_titled(document, 'outbox')}",
        "闸口检查，受理的写入" + _titled(document, "records"),
    ]
    if not message["x-ways"]:
        return [*steps, "不再转送，供审计核对"]
    for way in message["x-ways"]:
        said = document["components"]["messages"][way["says"]] if "says" in way else None
        what = f"由总线发出“{said['title']}”" if said else "原样转送"
        steps.append(f"路由{what}到{_whom(document, way)}的{_titled(document, way['channel'])}")
    return steps


def _branch(document: Document, channel: str, whom: str) -> Node:
    return Node(kind="topic", text=whom, small=_titled(document, channel), branch=True)


def _topic(document: Document, channel: str) -> Node:
    found = document["channels"][channel]
    address = found["address"].replace(_PARTY, _PARTY_SHOWN)
    return Node(kind="topic", text=found["title"], small=address)


def _titled(document: Document, channel: str) -> str:
    found = document["channels"][channel]
    address = found["address"].replace(_PARTY, _PARTY_SHOWN)
    return f"{found['title']} {address}"


def _speakers(document: Document, message: Mapping[str, Any]) -> str:
    codes = message["x-said-by"]
    names = [document["x-parties"][code]["name"] for code in codes]
    return "、".join(names) if len(codes) <= SPEAKERS_NAMED_MAX else f"{len(codes)} 个单位"


def _whom(document: Document, way: Mapping[str, Any]) -> str:
    """Return to whom a way leads; for platforms, their names and which subjects go."""
    if "parties" not in way:
        return str(way["whom"])
    names = []
    for code, categories in way["parties"].items():
        name = document["x-parties"][code]["name"]
        part = "、".join(_CATEGORIES[each] for each in _CATEGORIES if each in categories)
        names.append(name if len(categories) == len(_CATEGORIES) else f"{name}（{part}）")
    return "、".join(names)
