"""The registry's TOML files, read and validated into one immutable value.

Every mistake of all files comes in one exception. Knows the files and their tables; the shape of
a row is in `contracts/registry_rows.py`, what must hold between rows in `registry_rules.py`,
`registry_catalogue.py`, `registry_lists.py`, `registry_requests.py` and `registry_terms.py`. Knows
no clock: what is checked holds on every day.
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from credit_bus.contracts import (
    registry_catalogue,
    registry_lists,
    registry_requests,
    registry_rules,
    registry_terms,
)
from credit_bus.contracts.registry_made import registry_of
from credit_bus.contracts.registry_rows import (
    DEADLINES,
    DISTRICT,
    EXCEPTIONS,
    FIELDS,
    INSTRUMENTS,
    LISTS,
    MEASURES,
    PARTIES,
    PLATFORMS,
    PURPOSES,
    REPAIR,
    ROUTES,
    WORKING_DAYS,
    DistrictRow,
    ExceptionRow,
    FieldRow,
    InstrumentRow,
    ListRow,
    MeasureRow,
    PartyRow,
    PurposeRow,
    RouteRow,
    Rows,
    YearRow,
)
from credit_bus.contracts.registry_term_rows import DeadlineRow, RepairRow
from credit_bus.contracts.registry_values import Mistake, Row
from credit_bus.domain.registry import Registry

# A row is named by the first that it has.
_NAMES = ("code", "id", "year", "obligation", "instrument")
FILE_BYTES_MAX = 4 * 1024 * 1024
VERSION_HEX_DIGITS = 12

# Each file, its tables, and the key that names a row.
TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        DISTRICT: ("district",),
        PARTIES: ("department",),
        PLATFORMS: ("platform", "hub"),
        ROUTES: ("route",),
        INSTRUMENTS: ("instrument",),
        MEASURES: ("measure",),
        LISTS: ("list",),
        FIELDS: ("field",),
        PURPOSES: ("purpose",),
        EXCEPTIONS: ("exception",),
        WORKING_DAYS: ("year",),
        DEADLINES: ("deadline",),
        REPAIR: ("rules",),
    }
)

RULES: tuple[Callable[[Rows], Iterator[Mistake]], ...] = (
    registry_rules.duplicates,
    registry_rules.one_district_one_hub,
    registry_rules.codes,
    registry_rules.rights_to_speak,
    registry_rules.lives,
    registry_rules.routes,
    registry_rules.instruments,
    registry_rules.grounds,
    registry_rules.working_days,
    registry_catalogue.shape,
    registry_catalogue.basis,
    registry_catalogue.term,
    registry_catalogue.founding,
    registry_catalogue.implementers,
    registry_catalogue.initiators,
    registry_lists.shape,
    registry_lists.basis,
    registry_lists.term,
    registry_lists.founding,
    registry_lists.fields,
    registry_lists.enterers,
    registry_lists.keepers,
    registry_requests.words_of_the_hub,
    registry_requests.reviewers,
    registry_requests.windows,
    registry_requests.purposes,
    registry_terms.deadlines,
    registry_terms.repair_days,
    registry_terms.repair_classes,
)

# Where the validating library's sentence would name a class of this code.
_RULES = {"model_type": "Input should be a table"}
_REMEDIES = {
    "extra_forbidden": "remove the key or correct its spelling",
    "missing": "add it",
}

R = TypeVar("R", bound=Row)


class RegistryError(Exception):
    """The registry cannot be used. `mistakes` holds one sentence for each mistake, of all files."""

    def __init__(self, folder: Path, mistakes: tuple[str, ...]) -> None:
        """Keep the sentences, and say all of them."""
        self.mistakes = mistakes
        lines = "\n".join(f"  {sentence}" for sentence in mistakes)
        super().__init__(
            f"the registry {folder} cannot be used; mistakes: {len(mistakes)}\n{lines}"
        )


def load_registry(folder: Path) -> Registry:
    """Return the registry of the folder's TOML files.

    Raises RegistryError with every mistake of every file.
    """
    contents, mistakes = _read(folder)
    reading = _Reading(tables=_tables(contents, mistakes), mistakes=mistakes)
    rows = Rows(
        districts=reading.rows(DISTRICT, "district", DistrictRow),
        departments=reading.rows(PARTIES, "department", PartyRow),
        platforms=reading.rows(PLATFORMS, "platform", PartyRow),
        hubs=reading.rows(PLATFORMS, "hub", PartyRow),
        routes=reading.rows(ROUTES, "route", RouteRow),
        instruments=reading.rows(INSTRUMENTS, "instrument", InstrumentRow),
        measures=reading.rows(MEASURES, "measure", MeasureRow),
        lists=reading.rows(LISTS, "list", ListRow),
        fields=reading.rows(FIELDS, "field", FieldRow),
        purposes=reading.rows(PURPOSES, "purpose", PurposeRow),
        exceptions=reading.rows(EXCEPTIONS, "exception", ExceptionRow),
        years=reading.rows(WORKING_DAYS, "year", YearRow),
        deadlines=reading.rows(DEADLINES, "deadline", DeadlineRow),
        repair=reading.rows(REPAIR, "rules", RepairRow),
        names={table: reading.names(table) for tables in TABLES.values() for table in tables},
    )
    mistakes += [mistake for rule in RULES for mistake in rule(rows)]
    if mistakes:
        raise RegistryError(folder, tuple(str(mistake) for mistake in mistakes))
    return registry_of(rows, version=version_of(contents))


def version_of(contents: Mapping[str, bytes]) -> str:
    """Return the 12 hex digits that name these files, whatever their order."""
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        # The length keeps two files from reading like one.
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:VERSION_HEX_DIGITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The raw tables, and the mistakes found while they are read into rows."""

    tables: Mapping[str, list[Any] | None]  # None: its file could not be read
    mistakes: list[Mistake]

    def rows(self, file: str, table: str, model: type[R]) -> tuple[R, ...]:
        """Return the rows whose shape is right, and note the mistakes of the others."""
        good: list[R] = []
        for index, raw in enumerate(self.tables[table] or ()):
            try:
                good.append(model.model_validate(raw))
            except ValidationError as error:
                self.mistakes.extend(_shape_mistakes(file, _name(table, index, raw), error))
        return tuple(good)

    def names(self, table: str) -> tuple[str, ...] | None:
        """Return the names of all rows, or None when the file could not be read."""
        raws = self.tables[table]
        return (
            None
            if raws is None
            else tuple(_name(table, index, raw) for index, raw in enumerate(raws))
        )


def _read(folder: Path) -> tuple[dict[str, bytes], list[Mistake]]:
    contents: dict[str, bytes] = {}
    present = {path.name for path in folder.glob("*.toml")}
    mistakes = [
        _file_mistake(name, "is no file of a registry", "remove or rename it")
        for name in sorted(present - TABLES.keys())
    ]
    for name in TABLES:
        if name not in present:
            mistakes.append(_file_mistake(name, "the file is missing", "add it"))
        elif (folder / name).stat().st_size > FILE_BYTES_MAX:
            rule = f"is larger than {FILE_BYTES_MAX} bytes"
            mistakes.append(_file_mistake(name, rule, "a registry is small: look what is in it"))
        else:
            contents[name] = (folder / name).read_bytes()
    return contents, mistakes


def _tables(contents: Mapping[str, bytes], mistakes: list[Mistake]) -> dict[str, list[Any] | None]:
    found: dict[str, list[Any] | None] = {}
    for file, tables in TABLES.items():
        document = _document(file, contents[file], mistakes) if file in contents else None
        for table in tables:
            found[table] = None if document is None else _list(document.get(table, []))
        for key in sorted((document or {}).keys() - set(tables)):
            rule = f"unknown table; this file holds {' and '.join(tables)}"
            remedy = _REMEDIES["extra_forbidden"]
            mistakes.append(Mistake(file=file, key=key, rule=rule, remedy=remedy))
    return found


def _document(file: str, content: bytes, mistakes: list[Mistake]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        mistakes.append(_file_mistake(file, f"is not TOML in UTF-8: {error}", "correct it"))
        return None


def _list(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else [raw]


def _name(table: str, index: int, raw: object) -> str:
    named = next((raw[k] for k in _NAMES if raw.get(k)), None) if isinstance(raw, dict) else None
    return str(named) if named else f"{table} {index + 1}"


def _shape_mistakes(file: str, key: str, error: ValidationError) -> Iterator[Mistake]:
    for detail in error.errors(include_url=False):
        place = ".".join(str(part) for part in (key, *detail["loc"]))
        remedy = _REMEDIES.get(detail["type"], f"correct {detail['input']!r}")
        rule = _RULES.get(detail["type"], detail["msg"])
        yield Mistake(file=file, key=place, rule=rule, remedy=remedy)


def _file_mistake(file: str, rule: str, remedy: str) -> Mistake:
    return Mistake(file=file, key="the file", rule=rule, remedy=remedy)
