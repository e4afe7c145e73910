"""The department's database as the adapter sees it: outbox, answers, and how far the reader is.

Knows psycopg and the tables of `outbox.sql`; decides nothing. Every change to the reader's row
counts its turn on, and a change by somebody who does not know the last turn fails: so of two
adapters on one outbox one ends, whatever moment they meet in.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from credit_bus.domain.reason import Reason
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.client import EVENTS_PER_TRANSACTION_MAX
from credit_bus_connectors.departments.failures import FencedError
from credit_bus_connectors.departments.table import queries
from credit_bus_connectors.departments.table.frontier import Writer
from credit_bus_connectors.departments.table.rows import (
    PAYLOAD_BYTES_MAX,
    Answered,
    Row,
    State,
)

CONNECT_WAIT_SECONDS_MAX = 5
STATEMENT_WAIT_SECONDS_MAX = 60
LOCK_WAIT_SECONDS_MAX = 20
UNANSWERED_WAIT_SECONDS_MAX = 30  # for a server that is gone without a word
BATCH_ROWS_MAX = EVENTS_PER_TRANSACTION_MAX
BATCH_BYTES_MAX = 16 * 1024 * 1024
NAMES_CHARACTERS_READ_MAX = 256  # of columns that a department may have made longer
PASSED_OVER_MAX = 500  # rows at a time


class WrongTableError(Exception):
    """The department's database is not what the adapter needs. The text lists everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How far the adapter is."""

    party: str | None
    position: int
    batch: UUID | None
    batch_end: int | None
    replies: Mapping[int, int] = field(hash=False)
    turn: int

    def confirmed(self) -> "Reader":
        """Return the reader once its batch is known to have been said."""
        assert self.batch_end is not None, "there is a batch to confirm"
        return replace(self, position=self.batch_end, batch=None, batch_end=None)


class Store:
    """One connection to the department's database. `reader` is what stands there."""

    reader: Reader

    def __init__(self, url: str) -> None:
        """Connect, and read how far the reader is."""
        options = (
            f"-c statement_timeout={STATEMENT_WAIT_SECONDS_MAX}s"
            f" -c lock_timeout={LOCK_WAIT_SECONDS_MAX}s -c timezone=UTC"
        )
        with reaching():
            self.connection = psycopg.connect(
                url,
                autocommit=True,
                client_encoding="utf-8",
                connect_timeout=CONNECT_WAIT_SECONDS_MAX,
                options=options,
                tcp_user_timeout=UNANSWERED_WAIT_SECONDS_MAX * 1000,
                application_name="credit-bus table",
            )

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def load(self) -> None:
        """Read how far the reader is."""
        with reaching():
            row = self.connection.execute(queries.READER).fetchone()
        if row is None:
            raise WrongTableError(
                "credit_bus.reader has no row: INSERT INTO credit_bus.reader DEFAULT VALUES"
            )
        party, position, batch, batch_end, replies, turn = row
        self.reader = Reader(
            party=party,
            position=position,
            batch=batch,
            batch_end=batch_end,
            replies={int(number): offset for number, offset in replies.items()},
            turn=turn,
        )

    def move(self, reader: Reader) -> None:
        """Let this be how far the reader is. Raises FencedError when another adapter moved it."""
        with reaching(), self.connection.transaction():
            self._move(reader)
        self._moved(reader)

    def highest(self) -> int:
        """Return the highest position to be seen, 0 for none."""
        with reaching():
            row = self.connection.execute(queries.HIGHEST).fetchone()
        return 0 if row is None else int(row[0])

    def writers(self) -> list[Writer]:
        """Return whoever may have inserted rows that are not to be seen yet."""
        with reaching():
            found = self.connection.execute(queries.WRITERS).fetchall()
        return [Writer(transaction=transaction, pid=pid) for transaction, pid in found]

    def rows(self, until: int) -> list[Row]:
        """Return the next rows up to that position: a batch, bounded in rows and in bytes."""
        given = {
            "after": self.reader.position,
            "until": until,
            "rows": BATCH_ROWS_MAX,
            "characters": NAMES_CHARACTERS_READ_MAX,
            "payload_bytes": PAYLOAD_BYTES_MAX,
            "batch_bytes": BATCH_BYTES_MAX,
        }
        with reaching():
            return [_row(found) for found in self.connection.execute(queries.ROWS, given)]

    def take(self, answers: Sequence[Answered], reader: Reader) -> set[int]:
        """Write down what is about to be said and what never will be, and the batch's name.

        Returns the positions that are pending: those to say.
        """
        keys = ([each.id for each in answers], [each.position for each in answers])
        with reaching(), self.connection.transaction(), self.connection.cursor() as cursor:
            self._move(reader)
            cursor.executemany(queries.TAKE, [_stored(each) for each in answers])
            found = cursor.execute(queries.PENDING_AT, keys).fetchall()
        self._moved(reader)
        return {position for (position,) in found}

    def waiting(self, counts: Mapping[str, int]) -> dict[str, list[Answered]]:
        """Return the first pending answers of each event, in order of position: so many of it."""
        waiting = defaultdict(list)
        with reaching():
            for row_id, position, taken_at, event_id in self.connection.execute(
                queries.WAITING, [list(counts), list(counts.values())]
            ):
                waiting[event_id].append(
                    Answered(
                        id=row_id,
                        position=position,
                        state=State.PENDING,
                        taken_at=taken_at,
                        event_id=event_id,
                    )
                )
        return dict(waiting)

    def book(self, answers: Sequence[Answered], reader: Reader) -> None:
        """Write down answers, and how far the replies were read: both or neither."""
        with reaching(), self.connection.transaction(), self.connection.cursor() as cursor:
            self._move(reader)
            cursor.executemany(queries.ANSWER, [_stored(each) for each in answers])
        self._moved(reader)

    def passed_over(self, after: int, until: int) -> list[tuple[UUID, int]]:
        """Return rows of this stretch, below the reader's position, that have no answer."""
        with reaching():
            given = (after, until, PASSED_OVER_MAX)
            return self.connection.execute(queries.PASSED_OVER, given).fetchall()

    def still_pending(self) -> list[str]:
        """Return events that wait for their answer, `BATCH_ROWS_MAX` at most."""
        with reaching():
            found = self.connection.execute(queries.STILL_PENDING, [BATCH_ROWS_MAX]).fetchall()
        return [event_id for (event_id,) in found]

    def _move(self, reader: Reader) -> None:
        given = {
            "party": reader.party,
            "position": reader.position,
            "batch": reader.batch,
            "batch_end": reader.batch_end,
            "replies": Jsonb({str(number): at for number, at in reader.replies.items()}),
            "turn": self.reader.turn,
        }
        if self.connection.execute(queries.MOVE, given).rowcount != 1:
            raise FencedError(
                "another adapter reads this outbox; end one of the two: a department's outbox has"
                " one reader"
            )

    def _moved(self, reader: Reader) -> None:
        self.reader = replace(reader, turn=self.reader.turn + 1)


@contextmanager
def reaching() -> Iterator[None]:
    """Turn a server that is not there, or went away, into UnreachableError."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        state = getattr(error, "sqlstate", None) or "no answer"
        raise UnreachableError(
            f"the department's database: {type(error).__name__} ({state}); see to the server or to"
            " --source-database"
        ) from error


def _row(found: tuple[Any, ...]) -> Row:
    row_id, position, kind, aggregateid, revision, causationid, said_at, payload, large = found
    return Row(
        id=row_id,
        position=position,
        type=kind,
        aggregateid=aggregateid,
        revision=revision,
        causationid=causationid,
        said_at=said_at,
        payload=payload,
        too_large=large,
    )


def _stored(answer: Answered) -> dict[str, object]:
    return {
        "id": answer.id,
        "position": answer.position,
        "state": answer.state.value,
        "event_id": answer.event_id,
        "reasons": json.dumps([_told(each) for each in answer.reasons], ensure_ascii=False),
        "rule_version": answer.rule_version,
        "taken_at": answer.taken_at,
        "answered_at": answer.answered_at,
    }


def _told(reason: Reason) -> dict[str, str]:
    return {
        "code": reason.code,
        "field": reason.field,
        "rule": reason.rule,
        "remedy": reason.remedy,
    }
