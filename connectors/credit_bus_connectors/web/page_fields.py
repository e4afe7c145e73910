"""The fields of a type as rows of a table, and what changed between two versions, in Chinese."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from credit_bus.contracts.schema_diff import Place, places
from credit_bus_connectors.web.words import kind_in_words, meaning_of

Message = Mapping[str, Any]


def fields_of(message: Message) -> list[dict[str, Any]]:
    """Return a row for each field of the newest version, in the schema's order."""
    found = places(json.dumps(message["payload"]["schema"]))
    return [_row(path, place, found, message) for path, place in found.items() if _is_field(path)]


def _is_field(path: str) -> bool:
    return bool(path) and not path.endswith("[]")


def _row(path: str, place: Place, found: Mapping[str, Place], message: Message) -> dict[str, Any]:
    item = found.get(f"{path}[]")
    bare = path.replace("[]", "")
    lengths = message["x-lengths"].get(bare, [])
    return {
        "path": path,
        "name": path.rpartition(".")[2],
        "parent": path.removesuffix(path.rpartition(".")[2]),
        "meaning": meaning_of(path, place.docs),
        "kind": kind_in_words(place.kind)
        + (f"：{kind_in_words(item.kind)}" if item is not None else ""),
        "required": _required(place, is_required=bare in message["x-required"]),
        "generation": message["x-generations"].get(path),
        "words": _words(item if item is not None and item.symbols else place),
        "lengths": "、".join(map(str, lengths)),
    }


def _required(place: Place, *, is_required: bool) -> str:
    """Return whether a field must say something: by its schema, or by a rule of the content."""
    if not place.nullable:
        return "必填"
    return "按规则必填" if is_required else "可空"


def _words(place: Place) -> list[dict[str, str]]:
    """Return the symbols of an enum, with their Chinese words where the schema lists as many."""
    listed = place.docs[-1].split(", ") if place.docs else []
    if len(listed) != len(place.symbols):
        listed = [""] * len(place.symbols)
    return [
        {"symbol": symbol, "meaning": meaning}
        for symbol, meaning in zip(place.symbols, listed, strict=True)
    ]


def changes_of(older: Mapping[str, Any], newer: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what changed between two versions: path and sentence."""
    before, after = places(json.dumps(older["schema"])), places(json.dumps(newer["schema"]))
    changes = [
        {"path": path, "sentence": sentence}
        for path, place in after.items()
        for sentence in _sentences(before.get(path), place)
        if _is_field(path) or sentence == _DOC_CHANGED
    ]
    changes += [
        {"path": path, "sentence": "删除"}
        for path in before
        if path not in after and _is_field(path)
    ]
    return changes


_DOC_CHANGED = "说明有改动"


def _sentences(before: Place | None, after: Place) -> Iterator[str]:
    if before is None:
        null = "，可空" if after.nullable else ""
        yield f"新增（{kind_in_words(after.kind)}{null}）；旧版正文读作默认值"
        return
    if before.kind != after.kind:
        yield f"类型由{kind_in_words(before.kind)}改为{kind_in_words(after.kind)}"
    if before.nullable != after.nullable:
        yield "改为可空" if after.nullable else "改为不可空"
    added = [symbol for symbol in after.symbols if symbol not in before.symbols]
    gone = [symbol for symbol in before.symbols if symbol not in after.symbols]
    if added:
        yield f"新增选项 {'、'.join(added)}"
    if gone:
        yield f"删除选项 {'、'.join(gone)}"
    if before.docs != after.docs:
        yield _DOC_CHANGED
