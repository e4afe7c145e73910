"""Cases, statements and tasks in PostgreSQL: each change with the fold of its case, or not at all.

Whoever changes a case holds its lock until the transaction ends, so that the tasks are always those
of all that is kept. Knows psycopg; knows no Kafka and no page.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from credit_bus.contracts.wire import Wire
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import REMINDER_DUE
from credit_bus.domain.registry import Registry
from credit_bus_connectors.departments.desk import queries, rows
from credit_bus_connectors.departments.desk.cases import Case, case_of
from credit_bus_connectors.departments.desk.database import Connections
from credit_bus_connectors.departments.desk.paging import ROWS_MAX
from credit_bus_connectors.departments.desk.requests import progress_of
from credit_bus_connectors.departments.desk.saying import Act
from credit_bus_connectors.departments.desk.tasks import Task, tasks_of
from credit_bus_connectors.departments.receipts import Answer, Receipt
from credit_bus_connectors.platforms.pool import Connection

UNSAID_AT_ONCE_MAX = 100
EVENTS_OF_CASE_MAX = 2_000

Place = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An event that reached a party, or a receipt for what it said."""

    party: str
    channel: str
    event: Event
    heard_at: datetime
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A task with its case."""

    task: Task
    case: Case


class Store:
    """The cases of all parties of a desk. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, connections: Connections, registry: Registry) -> None:
        self._connections = connections
        self._registry = registry

    def reading(self) -> dict[Place, int]:
        """Return where the reading of each partition goes on."""
        with self._connections.transaction() as connection:
            found = connection.execute(queries.READING).fetchall()
        return {(topic, partition): offset for topic, partition, offset in found}

    def hear(self, arrivals: Sequence[Arrival], reading: Mapping[Place, int]) -> None:
        """Keep what was read, what follows from it, and how far that was, in one transaction."""
        with self._connections.transaction() as connection:
            changed = {(each.party, _heard(connection, each)) for each in arrivals}
            for party, case in sorted(pair for pair in changed if pair[1] is not None):
                assert case is not None
                self._fold(connection, party, case)
            for (topic, partition), offset in sorted(reading.items()):
                connection.execute(queries.STORE_READING, [topic, partition, offset])

    def tasks(
        self, party: str, limit: int = ROWS_MAX, offset: int = 0, *, done: bool = False
    ) -> list[Task]:
        """Return the party's tasks by due day, or the newest of those that are done."""
        query = queries.TASKS_DONE if done else queries.TASKS
        with self._connections.transaction() as connection:
            found = connection.execute(query, [party, limit, offset]).fetchall()
        return [rows.task(row) for row in found]

    def find(self, party: str, name: str) -> Found | None:
        """Return the party's task of that name with its case; None for another's, or none."""
        with self._connections.transaction() as connection:
            return self._found(connection, party, name)

    def answer(
        self,
        party: str,
        name: str,
        make: Callable[[Found], Act | None],
        *,
        corrects: bool = False,
    ) -> bool:
        """Keep what an official says to a task, if it can still be answered, or corrected.

        `make` returns the statement, or None to keep nothing. Return whether it was kept now: not
        when it was said before, whoever said it.
        """
        with self._connections.transaction() as connection:
            row = connection.execute(queries.CASE_OF_TASK, [party, name]).fetchone()
            if row is None:
                return False
            lock(connection, party, row[0])
            found = self._found(connection, party, name)
            if found is None or not _may(found.task, corrects=corrects):
                return False
            act = make(found)
            if act is None or not keep(connection, party, found.case.name, act):
                return False
            self._fold(connection, party, found.case.name)
        return True

    def unsaid(self) -> dict[str, list[tuple[str, Wire]]]:
        """Return by party some of what stands in no committed transaction, oldest first."""
        with self._connections.transaction() as connection:
            found = connection.execute(queries.UNSAID, [UNSAID_AT_ONCE_MAX]).fetchall()
        waiting: dict[str, list[tuple[str, Wire]]] = {}
        for party, trace, key, headers, value in found:
            told = [(name, text.encode()) for name, text in headers]
            wire = Wire(key=key.encode(), headers=told, value=bytes(value))
            waiting.setdefault(party, []).append((trace, wire))
        return waiting

    def mark_said(self, traces: Sequence[str], *, now: datetime) -> None:
        """Note that these stand in a committed transaction; forget the records."""
        with self._connections.transaction() as connection:
            connection.execute(queries.MARK_SAID, [now, list(traces)])

    def _found(self, connection: Connection, party: str, name: str) -> Found | None:
        row = connection.execute(queries.FIND_TASK, [party, name]).fetchone()
        if row is None:
            return None
        return Found(task=rows.task(row), case=case_in(connection, party, row[-1]))

    def _fold(self, connection: Connection, party: str, name: str) -> None:
        lock(connection, party, name)
        case = case_in(connection, party, name)
        tasks = tasks_of(case, self._registry)
        for each in tasks:
            connection.execute(queries.STORE_TASK, rows.task_row(each, party=party, case=name))
        connection.execute(queries.VOID_TASKS, [party, name, [each.name for each in tasks]])
        progress = progress_of(case)
        if progress is not None:
            connection.execute(queries.STORE_PROGRESS, asdict(progress))


def _may(task: Task, *, corrects: bool) -> bool:
    return task.can_be_corrected if corrects else task.can_be_answered


def _heard(connection: Connection, arrival: Arrival) -> str | None:
    """Keep one arrival; return the case that it changed, None when it changed none."""
    party, event, receipt = arrival.party, arrival.event, arrival.receipt
    if receipt is not None:
        told = {
            "trace": event.traceparent,
            "party": party,
            "state": receipt.answer.value,
            "reasons": rows.json_of([asdict(each) for each in receipt.reasons]),
            "judged_at": receipt.answered_at,
        }
        row = connection.execute(queries.STORE_VERDICT, told).fetchone()
        if row is None and receipt.answer is Answer.REJECTED:
            _refused_elsewhere(connection, party, event, told)
        return None if row is None else str(row[0])
    case = _case_name(connection, party, event)
    row_ = rows.heard_row(
        event, party=party, case=case, channel=arrival.channel, heard_at=arrival.heard_at
    )
    is_new = connection.execute(queries.STORE_HEARD, row_).rowcount == 1
    return case if is_new else None


def _refused_elsewhere(
    connection: Connection, party: str, event: Event, told: Mapping[str, object]
) -> None:
    """Keep what the gate refused of what the party said another way."""
    is_ours = connection.execute(queries.IS_OURS, [event.traceparent, party]).fetchone()
    if is_ours is None:
        body = event.body
        document = body["document"]
        refusal = {
            "refused_id": event.id,
            "event_id": body["event_id"] or event.causation_id,
            "type": body["event_type"] or "",
            "document": None if document is None else document.replace("\x00", ""),
        }
        connection.execute(queries.STORE_REFUSAL, {**told, **refusal})


def _case_name(connection: Connection, party: str, event: Event) -> str:
    """Return the event's case: a reminder belongs where what obliges lies, if that is here."""
    if event.type == REMINDER_DUE:
        given = {"party": party, "event_id": event.body["because_of"]}
        row = connection.execute(queries.CASE_OF_EVENT, given).fetchone()
        if row is not None:
            return str(row[0])
    return case_of(event)


def case_in(connection: Connection, party: str, name: str) -> Case:
    """Return the party's case of that name, empty for one that nobody heard of."""
    given = [party, name, EVENTS_OF_CASE_MAX]
    return Case(
        name=name,
        party=party,
        heard=[rows.heard(row) for row in connection.execute(queries.HEARD, given).fetchall()],
        said=[rows.said(row) for row in connection.execute(queries.SAID, given).fetchall()],
    )


def keep(connection: Connection, party: str, case: str, act: Act) -> bool:
    """Keep a statement and who made it; return False when its event is kept already."""
    event = act.event
    given = {
        "trace": act.trace,
        "party": party,
        "event_id": event.id,
        "case_name": case,
        "action_id": event.correlation_id,
        "type": event.type,
        "subject": event.subject,
        "revision": event.revision,
        "causation_id": event.causation_id,
        "body": rows.json_of(event.body),
        "record_key": act.wire.key.decode(),
        "headers": json.dumps([[name, value.decode()] for name, value in act.wire.headers]),
        "value": act.wire.value,
        "account": act.account,
        "made_at": act.made_at,
        "petition": act.petition,
    }
    if connection.execute(queries.STORE_STATEMENT, given).rowcount == 0:
        return False
    connection.execute(queries.STORE_ACT, [act.account, party, event.type, event.id])
    return True


def lock(connection: Connection, party: str, case: str) -> None:
    """Hold the case until the transaction ends."""
    connection.execute(queries.LOCK_CASE, [f"{party}\x1f{case}"])
