"""What a row of the outbox becomes, and what a receipt does to its answer. Pure.

`type` is the event type, `payload` the event's data, `said_at` its time, `revision` and
`causationid` are what they are called. `aggregateid` is the subject key of an event whose data
states no subject; of all others it is the department's own, as `aggregatetype` always is.
"""

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from credit_bus.contracts.wire import VALUE_BYTES_MAX
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.json_form.statement import (
    Refused,
    Shapes,
    Statement,
    read_statement,
)
from credit_bus_connectors.departments.json_form.text import read_json
from credit_bus_connectors.departments.receipts import Answer, Receipt
from credit_bus_connectors.departments.rules import form_reason

PAYLOAD_BYTES_MAX = 4 * VALUE_BYTES_MAX  # names and digits take more room in JSON than in Avro
ENVELOPE_BYTES_MAX = 16 * 1024

# The columns that officials' programmers know, by the field of the envelope that a reason names.
_COLUMNS = {
    "data": "payload",
    "subject": "aggregateid",
    "time": "said_at",
    "causationid": "causationid",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it was read. `payload` is None for none, and for one that is too large."""

    id: UUID
    position: int
    type: str
    aggregateid: str | None
    revision: int | None
    causationid: str | None
    said_at: str | None  # ISO 8601 in UTC, or a word such as infinity
    payload: str | None = field(repr=False)
    too_large: bool


class State(StrEnum):
    """What an answer says of its row."""

    PENDING = "pending"  # the gate has not answered yet
    ACCEPTED = Answer.ACCEPTED.value
    DUPLICATE = Answer.DUPLICATE.value
    REJECTED = Answer.REJECTED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A row of the answer table."""

    id: UUID
    position: int
    state: State
    taken_at: datetime
    event_id: str | None = None
    reasons: tuple[Reason, ...] = ()
    rule_version: str | None = None
    answered_at: datetime | None = None


def read_row(
    row: Row, *, party: str, now: datetime, shapes: Shapes, pseudonym: Callable[[str], str]
) -> Statement | Refused:
    """Return what the row says, or every reason why not, in the words of its columns."""
    if row.too_large:
        reason = form_reason("json-too-large", "payload", bytes_max=PAYLOAD_BYTES_MAX)
        return Refused(reasons=(reason,))
    parsed = read_json(_envelope(row, shapes), bytes_max=PAYLOAD_BYTES_MAX + ENVELOPE_BYTES_MAX)
    if isinstance(parsed, Reason):
        return Refused(reasons=(replace(parsed, field="payload"),))
    outcome = read_statement(parsed.value, party=party, now=now, shapes=shapes, pseudonym=pseudonym)
    if isinstance(outcome, Refused):
        return replace(outcome, reasons=tuple(_of_column(each) for each in outcome.reasons))
    return outcome


def _envelope(row: Row, shapes: Shapes) -> bytes:
    """Return the row as a JSON statement; the payload stands in it as it was written."""
    said = {
        "type": row.type,
        "revision": row.revision,
        "time": row.said_at,
        "causationid": row.causationid,
    }
    shape = shapes.get(row.type)
    if shape is not None and all(each.name != "subject" for each in shape.fields):
        said["subject"] = row.aggregateid
    payload = "null" if row.payload is None else row.payload
    return f'{json.dumps(said)[:-1]}, "data": {payload}}}'.encode()


def _of_column(reason: Reason) -> Reason:
    head, dot, rest = reason.field.partition(".")
    return replace(reason, field=_COLUMNS.get(head, head) + dot + rest)


def refused(row_id: UUID, position: int, reasons: Sequence[Reason], *, now: datetime) -> Answered:
    """Return the answer to a row that is no event."""
    assert reasons, f"row {row_id} refused without a reason"
    return Answered(
        id=row_id,
        position=position,
        state=State.REJECTED,
        taken_at=now,
        reasons=tuple(reasons),
        answered_at=now,
    )


def pending(row: Row, event_id: str, *, now: datetime) -> Answered:
    """Return the answer of a row that is about to be said."""
    return Answered(
        id=row.id, position=row.position, state=State.PENDING, taken_at=now, event_id=event_id
    )


def booked(
    receipts: Iterable[Receipt], waiting: Mapping[str, Sequence[Answered]]
) -> list[Answered]:
    """Return the answers that the receipts settle.

    `waiting` are the pending answers by event id, in order of position. Rows that say the same
    event are said in that order, each once, and the gate answers in the order of what was said: so
    a receipt is for the first of them that is still pending. A receipt that nobody waits for is
    for what another adapter of the party said.
    """
    queues = defaultdict(deque, {event_id: deque(rows) for event_id, rows in waiting.items()})
    return [
        replace(
            queues[receipt.event_id].popleft(),
            state=State(receipt.answer.value),
            reasons=receipt.reasons,
            rule_version=receipt.rule_version,
            answered_at=receipt.answered_at,
        )
        for receipt in receipts
        if queues[receipt.event_id]
    ]
