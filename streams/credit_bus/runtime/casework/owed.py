"""What parties owe, as a report of today may read it: a view that names no subject."""

from datetime import date
from typing import Any

from psycopg.rows import dict_row

from credit_bus.casework.owed import Owed
from credit_bus.domain.time_rules import Obligation
from credit_bus.runtime.casework.connection import REPORTS_ROLE, connect
from credit_bus.runtime.casework.statements import statement

URGENT_MAX = 500


def read_owed(url: str, today: date) -> tuple[list[Owed], list[Owed]]:
    """Return everything that is owed, alike together; and at most URGENT_MAX of what is urgent.

    Raises WrongSchemaError, psycopg.Error.
    """
    with connect(url, REPORTS_ROLE) as connection, connection.cursor(row_factory=dict_row) as at:
        owed = at.execute(statement("read_owed")).fetchall()
        given = {"today": today, "most": URGENT_MAX}
        urgent = at.execute(statement("read_urgent"), given).fetchall()
    return [_owed(row) for row in owed], [_owed(row) for row in urgent]


def _owed(row: dict[str, Any]) -> Owed:
    return Owed(**{**row, "obligation": Obligation(row["obligation"])})
