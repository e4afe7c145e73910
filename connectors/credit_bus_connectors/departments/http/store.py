"""What the HTTP intake keeps in PostgreSQL: requests under their keys, statements, receipts.

Everything is written before it is acted on. A statement's record (its numbers sealed) is kept until
it stands in a committed transaction, and not longer. Knows psycopg; knows no HTTP and no Kafka.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from credit_bus.contracts.wire import Wire
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.http.keys import SCHEMA
from credit_bus_connectors.departments.http.request import Item, Name, Response, State, Verdict
from credit_bus_connectors.platforms.pool import Pool
from credit_bus_connectors.platforms.postgres import statement

CONNECTION_WAIT_SECONDS_MAX = 10.0
REMEMBERED_DAYS = 30
FORGOTTEN_AT_ONCE_MAX = 1_000
UNFINISHED_AT_ONCE_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A request as it is remembered."""

    digest: bytes
    items: tuple[Item, ...]
    is_said: bool
    response: Response | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A statement as the record that says it."""

    trace: str
    position: int
    event_id: str
    wire: Wire


class Store(Pool):
    """The schema `intake` of a database, through a bounded number of connections. Thread-safe."""

    schema = SCHEMA
    wait_seconds_max = CONNECTION_WAIT_SECONDS_MAX

    def find(self, name: Name) -> Kept | None:
        """Return what is remembered under the key."""
        row = self._one("find_request.sql", asdict(name))
        if row is None:
            return None
        digest, items, is_said, status, answer = row
        return Kept(
            digest=bytes(digest),
            items=tuple(_item(each) for each in items),
            is_said=is_said,
            response=None if status is None else Response(status=status, content=bytes(answer)),
        )

    def keep(
        self,
        name: Name,
        *,
        digest: bytes,
        received_at: datetime,
        items: Sequence[Item],
        written: Sequence[Written],
    ) -> bool:
        """Remember a new request and all its statements, in one transaction.

        Return False, and change nothing, when the key is remembered already.
        """
        request = {
            **asdict(name),
            "digest": digest,
            "received_at": received_at,
            "items": Jsonb([asdict(item) for item in items]),
        }
        statements = {
            **asdict(name),
            "traces": [each.trace for each in written],
            "positions": [each.position for each in written],
            "event_ids": [each.event_id for each in written],
            "record_keys": [each.wire.key.decode() for each in written],
            "headers": [
                Jsonb([[key, value.decode()] for key, value in each.wire.headers])
                for each in written
            ],
            "values": [each.wire.value for each in written],
        }
        with self.transaction() as connection:
            if connection.execute(statement(SCHEMA, "store_request.sql"), request).rowcount == 0:
                return False
            connection.execute(statement(SCHEMA, "store_statements.sql"), statements)
        return True

    def unsaid(self, name: Name) -> list[Wire]:
        """Return the records of the request that stand in no committed transaction, in order."""
        return [
            Wire(
                key=key.encode(),
                headers=[(each, value.encode()) for each, value in headers],
                value=bytes(value),
            )
            for _, key, headers, value in self._rows("read_unsaid.sql", asdict(name))
        ]

    def mark_said(self, name: Name) -> None:
        """Note that all of the request stands in a committed transaction; forget the records."""
        self._execute("mark_said.sql", asdict(name))

    def verdicts(self, name: Name) -> dict[str, Verdict]:
        """Return what is known of each statement of the request, by trace."""
        rows = self._rows("read_verdicts.sql", asdict(name))
        return {row[0]: _verdict(row) for row in rows}

    def event(self, party: str, event_id: str) -> Verdict | None:
        """Return what is known of an event that the party has said here."""
        row = self._one("read_event.sql", {"party": party, "event_id": event_id})
        return None if row is None else _verdict(row)

    def finish(self, name: Name, response: Response) -> None:
        """Remember the answer, which is given again to the last byte."""
        given = {**asdict(name), "status": response.status, "answer": response.content}
        self._execute("store_answer.sql", given)

    def unfinished(self, *, older_than_seconds: float) -> list[Name]:
        """Return some of the requests that have no answer yet; which of many is left to chance."""
        given = {"seconds": older_than_seconds, "most": UNFINISHED_AT_ONCE_MAX}
        return [
            Name(party=party, key=key) for party, key in self._rows("read_unfinished.sql", given)
        ]

    def forget(self) -> None:
        """Forget some of the requests that were answered more than `REMEMBERED_DAYS` ago."""
        given = {"days": REMEMBERED_DAYS, "most": FORGOTTEN_AT_ONCE_MAX}
        self._execute("forget_requests.sql", given)

    def reading(self) -> dict[tuple[str, int], int]:
        """Return where the reading of each partition of the reply topics goes on."""
        rows = self._rows("read_reading.sql", {})
        return {(topic, partition): offset for topic, partition, offset in rows}

    def begin(self, ends: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
        """Return where to read these partitions from: where they are read already, else the end.

        Another process may follow them and have receipts before the end still to read.
        """
        with self.transaction() as connection:
            connection.execute(statement(SCHEMA, "begin_reading.sql"), _places(ends))
        known = self.reading()
        return {place: known[place] for place in ends}

    def hear(self, verdicts: Mapping[str, Verdict], reading: Mapping[tuple[str, int], int]) -> None:
        """Remember receipts by trace (each statement's first one stands), and how far was read."""
        told = [
            {
                "trace": trace,
                "state": verdict.state.value,
                "reasons": [asdict(reason) for reason in verdict.reasons],
                "judged_at": None if verdict.judged_at is None else verdict.judged_at.isoformat(),
                "rule_version": verdict.rule_version,
            }
            for trace, verdict in verdicts.items()
        ]
        with self.transaction() as connection:
            if told:
                connection.execute(
                    statement(SCHEMA, "store_verdicts.sql"), {"verdicts": Jsonb(told)}
                )
            connection.execute(statement(SCHEMA, "store_reading.sql"), _places(reading))

    def _rows(self, file: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with self.transaction() as connection:
            return connection.execute(statement(SCHEMA, file), given).fetchall()

    def _one(self, file: str, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        with self.transaction() as connection:
            return connection.execute(statement(SCHEMA, file), given).fetchone()

    def _execute(self, file: str, given: Mapping[str, Any]) -> None:
        with self.transaction() as connection:
            connection.execute(statement(SCHEMA, file), given)


def _places(reading: Mapping[tuple[str, int], int]) -> dict[str, list[Any]]:
    return {
        "topics": [topic for topic, _ in reading],
        "partitions": [partition for _, partition in reading],
        "offsets": list(reading.values()),
    }


def _item(told: Mapping[str, Any]) -> Item:
    reasons = tuple(Reason(**reason) for reason in told["reasons"])
    return Item(trace=told["trace"], given_id=told["given_id"], reasons=reasons)


def _verdict(row: Sequence[Any]) -> Verdict:
    _, event_id, state, reasons, judged_at, rule_version = row
    return Verdict(
        event_id=event_id,
        state=State(state),
        reasons=tuple(Reason(**reason) for reason in reasons),
        judged_at=judged_at,
        rule_version=rule_version,
    )
