"""A batch of casework costs much the same over few rows and over many."""

import psycopg
from benchmarks.casework import ROWS_PER_SUBJECT, fill, measure

from credit_bus.runtime.casework.migrate import migrate

FEW, MANY = 1_000, 60_000
RATIO_MAX = 3.0  # wider than the benchmark's own: a test shares its machine


def test_a_batch_over_many_rows_takes_about_as_long_as_over_few(database: str) -> None:
    few, many = (measure(database, rows, batches=30) for rows in (FEW, MANY))

    assert (FEW, MANY) == (few.rows, many.rows)
    assert RATIO_MAX > many.batch_milliseconds / few.batch_milliseconds
    assert 10 > many.due_look_milliseconds


def test_the_rows_that_are_put_there_are_those_of_the_events_subjects(database: str) -> None:
    migrate(database)
    fill(database, FEW)
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT count(*)::int, count(DISTINCT subject)::int, count(due_on)::int"
            " FROM casework.row"
        ).fetchone()

    assert (FEW, FEW // ROWS_PER_SUBJECT, FEW // 2) == found
