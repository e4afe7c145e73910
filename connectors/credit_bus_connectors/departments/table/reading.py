"""A batch of rows to events and answers, with every identity number sealed. No SQL here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.identity import pseudonym
from credit_bus.domain.event import Event
from credit_bus_connectors.departments.json_form.statement import (
    Refused,
    Shapes,
    Statement,
    event_of,
)
from credit_bus_connectors.departments.sealing import Sealer
from credit_bus_connectors.departments.table.rows import (
    Answered,
    Row,
    pending,
    read_row,
    refused,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a session needs."""

    party: str
    source_database: str
    broker: str
    database: str
    secret: bytes = field(repr=False)
    codec: Codec
    shapes: Shapes


def read_rows(
    rows: Sequence[Row], settings: Settings, sealer: Sealer, *, now: datetime
) -> tuple[dict[int, Event], list[Answered]]:
    """Return the events by position, and the answer of each row; keys are fetched together."""
    secret = settings.secret
    outcomes = [
        read_row(
            row,
            party=settings.party,
            now=now,
            shapes=settings.shapes,
            pseudonym=lambda number: pseudonym(number, secret),
        )
        for row in rows
    ]
    said = [outcome for outcome in outcomes if isinstance(outcome, Statement)]
    events: dict[int, Event] = {}
    answers: list[Answered] = []
    seal = sealer.ready_for(name for each in said for name in each.pseudonyms)
    for row, outcome in zip(rows, outcomes, strict=True):
        if isinstance(outcome, Refused):
            answers.append(refused(row.id, row.position, outcome.reasons, now=now))
            continue
        event = event_of(outcome, seal)
        events[row.position] = event
        answers.append(pending(row, event.id, now=now))
    return events, answers
