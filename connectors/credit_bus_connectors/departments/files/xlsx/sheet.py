"""One sheet: its rows as a stream, and before that what only its end tells, the merged cells.

Knows the part `worksheet`; knows no template.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from credit_bus_connectors.departments.files.cells import COVERED, Cell, Problem, is_empty
from credit_bus_connectors.departments.files.header import COLUMNS_MAX
from credit_bus_connectors.departments.files.tables import (
    ROW_CHARACTERS_MAX,
    ROWS_PER_TABLE_MAX,
    BrokenTableError,
    Row,
)
from credit_bus_connectors.departments.files.xlsx.package import (
    BROKEN,
    TOO_LARGE,
    Attributes,
    Package,
    PackageError,
)
from credit_bus_connectors.departments.files.xlsx.strings import TextReader
from credit_bus_connectors.departments.files.xlsx.values import (
    PLAIN,
    Format,
    Strings,
    Words,
    cell_of,
)

SHEET_COLUMNS_MAX = 16_384
MERGES_MAX = 10_000

_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """A merged range, rows and columns counted from 1, both ends within."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a first reading tells: the whole part is XML, and so many rows."""

    rows: int
    merges: tuple[Merge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What the cells of a workbook refer to."""

    strings: Strings
    formats: Sequence[Format]
    epoch: datetime


def survey(package: Package, part: str) -> Survey:
    """Read the sheet once without its cells. Raises PackageError when it is bent anywhere."""
    rows = 0
    merges: list[Merge] = []

    def start(name: str, attributes: Attributes) -> None:
        nonlocal rows
        if name == "row":
            rows += 1
        elif name == "mergeCell":
            merges.append(_merge(attributes.get("ref", "")))
        if rows > ROWS_PER_TABLE_MAX or len(merges) > MERGES_MAX:
            raise PackageError(TOO_LARGE)

    for _ in package.parse(part, start=start):
        pass
    return Survey(rows=rows, merges=tuple(sorted(merges)))


def sheet_rows(
    package: Package, part: str, meaning: Meaning, merges: Sequence[Merge]
) -> Iterator[Row]:
    """Yield the rows that have anything in them.

    Raises BrokenTableError at a row that is out of order or has more columns than a sheet can.
    """
    reader = _Rows(meaning)
    covering = _Covering(merges)
    parsing = package.parse(part, start=reader.start, end=reader.end, text=reader.text)
    broken: PackageError | None = None
    going = True
    while going:
        try:
            next(parsing)
        except StopIteration:
            going = False
        except PackageError as error:
            broken, going = error, False
        for row in reader.ready:  # what came before a broken one, too
            covered = covering.cover(row)
            if not all(is_empty(cell) for cell in covered.cells):
                yield covered
        reader.ready.clear()
    if broken is not None:
        raise BrokenTableError(max(reader.number, 1), broken.code) from broken


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _place(reference: str) -> tuple[int, int]:
    """Return row and column of `B7`. Raises PackageError for what is no such place."""
    match = _PLACE.fullmatch(reference)
    if match is None:
        raise PackageError(BROKEN, "no place of a sheet")
    return int(match[2]), column_number(match[1])


def _merge(reference: str) -> Merge:
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = _place(first), _place(last or first)
    return Merge(min(top, bottom), max(top, bottom), min(left, right), max(left, right))


def _width(merge: Merge) -> int:
    """Return how many columns of a template it covers."""
    return min(merge.last_column, COLUMNS_MAX) - merge.first_column + 1


class _Covering:
    """Marks the cells of each row that a merge covers. Rows come in ascending order.

    Merges that overlap are no spreadsheet's, and would be work without end for every row.
    """

    def __init__(self, merges: Sequence[Merge]) -> None:
        within = (merge for merge in merges if merge.first_column <= COLUMNS_MAX)
        self._waiting = sorted(within, reverse=True)
        self._active: list[Merge] = []

    def cover(self, row: Row) -> Row:
        while self._waiting and self._waiting[-1].first_row <= row.number:
            self._active.append(self._waiting.pop())
        if not self._active:
            return row
        self._active = [merge for merge in self._active if merge.last_row >= row.number]
        if sum(map(_width, self._active)) > COLUMNS_MAX:  # no column is in two merges
            raise BrokenTableError(row.number, BROKEN)
        cells = list(row.cells)
        for merge in self._active:
            last = min(merge.last_column, COLUMNS_MAX)
            cells += [""] * (last - len(cells))
            for column in range(merge.first_column, last + 1):
                if (row.number, column) != (merge.first_row, merge.first_column):
                    cells[column - 1] = COVERED
        return Row(row.number, cells)


class _Rows:
    """The elements of `sheetData` as rows."""

    def __init__(self, meaning: Meaning) -> None:
        self.ready: list[Row] = []
        self.number = 0
        self._meaning = meaning
        self._columns: dict[str, int] = {}  # letters to number: there are few, said often
        self._cells: list[Cell] = []
        self._characters = 0
        self._column = 0
        self._in_row = self._in_cell = self._is_formula = self._in_value = False
        self._kind, self._format = "n", PLAIN
        self._raw: str | Problem | None = None
        self._value = Words()
        self._inline = TextReader()

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self._in_value = self._in_cell
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._is_formula = self._in_cell
        elif self._in_cell and self._kind == "inlineStr":
            self._inline.start(name)

    def text(self, piece: str) -> None:
        if self._in_value:
            self._value.add(piece)
        elif self._in_cell and self._kind == "inlineStr":
            self._inline.text(piece)

    def end(self, name: str) -> None:
        if name == "v":
            if self._in_value:
                self._raw = self._value.take()
                self._in_value = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif self._in_cell and self._kind == "inlineStr":
            self._inline.end(name)

    def _start_row(self, attributes: Attributes) -> None:
        said = attributes.get("r")
        number = self.number + 1 if said is None else _natural(said)
        if self._in_row or not self.number < number <= ROWS_PER_TABLE_MAX:
            raise PackageError(BROKEN, "rows out of order")
        self.number = number
        self._in_row = True
        self._cells, self._characters, self._column = [], 0, 0

    def _start_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        column = self._column + 1 if place is None else self._column_of(place)
        if not self._in_row or self._in_cell or not self._column < column <= SHEET_COLUMNS_MAX:
            raise PackageError(BROKEN, "cells out of order")
        self._column = column
        self._in_cell = True
        self._is_formula = False
        self._raw = None
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "0")
        formats = self._meaning.formats
        index = int(style) if style.isascii() and style.isdigit() and len(style) < 10 else 0
        self._format = formats[index] if index < len(formats) else PLAIN

    def _end_cell(self) -> None:
        if not self._in_cell:
            return
        self._in_cell = False
        if self._kind == "inlineStr":
            self._raw = self._inline.words.take()
        cell = cell_of(
            self._kind,
            self._raw,
            is_formula=self._is_formula,
            format_=self._format,
            epoch=self._meaning.epoch,
            strings=self._meaning.strings,
        )
        if cell == "" or self._characters > ROW_CHARACTERS_MAX:
            return
        self._cells += [""] * (self._column - 1 - len(self._cells))
        self._cells.append(cell)
        self._characters += len(cell) if isinstance(cell, str) else 1

    def _end_row(self) -> None:
        self._in_row = False
        if self._characters > ROW_CHARACTERS_MAX:
            self._cells = [Problem("row-too-large")]
        if self._cells:
            self.ready.append(Row(self.number, self._cells))
            self._cells = []

    def _column_of(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        found = self._columns.get(letters)
        if found is None:
            found = self._columns[letters] = _place(place)[1]
        return found


def _natural(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise PackageError(BROKEN, "no row number")
    return int(said)
