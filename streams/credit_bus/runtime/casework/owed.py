"""What parties owe, as a report of today may read it: a view that names no subject."""

from typing import Any

from psycopg.rows import dict_row

from credit_bus.casework.owed import Owed
from credit_bus.domain.time_rules import Obligation
from credit_bus.runtime.casework.connection import REPORTS_ROLE, connect
from credit_bus.runtime.casework.statements import statement

EVENTS_MAX = 20  # named of what is alike; the rest is counted


def read_owed(url: str) -> list[Owed]:
    """Return everything that is owed, alike together. Raises WrongSchemaError, psycopg.Error."""
    with connect(url, REPORTS_ROLE) as connection, connection.cursor(row_factory=dict_row) as at:
        rows = at.execute(statement("read_owed"), {"most": EVENTS_MAX}).fetchall()
    return [_owed(row) for row in rows]


def _owed(row: dict[str, Any]) -> Owed:
    return Owed(
        party=row["party"],
        obligation=Obligation(row["obligation"]),
        began_on=row["began_on"],
        rests=row["rests"],
        lies_with=tuple(sorted(row["lies_with"])),
        events=tuple(row["events"]),
        number=row["number"],
    )
