"""The district platform: subjects, records and actions in the hub's own PostgreSQL.

Knows the tables under `sql/district`. A batch is one transaction. Every revision is kept; what is
current is the newest one, unless it is withdrawn, whatever order they come in. A duplicate is
answered with the number and the time of the row that the first delivery made.
"""

import json
from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from credit_bus.domain.disputes import disputed_key
from credit_bus.domain.event import Event, affected_key, document_key, document_of
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    ENQUIRY_ANSWERED,
    ENQUIRY_MADE,
    LISTING_REMOVED,
    MEASURE_LIFTED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.reason import Reason
from credit_bus_connectors.contract import Answer, Result
from credit_bus_connectors.platforms.postgres import (
    Database,
    first_refusals,
    is_storable,
    plain,
    statement,
)
from credit_bus_connectors.platforms.refusals import refusal

SCHEMA = "district"

# In this order: what a row refers to comes before it. Some run only for a batch with such an event.
_STATEMENTS: tuple[tuple[str, str | None], ...] = (
    ("store_withdrawals.sql", RECORD_WITHDRAWN),
    ("store_corrections.sql", RECORD_CORRECTED),
    ("store_removals.sql", LISTING_REMOVED),
    ("store_publicity_ends.sql", PUBLICITY_ENDED),
    ("store_objections.sql", OBJECTION_RAISED),
    ("store_decisions.sql", OBJECTION_DECIDED),
    ("drop_withdrawn.sql", RECORD_WITHDRAWN),
    ("store_current.sql", None),
    ("mark_corrected.sql", None),
    ("mark_publicity.sql", None),
    ("mark_disputed.sql", None),
    ("forget_names.sql", RECORD_WITHDRAWN),
    ("store_legal_persons.sql", None),
    ("store_natural_persons.sql", None),
    ("store_actions.sql", None),
    ("store_orders.sql", None),
    ("drop_orders.sql", None),
    ("store_responses.sql", None),
    ("store_executions.sql", None),
    ("store_liftings.sql", MEASURE_LIFTED),
    ("store_case_events.sql", None),
)

# What is kept as a case event: whatever follows an initiation, asks and answers about a subject, or
# changes how a record stands.
CASE_TYPES = (
    ACTION_SUSPENDED,
    ACTION_RESUMED,
    ACTION_ENDED,
    ACTION_CLOSED,
    MEASURE_LIFTED,
    OBJECTION_RAISED,
    OBJECTION_DECIDED,
    REPAIR_REQUESTED,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPUTATION_RESTORED,
    ENQUIRY_MADE,
    ENQUIRY_ANSWERED,
    REMINDER_DUE,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    LISTING_REMOVED,
    PUBLICITY_ENDED,
)


class DistrictSink:
    """Delivers to the district platform's database."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, schema=SCHEMA)

    def deliver(self, batch: Sequence[Event]) -> Sequence[Answer]:
        """Return one answer per event, in order: a row's number, or why it cannot be a row.

        Raises UnreachableError when the database does not answer; nothing is half stored then.
        """
        storable: list[str] = []
        refused: dict[str, tuple[Reason, ...]] = {}
        for place, event in enumerate(batch):
            row = _row(place, event)
            if is_storable(row):
                storable.append(row)
            else:
                refused[event.id] = (refusal("text-not-storable", ""),)
        parameters = {
            "ids": [event.id for event in batch if event.id not in refused],
            "case_types": list(CASE_TYPES),
        }
        kinds = {event.type for event in batch}
        with self._database.transaction() as connection:
            if storable:
                events = Jsonb(storable, dumps=_joined)
                connection.execute(statement(SCHEMA, "store_records.sql"), {"batch": events})
                for name, needed in _STATEMENTS:
                    if needed is None or needed in kinds:
                        connection.execute(statement(SCHEMA, name), parameters)
            stored = connection.execute(statement(SCHEMA, "read_answers.sql"), parameters)
            answers = {
                event_id: Answer(
                    result=Result.DELIVERED,
                    acknowledgement=f"{SCHEMA}-{record_number}",
                    answered_at=received_at,
                )
                for event_id, record_number, received_at in stored
            }
            answers |= first_refusals(connection, SCHEMA, refused)
        return [answers[event.id] for event in batch]

    def reach(self) -> None:
        """Return when the database answers. Raises UnreachableError."""
        self._database.reach()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _row(place: int, event: Event) -> str:
    """Return the event as a JSON object with the columns of `store_records.sql`."""
    about = affected_key(event) or disputed_key(event)
    row: dict[str, Any] = {
        "place": place,
        "event_id": event.id,
        "type": event.type,
        "provider": event.source,
        "subject_key": event.subject,
        "document_key": document_key(event).hex(),
        "document": document_of(event.type, event.body),
        "revision": event.revision,
        "action_id": event.correlation_id,
        "causation_id": event.causation_id,
        "said_at": event.time,
        "about_key": None if about is None else about.hex(),
        "body": event.body,
    }
    if not row["document"]:
        raise ValueError(f"{event.type} has no document of its own; route it to a department")
    return json.dumps(row, ensure_ascii=False, default=plain)


def _joined(rows: Sequence[str]) -> str:
    return f"[{','.join(rows)}]"
