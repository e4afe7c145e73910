"""What the province does at its end of the front-end database, for tests and for one machine.

It takes the rows that wait and marks them; a row that names its subject by no code and no number,
or whose name is longer than the province's own column, is refused, with a text. Rows of the tables
of withdrawals, of ends of publicity and of marks are taken last, so that none comes before the row
that it is about. The real exchange is the province's own.
"""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import psycopg

from credit_bus.domain.event_types import OBJECTION_RAISED
from credit_bus_connectors.platforms.postgres import migrate, statement
from credit_bus_connectors.platforms.provincial_tables import CHANGES, SCHEMA, TABLES

ROWS_PER_TAKE_MAX = 5_000
NAME_CHARACTERS_MAX = 200


def take_rows(
    url: str, *, rows_max: int = ROWS_PER_TAKE_MAX, name_characters_max: int = NAME_CHARACTERS_MAX
) -> Mapping[str, int]:
    """Mark at most so many waiting rows of each table; return how many, by event type.

    The tables of both generations count together; marks of 异议, set and lifted, as objections.
    """
    if not 1 <= rows_max <= ROWS_PER_TAKE_MAX:
        raise ValueError(f"rows_max is 1 to {ROWS_PER_TAKE_MAX}, got {rows_max}")
    with psycopg.connect(url, autocommit=True) as connection:
        migrate(connection, SCHEMA)
        given = {"rows_max": rows_max, "name_characters_max": name_characters_max}
        with connection.transaction():
            taken: Counter[str] = Counter()
            records = [(kind, table) for (kind, _), table in TABLES.items()]
            for kind, table in (*records, *CHANGES.items()):
                taken[kind] += connection.execute(
                    statement(SCHEMA, f"take_{table.files}"), given
                ).rowcount
            taken[OBJECTION_RAISED] = connection.execute(
                statement(SCHEMA, "take_marks.sql"), given
            ).rowcount
            return MappingProxyType(taken)
