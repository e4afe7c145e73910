"""A CSV file as one table: its encoding, its rows, one by one. Knows CSV; knows no template."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from credit_bus_connectors.departments.files.tables import (
    ROW_CHARACTERS_MAX,
    ROWS_PER_TABLE_MAX,
    BrokenTableError,
    Row,
    Table,
)

ENCODINGS = ("utf-8", "gb18030")  # in the order in which they are tried, strictly
LINE_CHARACTERS_MAX = 4 * ROW_CHARACTERS_MAX


class EncodingGuess:
    """Which of the encodings the chunks of a file can be; UTF-8 if both.

    GB18030 text is hardly ever valid UTF-8, while most UTF-8 text is valid GB18030 and would turn
    into other characters.
    """

    def __init__(self) -> None:
        self._decoders = {name: codecs.getincrementaldecoder(name)("strict") for name in ENCODINGS}

    def feed(self, chunk: bytes, *, final: bool = False) -> None:
        """Give the chunk to each decoder that is still in the running."""
        for name in list(self._decoders):
            try:
                self._decoders[name].decode(chunk, final)
            except UnicodeDecodeError:
                del self._decoders[name]

    def found(self) -> str | None:
        """Return the encoding, of UTF-8 the one that leaves out a byte order mark, or None."""
        name = next((name for name in ENCODINGS if name in self._decoders), None)
        return "utf-8-sig" if name == "utf-8" else name


@contextmanager
def csv_tables(path: Path, encoding: str) -> Iterator[Iterator[Table]]:
    """Give the file's one table."""
    with path.open("r", encoding=encoding, errors="strict", newline="") as stream:
        yield iter((Table(name="", rows=_rows(_Lines(stream))),))


class _Lines:
    """The lines of a text, with a bound on what one row may take.

    A NUL, which the csv module of 3.11 lets through, makes a line no CSV.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.left = LINE_CHARACTERS_MAX

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(self.left + 1)
        if not line:
            raise StopIteration
        self.left -= len(line)
        if self.left < 0:
            raise csv.Error("row too long")
        if "\0" in line:
            raise csv.Error("line contains NUL")
        return line


def _rows(lines: _Lines) -> Iterator[Row]:
    """Yield the rows; raises BrokenTableError at one that is not CSV."""
    reader = csv.reader(lines, strict=True)
    number = 0
    while True:
        number += 1
        lines.left = LINE_CHARACTERS_MAX
        try:
            cells = next(reader, None)
        except (csv.Error, UnicodeDecodeError) as error:
            raise BrokenTableError(number, "file-broken") from error
        if cells is None:
            return
        if number > ROWS_PER_TABLE_MAX:
            raise BrokenTableError(number, "file-too-large")
        if any(cell.strip() for cell in cells):
            yield Row(number, cells)
