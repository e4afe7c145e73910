"""The tables of the province's front-end database (前置库): which event goes where, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credit_bus.domain.event_types import (
    LICENCE_GRANTED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.generations import Generation
from credit_bus_connectors.personal import PERSON, REPRESENTATIVE
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
    subject_columns,
    text,
)

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
