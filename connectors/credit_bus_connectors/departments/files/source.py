"""A file that a department put into its folder: its bytes, its kind, and its tables.

Knows files; how a kind is read stands in `csv_file` and `xlsx`. Rows are streamed: a file is never
held whole.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from credit_bus_connectors.departments.files.csv_file import EncodingGuess, csv_tables
from credit_bus_connectors.departments.files.tables import Table, Unreadable, unreadable
from credit_bus_connectors.departments.files.xlsx.package import PackageError
from credit_bus_connectors.departments.files.xlsx.workbook import (
    Workbook,
    survey_workbook,
    workbook_tables,
)

FILE_BYTES_MAX = 256 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
FILES_PER_LOOK_MAX = 1000

CSV_SUFFIX, XLSX_SUFFIX = ".csv", ".xlsx"
PART_SUFFIX = ".part"  # still being written
ERRORS_SUFFIX = ".errors.csv"

# Kinds that are refused by their name alone: by which rule.
_REFUSED_SUFFIXES = {".xls": "file-xls", ".et": "file-xls", ".xlsm": "file-macros"}
_ZIP_MAGIC = b"PK"
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")  # Excel 97-2003, and what has a password
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Footprint:
    """How a file looked from outside; a file still being written changes it."""

    size: int
    modified_ns: int
    inode: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file whose every byte was seen and whose kind can be read."""

    path: Path
    footprint: Footprint
    sha256: str
    content: str | Workbook  # the encoding of a CSV file, or what a workbook holds
    lines: int  # about the number of rows, for a progress bar


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bytes:
    """What one reading of a file's bytes told."""

    sha256: str
    head: bytes
    encoding: str | None
    lines: int
    encrypted: bool


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

    What its name says and what its bytes are must agree: nothing is guessed.
    """
    suffix = path.suffix.lower()
    if suffix not in (CSV_SUFFIX, XLSX_SUFFIX):
        return unreadable(_REFUSED_SUFFIXES.get(suffix, "file-kind"))
    if look.size > FILE_BYTES_MAX:
        return unreadable("file-too-large")
    seen = _look_through(path)
    if suffix == XLSX_SUFFIX:
        return _open_workbook(path, look, seen)
    if seen.head.startswith(_OLE_MAGIC) or (
        seen.head.startswith(_ZIP_MAGIC) and seen.encoding is None
    ):
        return unreadable("file-kind-differs", seen.sha256)
    if seen.encoding is None:
        return unreadable("file-encoding", seen.sha256)
    return Source(
        path=path,
        footprint=look,
        sha256=seen.sha256,
        content=seen.encoding,
        lines=seen.lines,
    )


def tables_of(source: Source) -> AbstractContextManager[Iterator[Table]]:
    """Give the tables of the file, in order; each must be read before the next is asked for.

    Raises PackageError for a workbook whose texts are bent.
    """
    match source.content:
        case str():
            return csv_tables(source.path, source.content)
        case Workbook():
            return workbook_tables(source.path, source.content)


def _open_workbook(path: Path, look: Footprint, seen: _Bytes) -> Source | Unreadable:
    if seen.head.startswith(_OLE_MAGIC):
        return unreadable("file-encrypted" if seen.encrypted else "file-xls", seen.sha256)
    if not seen.head.startswith(_ZIP_MAGIC):
        return unreadable("file-kind-differs", seen.sha256)
    try:
        book = survey_workbook(path)
    except PackageError as error:
        return unreadable(error.code, seen.sha256)
    return Source(path=path, footprint=look, sha256=seen.sha256, content=book, lines=book.rows)


def _look_through(path: Path) -> _Bytes:
    digest = hashlib.sha256()
    guess = EncodingGuess()
    lines = 0
    head, tail = b"", b""
    encrypted = False
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            head = head or chunk[: len(_OLE_MAGIC)]
            digest.update(chunk)
            lines += chunk.count(b"\n")
            window = tail + chunk
            encrypted = encrypted or _OLE_ENCRYPTED in window
            tail = window[-len(_OLE_ENCRYPTED) :]
            guess.feed(chunk)
    guess.feed(b"", final=True)
    return _Bytes(
        sha256=digest.hexdigest(),
        head=head,
        encoding=guess.found(),
        lines=lines,
        encrypted=encrypted,
    )
