"""The answer to a file, beside it: every refused row with its reasons, and the counts.

`<name>.errors.csv` is for the official, for a workbook too: UTF-8 with a byte order mark, so that
Excel opens it line by line beside the sheet. `<name>.result.json` is for programs. Both appear
whole or not at all. Knows no Kafka and no rules.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.files.columns import Template

HEADER = ("工作表", "行号", "字段", "规则代码", "规则", "处理办法")
WHOLE_ROW = "整行"
WHOLE_SHEET = "整个工作表"
WHOLE_FILE = "整个文件"
NAMES_TRIED_MAX = 10_000

# A cell that begins so, blanks aside, is a formula to a spreadsheet; the names of columns and
# sheets come from the file itself.
_FORMULA_SIGNS = ("=", "+", "-", "@")


class TableState(StrEnum):
    """What was done with a table of a file."""

    READ = "read"
    EMPTY = "empty"
    HIDDEN = "hidden"  # a sheet that is not shown: never read
    NOTES = "notes"  # a sheet of notes on filling in
    REFUSED = "refused"  # no row was read, or reading stopped at a broken row


@dataclass(slots=True, kw_only=True)
class TableResult:
    """What became of a table's rows."""

    name: str
    state: TableState = TableState.READ
    template: Template | None = None
    header_row: int = 0
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    set_aside: int = 0  # rows that are no data: notes, examples, the header again
    unknown_columns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the part of `<name>.result.json` about the table."""
        template = self.template
        return {
            "sheet": self.name,
            "state": self.state.value,
            "template": None if template is None else template.type,
            "generation": None if template is None else template.generation.value,
            "header_row": self.header_row or None,
            "rows": self.rows,
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "set_aside": self.set_aside,
            "unknown_columns": list(self.unknown_columns),
        }


@dataclass(slots=True, kw_only=True)
class Result:
    """What became of a file's rows, the sum of its tables."""

    file: str
    sha256: str
    seen_before: bool = False  # the same content had been answered already
    tables: list[TableResult] = field(default_factory=list)
    by_reason: Counter[str] = field(default_factory=Counter)
    refused_whole: bool = False  # of a table no row was read, or reading stopped at a broken row

    @property
    def rows(self) -> int:
        """Return how many rows were answered."""
        return sum(table.rows for table in self.tables)

    @property
    def accepted(self) -> int:
        """Return how many rows were accepted."""
        return sum(table.accepted for table in self.tables)

    @property
    def duplicates(self) -> int:
        """Return how many rows had been said before."""
        return sum(table.duplicates for table in self.tables)

    @property
    def rejected(self) -> int:
        """Return how many rows were refused."""
        return sum(table.rejected for table in self.tables)

    @property
    def answers(self) -> dict[str, int]:
        """Return how many rows got which answer."""
        return {
            "accepted": self.accepted,
            "duplicate": self.duplicates,
            "rejected": self.rejected,
        }

    def refuse(self, reasons: Sequence[Reason]) -> None:
        """Note that the file, or one of its tables, was not read or not to its end."""
        self.refused_whole = True
        self.by_reason.update(reason.code for reason in reasons)

    def as_json(self, *, answered_at: datetime) -> str:
        """Return the text of `<name>.result.json`."""
        unknown = [name for table in self.tables for name in table.unknown_columns]
        return json.dumps(
            {
                "file": self.file,
                "sha256": self.sha256,
                "seen_before": self.seen_before,
                "rows": self.rows,
                "accepted": self.accepted,
                "duplicates": self.duplicates,
                "rejected": self.rejected,
                "set_aside": sum(table.set_aside for table in self.tables),
                "by_reason": dict(sorted(self.by_reason.items())),
                "unknown_columns": unknown,
                "refused_whole": self.refused_whole,
                "sheets": [table.as_json() for table in self.tables],
                "answered_at": answered_at.isoformat(timespec="milliseconds"),
            },
            ensure_ascii=False,
            indent=2,
        )


class ErrorReport:
    """The growing `<name>.errors.csv`: written aside, put in place by `finish`."""

    def __init__(self, path: Path) -> None:
        """Begin the report; nothing stands at `path` until it is finished."""
        self._path = path
        self._aside = path.with_name(path.name + ".part")
        self._stream: TextIO = self._aside.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(HEADER)
        self._lines = 0

    def __enter__(self) -> Self:
        """Return the report itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave nothing behind when the report was not finished."""
        self._stream.close()
        self._aside.unlink(missing_ok=True)

    def add(
        self, row: int, reasons: Sequence[Reason], template: Template | None, *, sheet: str = ""
    ) -> None:
        """Add one line for each reason, the field in the words of the template."""
        whole = WHOLE_ROW if row else (WHOLE_SHEET if sheet else WHOLE_FILE)
        for reason in reasons:
            place = (sheet, str(row or ""), column_name(reason.field, template) or whole)
            said = (*place, reason.code, reason.rule, reason.remedy)
            self._writer.writerow([harmless(cell) for cell in said])
            self._lines += 1

    def finish(self) -> None:
        """Put the report in place, or remove an older one when there is nothing to report."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        if self._lines:
            self._aside.replace(self._path)
        else:
            self._path.unlink(missing_ok=True)


def column_name(place: str, template: Template | None) -> str:
    """Return the template's header for a body field such as `subject.uscc`.

    Anything else (a header of the event, a column of the file) stays as it is.
    """
    column = template.column_at(place) if template is not None and place else None
    return place if column is None else column.header


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula, whoever wrote it."""
    return "'" + cell if cell.lstrip().startswith(_FORMULA_SIGNS) else cell


def write_whole(path: Path, text: str) -> None:
    """Write the file so that it appears whole or not at all."""
    aside = path.with_name(path.name + ".part")
    with aside.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)


def free_name(folder: Path, name: str) -> Path:
    """Return a path in the folder that no file has yet: the name itself, else `<name>-2`, …"""
    wanted = Path(name)
    for number in range(1, NAMES_TRIED_MAX + 1):
        suffix = "" if number == 1 else f"-{number}"
        path = folder / f"{wanted.stem}{suffix}{wanted.suffix}"
        if not path.exists():
            return path
    raise FileExistsError(f"{folder} has {NAMES_TRIED_MAX} files named {name}; empty the folder")
