"""What this adapter has said: the last revision and content of each document, and each file seen.

A revision is written down *before* it is sent, so that a crash in between says the same thing again
under the same id and never two things under one. An answer is written down after it came. Knows
no file format and no Kafka. The store is SQLite, one file in the adapter's own state folder.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

BUSY_WAIT_SECONDS_MAX = 10.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS statement (
    type TEXT NOT NULL,
    document TEXT NOT NULL,
    subject TEXT NOT NULL,
    revision INTEGER NOT NULL,
    digest BLOB NOT NULL,
    state TEXT NOT NULL,
    file TEXT NOT NULL,
    row INTEGER NOT NULL,
    PRIMARY KEY (type, document, subject)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS former (
    type TEXT NOT NULL,
    document TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (type, document, subject, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    sha256 TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    answered_at TEXT
) WITHOUT ROWID;
"""
_FIND = (
    "SELECT revision, digest, state, file, row FROM statement"
    " WHERE type = ? AND document = ? AND subject = ?"
)
_SAY = (
    "INSERT INTO statement (type, document, subject, revision, digest, state, file, row)"
    " VALUES (?, ?, ?, ?, ?, 'said', ?, ?)"
    " ON CONFLICT (type, document, subject) DO UPDATE SET revision = excluded.revision,"
    " digest = excluded.digest, state = excluded.state, file = excluded.file, row = excluded.row"
)
# What was replaced by a correction; a refused content replaced nothing and was never in force.
_RETIRE = (
    "INSERT OR IGNORE INTO former (type, document, subject, digest)"
    " SELECT type, document, subject, digest FROM statement"
    " WHERE type = ? AND document = ? AND subject = ? AND digest <> ? AND state <> 'rejected'"
)
_IS_FORMER = "SELECT 1 FROM former WHERE type = ? AND document = ? AND subject = ? AND digest = ?"
_ANSWER = (
    "UPDATE statement SET state = ?"
    " WHERE type = ? AND document = ? AND subject = ? AND revision = ?"
)


class State(StrEnum):
    """What became of the last revision of a document."""

    SAID = "said"  # written down, perhaps sent, not answered yet
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Verdict(StrEnum):
    """What is to be done about a row."""

    SAY = "say"
    ANSWERED = "answered"  # this very row was accepted in a former run over the same file
    DUPLICATE = "duplicate"  # another row or file said the same, and it was accepted
    SUPERSEDED = "superseded"  # a later correction took the place of this content
    CONTRADICTED = "contradicted"  # another row of the same file says something else of it
    REPEATED = "repeated"  # an earlier row of the same batch says the same; it shares its answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A row as the ledger sees it."""

    type: str
    document: str
    subject: str
    digest: bytes  # of the encoded body
    file: str  # sha256 of the file's bytes, hexadecimal
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the ledger decided about a row, and under which revision."""

    verdict: Verdict
    revision: int
    resumed: bool = False  # this very row was said before and got no answer that was written down


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFile:
    """A file known by its content."""

    first_seen_at: datetime
    answered_at: datetime | None


class Ledger:
    """The adapter's memory. One thread at a time; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open the file, making it and its folder when they are missing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(
            path, timeout=BUSY_WAIT_SECONDS_MAX, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        # A revision written down must survive a power cut, or it would be given out twice.
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        """Return the ledger itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def open_file(self, *, sha256: str, name: str, now: datetime) -> SeenFile:
        """Return what is known of a file of this content, writing it down when it is new.

        `first_seen_at` is when the party handed it in: the time that its statements carry, the
        same on every attempt.
        """
        self._connection.execute(
            "INSERT INTO file (sha256, name, first_seen_at) VALUES (?, ?, ?)"
            " ON CONFLICT (sha256) DO NOTHING",
            (sha256, name, now.astimezone(UTC).isoformat()),
        )
        with closing(
            self._connection.execute(
                "SELECT first_seen_at, answered_at FROM file WHERE sha256 = ?", (sha256,)
            )
        ) as found:
            first, answered = found.fetchone()
        return SeenFile(
            first_seen_at=datetime.fromisoformat(first),
            answered_at=None if answered is None else datetime.fromisoformat(answered),
        )

    def close_file(self, *, sha256: str, now: datetime) -> None:
        """Write down that every row of the file has its answer."""
        self._connection.execute(
            "UPDATE file SET answered_at = ? WHERE sha256 = ?",
            (now.astimezone(UTC).isoformat(), sha256),
        )

    def stage(self, rows: Iterable[Said]) -> list[Entry]:
        """Return for each row whether to say it and under which revision; written down at once.

        All rows of a batch in one transaction, committed before this returns.
        """
        entries: list[Entry] = []
        in_batch: set[tuple[str, str, str, int]] = set()
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for row in rows:
                key = (row.type, row.document, row.subject)
                entry = self._judge(row, in_batch)
                if entry.verdict is Verdict.SAY:
                    in_batch.add((*key, entry.revision))
                    self._connection.execute(_RETIRE, (*key, row.digest))
                    values = (*key, entry.revision, row.digest, row.file, row.row)
                    self._connection.execute(_SAY, values)
                entries.append(entry)
        return entries

    def answer(self, answers: Iterable[tuple[Said, int, State]]) -> None:
        """Write down what became of these revisions, in one transaction.

        An answer about a revision that is no longer the last changes nothing.
        """
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                _ANSWER,
                [
                    (state.value, row.type, row.document, row.subject, revision)
                    for row, revision, state in answers
                ],
            )

    def _judge(self, row: Said, in_batch: set[tuple[str, str, str, int]]) -> Entry:
        key = (row.type, row.document, row.subject)
        with closing(self._connection.execute(_FIND, key)) as found:
            last = found.fetchone()
        if last is None:
            return Entry(verdict=Verdict.SAY, revision=1)
        revision, digest, state, file, number = last
        if digest != row.digest:
            other_row = file == row.file and number != row.row
            return self._judge_changed(row, revision, of_same_file=other_row)
        if (*key, revision) in in_batch:
            return Entry(verdict=Verdict.REPEATED, revision=revision)
        same = (file, number) == (row.file, row.row)
        match State(state):
            case State.ACCEPTED:
                verdict = Verdict.ANSWERED if same else Verdict.DUPLICATE
                return Entry(verdict=verdict, revision=revision)
            case State.SAID:
                return Entry(verdict=Verdict.SAY, revision=revision, resumed=same)
            case State.REJECTED:  # say it again: the registry may have changed since
                return Entry(verdict=Verdict.SAY, revision=revision)

    def _judge_changed(self, row: Said, revision: int, *, of_same_file: bool) -> Entry:
        """Return what to do about a content that is not the document's last."""
        if of_same_file:
            return Entry(verdict=Verdict.CONTRADICTED, revision=revision)
        if self._is_former((row.type, row.document, row.subject), row.digest):
            return Entry(verdict=Verdict.SUPERSEDED, revision=revision)
        return Entry(verdict=Verdict.SAY, revision=revision + 1)

    def _is_former(self, key: tuple[str, str, str], digest: bytes) -> bool:
        with closing(self._connection.execute(_IS_FORMER, (*key, digest))) as found:
            return found.fetchone() is not None
