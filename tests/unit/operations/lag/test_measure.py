"""What one sample says: lost is no lag of 0, ages are of records, nothing is negative."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bus.operations.lag.measure import (
    PartitionSample,
    lost_at,
    measure,
    moment,
    seconds_behind,
)

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
HOUR_MS = 3_600_000
SAMPLE = PartitionSample(
    group="credit-bus.gate",
    topic="credit.outbox.tax",
    partition=0,
    committed=10,
    settled=10,
    first=10,
    log_start=0,
    end=25,
    marks=0,
    waiting_ms=int(NOW.timestamp() * 1000) - 90_000,
    retention_ms=HOUR_MS,
    members=1,
    client="client",
    host="127.0.0.1",
    is_held=True,
)


def test_what_was_deleted_unread_is_lost_and_the_lag_begins_where_the_log_does() -> None:
    found = measure(replace(SAMPLE, log_start=18, first=18))

    assert (7, 8) == (found.events, found.lost)
    assert found.is_wrong


def test_what_was_deleted_unread_to_the_end_is_no_lag_of_0_alone() -> None:
    found = measure(replace(SAMPLE, log_start=25, first=25, waiting_ms=None))

    assert (0, 15) == (found.events, found.lost)
    assert found.is_wrong


def test_marks_of_transactions_that_retention_deletes_are_not_lost() -> None:
    idle = replace(SAMPLE, settled=11, first=11, end=11, log_start=11, waiting_ms=None)

    assert 0 == measure(idle).lost
    assert not measure(idle).is_wrong
    assert 1 == measure(replace(idle, settled=10)).lost, "unless nobody saw that they are marks"


def test_an_offset_beyond_the_end_is_an_error_and_no_negative_lag() -> None:
    found = measure(replace(SAMPLE, committed=30, settled=30, first=30, waiting_ms=None))

    assert (0, 5) == (found.events, found.ahead)
    assert found.is_wrong


def test_a_group_that_has_not_begun_has_everything_before_it_and_lost_nothing() -> None:
    found = measure(replace(SAMPLE, committed=None, settled=4, first=4, log_start=4))

    assert (21, 0, 0) == (found.events, found.lost, found.ahead)


def test_marks_among_what_waits_are_no_events() -> None:
    assert 9 == measure(replace(SAMPLE, marks=6)).events


def test_nothing_waits_where_marks_alone_do() -> None:
    found = measure(replace(SAMPLE, first=25, settled=25, waiting_ms=None))

    assert 0 == found.events
    assert found.waiting_since is None
    assert not found.is_wrong


def test_the_time_lag_is_the_age_of_the_record() -> None:
    found = measure(SAMPLE)

    assert 15 == found.events
    assert 90.0 == seconds_behind(found.waiting_since, found.events, NOW)


def test_a_record_that_was_not_seen_has_no_age() -> None:
    found = measure(replace(SAMPLE, waiting_ms=None))

    assert 15 == found.events
    assert seconds_behind(found.waiting_since, found.events, NOW) is None


def test_a_broker_s_clock_that_is_ahead_makes_no_negative_age() -> None:
    assert 0.0 == seconds_behind(NOW + timedelta(seconds=3), 1, NOW)


@pytest.mark.parametrize(
    ("expected", "retention_ms"),
    [(NOW + timedelta(hours=1), HOUR_MS), (None, None), (None, 2**63 - 1)],
    ids=["an hour", "for ever", "beyond the calendar"],
)
def test_retention_deletes_from_the_record_s_moment_on(
    expected: datetime | None, retention_ms: int | None
) -> None:
    assert expected == lost_at(NOW, retention_ms)


def test_a_moment_is_utc_to_the_millisecond() -> None:
    assert NOW + timedelta(milliseconds=1) == moment(int(NOW.timestamp() * 1000) + 1)


@given(
    committed=st.none() | st.integers(0, 40),
    log_start=st.integers(0, 40),
    beyond=st.integers(0, 40),
)
def test_nothing_is_negative_and_every_event_is_read_waiting_or_lost(
    committed: int | None, log_start: int, beyond: int
) -> None:
    end = log_start + beyond
    begin = log_start if committed is None else committed
    found = measure(
        replace(
            SAMPLE,
            committed=committed,
            settled=begin,
            first=max(begin, log_start),
            log_start=log_start,
            end=end,
        )
    )

    assert min(found.events, found.lost, found.ahead) >= 0
    assert begin + found.lost + found.events - found.ahead == end
