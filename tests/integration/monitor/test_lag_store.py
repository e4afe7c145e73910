"""Lag in PostgreSQL: the newest state is whole, quiet rows are not written again, old ones go."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import by_topic
from credit_bus.operations.lag.windows import PartitionLag
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.database import Connections, apply_schema
from credit_bus_connectors.monitor.lag_store import KEEP, LagStore, Newest

AT = datetime(2026, 11, 29, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
QUIET = PartitionLag(
    group="credit-bus.gate",
    topic="credit.outbox.tax",
    partition=0,
    status=Status.OK,
    completeness=1.0,
    committed=10,
    log_start=0,
    end=10,
    events=0,
    lost=0,
    ahead=0,
    waiting_since=None,
    lost_at=None,
    coming=0.0,
    going=0.0,
    last_commit_at=None,
    members=1,
    client=None,
    host=None,
)
LATE = replace(
    QUIET,
    partition=1,
    status=Status.STALL,
    end=15,
    events=5,
    lost=2,
    waiting_since=AT - 90 * SECOND,
    lost_at=AT + 3600 * SECOND,
    coming=2.5,
    last_commit_at=AT - 95 * SECOND,
    client="gate-1",
    host="10.0.0.1",
)

Asked = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def store(database: str) -> Iterator[LagStore]:
    """The store as the monitor has it."""
    apply_schema(database)
    connections = Connections(database, connections_max=1)
    yield LagStore(connections)
    connections.close()


@pytest.fixture
def ask(database: str, store: LagStore) -> Asked:
    """Return a function that runs a query as the owner and returns its rows."""

    def asked(query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(database, autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    return asked


def keep(store: LagStore, *states: PartitionLag, at: datetime = AT) -> None:
    store.keep(states, by_topic(states, at), at=at, seconds=0.1, requests=5)


def test_without_the_schema_nothing_is_read_and_the_remedy_is_named(database: str) -> None:
    connections = Connections(database, connections_max=1)
    with pytest.raises(UnreachableError, match="credit-bus database apply"):
        LagStore(connections).newest()
    connections.close()


def test_before_the_first_sample_there_is_no_newest(store: LagStore) -> None:
    assert store.newest() is None


def test_what_is_read_is_what_was_kept_and_what_is_gone_is_gone(store: LagStore) -> None:
    keep(store, QUIET, LATE)
    both = store.newest()
    keep(store, LATE, at=AT + SECOND)
    one = store.newest()
    keep(store, at=AT + 2 * SECOND)

    assert Newest(at=AT, states=(QUIET, LATE)) == both
    assert Newest(at=AT + SECOND, states=(LATE,)) == one
    assert Newest(at=AT + 2 * SECOND, states=()) == store.newest()


def test_a_row_whose_facts_stay_is_not_written_again(store: LagStore, ask: Asked) -> None:
    keep(store, QUIET, LATE)
    before = ask("SELECT partition, xmin FROM operations.lag_now ORDER BY partition")
    keep(store, QUIET, replace(LATE, end=16, events=6), at=AT + SECOND)
    after = ask("SELECT partition, xmin FROM operations.lag_now ORDER BY partition")

    assert before[0] == after[0]
    assert before[1] != after[1]


def test_a_series_has_the_worst_of_each_span_and_no_point_where_nobody_watched(
    store: LagStore,
) -> None:
    for second, states in ((0, [QUIET]), (1, [LATE]), (4, [QUIET])):
        keep(store, *states, at=AT + second * SECOND)
    found = store.series(QUIET.group, QUIET.topic, since=AT, until=AT + 6 * SECOND, bins=3)

    assert [AT, AT + 4 * SECOND] == [point.at for point in found]
    assert [(Status.STALL, 5, 2), (Status.OK, 0, 0)] == [
        (point.status, point.events, point.lost) for point in found
    ]
    assert [91.0, None] == [point.seconds_behind for point in found]
    assert 1.25 == found[0].coming


def test_a_quiet_topic_has_no_points_and_its_series_says_that_nothing_waited(
    store: LagStore, ask: Asked
) -> None:
    keep(store, QUIET)

    assert [(0,)] == ask("SELECT count(*) FROM operations.lag_point")
    (point,) = store.series(QUIET.group, QUIET.topic, since=AT, until=AT + SECOND)
    assert (Status.OK, 0, None) == (point.status, point.events, point.seconds_behind)


def test_what_is_older_than_two_days_goes(store: LagStore, ask: Asked) -> None:
    keep(store, LATE)
    keep(store, LATE, at=AT + KEEP)
    assert [(2,)] == ask("SELECT count(*) FROM operations.lag_point")
    keep(store, LATE, at=AT + KEEP + SECOND)

    expected = [(AT + KEEP,), (AT + KEEP + SECOND,)]
    assert expected == ask("SELECT at FROM operations.lag_point ORDER BY at")
    assert expected == ask("SELECT at FROM operations.lag_sample ORDER BY at")


def test_a_sample_of_many_partitions_is_kept_in_one_transaction(
    store: LagStore, ask: Asked
) -> None:
    many = [replace(QUIET, partition=number) for number in range(12_000)]
    keep(store, *many)

    assert [(12_000, 1)] == ask(
        "SELECT count(*), count(DISTINCT xmin::text) FROM operations.lag_now"
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sets(st.integers(0, 5)), min_size=1, max_size=6))
def test_the_newest_is_always_the_last_sample_whole(
    store: LagStore, samples: list[set[int]]
) -> None:
    for number, partitions in enumerate(samples):
        at = AT + number * SECOND
        states = tuple(
            replace(LATE, partition=each, events=number + 1) for each in sorted(partitions)
        )
        keep(store, *states, at=at)
    newest = store.newest()

    assert newest is not None
    assert states == newest.states
