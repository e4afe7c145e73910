"""What the departments were told about their files, held against what the day had planned."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from credit_bus_deploy.demo.files import DayFile

_ROW, _CODE = 1, 3  # columns of the error report


@dataclass(slots=True, kw_only=True)
class FileAnswers:
    """The sum of all answers, and every row whose answer is not the planned one."""

    files: int = 0
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def result_path(file: DayFile, folder: Path) -> Path:
    """Return where the file's counts will stand once it is answered."""
    return folder / file.party / "done" / (Path(file.name).stem + ".result.json")


def read_answers(files: Sequence[DayFile], folder: Path) -> FileAnswers:
    """Return the sum over all files; each must have been answered."""
    answers = FileAnswers()
    for file in files:
        result: dict[str, Any] = json.loads(result_path(file, folder).read_text(encoding="utf-8"))
        answers.files += 1
        answers.rows += result["rows"]
        answers.accepted += result["accepted"]
        answers.rejected += result["rejected"]
        answers.by_reason.update(result["by_reason"])
        answers.differences += _differences(file, result, folder)
    return answers


def _differences(file: DayFile, result: dict[str, Any], folder: Path) -> list[str]:
    name = f"{file.party}/{file.name}"
    found = []
    if (result["rows"], result["accepted"]) != (len(file.rows), file.good):
        found.append(
            f"{name}: {result['accepted']} of {result['rows']} rows accepted,"
            f" {file.good} of {len(file.rows)} planned"
        )
    told = _report(folder / file.party / "done" / (Path(file.name).stem + ".errors.csv"))
    for row in sorted(told.keys() | file.bad.keys()):
        planned = file.bad.get(row)
        if planned is None:
            found.append(f"{name} row {row} is good and was refused for {sorted(told[row])}")
        elif planned not in told[row]:
            found.append(f"{name} row {row} must be refused for {planned}, was {sorted(told[row])}")
    return found


def _report(path: Path) -> dict[int, set[str]]:
    """Return the reason codes of an error report by row; none when there is no report."""
    told: dict[int, set[str]] = defaultdict(set)
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            next(rows)
            for row in rows:
                told[int(row[_ROW] or 0)].add(row[_CODE])
    return told
