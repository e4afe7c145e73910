"""What a department said, what was refused of it, and what it was told: lists, the newest first.

Reads the desk's tables; changes nothing but what is too old to be kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    DELIVERY_REFUSED,
    LISTING_REMOVED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
)
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.desk import queries, rows
from credit_bus_connectors.departments.desk.cases import Heard, Said
from credit_bus_connectors.departments.desk.database import Connections
from credit_bus_connectors.departments.desk.paging import ROWS_MAX

REFUSALS_KEPT_FOR = timedelta(days=90)
FORGOTTEN_AT_ONCE_MAX = 1_000

# What only tells: what asks for something is a task, and stands there.
NOTICES = (
    ACTION_SUSPENDED,
    ACTION_RESUMED,
    ACTION_ENDED,
    ACTION_CLOSED,
    MEASURE_RESPONDED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    OBJECTION_DECIDED,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    LISTING_REMOVED,
    DELIVERY_REFUSED,
    REMINDER_DUE,
)

_SAID = (
    f"SELECT {rows.SAID} FROM desk.statement WHERE party = %s ORDER BY seq DESC LIMIT %s OFFSET %s"  # noqa: S608
)
_REFUSALS = (
    "SELECT event_id, type, document, reasons, judged_at FROM desk.refusal"
    " WHERE party = %s ORDER BY judged_at DESC, refused_id LIMIT %s OFFSET %s"
)
_HEARD = f"""
SELECT {rows.HEARD},
       (SELECT name FROM desk.task
         WHERE task.party = heard.party AND task.case_name = heard.case_name
         ORDER BY opened_at DESC LIMIT 1),
       (SELECT number FROM desk.draft
         WHERE draft.party = heard.party AND draft.action_id = heard.action_id
           AND state = 'approved' ORDER BY number DESC LIMIT 1)
  FROM desk.heard WHERE party = %s AND type = ANY (%s) ORDER BY seq DESC LIMIT %s OFFSET %s
"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A statement that the gate refused, said another way than here."""

    event_id: str
    type: str
    document: str | None
    reasons: tuple[Reason, ...]
    judged_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An event that only tells, and the task or the draft on whose page its case stands."""

    heard: Heard = field(repr=False)
    task: str | None
    draft: int | None


class Overview:
    """The lists of all parties of a desk. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def said(self, party: str, limit: int = ROWS_MAX, offset: int = 0) -> list[Said]:
        """Return the newest statements that the party made here."""
        return [rows.said(row) for row in self._rows(_SAID, [party, limit, offset])]

    def refusals(self, party: str, limit: int = ROWS_MAX, offset: int = 0) -> list[Refusal]:
        """Return the newest refusals of what the party said another way."""
        return [
            Refusal(
                event_id=event_id,
                type=kind,
                document=document,
                reasons=tuple(Reason(**reason) for reason in reasons),
                judged_at=judged_at,
            )
            for event_id, kind, document, reasons, judged_at in self._rows(
                _REFUSALS, [party, limit, offset]
            )
        ]

    def notices(self, party: str, limit: int = ROWS_MAX, offset: int = 0) -> list[Notice]:
        """Return what the party was told last."""
        found = self._rows(_HEARD, [party, list(NOTICES), limit, offset])
        return [Notice(heard=rows.heard(row), task=row[-2], draft=row[-1]) for row in found]

    def forget(self, *, now: datetime) -> None:
        """Remove some of the refusals that are older than `REFUSALS_KEPT_FOR`."""
        with self._connections.transaction() as connection:
            given = [now - REFUSALS_KEPT_FOR, FORGOTTEN_AT_ONCE_MAX]
            connection.execute(queries.FORGET_REFUSALS, given)

    def _rows(self, query: str, given: list[Any]) -> list[tuple[Any, ...]]:
        with self._connections.transaction() as connection:
            return connection.execute(query, given).fetchall()


def told_in(body: Mapping[str, Any], name: str) -> str:
    """Return what a body says in a field, or nothing."""
    return str(body.get(name) or "")
