"""Windows move a look a sample; states add up to rows, groups and parties, the worst first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.operations.lag.test_measure import SAMPLE

from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, outbox, party_of, replies
from credit_bus.operations.lag.burrow import WINDOW_LOOKS, Status
from credit_bus.operations.lag.measure import PartitionSample, Unseen
from credit_bus.operations.lag.rollup import Sum, by_group, by_party, by_topic
from credit_bus.operations.lag.windows import (
    KEEP_SECONDS,
    UNSEEN_SECONDS_MAX,
    PartitionLag,
    Windows,
    moved,
)

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)


def sample(committed: int, end: int, **changes: Any) -> PartitionSample:
    return replace(
        SAMPLE, committed=committed, settled=committed, first=committed, end=end, **changes
    )


def state(**changes: Any) -> PartitionLag:
    _, (found,) = moved({}, [sample(5, 5)], at=NOW)
    return replace(found, **changes)


def watched(*looks: list[PartitionSample]) -> tuple[Windows, tuple[PartitionLag, ...]]:
    windows: Windows = {}
    states: tuple[PartitionLag, ...] = ()
    for number, samples in enumerate(looks):
        windows, states = moved(windows, samples, at=NOW + timedelta(seconds=10 * number))
    return windows, states


def test_lost_events_are_err_at_once_whatever_the_rules_say() -> None:
    _, (found,) = watched([sample(5, 9, log_start=7)])

    assert Status.ERR is found.status
    assert 2 == found.lost
    assert 0.1 == found.completeness


def test_a_window_holds_so_many_looks_and_no_more() -> None:
    windows, (found,) = watched(*[[sample(5, 9)]] * (WINDOW_LOOKS + 3))

    assert [WINDOW_LOOKS] == [len(window.looks) for window in windows.values()]
    assert Status.STALL is found.status
    assert 1.0 == found.completeness


def test_the_last_commit_is_when_the_offset_was_seen_to_move() -> None:
    _, (never,) = watched([sample(5, 9)], [sample(5, 9)])
    _, (once,) = watched([sample(5, 9)], [sample(6, 9)], [sample(6, 9)])

    assert never.last_commit_at is None
    assert NOW + timedelta(seconds=10) == once.last_commit_at


def test_a_partition_without_a_leader_keeps_its_window_for_a_while() -> None:
    windows, _ = watched([sample(5, 9)])
    kept, states = moved(windows, [], at=NOW + timedelta(seconds=KEEP_SECONDS))
    forgotten, _ = moved(windows, [], at=NOW + timedelta(seconds=KEEP_SECONDS + 1))

    assert () == states
    assert windows == kept
    assert {} == forgotten


UNSEEN = Unseen(
    group=SAMPLE.group,
    topic=SAMPLE.topic,
    partition=SAMPLE.partition,
    committed=10,
    members=0,
    client=None,
    host=None,
)


def test_what_nobody_answers_for_keeps_its_last_state_as_unknown() -> None:
    windows, (last,) = watched([sample(10, 25)])
    at = NOW + timedelta(seconds=UNSEEN_SECONDS_MAX)
    windows, (moment_ago,) = moved(windows, [], [UNSEEN], at=at)
    windows, (unknown,) = moved(windows, [], [UNSEEN], at=at + timedelta(seconds=1))
    week = NOW + timedelta(days=7)
    windows, (long_unknown,) = moved(windows, [], [UNSEEN], at=week)

    assert last == moment_ago, "a leader changes"
    assert (Status.UNKNOWN, 15, 0.0) == (unknown.status, unknown.events, unknown.completeness)
    assert unknown.status.is_above_warn
    assert unknown == long_unknown
    assert unknown.behind(week) == 7 * 86_400 + 90.0
    windows, (again,) = moved(windows, [sample(10, 25)], at=week + timedelta(seconds=10))
    assert (Status.OK, 0.1) == (again.status, again.completeness), "judged from here on"
    assert {} == moved(windows, [], at=week + timedelta(days=1))[0], "nobody reads it any more"


def test_what_was_never_seen_is_unknown_at_once_and_no_lag_of_nothing() -> None:
    _, (found,) = moved({}, [], [UNSEEN], at=NOW)
    (row,) = by_topic([found], NOW)

    assert (Status.UNKNOWN, 10) == (found.status, found.committed)
    assert (None, None) == (row.seconds_behind, row.drains_in)


def test_a_topic_is_its_worst_partition_its_oldest_event_and_its_sums() -> None:
    parts = [
        state(partition=0, status=Status.WARN, events=3, waiting_since=NOW - timedelta(minutes=1)),
        state(partition=1, status=Status.STALL, events=4, waiting_since=NOW - timedelta(hours=1)),
        state(partition=2, lost=2, coming=1.0, going=2.0, lost_at=NOW + timedelta(days=1)),
    ]
    (row,) = by_topic(parts, NOW)

    assert Status.STALL is row.status
    assert (7, 2, 3) == (row.events, row.lost, row.partitions)
    assert 3600.0 == row.seconds_behind
    assert 86_400.0 == row.lost_in
    assert (1.0, 2.0) == (row.coming, row.going)
    assert row.drains_in is None, "what is never drained in one partition is never drained"


def test_an_unknown_age_hides_that_nothing_waits_elsewhere() -> None:
    unknown = state(partition=1, events=1, waiting_since=None)

    assert by_topic([state(), unknown], NOW)[0].seconds_behind is None
    late = state(partition=2, events=1, waiting_since=NOW - timedelta(seconds=8))
    assert 8.0 == by_topic([state(), unknown, late], NOW)[0].seconds_behind


def test_the_worst_comes_first_then_the_latest() -> None:
    late, later = NOW - timedelta(seconds=1), NOW - timedelta(seconds=2)
    rows = by_topic(
        [
            state(topic="quiet"),
            state(topic="late", events=9, waiting_since=late),
            state(topic="later", events=1, waiting_since=later),
            state(topic="wrong", status=Status.STOP, events=1, waiting_since=late),
        ],
        NOW,
    )

    assert ["wrong", "later", "late", "quiet"] == [row.topic for row in rows]


def test_a_group_above_warn_is_err_and_a_party_has_what_waits_in_its_topics() -> None:
    rows = by_topic(
        [
            state(group="gate", topic=outbox("tax"), events=1, status=Status.STOP),
            state(group="gate", topic=outbox("court"), events=2, status=Status.WARN),
            state(group="desk", topic=inbox("tax"), events=4),
            state(group="router", topic=RECORDS, events=8),
        ],
        NOW,
    )
    groups = {each.name: (each.status, each.events) for each in by_group(rows)}
    parties = {each.name: (each.status, each.events) for each in by_party(rows)}

    assert {
        "gate": (Status.ERR, 3),
        "desk": (Status.OK, 4),
        "router": (Status.OK, 8),
    } == groups
    assert {"tax": (Status.STOP, 5), "court": (Status.WARN, 2)} == parties


def test_nothing_adds_up_to_nothing() -> None:
    none: tuple[Sum, ...] = ()

    assert () == by_topic([], NOW)
    assert none == by_group([]) == by_party([])


@pytest.mark.parametrize(
    ("expected", "topic"),
    [
        ("tax", outbox("tax")),
        ("tax", inbox("tax")),
        ("public-site", replies("public-site")),
        (None, RECORDS),
        (None, QUARANTINE),
    ],
)
def test_a_topic_is_its_party_s_or_everybody_s(expected: str | None, topic: str) -> None:
    assert expected == party_of(topic)


def test_it_is_drained_by_offsets_as_the_rates_are() -> None:
    late = state(committed=40, end=100, events=30, coming=2.0, going=8.0)

    assert 10.0 == late.drains_in
    assert 0.0 == replace(late, events=0).drains_in, "marks alone are nothing to drain"
