"""The catalogue of released Avro schemas: one per event type and version, with a fixed id.

Knows the folder of schema files and its LOCK. Knows neither Kafka nor how a body is encoded.
A released file never changes; LOCK holds the hash of its bytes, not Avro's canonical form, which
drops defaults: two schemas that differ in a default would look alike.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastavro import parse_schema
from fastavro.schema import SchemaParseException, UnknownType

from credit_bus.contracts.data_files import data_folder
from credit_bus.contracts.shape import shape_of
from credit_bus.domain.event_types import EVENT_TYPES

LOCK_NAME = "LOCK"
SCHEMA_ID_MAX = 2**31 - 1
_LOCK_HEADER = """\
# Released schemas: id, event type, version, SHA-256 of the file's bytes.
# A line never changes. `release` in credit_bus.contracts.schemas adds lines for new files.
"""


class SchemaCatalogueError(ValueError):
    """The schema folder and its LOCK disagree, or a schema is not one: every mistake at once."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("schema catalogue refused: " + "; ".join(mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A released schema. `parsed` is fastavro's form of `raw`."""

    id: int
    type: str
    version: int
    parsed: Any
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaCatalogue:
    """All released schemas, by id."""

    schemas: Mapping[int, Schema]

    @property
    def all(self) -> tuple[Schema, ...]:
        """Every schema, in the order of ids."""
        return tuple(self.schemas.values())

    def by_id(self, schema_id: int) -> Schema | None:
        """Return the schema of that id, or None."""
        return self.schemas.get(schema_id)

    def versions(self, event_type: str) -> tuple[Schema, ...]:
        """Return the schemas of a type, oldest first (empty for an unknown type)."""
        same = (schema for schema in self.all if schema.type == event_type)
        return tuple(sorted(same, key=lambda schema: schema.version))

    def latest(self, event_type: str) -> Schema:
        """Return the newest schema of a type. Raises KeyError for an unknown type."""
        versions = self.versions(event_type)
        if not versions:
            raise KeyError(event_type)
        return versions[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    id: int
    type: str
    version: int
    digest: str


def load_catalogue(folder: Path | None = None) -> SchemaCatalogue:
    """Return the catalogue of a folder (this installation's own when none is given).

    Raises SchemaCatalogueError with every mistake: files without a line in LOCK, lines without a
    file, changed files, gaps in versions, types that are no event types or have no schema, files
    that are no schema, and uses of Avro outside the bus's part of it.
    """
    folder = data_folder("avro") if folder is None else folder
    mistakes: list[str] = []
    files = _files(folder, mistakes)
    lines = _lines(folder, mistakes)
    _compare(files, lines, mistakes)
    schemas = {}
    for line in sorted(lines, key=lambda line: line.id):
        content = files.get((line.type, line.version))
        if content is not None:
            parsed = _parse(f"{line.type}/{line.version}.avsc", content, mistakes)
            schemas[line.id] = Schema(
                id=line.id,
                type=line.type,
                version=line.version,
                parsed=parsed,
                raw=content.decode(errors="replace"),
            )
    mistakes += [
        f"event type {name} has no schema; add {name}/1.avsc and release it"
        for name in sorted(set(EVENT_TYPES) - {name for name, _ in files})
    ]
    if mistakes:
        raise SchemaCatalogueError(mistakes)
    return SchemaCatalogue(schemas=MappingProxyType(schemas))


def release(folder: Path) -> tuple[str, ...]:
    """Add a line to LOCK for each new file, with the next free ids; return the new lines.

    Existing lines never change. Raises SchemaCatalogueError, and writes nothing, when a released
    file is missing or changed, or when a new file is no schema of the bus.
    """
    mistakes: list[str] = []
    files = _files(folder, mistakes)
    lines = _lines(folder, mistakes) if (folder / LOCK_NAME).exists() else []
    next_id = 1 + max((line.id for line in lines), default=0)
    released = {(line.type, line.version) for line in lines}
    new = [
        _Line(id=number, type=name, version=version, digest=_digest(files[name, version]))
        for number, (name, version) in enumerate(sorted(set(files) - released), start=next_id)
    ]
    _compare(files, [*lines, *new], mistakes)
    for line in new:
        _parse(f"{line.type}/{line.version}.avsc", files[line.type, line.version], mistakes)
    if mistakes:
        raise SchemaCatalogueError(mistakes)
    texts = tuple(f"{line.id} {line.type} {line.version} {line.digest}" for line in new)
    lock = folder / LOCK_NAME
    before = lock.read_text("utf-8") if lock.exists() else _LOCK_HEADER
    lock.write_text(before + "".join(text + "\n" for text in texts), "utf-8")
    return texts


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _files(folder: Path, mistakes: list[str]) -> dict[tuple[str, int], bytes]:
    """Return the bytes of each schema file by type and version, noting files out of place."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_dir() or name == Path(LOCK_NAME):
            continue
        version = path.stem
        if len(name.parts) != 2 or path.suffix != ".avsc" or not _is_version(version):
            mistakes.append(f"{name} is no schema file; name it <event type>/<version>.avsc")
        else:
            files[name.parts[0], int(version)] = path.read_bytes()
    return files


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdigit() and not text.startswith("0")


def _lines(folder: Path, mistakes: list[str]) -> list[_Line]:
    lock = folder / LOCK_NAME
    if not lock.is_file():
        mistakes.append(f"no {LOCK_NAME} beside the schemas; release them")
        return []
    lines: list[_Line] = []
    for number, text in enumerate(lock.read_text("utf-8").splitlines(), start=1):
        if not text.strip() or text.startswith("#"):
            continue
        match text.split():
            case [id_, type_, version, digest] if (
                _is_version(id_) and _is_version(version) and int(id_) <= SCHEMA_ID_MAX
            ):
                lines.append(_Line(id=int(id_), type=type_, version=int(version), digest=digest))
            case _:
                mistakes.append(
                    f"{LOCK_NAME} line {number} must be: id, type, version, hash; restore it"
                )
    return lines


def _compare(
    files: Mapping[tuple[str, int], bytes], lines: list[_Line], mistakes: list[str]
) -> None:
    """Note every disagreement between the files, the LOCK and the table of event types."""
    locked = {(line.type, line.version): line for line in lines}
    ids = [line.id for line in lines]
    if len(set(ids)) != len(ids) or len(locked) != len(lines):
        mistakes.append(f"{LOCK_NAME} names an id or a schema twice; restore it")
    for name, version in sorted(set(files) - set(locked)):
        mistakes.append(f"{name}/{version}.avsc is not in {LOCK_NAME}; release it")
    for name, version in sorted(set(locked) - set(files)):
        mistakes.append(f"{name}/{version}.avsc is in {LOCK_NAME}, but gone; restore the file")
    mistakes += [
        f"{name}/{version}.avsc has changed since its release; restore it and add the next version"
        for name, version in sorted(set(files) & set(locked))
        if _digest(files[name, version]) != locked[name, version].digest
    ]
    for name in sorted({name for name, _ in files}):
        if name not in EVENT_TYPES:
            mistakes.append(f"{name} is no event type; add a row to domain/event_types.py")
        versions = sorted(version for other, version in files if other == name)
        if versions != list(range(1, len(versions) + 1)):
            mistakes.append(f"{name} has versions {versions}; number them 1, 2, 3 without a gap")


def _parse(name: str, content: bytes, mistakes: list[str]) -> Any:
    try:
        parsed = parse_schema(json.loads(content))
    except (SchemaParseException, UnknownType, ValueError, KeyError, TypeError) as error:
        mistakes.append(f"{name} is no Avro schema ({error!r}); correct it")
        return None
    if not isinstance(parsed, dict) or parsed.get("type") != "record":
        mistakes.append(f"{name} must be a record")
        return None
    mistakes += [f"{name}: {mistake}" for mistake in shape_of(parsed)[1]]
    return parsed
