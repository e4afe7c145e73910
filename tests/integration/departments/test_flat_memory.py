"""Memory does not grow with the file: fresh processes read 1,000 to 100,000 rows."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.departments.big_files import write_big_csv, write_big_xlsx

ROOT = Path(__file__).parents[3]
ROWS = (1_000, 10_000, 100_000)
RATIO_MAX = 1.2  # peak of the most rows to that of the fewest
READ_SECONDS_MAX = 240.0


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "write"), [("f.csv", write_big_csv), ("f.xlsx", write_big_xlsx)])
def test_a_hundred_times_the_rows_take_the_same_memory(
    tmp_path: Path, name: str, write: Callable[[Path, int], None]
) -> None:
    path = tmp_path / name
    peaks = {}
    for rows in ROWS:
        write(path, rows)
        read = subprocess.run(
            [sys.executable, "-m", "tests.unit.departments.big_files", str(path), str(rows)],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=READ_SECONDS_MAX,
        )  # fmt: skip
        peaks[rows], seconds = (float(figure) for figure in read.stdout.split())
        size = path.stat().st_size / 1024 / 1024
        figures = f"{rows:>7} rows {size:6.1f} MiB: peak {peaks[rows]} MiB, {seconds} s"
        sys.stdout.write(f"{name} {figures}\n")

    assert peaks[ROWS[-1]] < RATIO_MAX * peaks[ROWS[0]]
