"""The answer to a file, beside it: every refused row with its reasons, and the counts.

`<name>.errors.csv` is for the official (UTF-8 with a byte order mark, so that Excel opens it);
`<name>.result.json` is for programs. Both appear whole or not at all. Knows no Kafka and no rules.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.templates import Template

HEADER = ("行号", "字段", "规则代码", "规则", "处理办法")
WHOLE_ROW = "整行"
WHOLE_FILE = "整个文件"
NAMES_TRIED_MAX = 10_000

# A cell that begins so is a formula to a spreadsheet; column names come from the file itself.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True, kw_only=True)
class Result:
    """What became of a file's rows."""

    file: str
    sha256: str
    seen_before: bool = False  # the same content had been answered already
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    unknown_columns: tuple[str, ...] = ()
    refused_whole: bool = False  # no row was read, or reading stopped at a broken row

    def as_json(self, *, answered_at: datetime) -> str:
        """Return the text of `<name>.result.json`."""
        return json.dumps(
            {
                "file": self.file,
                "sha256": self.sha256,
                "seen_before": self.seen_before,
                "rows": self.rows,
                "accepted": self.accepted,
                "duplicates": self.duplicates,
                "rejected": self.rejected,
                "by_reason": dict(sorted(self.by_reason.items())),
                "unknown_columns": list(self.unknown_columns),
                "refused_whole": self.refused_whole,
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

    def add(self, row: int, reasons: Sequence[Reason], template: Template | None) -> None:
        """Add one line for each reason, the field in the words of the template."""
        whole = WHOLE_ROW if row else WHOLE_FILE
        for reason in reasons:
            field_name = column_name(reason.field, template) or whole
            self._writer.writerow((row or "", field_name, reason.code, reason.rule, reason.remedy))
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

    Anything else (a header of the event, a column of the file) stays as it is, made harmless for
    a spreadsheet.
    """
    column = template.column_at(place) if template is not None and place else None
    if column is not None:
        return column.header
    return "'" + place if place.startswith(_FORMULA_SIGNS) else place


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
