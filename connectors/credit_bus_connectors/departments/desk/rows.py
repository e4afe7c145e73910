"""Rows of the desk's tables to the values of its core, and back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from credit_bus.domain.event import Body, Event, action_of
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.desk.cases import Heard, Said, State
from credit_bus_connectors.departments.desk.tasks import Kind, Standing, Task
from credit_bus_connectors.platforms.postgres import is_storable, plain

_REPLACEMENT = "\ufffd"  # what stands for the one character that PostgreSQL cannot keep

HEARD = "event_id, type, source, subject, revision, heard_at, causation_id, body"
SAID = (
    "event_id, type, subject, revision, made_at, causation_id, state, account, reasons, judged_at,"
    " body, petition"
)
TASK = (
    "name, kind, state, due_on, title, asked_by, subject_name, opened_at, because_of, measure,"
    " case_name"
)


def heard(row: Sequence[Any]) -> Heard:
    """Return the event of a row in the order of `HEARD`."""
    return Heard(
        event_id=row[0],
        type=row[1],
        source=row[2],
        subject=row[3],
        revision=row[4],
        heard_at=row[5],
        causation_id=row[6],
        body=row[7],
    )


def said(row: Sequence[Any]) -> Said:
    """Return the statement of a row in the order of `SAID`."""
    return Said(
        event_id=row[0],
        type=row[1],
        subject=row[2],
        revision=row[3],
        made_at=row[4],
        causation_id=row[5],
        state=State(row[6]),
        account=row[7],
        reasons=tuple(Reason(**reason) for reason in row[8]),
        judged_at=row[9],
        body=row[10],
        petition=row[11],
    )


def task(row: Sequence[Any]) -> Task:
    """Return the task of a row in the order of `TASK`."""
    return Task(
        name=row[0],
        kind=Kind(row[1]),
        standing=Standing(row[2]),
        due_on=row[3],
        title=row[4],
        asked_by=row[5],
        subject_name=row[6],
        opened_at=row[7],
        because_of=row[8],
        measure=row[9],
    )


def heard_row(
    event: Event, *, party: str, case: str, channel: str, heard_at: datetime
) -> dict[str, Any]:
    """Return what is kept of an event that reached the party."""
    return {
        "party": party,
        "event_id": event.id,
        "case_name": case,
        "action_id": action_of(event.body),
        "channel": channel,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "revision": event.revision,
        "heard_at": heard_at,
        "causation_id": event.causation_id,
        "body": json_of(event.body),
    }


def task_row(each: Task, *, party: str, case: str) -> dict[str, Any]:
    """Return the row of a task."""
    row = asdict(each)
    return {**row, "state": row.pop("standing"), "party": party, "case_name": case}


def json_of(body: Body | Sequence[Body]) -> str:
    """Return the body, or a list of such, as the JSON text that is kept.

    Days are text, bytes are hexadecimal digits.
    """
    text = json.dumps(body, ensure_ascii=False, default=plain)
    if is_storable(text):
        return text
    return json.dumps(_storable(json.loads(text)), ensure_ascii=False)


def _storable(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\x00", _REPLACEMENT)
        case Mapping():
            return {name: _storable(each) for name, each in value.items()}
        case list():
            return [_storable(each) for each in value]
        case _:
            return value
