"""A workbook: which sheets it has, what their cells refer to, and the sheets as tables.

Read twice: a survey proves every sheet whole before a row of it is said, and finds merged cells;
then the rows are streamed.
"""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from credit_bus_connectors.departments.files.tables import ROWS_PER_TABLE_MAX, Table
from credit_bus_connectors.departments.files.xlsx.package import (
    BROKEN,
    TOO_LARGE,
    Attributes,
    Package,
    PackageError,
    open_package,
)
from credit_bus_connectors.departments.files.xlsx.sheet import Meaning, Survey, sheet_rows, survey
from credit_bus_connectors.departments.files.xlsx.strings import spooled_strings
from credit_bus_connectors.departments.files.xlsx.styles import read_styles
from credit_bus_connectors.departments.files.xlsx.values import Format

SHEETS_MAX = 256
RELATIONSHIPS_MAX = 10_000
SHEET_NAME_CHARACTERS_MAX = 255

_MACROS = ("vbaproject.bin", "/macrosheets/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet as the workbook lists it, and what its survey told."""

    name: str
    part: str
    hidden: bool
    survey: Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """What was found in a file before its rows are read."""

    sheets: tuple[Sheet, ...]
    strings: str | None  # the part
    formats: Sequence[Format]
    epoch: datetime

    @property
    def rows(self) -> int:
        """Return how many rows all sheets have, about."""
        return sum(sheet.survey.rows for sheet in self.sheets)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Relationship:
    type: str
    target: str


def survey_workbook(path: Path) -> Workbook:
    """Return what the file holds. Raises PackageError for one that cannot be read whole."""
    with open_package(path) as package:
        if any(macro in name for name in package.names() for macro in _MACROS):
            raise PackageError("file-macros")
        main = _target(_relationships(package, "").values(), "officeDocument")
        if main is None or not package.has(main):
            raise PackageError(BROKEN, "no workbook")
        relationships = _relationships(package, main)
        listed, epoch = _listed(package, main)
        strings = _target(relationships.values(), "sharedStrings")
        if strings is not None and not package.has(strings):
            raise PackageError(BROKEN, "no shared strings")
        styles = _target(relationships.values(), "styles")
        return Workbook(
            sheets=tuple(_sheets(package, listed, relationships)),
            strings=strings,
            formats=read_styles(package, styles),
            epoch=epoch,
        )


@contextmanager
def workbook_tables(path: Path, book: Workbook) -> Iterator[Iterator[Table]]:
    """Give the sheets as tables, in their order; each must be read before the next is asked for.

    Raises PackageError when the shared strings are bent.
    """
    with open_package(path) as package, spooled_strings(package, book.strings) as strings:
        meaning = Meaning(strings=strings, formats=book.formats, epoch=book.epoch)
        yield (
            Table(
                name=sheet.name,
                rows=sheet_rows(package, sheet.part, meaning, sheet.survey.merges),
                place=index * ROWS_PER_TABLE_MAX,
                hidden=sheet.hidden,
            )
            for index, sheet in enumerate(book.sheets)
        )


def _sheets(
    package: Package,
    listed: Sequence[tuple[str, str, bool]],
    relationships: dict[str, _Relationship],
) -> Iterator[Sheet]:
    for name, id_, hidden in listed:
        found = relationships.get(id_)
        if found is None:
            raise PackageError(BROKEN, "a sheet without a part")
        if found.type == "worksheet":  # and no chart or dialogue
            told = survey(package, found.target)
            yield Sheet(name=name, part=found.target, hidden=hidden, survey=told)


def _listed(package: Package, main: str) -> tuple[list[tuple[str, str, bool]], datetime]:
    """Return name, relationship and hiddenness of each sheet, and the day that is zero."""
    sheets: list[tuple[str, str, bool]] = []
    epoch = WINDOWS_EPOCH

    def start(name: str, attributes: Attributes) -> None:
        nonlocal epoch
        if name == "sheet":
            id_ = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            title = attributes.get("name", "")[:SHEET_NAME_CHARACTERS_MAX]
            sheets.append((title, id_, attributes.get("state", "visible") != "visible"))
            if len(sheets) > SHEETS_MAX:
                raise PackageError(TOO_LARGE)
        elif name == "workbookPr" and attributes.get("date1904", "0") in ("1", "true", "on"):
            epoch = MAC_EPOCH

    for _ in package.parse(main, start=start):
        pass
    return sheets, epoch


def _relationships(package: Package, part: str) -> dict[str, _Relationship]:
    """Return the relationships of a part ("" for the package) by id; none when it has none."""
    folder, name = posixpath.split(part)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, _Relationship] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            kind = attributes.get("Type", "").rpartition("/")[2]
            id_ = attributes.get("Id", "")
            found[id_] = _Relationship(type=kind, target=target.lstrip("/"))
            if len(found) > RELATIONSHIPS_MAX:
                raise PackageError(TOO_LARGE)

    if package.has(rels):
        for _ in package.parse(rels, start=start):
            pass
    return found


def _target(relationships: Iterable[_Relationship], kind: str) -> str | None:
    return next((each.target for each in relationships if each.type == kind), None)
