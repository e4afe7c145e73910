"""Large files of made-up penalties, written as a stream: every text of a workbook is a shared one.

As a program: `python -m tests.unit.departments.big_files FILE ROWS` reads the file's rows as the
adapter does up to the event, and prints the peak of its memory in MiB and the seconds it took.
"""

import csv
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.unit.departments.rows import PENALTY_CELLS, cells_of, header
from tests.unit.departments.workbooks import MAIN, letters, parts_of, sheet_with

from credit_bus_connectors.departments.files.templates import PENALTY

ROWS_PER_WRITE = 500


def penalty_rows(count: int) -> Iterator[list[str]]:
    """Yield header and rows; every filled text of a row but codes and dates is its own."""
    yield header(PENALTY, chinese=True)
    own = ("CF_XDR_MC", "CF_FRDB", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_NR", "CF_SJLY")
    for number in range(1, count + 1):
        changes = {code: f"{PENALTY_CELLS[code]}{number}" for code in own}
        yield cells_of(PENALTY, {**PENALTY_CELLS, **changes, "BZ": f"备注{number}"})


def write_big_csv(path: Path, count: int) -> None:
    """Write so many penalties as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(penalty_rows(count))


def write_big_xlsx(path: Path, count: int) -> None:
    """Write so many penalties as a workbook; each cell has a shared string of its own."""
    parts = parts_of({"处罚": sheet_with("")}, strings="")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            if not name.endswith(("sheet1.xml", "sharedStrings.xml")):
                archive.writestr(name, part)
        with archive.open("xl/sharedStrings.xml", "w") as stream:
            stream.write(f'<sst xmlns="{MAIN}">'.encode())
            for row in penalty_rows(count):
                texts = (cell for cell in row if cell)
                stream.write("".join(f"<si><t>{text}</t></si>" for text in texts).encode())
            stream.write(b"</sst>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            stream.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            said = 0
            for number, row in enumerate(penalty_rows(count), start=1):
                cells = ""
                for column, cell in enumerate(row, start=1):
                    if cell:
                        cells += f'<c r="{letters(column)}{number}" t="s"><v>{said}</v></c>'
                        said += 1
                stream.write(f'<row r="{number}" ht="15">{cells}</row>'.encode())
            stream.write(b"</sheetData></worksheet>")


def read_through(path: Path) -> int:
    """Return how many rows the adapter would make events of."""
    from credit_bus_connectors.departments.files.header import Layout, read_header
    from credit_bus_connectors.departments.files.mapping import map_row
    from credit_bus_connectors.departments.files.source import (
        Source,
        footprint,
        open_source,
        tables_of,
    )
    from credit_bus_connectors.departments.files.tables import batches

    def seal(_: str) -> dict[str, Any]:
        raise AssertionError("these rows have no identity numbers")

    look = footprint(path)
    assert look is not None
    source = open_source(path, look)
    assert isinstance(source, Source)
    made = 0
    with tables_of(source) as tables:
        for table in tables:
            layout = read_header(next(table.rows).cells)
            assert isinstance(layout, Layout)
            for batch in batches(table.rows):
                made += sum(map_row(layout, row.cells, seal).body is not None for row in batch)
    return made


def peak_mebibytes(process: int | str) -> float:
    """Return the peak of a process's memory since its program began; 0 when it is gone.

    `ru_maxrss` would also count what the process that started it had.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main(path: Path, rows: int) -> None:
    """Read the file, and print peak memory and time."""
    began = time.monotonic()
    assert rows == read_through(path)
    sys.stdout.write(f"{peak_mebibytes('self'):.1f} {time.monotonic() - began:.1f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
