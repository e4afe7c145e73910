"""Burrow's seven rules, each by name: a window of looks in, a status out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bus.operations.lag.burrow import Look, Status, judge, of_group, worst

BEGIN = datetime(2026, 11, 29, 8, tzinfo=UTC)
LOOKS = 5

# Committed offset, end of the log: one look each.
Offsets = list[tuple[int | None, int]]


def window(offsets: Offsets, *, held: str = "") -> list[Look]:
    """Looks ten seconds apart; `held` has a letter for each, "-" where nobody has the partition."""
    return [
        Look(
            at=BEGIN + timedelta(seconds=10 * number),
            committed=committed,
            end=end,
            events=end - (committed or 0),
            is_held=(held or "x" * len(offsets))[number] != "-",
        )
        for number, (committed, end) in enumerate(offsets)
    ]


def status(offsets: Offsets, *, held: str = "", allowed: int = 0) -> Status:
    return judge(window(offsets, held=held), allowed=allowed, looks=LOOKS).status


NOBODY = "-----"


@pytest.mark.parametrize(
    ("expected", "offsets", "held"),
    [
        pytest.param(
            Status.STOP, [(5, 9), (5, 9), (5, 9), (5, 9), (5, 9)], NOBODY, id="nobody reads"
        ),
        pytest.param(
            Status.STOP, [(5, 6), (5, 7), (5, 8), (5, 9), (5, 9)], NOBODY, id="and more comes"
        ),
        pytest.param(
            Status.STOP,
            [(None, 9), (None, 9), (None, 9), (None, 9), (None, 9)],
            NOBODY,
            id="never begun",
        ),
        pytest.param(
            Status.OK, [(5, 5), (5, 5), (5, 6), (5, 7), (5, 7)], NOBODY, id="drained a while ago"
        ),
        pytest.param(
            Status.STALL, [(5, 9), (5, 9), (5, 9), (5, 9), (5, 9)], "x----", id="held a while ago"
        ),
    ],
)
def test_rule_2_stop_no_commit_for_longer_than_the_window_and_not_drained_in_it(
    expected: Status, offsets: Offsets, held: str
) -> None:
    assert expected is status(offsets, held=held)


@pytest.mark.parametrize(
    ("expected", "offsets", "events"),
    [
        pytest.param(
            Status.OK,
            [(5, 6), (5, 6), (5, 6), (5, 6), (5, 8)],
            [0, 0, 0, 0, 1],
            id="drained behind a mark, one event just now",
        ),
        pytest.param(
            Status.OK,
            [(5, 6), (5, 8), (5, 8), (5, 8), (5, 8)],
            [0, 1, 1, 1, 1],
            id="drained at the oldest look of the window",
        ),
        pytest.param(
            Status.STOP,
            [(5, 8), (5, 8), (5, 8), (5, 8), (5, 8)],
            [1, 1, 1, 1, 1],
            id="nobody came for a whole window",
        ),
    ],
)
def test_rule_2_a_mark_of_a_transaction_behind_the_offset_is_nothing_that_waits(
    expected: Status, offsets: Offsets, events: list[int]
) -> None:
    looks = [
        replace(look, events=waiting)
        for look, waiting in zip(window(offsets, held=NOBODY), events, strict=True)
    ]

    assert expected is judge(looks, looks=LOOKS).status


def test_rule_6_judges_by_offsets_for_events_are_counted_only_where_few_wait() -> None:
    """A count that came to be known is no dip: nothing was read the faster for it."""
    offsets: Offsets = [(1, 9), (2, 11), (3, 13), (4, 15), (5, 17)]
    looks = [
        replace(look, events=waiting)
        for look, waiting in zip(window(offsets), (8, 9, 4, 5, 5), strict=True)
    ]

    assert Status.WARN is judge(looks, looks=LOOKS).status


@pytest.mark.parametrize(
    "offsets",
    [
        [(9, 9), (9, 9), (9, 9), (9, 9), (9, 9)],
        [(5, 9), (5, 9), (5, 9), (5, 9), (9, 9)],
        [(9, 9), (5, 9), (5, 9), (9, 9), (9, 9)],
        [(None, 0), (None, 0), (None, 0), (None, 0), (None, 0)],
    ],
    ids=["idle", "just drained", "went back, and has caught up", "an empty log, never begun"],
)
@pytest.mark.parametrize("held", ["", NOBODY], ids=["held", "held by nobody"])
def test_rule_1_what_has_no_lag_now_is_ok_always(offsets: Offsets, held: str) -> None:
    assert Status.OK is status(offsets, held=held)


def test_rule_1_an_allowed_lag_is_none() -> None:
    stuck: Offsets = [(5, 8), (5, 8), (5, 8), (5, 8), (5, 8)]

    assert Status.STALL is status(stuck, allowed=2)
    assert Status.OK is status(stuck, allowed=3)


@pytest.mark.parametrize(
    ("expected", "offsets"),
    [
        pytest.param(Status.REWIND, [(9, 9), (9, 9), (0, 9), (1, 9), (2, 9)], id="and reads anew"),
        pytest.param(Status.REWIND, [(9, 9), (9, 9), (9, 9), (9, 9), (0, 9)], id="just now"),
        pytest.param(
            Status.REWIND, [(9, 9), (9, 9), (9, 9), (None, 9), (None, 9)], id="offsets deleted"
        ),
        pytest.param(Status.OK, [(6, 9), (2, 9), (4, 9), (6, 9), (7, 9)], id="it is where it was"),
    ],
)
def test_rule_3_rewind_the_offset_went_back_and_has_not_caught_up(
    expected: Status, offsets: Offsets
) -> None:
    assert expected is status(offsets)


def test_rule_4_what_was_drained_at_any_look_is_ok_though_it_only_grows_since() -> None:
    assert Status.OK is status([(5, 5), (5, 6), (5, 7), (5, 8), (5, 9)])
    assert Status.OK is status([(1, 9), (9, 9), (9, 10), (9, 11), (9, 12)])


def test_rule_4_counts_an_allowed_lag_as_drained() -> None:
    growing: Offsets = [(5, 7), (5, 8), (5, 9), (5, 10), (5, 11)]

    assert Status.STALL is status(growing, allowed=1)
    assert Status.OK is status(growing, allowed=2)


@pytest.mark.parametrize(
    "offsets",
    [
        [(5, 9), (5, 9), (5, 9), (5, 9), (5, 9)],
        [(5, 6), (5, 7), (5, 8), (5, 9), (5, 10)],
        [(None, 6), (None, 7), (None, 8), (None, 9), (None, 10)],
    ],
    ids=["and nothing comes", "and more comes", "never begun"],
)
def test_rule_5_stall_somebody_holds_the_partition_and_its_offset_stands(offsets: Offsets) -> None:
    assert Status.STALL is status(offsets)


@pytest.mark.parametrize(
    ("expected", "offsets"),
    [
        pytest.param(Status.WARN, [(1, 3), (2, 5), (3, 7), (4, 9), (5, 11)], id="it grows"),
        pytest.param(Status.WARN, [(1, 3), (2, 4), (3, 5), (4, 6), (5, 7)], id="it stays"),
        pytest.param(Status.OK, [(1, 3), (2, 5), (3, 7), (6, 9), (6, 11)], id="one dip"),
    ],
)
def test_rule_6_warn_it_reads_and_the_lag_never_decreased(
    expected: Status, offsets: Offsets
) -> None:
    assert expected is status(offsets)


def test_rule_7_what_is_read_is_ok() -> None:
    assert Status.OK is status([(0, 100), (30, 100), (60, 110), (90, 110), (100, 120)])


@pytest.mark.parametrize("offsets", [[(5, 9)], [(5, 9), (5, 9)], [(1, 3), (2, 5), (3, 7), (4, 9)]])
@pytest.mark.parametrize("held", ["xxxx", "----"])
def test_a_window_that_is_not_full_is_ok_and_says_so(offsets: Offsets, held: str) -> None:
    verdict = judge(window(offsets, held=held), looks=LOOKS)

    assert Status.OK is verdict.status
    assert len(offsets) / LOOKS == verdict.completeness


def test_what_went_back_needs_no_full_window() -> None:
    assert Status.REWIND is status([(9, 9), (0, 9)])


def test_low_volume_does_not_flap_one_event_an_hour_each_read_before_the_next_look() -> None:
    """An idle hour, an event, a reader that takes a look's time: OK at every look."""
    history: Offsets = [(n, n) for n in (5, 5, 5, 5, 5, 5)]
    history += [(5, 6), (6, 6), (6, 6), (6, 6), (6, 6), (6, 6), (6, 7), (7, 7)]
    seen = [
        status(history[max(0, end - LOOKS) : end], held="-" * LOOKS)
        for end in range(1, len(history) + 1)
    ]

    assert {Status.OK} == set(seen)


def test_a_group_is_its_worst_partition_and_err_above_warn() -> None:
    assert Status.OK is of_group([])
    assert Status.WARN is of_group([Status.OK, Status.WARN])
    for each in (Status.STALL, Status.STOP, Status.REWIND, Status.ERR):
        assert Status.ERR is of_group([Status.OK, each, Status.WARN])
    assert Status.STOP is worst([Status.STALL, Status.STOP, Status.OK])


@given(
    st.lists(
        st.tuples(st.integers(0, 6) | st.none(), st.integers(6, 9), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_what_has_no_lag_is_never_wrong_and_a_late_look_alone_never_is(
    told: list[tuple[int | None, int, bool]],
) -> None:
    looks = window(
        [(committed, end) for committed, end, _ in told],
        held="".join("x" if held else "-" for *_, held in told),
    )
    found = judge(looks, looks=LOOKS).status

    assert looks[-1].events > 0 or found is Status.OK
    if any(look.events == 0 for look in looks):
        assert found in {Status.OK, Status.REWIND, Status.STOP}
        assert found is not Status.STOP or looks[-1].events > 0
    if found is Status.STOP:
        assert not any(look.is_held for look in looks)
