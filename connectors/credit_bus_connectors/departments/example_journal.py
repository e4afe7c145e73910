"""What the example department remembers, in SQLite: what it said, what it was asked, what rests.

Everything is written here before it is sent, and sent from here: so a department that dies at any
moment says the same bytes again, answers no order twice and forgets no suspension.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.identity import KEY_BYTES
from credit_bus.contracts.wire import Message, read_event, write_event
from credit_bus.domain.event import Event, document_key

_TABLES = """
CREATE TABLE IF NOT EXISTS said (
    place INTEGER PRIMARY KEY, id TEXT UNIQUE, document BLOB, revision INTEGER,
    key BLOB, headers TEXT, value BLOB, answer TEXT
);
CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS asked (
    id TEXT PRIMARY KEY, action TEXT, measure TEXT, subject TEXT, carried_out INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS suspension (
    action TEXT, reference TEXT, PRIMARY KEY (action, reference)
);
CREATE TABLE IF NOT EXISTS ended (action TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS holder_key (pseudonym TEXT PRIMARY KEY, key BLOB);
"""
_RESTS = "SELECT 1 FROM suspension WHERE action = ? UNION SELECT 1 FROM ended WHERE action = ?"


class Journal:
    """The department's memory. Any thread may use it; a block of `whole` is kept whole or not."""

    def __init__(self, path: Path, codec: Codec) -> None:
        self._codec = codec
        self._lock = threading.RLock()
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.executescript(_TABLES)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Keep everything that the block writes, or nothing of it."""
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def take_file(self, name: str) -> bool:
        """Note that the file is being taken in; return whether it is new."""
        return self._write("INSERT OR IGNORE INTO file VALUES (?)", name) == 1

    def say(self, event: Event) -> None:
        """Keep what is to be said, in its final bytes."""
        wire = write_event(event, self._codec)
        headers = json.dumps([(name, value.decode()) for name, value in wire.headers])
        self._write(
            "INSERT OR IGNORE INTO said (id, document, revision, key, headers, value)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            event.id, document_key(event), event.revision, wire.key, headers, wire.value,
        )  # fmt: skip

    def next_revision(self, document: bytes) -> int:
        """Return the revision under which something new about the document is said.

        Also after a refusal: a receipt for the old words could otherwise be taken for one for the
        new ones, since the id is made from the revision and not from the words.
        """
        found = self._read("SELECT max(revision) FROM said WHERE document = ?", document)
        return int(found[0][0] or 0) + 1

    def unanswered(self) -> list[Event]:
        """Return what has no receipt yet, in the order in which it was said first."""
        rows = self._read(
            "SELECT key, headers, value FROM said WHERE answer IS NULL ORDER BY place"
        )
        return [self._event(*row) for row in rows]

    def answer(self, id_: str, answer: str) -> None:
        """Note the first receipt; a later one for the same event changes nothing."""
        self._write("UPDATE said SET answer = ? WHERE id = ? AND answer IS NULL", answer, id_)

    def ask(self, order: Event) -> bool:
        """Note an order; return whether it is new."""
        sql = "INSERT OR IGNORE INTO asked (id, action, measure, subject) VALUES (?, ?, ?, ?)"
        body = order.body
        return self._write(sql, order.id, body["action_id"], body["measure"], order.subject) == 1

    def waiting(self) -> list[tuple[str, str, str, str]]:
        """Return id, action, measure and subject of each order that may be carried out now."""
        rows = self._read("SELECT id, action, measure, subject FROM asked WHERE carried_out = 0")
        return [row for row in rows if not self._read(_RESTS, row[1], row[1])]

    def carried_out(self, order: str) -> None:
        """Note that the order was carried out."""
        self._write("UPDATE asked SET carried_out = 1 WHERE id = ?", order)

    def suspend(self, action: str, reference: str) -> None:
        """Note one suspension of an action; the order need not have come yet."""
        self._write("INSERT OR IGNORE INTO suspension VALUES (?, ?)", action, reference)

    def resume(self, action: str, reference: str) -> None:
        """Note that this one suspension is over."""
        self._write("DELETE FROM suspension WHERE action = ? AND reference = ?", action, reference)

    def end(self, action: str) -> bool:
        """Note that the action is over, for ever; return whether that is new."""
        return self._write("INSERT OR IGNORE INTO ended VALUES (?)", action) == 1

    def measures_of(self, action: str) -> list[str]:
        """Return the measures that were asked for by the action, carried out or not."""
        rows = self._read("SELECT DISTINCT measure FROM asked WHERE action = ?", action)
        return [measure for (measure,) in rows]

    def get_or_create(self, pseudonym: str) -> bytes:
        """Return the holder's key. A department of the district uses its PostgreSQL instead."""
        fresh = os.urandom(KEY_BYTES)
        self._write("INSERT OR IGNORE INTO holder_key VALUES (?, ?)", pseudonym, fresh)
        found = self.find(pseudonym)
        assert found is not None, "the key was just made"
        return found

    def find(self, pseudonym: str) -> bytes | None:
        """Return the holder's key, or None."""
        found = self._read("SELECT key FROM holder_key WHERE pseudonym = ?", pseudonym)
        return bytes(found[0][0]) if found else None

    def destroy(self, pseudonym: str) -> bool:
        """Erase the holder's key; return whether there was one."""
        return self._write("DELETE FROM holder_key WHERE pseudonym = ?", pseudonym) == 1

    def _event(self, key: bytes, headers: str, value: bytes) -> Event:
        message = Message(
            topic="", partition=0, offset=0, timestamp_ms=0, key=key, value=value,
            headers=tuple((name, text.encode()) for name, text in json.loads(headers)),
        )  # fmt: skip
        event = read_event(message, self._codec).event
        assert event is not None, "the journal holds only what was written as an event"
        return event

    def _write(self, sql: str, *values: object) -> int:
        with self._lock:
            return self._base.execute(sql, values).rowcount

    def _read(self, sql: str, *values: object) -> list[Any]:
        with self._lock:
            return self._base.execute(sql, values).fetchall()
