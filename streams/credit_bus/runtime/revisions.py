"""What a lane knows of its documents: newest accepted revision and content, on local disk.

It is an index over the lane's own partition of the log of record, never a source of truth: it
keeps the offset up to which it has read, is brought up to date from the log on assignment, and can
be thrown away. SQLite, one file a lane.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from credit_bus.flows.outcome import Known

_KEYS_PER_QUERY_MAX = 512
_LOCK_WAIT_SECONDS_MAX = 1.0
# SQLite's pages, of all lanes together. A transaction changes a page for nearly every new document
# of an index of millions; where they do not fit, they are written twice. Over 2,500,000 documents,
# 1,250 took 34 µs each instead of 42 with SQLite's own 2 MB.
_CACHE_KIB_MAX = 32 * 1024
_CACHE_KIB_OF_LANE = (2_000, 8_192)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    key BLOB PRIMARY KEY, revision INTEGER NOT NULL, digest BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS position (
    one INTEGER PRIMARY KEY CHECK (one = 1), log TEXT NOT NULL, next_offset INTEGER NOT NULL
);
"""


class RevisionIndex:
    """The index of one lane. Not safe for two processes at once: the lane's producer fences."""

    def __init__(self, path: Path, *, log: str, lanes: int = 1) -> None:
        """Open or create the file; `lanes` is how many indexes the process keeps.

        An index of another log (another cluster), one that a frozen process still holds locked, or
        one that is no database any more is thrown away: the log tells it all again.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = _open(path)
        except sqlite3.DatabaseError:
            for name in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
                name.unlink(missing_ok=True)
            self._connection = _open(path)
        least, most = _CACHE_KIB_OF_LANE
        cache_kib = min(max(_CACHE_KIB_MAX // lanes, least), most)
        self._connection.execute(f"PRAGMA cache_size = -{cache_kib:d}")
        row = self._connection.execute("SELECT log, next_offset FROM position").fetchone()
        if row is None or row[0] != log:
            self._connection.executescript("BEGIN; DELETE FROM document; DELETE FROM position;")
            self._connection.execute("INSERT INTO position VALUES (1, ?, 0)", (log,))
            self._connection.execute("COMMIT")
            self.next_offset = 0
        else:
            self.next_offset = int(row[1])

    def reset(self) -> None:
        """Forget everything: the log no longer holds what the index claims to have read."""
        self._connection.executescript(
            "BEGIN; DELETE FROM document; UPDATE position SET next_offset = 0; COMMIT;"
        )
        self.next_offset = 0

    def known(self, keys: Sequence[bytes]) -> dict[bytes, Known]:
        """Return what is known of these documents; a document never seen is absent."""
        found: dict[bytes, Known] = {}
        for start in range(0, len(keys), _KEYS_PER_QUERY_MAX):
            part = _filled_up(keys[start : start + _KEYS_PER_QUERY_MAX])
            marks = ",".join("?" * len(part))
            query = f"SELECT key, revision, digest FROM document WHERE key IN ({marks})"  # noqa: S608 - only question marks are put in
            for key, revision, digest in self._connection.execute(query, part):
                found[key] = Known(revision=revision, digest=digest)
        return found

    def advance(self, changes: Mapping[bytes, Known], *, next_offset: int) -> None:
        """Store changed documents and how far the log has been read, in one transaction."""
        rows: Iterable[tuple[bytes, int, bytes]] = (
            (key, known.revision, known.digest) for key, known in changes.items()
        )
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT INTO document VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE"
            " SET revision = excluded.revision, digest = excluded.digest"
            " WHERE excluded.revision >= document.revision",
            rows,
        )
        self._connection.execute("UPDATE position SET next_offset = ?", (next_offset,))
        self._connection.execute("COMMIT")
        self.next_offset = next_offset

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _filled_up(keys: Sequence[bytes]) -> list[bytes]:
    """Return them with the last one repeated, up to a power of two.

    SQLite keeps the last 128 statements prepared. A statement for every number of keys took 8 MiB a
    lane; ten of them take 0.3.
    """
    size = 1 << (len(keys) - 1).bit_length()
    return [*keys, *[keys[-1]] * (size - len(keys))]


def _open(path: Path) -> sqlite3.Connection:
    """Return a connection that has shown it can write. Raises sqlite3.DatabaseError."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=_LOCK_WAIT_SECONDS_MAX)
    try:
        # A lost tail is read again from the log, so the disk need not be waited for.
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + _SCHEMA + "BEGIN IMMEDIATE; COMMIT"
        )
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
