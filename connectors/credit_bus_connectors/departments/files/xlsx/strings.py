"""The table of shared strings, on disk: a workbook may have millions, and memory must not grow.

Knows the part `sharedStrings` and SQLite. The database has no name: its file is removed by the
system when the process ends, however it ends.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache

from credit_bus_connectors.departments.files.cells import Cell, Problem
from credit_bus_connectors.departments.files.xlsx.package import (
    TOO_LARGE,
    Attributes,
    Package,
    PackageError,
)
from credit_bus_connectors.departments.files.xlsx.values import Strings, Words, unescaped

STRINGS_MAX = 10_000_000
PAGE_CACHE_KIBIBYTES = 2048
KEPT_MAX = 256  # strings said over and over: categories, the department's own name

_TABLE = "CREATE TABLE string (number INTEGER PRIMARY KEY, text TEXT, problem TEXT)"
_INSERT = "INSERT INTO string (number, text, problem) VALUES (?, ?, ?)"
_FIND = "SELECT text, problem FROM string WHERE number = ?"


class TextReader:
    """Reads `si` and `is` elements: the text of all runs, without phonetic guides."""

    __slots__ = ("_in_guide", "_in_text", "words")

    def __init__(self) -> None:
        self.words = Words()
        self._in_text = self._in_guide = False

    def start(self, name: str) -> None:
        """An element inside the text begins."""
        if name == "rPh":
            self._in_guide = True
        elif name == "t":
            self._in_text = not self._in_guide

    def end(self, name: str) -> None:
        """An element inside the text ends."""
        if name == "rPh":
            self._in_guide = False
        elif name == "t":
            self._in_text = False

    def text(self, piece: str) -> None:
        """Take a piece of text, if it is one that is shown."""
        if self._in_text:
            self.words.add(piece)


@contextmanager
def spooled_strings(package: Package, part: str | None) -> Iterator[Strings]:
    """Give a function from a string's number to its text, the table being on disk.

    Raises PackageError for a part that is bent, before anything is given.
    """
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as disk:
        disk.execute("PRAGMA journal_mode = OFF")
        disk.execute("PRAGMA synchronous = OFF")
        disk.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIBIBYTES}")
        disk.execute("PRAGMA temp_store = FILE")
        disk.execute(_TABLE)
        if part is not None:
            disk.execute("BEGIN")
            for batch in _read(package, part):
                disk.executemany(_INSERT, batch)
            disk.execute("COMMIT")

        @lru_cache(maxsize=KEPT_MAX)
        def string(number: int) -> Cell | None:
            if number >= STRINGS_MAX:
                return None
            row = disk.execute(_FIND, (number,)).fetchone()
            if row is None:
                return None
            text, problem = row
            return text if problem is None else Problem(problem)

        yield string


def _read(package: Package, part: str) -> Iterator[list[tuple[int, str, str | None]]]:
    """Yield the strings in order, numbered, as they come out of each chunk."""
    reader = TextReader()
    ready: list[tuple[int, str, str | None]] = []
    count = 0

    def start(name: str, _: Attributes) -> None:
        reader.start(name)

    def end(name: str) -> None:
        nonlocal count
        if name != "si":
            reader.end(name)
            return
        if count == STRINGS_MAX:
            raise PackageError(TOO_LARGE)
        found = reader.words.take()
        text, problem = ("", found.code) if isinstance(found, Problem) else (unescaped(found), None)
        ready.append((count, text, problem))
        count += 1

    for _ in package.parse(part, start=start, end=end, text=reader.text):
        if ready:
            yield ready
            ready.clear()
