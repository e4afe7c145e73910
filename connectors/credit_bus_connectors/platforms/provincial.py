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
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from credit_bus.domain.disputes import disputed_key, objection_key
from credit_bus.domain.event import Event, affected_key, document_key
from credit_bus.domain.event_types import (
    LICENCE_GRANTED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.generations import Generation
from credit_bus.domain.reason import Reason
from credit_bus_connectors.contract import Answer, Result
from credit_bus_connectors.personal import PERSON, REPRESENTATIVE, Keys, Numbers, Opened
from credit_bus_connectors.platforms import forms_2016
from credit_bus_connectors.platforms.forms import (
    DECISION_COLUMNS,
    LICENCE_COLUMNS,
    OBJECTION_COLUMNS,
    PENALTY_COLUMNS,
    PUBLICITY_COLUMNS,
    WITHDRAWAL_COLUMNS,
    Column,
    TableKey,
    fill,
    subject_columns,
    table_key,
    text,
)
from credit_bus_connectors.platforms.postgres import (
    Database,
    first_refusals,
    is_storable,
    plain,
    statement,
)
from credit_bus_connectors.platforms.refusals import refusal

SCHEMA = "front"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the front-end database: its columns, and how its statements' files end."""

    columns: tuple[Column, ...]
    files: str


def _numbers(prefix: str) -> tuple[Column, ...]:
    rows = (
        ("FR_ZJLX", "representative_id_type"),
        ("FR_ZJHM", REPRESENTATIVE),
        ("XDR_ZJLX", "person_id_type"),
        ("XDR_ZJHM", PERSON),
    )
    return tuple(
        Column(code=f"{prefix}_{code}", field=f"subject.{field}", length=64) for code, field in rows
    )


TABLES: Mapping[TableKey, Table] = MappingProxyType(
    {
        (LICENCE_GRANTED, Generation.OF_2018): Table(
            columns=(*subject_columns("XK"), *_numbers("XK"), *LICENCE_COLUMNS),
            files="licences.sql",
        ),
        (PENALTY_DECIDED, Generation.OF_2018): Table(
            columns=(*subject_columns("CF"), *_numbers("CF"), *PENALTY_COLUMNS),
            files="penalties.sql",
        ),
        (LICENCE_GRANTED, Generation.OF_2016): Table(
            columns=forms_2016.licence_columns(text), files="licences_2016.sql"
        ),
        (PENALTY_DECIDED, Generation.OF_2016): Table(
            columns=forms_2016.penalty_columns(text), files="penalties_2016.sql"
        ),
    }
)
# Not of the tables above: their rows are written for rows of theirs.
WITHDRAWALS = Table(columns=WITHDRAWAL_COLUMNS, files="withdrawals.sql")
PUBLICITY_ENDS = Table(columns=PUBLICITY_COLUMNS, files="publicity_ends.sql")
CHANGES: Mapping[str, Table] = MappingProxyType(
    {RECORD_WITHDRAWN: WITHDRAWALS, PUBLICITY_ENDED: PUBLICITY_ENDS}
)
# What is said of a record by an objection and its decision: booked, and marks are made of it.
DISPUTES: Mapping[str, Table] = MappingProxyType(
    {
        OBJECTION_RAISED: Table(columns=OBJECTION_COLUMNS, files="objections.sql"),
        OBJECTION_DECIDED: Table(columns=DECISION_COLUMNS, files="decisions.sql"),
    }
)


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
