"""A CSV file that a department put into its folder: its bytes, its encoding, its rows, one by one.

Knows files and CSV; knows no template. Rows are streamed: the file is never held whole.
"""

import codecs
import csv
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.rules import form_reason

ROWS_PER_BATCH_MAX = 500
FILE_BYTES_MAX = 256 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
FILES_PER_LOOK_MAX = 1000

ENCODINGS = ("utf-8", "gb18030")  # in the order in which they are tried, strictly
SOURCE_SUFFIX = ".csv"
PART_SUFFIX = ".part"  # still being written
ERRORS_SUFFIX = ".errors.csv"


class BrokenRowError(Exception):
    """The CSV cannot be read from this row on."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row}: quotes or separators are wrong")
        self.row = row


@dataclass(frozen=True, slots=True)
class Footprint:
    """How a file looked from outside; a file still being written changes it."""

    size: int
    modified_ns: int
    inode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file whose every byte was seen and decodes."""

    path: Path
    footprint: Footprint
    sha256: str
    encoding: str
    lines: int  # line ends; about the number of rows, for a progress bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that cannot be read at all, and why. The hash is "" for one too large to look at."""

    sha256: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Row:
    """A row and its number as a spreadsheet shows it: the header is row 1."""

    number: int
    cells: list[str]


def footprint(path: Path) -> Footprint | None:
    """Return how the file looks now, or None when it is gone or no plain file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    if not path.is_file():
        return None
    return Footprint(status.st_size, status.st_mtime_ns, status.st_ino)


def waiting_files(folder: Path) -> dict[Path, Footprint]:
    """Return the finished files of the folder by name, each with its footprint.

    Hidden files, `.part`, a spreadsheet's own lock files and our own reports are nobody's rows.
    At most `FILES_PER_LOOK_MAX` at a time; the next look sees the rest.
    """
    found = (
        path
        for path in sorted(folder.iterdir())
        if not path.name.endswith((ERRORS_SUFFIX, PART_SUFFIX))
        and not path.name.startswith((".", "~$"))
    )
    looks = ((path, footprint(path)) for path in islice(found, FILES_PER_LOOK_MAX))
    return {path: look for path, look in looks if look is not None}


def settled(before: dict[Path, Footprint], now: dict[Path, Footprint]) -> list[Path]:
    """Return the files that did not change between two looks, in the order of their names."""
    return [path for path, look in now.items() if before.get(path) == look]


def open_source(path: Path, look: Footprint) -> Source | Unreadable:
    """Return the file as a source, or why it cannot be read at all.

    UTF-8 (with or without a byte order mark) is tried first: GB18030 text is hardly ever valid
    UTF-8, while most UTF-8 text is valid GB18030 and would turn into other characters.
    """
    if not path.name.lower().endswith(SOURCE_SUFFIX):
        return Unreadable(sha256="", reason=form_reason("file-not-csv", ""))
    if look.size > FILE_BYTES_MAX:
        return Unreadable(sha256="", reason=form_reason("file-too-large", ""))
    digest = hashlib.sha256()
    decoders = {name: codecs.getincrementaldecoder(name)("strict") for name in ENCODINGS}
    lines = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            lines += chunk.count(b"\n")
            _feed(decoders, chunk)
    _feed(decoders, b"", final=True)
    if not decoders:
        return Unreadable(sha256=digest.hexdigest(), reason=form_reason("file-encoding", ""))
    encoding = next(name for name in ENCODINGS if name in decoders)
    return Source(
        path=path,
        footprint=look,
        sha256=digest.hexdigest(),
        encoding="utf-8-sig" if encoding == "utf-8" else encoding,
        lines=lines,
    )


@contextmanager
def rows_of(source: Source) -> Iterator[Iterator[Row]]:
    """Give an iterator over the rows, header included, blank rows left out but counted.

    The iterator raises BrokenRowError at a row that is not CSV.
    """
    with source.path.open("r", encoding=source.encoding, errors="strict", newline="") as stream:
        yield _rows(csv.reader(_without_nul(stream), strict=True))


def batches(rows: Iterable[Row], size: int = ROWS_PER_BATCH_MAX) -> Iterator[list[Row]]:
    """Yield the rows in lists of at most `size`; what came before a broken row is yielded first."""
    batch: list[Row] = []
    broken: BrokenRowError | None = None
    iterator = iter(rows)
    while broken is None:
        try:
            row = next(iterator, None)
        except BrokenRowError as error:
            broken = error
            break
        if row is None:
            break
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
    if broken is not None:
        raise broken


def _feed(
    decoders: dict[str, codecs.IncrementalDecoder], chunk: bytes, *, final: bool = False
) -> None:
    """Give the chunk to each decoder that is still in the running; drop those that refuse it."""
    for name in list(decoders):
        try:
            decoders[name].decode(chunk, final)
        except UnicodeDecodeError:
            del decoders[name]


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except (csv.Error, UnicodeDecodeError) as error:
            raise BrokenRowError(number) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield Row(number, cells)


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines; a NUL, which the csv module of 3.11 lets through, makes a line no CSV."""
    for line in lines:
        if "\0" in line:
            raise csv.Error("line contains NUL")
        yield line
