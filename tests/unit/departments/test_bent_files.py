"""Thousands of bent files: each is answered, the reader lives, and memory has a bound."""

import random
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from tests.unit.departments.memory import mebibytes_more
from tests.unit.departments.rows import csv_text, penalties
from tests.unit.departments.workbooks import (
    Parts,
    parts_of,
    sheet_of,
    strings_of,
    styles_of,
    write_parts,
)

from credit_bus_connectors.departments.files.cells import Problem
from credit_bus_connectors.departments.files.header import HEADER_ROWS_MAX, Layout, find_header
from credit_bus_connectors.departments.files.mapping import map_row
from credit_bus_connectors.departments.files.source import Source, footprint, open_source, tables_of
from credit_bus_connectors.departments.files.tables import (
    BrokenTableError,
    Unreadable,
    within_bounds,
)
from credit_bus_connectors.departments.files.xlsx.package import PackageError
from credit_bus_connectors.departments.rules import FORM_RULES

FILES_PER_KIND = 400
SEED = 20_260_727
MEBIBYTES_MORE_MAX = 128

Bend = Callable[[random.Random], tuple[str, bytes]]


def answered(path: Path) -> str:
    """Return what the reader says of the file: a code of the rules, or how rows were read."""
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)
    if isinstance(source, Unreadable):
        return source.reason.code
    assert isinstance(source, Source)
    told = "no-rows"
    try:
        with tables_of(source) as tables:
            for table in tables:
                rows = [within_bounds(row) for row in table.rows]
                if not rows:
                    continue
                header = find_header(rows[:HEADER_ROWS_MAX]).header
                if not isinstance(header, Layout):
                    told = header.reasons[0].code
                    continue
                for row in rows:
                    outcome = map_row(
                        header, row.cells, lambda _: {"pseudonym": "0" * 64, "box": b""}
                    )
                    assert (outcome.body is None) == bool(outcome.reasons)
                told = "read"
    except (PackageError, BrokenTableError) as error:
        return error.code
    return told


@cache
def csv_bytes() -> bytes:
    return csv_text(penalties(20)).encode("gb18030")


@cache
def xlsx_bytes() -> bytes:
    book = openpyxl.Workbook()
    for row in penalties(20):
        book.active.append(row)  # type: ignore[union-attr]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "f.xlsx"
        book.save(path)
        return path.read_bytes()


@cache
def parts() -> Parts:
    header, *lines = penalties(5)
    shared = [f'<c r="{chr(65 + n)}1" t="s"><v>{n}</v></c>' for n in range(20)]
    return parts_of(
        {"法人处罚": sheet_of([header, *lines]), "二": sheet_of([shared])},
        strings=strings_of([f"<t>{cell}</t>" for cell in lines[0]]),
        styles=styles_of([0, 14]),
    )


def flipped(content: bytes, random_: random.Random) -> bytes:
    bent = bytearray(content)
    for _ in range(random_.choice((1, 1, 2, 8, 64))):
        bent[random_.randrange(len(bent))] = random_.randrange(256)
    return bytes(bent)


def spliced(content: bytes, random_: random.Random) -> bytes:
    """Take out a piece, or say one twice."""
    first, last = sorted(random_.randrange(len(content)) for _ in range(2))
    piece = content[first:last]
    return content[:first] + random_.choice((b"", piece + piece)) + content[last:]


def flipped_csv(random_: random.Random) -> tuple[str, bytes]:
    return "f.csv", flipped(csv_bytes(), random_)


def flipped_xlsx(random_: random.Random) -> tuple[str, bytes]:
    return "f.xlsx", flipped(xlsx_bytes(), random_)


def truncated(random_: random.Random) -> tuple[str, bytes]:
    name, content = random_.choice((("f.csv", csv_bytes()), ("f.xlsx", xlsx_bytes())))
    return name, content[: random_.randrange(len(content))]


def spliced_file(random_: random.Random) -> tuple[str, bytes]:
    name, content = random_.choice((("f.csv", csv_bytes()), ("f.xlsx", xlsx_bytes())))
    return name, spliced(content, random_)


def noise(random_: random.Random) -> tuple[str, bytes]:
    head = random_.choice((b"", b"PK\x03\x04", b"PK\x05\x06", bytes.fromhex("d0cf11e0a1b11ae1")))
    return random_.choice(("f.csv", "f.xlsx")), head + random_.randbytes(random_.randrange(4096))


def other_encoding(random_: random.Random) -> tuple[str, bytes]:
    encoding = random_.choice(("utf-16", "utf-32", "big5", "shift_jis", "latin-1", "utf-7"))
    return "f.csv", csv_text(penalties(3)).encode(encoding, "replace")


def swapped_names(random_: random.Random) -> tuple[str, bytes]:
    return random_.choice((("f.csv", xlsx_bytes()), ("f.xlsx", csv_bytes()), ("f.xls", b"")))


def bent_xml(random_: random.Random) -> tuple[str, bytes]:
    """A sound zip around one bent part."""
    made = dict(parts())
    name = random_.choice(list(made))
    content = str(made[name]).encode()
    made[name] = random_.choice((flipped, spliced))(content, random_)
    with TemporaryDirectory() as folder:
        path = write_parts(Path(folder) / "f.xlsx", made, compression=zipfile.ZIP_STORED)
        return "f.xlsx", path.read_bytes()


def odd_attributes(random_: random.Random) -> tuple[str, bytes]:
    """A sound zip of sound XML whose numbers and kinds are out of all reason."""
    wild = ("", "-1", "0", "x", "1e9", "9" * 30, "9" * 5000, "4294967296", "A1", "ZZZZ1", "é", "١")
    made = dict(parts())
    name = "xl/worksheets/sheet1.xml"
    text = str(made[name])
    for _ in range(random_.choice((1, 3, 9))):
        places = [at for at in range(len(text)) if text.startswith(('r="', 't="', "<v>"), at)]
        at = random_.choice(places) + 3
        end = min(n for n in (text.find('"', at), text.find("<", at)) if n >= 0)
        text = text[:at] + random_.choice(wild) + text[end:]
    made[name] = text
    with TemporaryDirectory() as folder:
        path = write_parts(Path(folder) / "f.xlsx", made, compression=zipfile.ZIP_STORED)
        return "f.xlsx", path.read_bytes()


BENDS: tuple[Bend, ...] = (
    flipped_csv,
    flipped_xlsx,
    truncated,
    spliced_file,
    noise,
    other_encoding,
    swapped_names,
    bent_xml,
    odd_attributes,
)


@pytest.mark.parametrize("bend", BENDS, ids=lambda bend: bend.__name__)
def test_a_bent_file_is_answered_and_the_reader_lives(tmp_path: Path, bend: Bend) -> None:
    random_ = random.Random(f"{SEED} {bend.__name__}")
    told: Counter[str] = Counter()

    def read_all() -> None:
        for _ in range(FILES_PER_KIND):
            name, content = bend(random_)
            path = tmp_path / name
            path.write_bytes(content)
            told[answered(path)] += 1

    grown = mebibytes_more(read_all)

    assert FILES_PER_KIND == told.total()
    assert set(told) <= {*FORM_RULES, "read", "no-rows"}
    assert told.keys() - {"read", "no-rows"}, "nothing was bent enough to be refused"
    assert grown < MEBIBYTES_MORE_MAX


LINE = csv_text(penalties(1)).encode()


@pytest.mark.parametrize(
    ("head", "again", "times", "code"),
    [
        (b"", b"a,", 400_000, "header-too-wide"),
        (b"", b"a,", 1_000_000, "file-template"),
        (LINE, b",", 1_000_000, "read"),
        (LINE, b"x,", 3_000_000, "file-broken"),
        (b"", b"x", 64_000_000, "file-broken"),
        (b'"', b"x\n", 32_000_000, "file-broken"),
        (b"", b'"\n",', 12_000_000, "file-broken"),
        (b"", b"\0", 1_000_000, "file-broken"),
        (b"", b"\n", 1_048_576, "no-rows"),
        (b"", b"\n", 64_000_000, "file-too-large"),
    ],
)
def test_a_file_without_measure_is_answered_within_a_bound(
    tmp_path: Path, head: bytes, again: bytes, times: int, code: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(head + again * times)
    told: list[str] = []

    grown = mebibytes_more(lambda: told.append(answered(path)))

    assert [code] == told
    assert grown < MEBIBYTES_MORE_MAX


def test_the_measure_of_memory_sees_what_is_let_go_again() -> None:
    grown = mebibytes_more(lambda: bytearray(200 * 1024 * 1024).clear())

    assert grown > MEBIBYTES_MORE_MAX


def test_a_cell_of_any_length_is_one_reason(tmp_path: Path) -> None:
    path = write_parts(tmp_path / "f.xlsx", parts_of({"一": sheet_of([["长" * 10_000_000, "甲"]])}))
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)
    assert isinstance(source, Source)
    with tables_of(source) as (table,):
        (row,) = table.rows

    assert [Problem("cell-too-long"), "甲"] == row.cells
