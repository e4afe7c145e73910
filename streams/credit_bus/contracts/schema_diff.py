"""What changed between two versions of a schema, in sentences for whoever reviews it.

Pure: two released schemas in, a value out. Whether they read each other is not judged by the
sentences but tried, in `evolution`. Knows what the order of a rollout must be, and why.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from credit_bus.contracts.evolution import problems_between
from credit_bus.contracts.schemas import Schema

# Source: Avro 1.12 "Schema Resolution". What the bus's part of Avro has of them.
_PROMOTIONS = frozenset({("int", "long"), ("string", "bytes"), ("bytes", "string")})

_MISSING: Final = object()


class Compatibility(StrEnum):
    """Who reads whom, in the words of Confluent's Schema Registry."""

    FULL = "FULL"
    BACKWARD = "BACKWARD"
    FORWARD = "FORWARD"
    NONE = "NONE"


_MEANINGS: Mapping[Compatibility, str] = MappingProxyType(
    {
        Compatibility.FULL: "each version reads what the other wrote",
        Compatibility.BACKWARD: "the newer reads what the older wrote, but not the other way round",
        Compatibility.FORWARD: "the older reads what the newer wrote, but not the other way round",
        Compatibility.NONE: "neither version reads what the other wrote",
    }
)

# A reader knows the schemas of its own release and refuses an id that it does not have. So readers
# come first whatever the compatibility is; what differs is what may follow.
_READERS = (
    "readers first: whoever reads {} needs a release with version {} (id {}): gate, router, "
    "connectors, clients"
)
_WRITERS = "then writers, in any order and one by one: {}"
_ROLLOUTS: Mapping[Compatibility, str] = MappingProxyType(
    {
        Compatibility.FULL: _WRITERS.format(
            "old and new ones may write side by side, and either may be taken back"
        ),
        Compatibility.BACKWARD: _WRITERS.format(
            "but no reader may be taken back to a release whose newest version is the older one"
        ),
        Compatibility.FORWARD: "do not release it: the log of record holds what the older version "
        "wrote, and the newer cannot read it; give new fields a default",
        Compatibility.NONE: "do not release it: make it a new event type, and let both live until "
        "nobody says the old one",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change: where (a path as reasons name it, "" for the body itself), and what."""

    path: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything between two versions of a type. `problems` says why they are not FULL."""

    type: str
    older: int
    newer: int
    older_id: int
    newer_id: int
    changes: tuple[Change, ...]
    compatibility: Compatibility
    problems: tuple[str, ...]

    @property
    def meaning(self) -> str:
        """Return what the compatibility means."""
        return _MEANINGS[self.compatibility]

    @property
    def rollout(self) -> tuple[str, ...]:
        """Return the steps by which the newer version comes into use."""
        step = _ROLLOUTS[self.compatibility]
        if self.compatibility in {Compatibility.FORWARD, Compatibility.NONE}:
            return (step,)
        readers = _READERS.format(self.type, self.newer, self.newer_id)
        return (readers, step, f"version {self.older} stays for ever: the log of record is in it")


def difference(older: Schema, newer: Schema) -> Difference:
    """Return what changed from the older to the newer version of one event type.

    ValueError for schemas of two types, or of one version.
    """
    if older.type != newer.type or older.version >= newer.version:
        raise ValueError(
            f"{older.type} {older.version} and {newer.type} {newer.version} are no two versions"
        )
    backward = problems_between(writer=older, reader=newer)
    forward = problems_between(writer=newer, reader=older)
    return Difference(
        type=newer.type,
        older=older.version,
        newer=newer.version,
        older_id=older.id,
        newer_id=newer.id,
        changes=tuple(_changes(places(older.raw), places(newer.raw))),
        compatibility=_compatibility(backward=not backward, forward=not forward),
        problems=(
            *(
                f"version {newer.version} cannot read version {older.version}: {p}"
                for p in backward
            ),
            *(f"version {older.version} cannot read version {newer.version}: {p}" for p in forward),
        ),
    )


def _compatibility(*, backward: bool, forward: bool) -> Compatibility:
    match backward, forward:
        case True, True:
            return Compatibility.FULL
        case True, False:
            return Compatibility.BACKWARD
        case False, True:
            return Compatibility.FORWARD
        case _:
            return Compatibility.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a schema says of one place of a body."""

    kind: str  # the type in words, `decimal(18, 6)` or the full name of a record or an enum
    nullable: bool
    default: Any  # _MISSING when there is none
    symbols: tuple[str, ...]  # of an enum
    docs: tuple[str, ...]  # of the field, then of the type


def places(raw: str) -> dict[str, Place]:
    """Return every place of a schema by its path, in the schema's order; "" is the body."""
    found: dict[str, Place] = {}
    _walk({"type": json.loads(raw)}, "", "", {}, found)
    return found


def _walk(
    field: Mapping[str, Any],
    path: str,
    namespace: str,
    names: dict[str, Any],
    found: dict[str, Place],
) -> None:
    """Note a field and whatever stands within it; `names` are the types met so far."""
    kind = field["type"]
    nullable = isinstance(kind, list)
    if nullable:
        kind = next(each for each in kind if each != "null")
    kind = names.get(kind, kind) if isinstance(kind, str) else kind
    parts = kind if isinstance(kind, dict) else {"type": kind}
    namespace = parts.get("namespace", namespace)
    if "name" in parts:
        names[parts["name"]] = parts
    found[path] = Place(
        kind=_words(parts, namespace),
        nullable=nullable,
        default=field.get("default", _MISSING),
        symbols=tuple(parts.get("symbols", ())),
        docs=tuple(filter(None, (field.get("doc"), parts.get("doc")))),
    )
    for each in parts.get("fields", ()):
        inner = f"{path}.{each['name']}" if path else each["name"]
        _walk(each, inner, namespace, names, found)
    if "items" in parts:
        _walk({"type": parts["items"]}, path + "[]", namespace, names, found)


def _words(parts: Mapping[str, Any], namespace: str) -> str:
    """Return a type in words."""
    if "name" in parts:
        return f"{parts['type']} {namespace}.{parts['name']}"
    logical = parts.get("logicalType")
    if logical == "decimal":
        return f"decimal({parts['precision']}, {parts.get('scale', 0)})"
    return str(logical or parts["type"])


def _changes(older: Mapping[str, Place], newer: Mapping[str, Place]) -> Iterator[Change]:
    """Yield every change, in the newer schema's order, then what is gone."""
    for path, place in newer.items():
        if path in older:
            for sentence in _sentences(older[path], place):
                yield Change(path=path, sentence=sentence)
        elif not _within(path, newer.keys() - older.keys()):
            yield Change(path=path, sentence=_added(place))
    for path, place in older.items():
        if path not in newer and not _within(path, older.keys() - newer.keys()):
            yield Change(path=path, sentence=_removed(place))
    if _order(older, newer) != _order(newer, older):
        yield Change(path="", sentence="fields stand in another order; readers match them by name")


def _within(path: str, others: set[str]) -> bool:
    """Return whether one of the others holds this place, so that its own sentence tells enough."""
    return any(path.startswith((f"{other}.", f"{other}[]")) for other in others if other)


def _order(places_: Mapping[str, Place], others: Mapping[str, Place]) -> Sequence[str]:
    return [path for path in places_ if path in others]


def _added(place: Place) -> str:
    if place.default is _MISSING:
        return f"added, {_type(place)}, without a default: older bodies cannot be read"
    return f"added, {_type(place)}; reads as {_shown(place.default)} where an older writer spoke"


def _removed(place: Place) -> str:
    if place.default is _MISSING:
        return f"removed, was {_type(place)} without a default: older readers miss it"
    return f"removed; older readers take {_shown(place.default)}"


def _sentences(older: Place, newer: Place) -> Iterator[str]:
    if older.kind != newer.kind:
        word = "widened" if (older.kind, newer.kind) in _PROMOTIONS else "changed"
        yield f"type {word} from {older.kind} to {newer.kind}"
    if older.nullable != newer.nullable:
        yield "may now be null" if newer.nullable else "may no longer be null"
    if older.default != newer.default:
        yield f"default changed from {_shown(older.default)} to {_shown(newer.default)}"
    for symbol in newer.symbols:
        if symbol not in older.symbols:
            yield f"symbol {symbol} added"
    for symbol in older.symbols:
        if symbol not in newer.symbols:
            yield f"symbol {symbol} removed"
    if older.docs != newer.docs:
        yield f"doc changed from {_quoted(older.docs)} to {_quoted(newer.docs)}"


def _type(place: Place) -> str:
    return f"{place.kind} or null" if place.nullable else place.kind


def _shown(default: Any) -> str:
    return "none" if default is _MISSING else json.dumps(default, ensure_ascii=False)


def _quoted(docs: tuple[str, ...]) -> str:
    return " / ".join(f"“{doc}”" for doc in docs) or "nothing"
