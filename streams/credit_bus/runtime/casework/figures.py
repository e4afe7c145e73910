"""The counts of casework as a report may read them: one statement, as a role that sees no row."""

from datetime import date

from credit_bus.casework.port import CountKey
from credit_bus.runtime.casework.connection import REPORTS_ROLE, connect
from credit_bus.runtime.casework.statements import statement
from credit_bus.runtime.casework.stored import restored


def read_counts(url: str, *, first: date, last: date) -> dict[CountKey, int]:
    """Return the counts of these local days, both included, of all lanes together.

    Raises WrongSchemaError, psycopg.Error.
    """
    with connect(url, REPORTS_ROLE) as connection:
        rows = connection.execute(statement("read_counts"), {"first": first, "last": last})
        return {(day, restored(party), restored(what)): n for day, party, what, n in rows}
