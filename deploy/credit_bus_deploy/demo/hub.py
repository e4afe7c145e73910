"""Asks casework's database whether it has done all that the log of record holds."""

import psycopg

_DONE = (
    "SELECT (SELECT coalesce(sum(n), 0) FROM casework.count WHERE what = 'said'),"
    " (SELECT coalesce(sum(next_seq), 0) FROM casework.position)"
)


def casework_is_done(database: str, *, logged: int, said: int) -> bool:
    """Return whether casework has stepped so many events, and said no more than `said`.

    `logged` are all events of the log of record, `said` those of the hub among them.
    """
    with psycopg.connect(database) as connection:
        found = connection.execute(_DONE.encode()).fetchone()
    return found == (logged, said)
