"""One stretch of work on an outbox: from connecting until something does not answer.

All that must outlast it stands in the department's database and on the broker, so whatever goes
wrong, a new session takes up where that says. The way of a batch:

1. Its answers are written down as pending, under the batch's name.
2. Its events are said in one Kafka transaction that leaves the name as its mark.
3. The reader's position moves to the end of the batch.

A session that finds a named batch asks the broker for the last mark: that name, and the batch was
said; another, and it was not. So no row is said twice, and the gate answers each row once.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import Self
from uuid import uuid4

import structlog

from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus_connectors.departments.receipts import Answer
from credit_bus_connectors.departments.rules import form_reason
from credit_bus_connectors.departments.sealing import Sealer
from credit_bus_connectors.departments.table.frontier import Frontier, mark, narrowed
from credit_bus_connectors.departments.table.marking import MarkingClient
from credit_bus_connectors.departments.table.reading import Settings, read_rows
from credit_bus_connectors.departments.table.rows import (
    Row,
    booked,
    refused,
)
from credit_bus_connectors.departments.table.shape import (
    check_shape,
    excess_rights,
)
from credit_bus_connectors.departments.table.store import (
    PASSED_OVER_MAX,
    Store,
    WrongTableError,
)
from credit_bus_connectors.measured import measure_rows

CLIENT_INSTANCE = "table"
LOOK_SECONDS = 0.3  # between two looks at an outbox with nothing new
HELD_LOOK_SECONDS = 0.02  # while somebody who is about to commit holds the frontier
HELD_LOOKS_SECONDS_MAX = 1.0  # after that he is not about to
HELD_TOLD_AFTER_SECONDS = 10.0
HELD_TOLD_EVERY_SECONDS = 60.0
SWEEP_SECONDS = 600.0  # between two searches for rows that came below the position
SWEEP_POSITIONS = 10_000  # in one turn of a search
PIDS_TOLD_MAX = 10

log = structlog.get_logger()


class Session:
    """Connected to the department's database, the broker and the key store."""

    def __init__(self, settings: Settings, meter: Meter | None = None) -> None:
        """Connect, check, and settle what a former session left open.

        Raises WrongTableError for an outbox that is none, UnreachableError, ClientError or
        KafkaError when something does not answer.
        """
        self._settings = settings
        self._meter = meter or Meter()
        self._frontier: Frontier | None = None
        self._held_told_at = 0.0
        self._sweep_from: int | None = None
        self._swept_at = -SWEEP_SECONDS
        with ExitStack() as stack:
            self._store = Store(settings.source_database)
            stack.callback(self._store.close)
            self._claim()
            self._sealer = Sealer(settings.database, secret=settings.secret)
            stack.callback(self._sealer.close)
            self._client = MarkingClient(
                settings.party, settings.broker, codec=settings.codec, instance=CLIENT_INSTANCE
            )
            stack.callback(self._client.close)
            self._settle()
            self._replies = self._client.open_replies()
            stack.callback(self._replies.close)
            self._place()
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._stack.close()

    @property
    def is_read(self) -> bool:
        """Whether nothing is known to lie before the reader."""
        return self._frontier is None

    def still_pending(self) -> Sequence[str]:
        """Return events without an answer yet, some of them if they are many."""
        return self._store.still_pending()

    def turn(self) -> int:
        """Say the next batch, book the receipts that came; return how many rows that concerned.

        Waits `LOOK_SECONDS` at most when there is nothing to do.
        """
        said = self._say()
        return said + self._book(0.0 if said else self._wait_seconds())

    def _claim(self) -> None:
        """Check the tables and make the outbox this party's."""
        store, party = self._store, self._settings.party
        check_shape(store.connection)
        excess = excess_rights(store.connection)
        if excess:
            log.warning("table.rights_too_wide", party=party, rights=excess)
        store.load()
        if store.reader.party not in (None, party):
            raise WrongTableError(
                f"this outbox is {store.reader.party}'s, not {party}'s: correct the party or"
                " --source-database"
            )

    def _settle(self) -> None:
        """Find out whether a batch that a former session left open was said."""
        reader, last = self._store.reader, self._client.last_mark()
        if reader.batch is None:
            return
        was_said = last == str(reader.batch)
        log.info("table.settled", party=self._settings.party, said=was_said)
        settled = reader.confirmed() if was_said else replace(reader, batch=None, batch_end=None)
        self._store.move(settled)

    def _place(self) -> None:
        """Go to where the replies were read to: at the first start their end, noted at once."""
        reader = self._store.reader
        placed, gone = self._replies.place(reader.replies)
        if gone:
            log.error(
                "table.replies_gone",
                party=self._settings.party,
                records=gone,
                remedy="answers among them stay pending; insert these rows again",
            )
        self._store.move(replace(reader, party=self._settings.party, replies=placed))

    def _say(self) -> int:
        """Say the next batch that may be said; return how many rows it had."""
        now = monotonic()
        self._sweep(now)
        if self._frontier is None:
            highest = self._store.highest()
            if highest <= self._store.reader.position:
                return 0
            self._frontier = mark(highest, self._store.writers(), since=now)
        elif not self._frontier.is_safe:
            self._frontier = narrowed(self._frontier, self._store.writers())
        if not self._frontier.is_safe:
            self._tell_held(self._frontier, now)
            return 0
        rows = self._store.rows(self._frontier.until)
        if rows:
            self._say_rows(rows)
        else:  # what had these positions was rolled back
            self._store.move(replace(self._store.reader, position=self._frontier.until))
        if self._store.reader.position >= self._frontier.until:
            self._frontier = None
        return len(rows)

    def _say_rows(self, rows: Sequence[Row]) -> None:
        began = monotonic()
        now = datetime.now(UTC)
        events, answers = read_rows(rows, self._settings, self._sealer, now=now)
        reader, end = self._store.reader, rows[-1].position
        if events:
            reader = replace(reader, batch=uuid4(), batch_end=end)
        else:
            reader = replace(reader, position=end)
        to_say = self._store.take(answers, reader)
        said = [event for position, event in events.items() if position in to_say]
        if said:
            self._client.publish_marked(said, str(reader.batch))
        if events:
            self._store.move(self._store.reader.confirmed())
        seconds = monotonic() - began
        self._meter.observe(table.TABLE_BATCH, seconds, party=self._settings.party)
        log.info(
            "table.batch",
            party=self._settings.party,
            rows=len(rows),
            said=len(said),
            refused=len(rows) - len(events),
            position=end,
            seconds=round(seconds, 3),
        )

    def _book(self, wait_seconds: float) -> int:
        """Write down the answers that came; return how many."""
        found = self._replies.read(wait_seconds)
        if not found.positions:
            return 0
        reader = replace(
            self._store.reader, replies={**self._store.reader.replies, **found.positions}
        )
        counts = Counter(receipt.event_id for receipt in found.receipts)
        answers = booked(found.receipts, self._store.waiting(counts) if counts else {})
        if not answers:
            self._store.reader = reader  # noted with the next thing that is
            return 0
        self._store.book(answers, reader)
        states = Counter(each.state.value for each in answers)
        told = {kind.value: states[kind.value] for kind in Answer}
        measure_rows(self._meter, self._settings.party, told)
        log.info(
            "table.answers",
            party=self._settings.party,
            **told,
        )
        return len(answers)

    def _sweep(self, now: float) -> None:
        """Answer rows that came below the position: a sequence set back, or a table put back.

        A stretch of positions a turn, so that a table of millions holds nothing up.
        """
        if self._sweep_from is None:
            if now - self._swept_at < SWEEP_SECONDS:
                return
            self._sweep_from = 0
        end = self._store.reader.position
        until = min(self._sweep_from + SWEEP_POSITIONS, end)
        found = self._store.passed_over(self._sweep_from, until)
        if found:
            taken_at = datetime.now(UTC)
            reasons = (form_reason("row-passed-over", "position"),)
            answers = [refused(row_id, at, reasons, now=taken_at) for row_id, at in found]
            self._store.take(answers, self._store.reader)
            log.error("table.passed_over", party=self._settings.party, rows=len(found))
        if len(found) < PASSED_OVER_MAX:
            self._sweep_from = until if until < end else None
            self._swept_at = now

    def _wait_seconds(self) -> float:
        if self._frontier is None:
            return LOOK_SECONDS
        held = monotonic() - self._frontier.since
        return HELD_LOOK_SECONDS if held < HELD_LOOKS_SECONDS_MAX else LOOK_SECONDS

    def _tell_held(self, frontier: Frontier, now: float) -> None:
        """Say in time that transactions which stay open keep rows from being read."""
        held = now - frontier.since
        if held < HELD_TOLD_AFTER_SECONDS or now - self._held_told_at < HELD_TOLD_EVERY_SECONDS:
            return
        self._held_told_at = now
        pids = sorted(each.pid for each in frontier.writers if each.pid is not None)
        log.warning(
            "table.held",
            party=self._settings.party,
            seconds=round(held),
            rows_max=frontier.until - self._store.reader.position,
            transactions=len(frontier.writers),
            pids=pids[:PIDS_TOLD_MAX],
            remedy="commit or end these transactions: pg_stat_activity, pg_prepared_xacts",
        )
