"""The provincial platform: rows in its front-end database (前置库), which it fetches by itself.

Knows the 双公示 tables of both generations, their columns and lengths. A row's name is the
event's id and revision; that is the acknowledgement, once the row is committed, since the province
fetches later and marks the row (0 new, 1 taken, 2 refused; before it was taken 3 replaced,
4 withdrawn, 5 its publicity ended). An identity number is opened here, since the standard asks for
it.

A withdrawal takes back the rows that wait, and writes one into the table of withdrawals for each
that was taken; an end of publicity does likewise, with a table of its own, and the rows that waited
stay. An objection, and its decision, mark the rows that wait, and write a mark into a table of
marks for each that was taken. A correction is booked and gets no row: the corrected revision is the
row.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from credit_bus.domain.disputes import disputed_key, objection_key
from credit_bus.domain.event import Event, affected_key, document_key
from credit_bus.domain.event_types import (
    RECORD_CORRECTED,
)
from credit_bus.domain.reason import Reason
from credit_bus_connectors.contract import Answer, LateRefusal, Result
from credit_bus_connectors.personal import Keys, Numbers, Opened
from credit_bus_connectors.platforms.forms import (
    Column,
    fill,
    table_key,
)
from credit_bus_connectors.platforms.postgres import (
    Database,
    first_refusals,
    is_storable,
    plain,
    statement,
)
from credit_bus_connectors.platforms.provincial_tables import (
    CHANGES,
    DISPUTES,
    PUBLICITY_ENDS,
    SCHEMA,
    TABLES,
    WITHDRAWALS,
    Table,
)
from credit_bus_connectors.platforms.refusals import TOLD_CHARACTERS_MAX, refusal

NO_TEXT = "未说明原因"


class ProvincialSink:
    """Delivers to the province's front-end database."""

    def __init__(self, url: str, *, connect_keys: Callable[[], Keys]) -> None:
        self._database = Database(url, schema=SCHEMA)
        self._numbers = Numbers(connect_keys)

    def deliver(self, batch: Sequence[Event]) -> Sequence[Answer]:
        """Return one answer per event, in order: the row's name, or why it cannot be a row.

        Raises UnreachableError when the database or the key store does not answer, and ValueError
        for a type that has no table: the registry must not route it here.
        """
        with self._database.transaction() as connection:
            answers = _delivered(connection, batch)
            fresh = {event.id: event for event in batch if event.id not in answers}
            refused: dict[str, tuple[Reason, ...]] = {}
            lines: dict[Table, list[str]] = {}
            for event in fresh.values():
                if event.type == RECORD_CORRECTED:
                    continue
                table = _table(event)
                line, reasons = self._line(table, event)
                if reasons:
                    refused[event.id] = reasons
                else:
                    lines.setdefault(table, []).append(line)
            _store(connection, [one for one in fresh.values() if one.id not in refused], lines)
            answers |= _delivered(connection, list(fresh.values()))
            answers |= first_refusals(connection, SCHEMA, refused)
        return [answers[event.id] for event in batch]

    def reach(self) -> None:
        """Return when the database answers. Raises UnreachableError."""
        self._database.reach()

    def late_refusals(self, *, most: int) -> Sequence[LateRefusal]:
        """Return what the province refused when it took it, and nobody was told of yet.

        Raises UnreachableError.
        """
        with self._database.transaction() as connection:
            found = connection.execute(
                statement(SCHEMA, "read_late_refusals.sql"), {"most": most}
            ).fetchall()
        return [_late(*row) for row in found]

    def late_told(self, refusals: Sequence[LateRefusal]) -> None:
        """Note that these were told. Raises UnreachableError."""
        ids = {"ids": [one.event.id for one in refusals]}
        with self._database.transaction() as connection:
            connection.execute(statement(SCHEMA, "store_told.sql"), ids)

    def close(self) -> None:
        """Let go of the database and of the key store."""
        self._database.close()
        self._numbers.close()

    def _line(self, table: Table, event: Event) -> tuple[str, tuple[Reason, ...]]:
        """Return the row as JSON, and every reason why the table cannot take it."""
        if (
            event.type in CHANGES or event.type in DISPUTES
        ):  # an erased number must not stop it, and it tells none
            opened = Opened(body=event.body, reasons=())
            named = _changed(event) if event.type in CHANGES else _disputed(event)
        else:
            opened = self._numbers.opened(event.body)
            named = {"recid": recid(event)}
        values = fill(table.columns, opened.body)
        row = {code.lower(): value for code, value in values.items()}
        line = json.dumps({**named, **row}, ensure_ascii=False, default=plain)
        reasons = (*opened.reasons, *_too_long(table.columns, values))
        if not is_storable(line):
            reasons = (*reasons, refusal("text-not-storable", ""))
        return line, reasons


def recid(event: Event) -> str:
    """Return the name of the event's row: its id and its revision."""
    return f"{event.id}-{event.revision}"


def _table(event: Event) -> Table:
    table = CHANGES.get(event.type) or TABLES.get(table_key(event))
    if event.type in DISPUTES and disputed_key(event) is not None:
        table = DISPUTES[event.type]
    if table is None:
        raise ValueError(
            f"the provincial platform has no table for {event.type}; take the type out of its route"
        )
    return table


def _changed(event: Event) -> dict[str, object]:
    """Return what the connector's book says of a change: of which document, up to where."""
    about = affected_key(event)
    assert about is not None, event.type
    return {
        "event_id": event.id,
        "about_key": about.hex(),
        "up_to": event.body["record_revision"],
    }


def _disputed(event: Event) -> dict[str, object]:
    """Return what the connector's book says of a dispute: which objection, about which document."""
    about = disputed_key(event)
    assert about is not None, event.type
    return {
        "event_id": event.id,
        "objection_key": objection_key(event).hex(),
        "about_key": about.hex(),
        "said_revision": event.revision,
    }


def _too_long(
    columns: Sequence[Column], values: Mapping[str, str | Decimal | None]
) -> list[Reason]:
    """Return a reason for each value that is longer than its column."""
    found = []
    for column in columns:
        value = values[column.code]
        if column.length is not None and isinstance(value, str) and len(value) > column.length:
            found.append(
                refusal(
                    "column-too-long",
                    column.field,
                    column=column.code,
                    length=column.length,
                    actual=len(value),
                )
            )
    return found


def _store(
    connection: psycopg.Connection[Any], events: Sequence[Event], lines: dict[Table, list[str]]
) -> None:
    """Book the deliveries, withdraw what they replace, and write the rows.

    Changes are booked first, so that no row is written for what they withdraw.
    """
    if not events:
        return
    deliveries = [
        {
            "recid": recid(event),
            "event_id": event.id,
            "type": event.type,
            "document_key": document_key(event).hex(),
            "revision": event.revision,
            "provider": event.source,
            "subject_key": event.subject,
            "correlation_id": event.correlation_id,
            "traceparent": event.traceparent,
        }
        for event in events
    ]
    connection.execute(statement(SCHEMA, "store_deliveries.sql"), {"deliveries": Jsonb(deliveries)})
    ids = {"ids": [event.id for event in events]}
    kinds = {event.type for event in events}
    for (kind, _), table in TABLES.items():
        if kind in kinds:  # a document may be said again in the other generation
            connection.execute(statement(SCHEMA, f"withdraw_{table.files}"), ids)
    for table, rows in sorted(lines.items(), key=lambda each: each[0] not in CHANGES.values()):
        connection.execute(
            statement(SCHEMA, f"store_{table.files}"), {"lines": Jsonb(rows, dumps=_joined)}
        )
    if WITHDRAWALS in lines:
        connection.execute(statement(SCHEMA, "cancel_rows.sql"), ids)
        connection.execute(statement(SCHEMA, "withdraw_taken.sql"), ids)
    connection.execute(statement(SCHEMA, "hide_rows.sql"), ids)
    if PUBLICITY_ENDS in lines:
        connection.execute(statement(SCHEMA, "hide_taken.sql"), ids)
    connection.execute(statement(SCHEMA, "mark_rows.sql"), ids)
    if kinds & DISPUTES.keys():
        connection.execute(statement(SCHEMA, "mark_taken.sql"), ids)


def _late(
    event_id: str,
    kind: str,
    provider: str,
    subject: str,
    revision: int,
    correlation_id: str | None,
    traceparent: str | None,
    error_text: str | None,
    marked_at: datetime,
) -> LateRefusal:
    event = Event(
        id=event_id,
        source=provider,
        type=kind,
        time=marked_at,
        subject=subject,
        revision=revision,
        correlation_id=correlation_id,
        traceparent=traceparent,
        body={},
    )
    told = (error_text or NO_TEXT)[:TOLD_CHARACTERS_MAX]
    reasons = (refusal("refused-by-platform", "", told=told),)
    return LateRefusal(
        event=event, answer=Answer(result=Result.INVALID, reasons=reasons, answered_at=marked_at)
    )


def _joined(rows: Sequence[str]) -> str:
    return f"[{','.join(rows)}]"


def _delivered(connection: psycopg.Connection[Any], events: Sequence[Event]) -> dict[str, Answer]:
    """Return the answer to each of the events that was delivered before."""
    booked = connection.execute(
        statement(SCHEMA, "read_deliveries.sql"), {"ids": [event.id for event in events]}
    )
    return {
        event_id: Answer(result=Result.DELIVERED, acknowledgement=name, answered_at=delivered_at)
        for event_id, name, delivered_at in booked
    }
