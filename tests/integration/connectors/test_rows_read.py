"""A batch reads the rows that it is about, however long the tables are, analysed or not."""

import time
from collections.abc import Callable

import pytest
from tests import samples
from tests.conformance.platforms import Platform, district, provincial, rows

STORED = 2_000
BATCH = 20
ROWS_READ_PER_EVENT_MAX = 40
STATISTICS_WAIT_SECONDS_MAX = 10.0

_READ = (
    "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint"
    " FROM pg_stat_user_tables WHERE relname <> 'migration'"
)


def settled(database: str) -> int:
    """Return how many rows were read so far; sessions that ended have told it soon."""
    before, deadline = -1, time.monotonic() + STATISTICS_WAIT_SECONDS_MAX
    while time.monotonic() < deadline:
        found: int = rows(database, _READ)[0][0]
        if found == before:
            return found
        before = found
        time.sleep(0.5)
    raise TimeoutError("the statistics do not come to rest")


@pytest.mark.parametrize("made", [district, provincial])
def test_a_batch_reads_few_rows_of_long_tables_that_nobody_analysed(
    made: Callable[[str], Platform], database: str
) -> None:
    platform = made(database)
    first = platform.connect()
    for number in range(0, STORED, 500):
        first.deliver([samples.penalty(n) for n in range(number, number + 500)])
    first.close()
    before = settled(database)

    second = platform.connect()
    second.deliver([samples.penalty(STORED + number) for number in range(BATCH)])
    second.close()

    assert settled(database) - before <= BATCH * ROWS_READ_PER_EVENT_MAX
