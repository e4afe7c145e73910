"""What the site reads: publications of a day, subjects by name, changes by number, a receipt.

Knows psycopg and the statements beside the connector's. Acts as the role `credit_bus_site`, which
may read what is public and nothing else, through a bounded number of connections. Thread-safe.
"""

import queue
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from credit_bus_connectors.platforms.postgres import CONNECT_WAIT_SECONDS_MAX, statement
from credit_bus_connectors.platforms.public_record import PublicRecord
from credit_bus_connectors.platforms.public_site import SCHEMA

ROLE = "credit_bus_site"
CONNECTIONS_MAX = 8
CONNECTION_WAIT_SECONDS_MAX = 5.0
STATEMENT_WAIT_SECONDS_MAX = 5
UNANSWERED_WAIT_SECONDS_MAX = 10  # for a server that is gone without a word
PAGE_RECORDS_MAX = 20
PAGES_MAX = 500
SUBJECTS_MAX = 50  # of one search by name
CHANGES_MAX = 500  # of one page of the feed

_CONTENT = tuple(field.name for field in fields(PublicRecord))
Connection = psycopg.Connection[DictRow]


class UnreadableError(Exception):
    """The database does not answer now. The text holds nothing of what was asked.

    `is_lost` says that a connection had gone, unknown to us: a new one may serve.
    """

    def __init__(self, text: str, *, is_lost: bool = False) -> None:
        super().__init__(text)
        self.is_lost = is_lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A document as the public sees it. Without a record it is shown no more, and `state` why."""

    id: str  # 32 hex digits
    number: int
    changed_at: datetime
    state: str
    revision: int
    corrected: bool
    disputed: bool
    record: PublicRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """At most PAGE_RECORDS_MAX publications, and whether more follow."""

    found: tuple[Publication, ...]
    number: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject with a code, by the name under which it was last published."""

    uscc: str
    name: str
    records: int


class Store:
    """The public rows of the schema `site`. Every method raises UnreadableError."""

    def __init__(self, url: str) -> None:
        """Remember where; the first use connects."""
        self._url = url
        self._free: queue.LifoQueue[Connection | None] = queue.LifoQueue()
        for _ in range(CONNECTIONS_MAX):
            self._free.put(None)

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while True:
            try:
                connection = self._free.get_nowait()
            except queue.Empty:
                return
            if connection is not None:
                connection.close()

    def is_readable(self) -> bool:
        """Return whether the site could answer now."""
        try:
            self.changes(after=0, limit=1)
        except UnreadableError:
            return False
        return True

    def kinds(self, day: date) -> Mapping[str, int]:
        """Return how many records of each kind are shown on that day."""
        rows = self._rows("count_kinds.sql", day=day)
        return {row["kind"]: row["shown"] for row in rows}

    def record(self, publication_id: str, day: date) -> Publication | None:
        """Return the publication of that id, or None when it is not shown on that day."""
        rows = self._rows("read_record.sql", key=bytes.fromhex(publication_id), day=day)
        return next(map(_publication, rows), None)

    def of_subject(self, uscc: str, day: date, *, page: int) -> Page:
        """Return what is shown of the subject with that code, newest first."""
        return self._page("read_subject.sql", page, uscc=uscc, day=day)

    def of_kinds(
        self, kinds: Sequence[str], day: date, *, page: int, title: str | None = None
    ) -> Page:
        """Return what is shown of these kinds, newest first; of one list when a title is given."""
        return self._page("read_kinds.sql", page, kinds=list(kinds), title=title, day=day)

    def named(self, text: str, day: date) -> tuple[Sequence[Subject], bool]:
        """Return the first SUBJECTS_MAX subjects whose name has that text, and if there are more.

        Names that begin with it come first. Whoever has no code is not found.
        """
        rows = self._rows("read_names.sql", text=text, day=day, limit=SUBJECTS_MAX + 1)
        return [Subject(**row) for row in rows[:SUBJECTS_MAX]], len(rows) > SUBJECTS_MAX

    def changes(self, *, after: int, limit: int) -> tuple[Sequence[Publication], bool]:
        """Return the changes after that number in their order, and whether there are more.

        A document stands at its newest change alone.
        """
        assert 1 <= limit <= CHANGES_MAX, "the feed's own bound holds it"
        rows = self._rows("read_changes.sql", after=after, limit=limit + 1)
        return [_publication(row) for row in rows[:limit]], len(rows) > limit

    def petition(self, receipt_digest: bytes) -> Mapping[str, Any] | None:
        """Return how the petition of that receipt stands, or None when there is none."""
        return next(iter(self._rows("read_petition.sql", receipt_digest=receipt_digest)), None)

    def _page(self, file: str, page: int, **asked: Any) -> Page:
        offset = (page - 1) * PAGE_RECORDS_MAX
        rows = self._rows(file, **asked, offset=offset, limit=PAGE_RECORDS_MAX + 1)
        found = tuple(map(_publication, rows[:PAGE_RECORDS_MAX]))
        return Page(found=found, number=page, more=len(rows) > PAGE_RECORDS_MAX)

    def _rows(self, file: str, **asked: Any) -> list[DictRow]:
        try:
            return self._read(file, asked)
        except UnreadableError as error:
            if not error.is_lost:
                raise
            return self._read(file, asked)  # the server was restarted since; reading is harmless

    def _read(self, file: str, asked: Mapping[str, Any]) -> list[DictRow]:
        with self.connection() as connection:
            return connection.execute(statement(SCHEMA, file), asked).fetchall()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Lend a connection; one that failed is not lent again. Raises UnreadableError."""
        try:
            connection = self._free.get(timeout=CONNECTION_WAIT_SECONDS_MAX)
        except queue.Empty:
            raise UnreadableError("every connection of the site is in use") from None
        try:
            if connection is None or connection.closed:
                connection = _connected(self._url)
            yield connection
        except psycopg.Error as error:
            is_lost = connection is not None and connection.closed
            if connection is not None:
                connection.close()
            told = f"{type(error).__name__} ({error.sqlstate})"
            raise UnreadableError(told, is_lost=is_lost) from error
        finally:
            self._free.put(connection)


def _connected(url: str) -> Connection:
    options = f"-c role={ROLE} -c statement_timeout={STATEMENT_WAIT_SECONDS_MAX}s"
    return psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=CONNECT_WAIT_SECONDS_MAX,
        tcp_user_timeout=UNANSWERED_WAIT_SECONDS_MAX * 1000,
        options=options,
        row_factory=dict_row,
    )


def _publication(row: DictRow) -> Publication:
    content = {name: row[name] for name in _CONTENT}
    return Publication(
        id=row["document_key"].hex(),
        number=row["change_number"],
        changed_at=row["changed_at"],
        state=row["state"],
        revision=row["revision"],
        corrected=row["corrected"],
        disputed=row["disputed"],
        record=None if row["name"] is None else PublicRecord(**content),
    )
