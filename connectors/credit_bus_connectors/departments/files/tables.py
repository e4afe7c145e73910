"""What a department's file holds, whatever its kind: tables of rows, streamed.

A CSV file is one table without a name; of a workbook each sheet is one. Knows no file.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.files.cells import Cell, Problem
from credit_bus_connectors.departments.rules import form_reason

ROWS_PER_BATCH_MAX = 500
BATCH_CHARACTERS_MAX = 4 * 1024 * 1024
ROW_CHARACTERS_MAX = 1024 * 1024
ROWS_PER_TABLE_MAX = 1_048_576  # what a spreadsheet's sheet holds


class BrokenTableError(Exception):
    """The table cannot be read from this row on, and why: a code of departments/rules.py."""

    def __init__(self, row: int, code: str) -> None:
        super().__init__(f"row {row}: {code}")
        self.row = row
        self.code = code


@dataclass(frozen=True, slots=True)
class Row:
    """A row and its number as a spreadsheet shows it, counted from 1."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a file. Its rows are read once, in order; blank ones are left out but counted."""

    name: str  # of the sheet; "" in a CSV file
    rows: Iterator[Row]
    place: int = 0  # of the first row among all rows of the file, so that a row is known by place
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that cannot be read at all, and why. The hash is "" for one too large to look at."""

    sha256: str
    reason: Reason


def unreadable(code: str, sha256: str = "") -> Unreadable:
    """Return that a file cannot be read for this reason."""
    return Unreadable(sha256=sha256, reason=form_reason(code, ""))


def batches(rows: Iterable[Row], size: int = ROWS_PER_BATCH_MAX) -> Iterator[list[Row]]:
    """Yield the rows in lists of at most `size` and about `BATCH_CHARACTERS_MAX`.

    What came before a broken row is yielded first.
    """
    batch: list[Row] = []
    characters = 0
    broken: BrokenTableError | None = None
    iterator = iter(rows)
    while broken is None:
        try:
            row = next(iterator, None)
        except BrokenTableError as error:
            broken = error
            break
        if row is None:
            break
        batch.append(row)
        characters += characters_of(row.cells)
        if len(batch) == size or characters >= BATCH_CHARACTERS_MAX:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
    if broken is not None:
        raise broken


def characters_of(cells: Sequence[Cell]) -> int:
    """Return how much text the cells hold; one that holds none counts as one."""
    return sum(len(cell) if isinstance(cell, str) else 1 for cell in cells) + len(cells)


def within_bounds(row: Row) -> Row:
    """Return the row, or when it is longer than any event may be one that says so."""
    if characters_of(row.cells) <= ROW_CHARACTERS_MAX:
        return row
    return Row(row.number, (Problem("row-too-large"),))
