"""The arithmetic of the figures, on numbers that one can check by hand."""

import pytest
from benchmarks.figures.numbers import (
    Schedule,
    caught_up_at,
    longest_gap,
    lows,
    quantile,
    second_half,
    slope,
)

HUNDRED = [float(each) for each in range(1, 101)]


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50.0), (0.99, 99.0), (0.999, 100.0), (1.0, 100.0), (0.0, 1.0)]
)
def test_a_quantile_is_a_value_that_occurred(share: float, expected: float) -> None:
    assert expected == quantile(HUNDRED, share)


def test_one_value_is_every_quantile() -> None:
    assert [7.0] * 3 == [quantile([7.0], share) for share in (0.0, 0.5, 1.0)]


def test_one_slow_event_in_a_thousand_is_the_slowest_and_not_the_999th() -> None:
    found = [*([1.0] * 999), 90.0]

    assert 1.0 == quantile(found, 0.999)
    assert 90.0 == quantile(found, 1.0)


def test_nothing_has_no_quantile() -> None:
    with pytest.raises(AssertionError):
        quantile([], 0.5)


def test_the_slope_of_a_line_is_its_own() -> None:
    assert 3.0 == pytest.approx(slope([(x, 3.0 * x + 5.0) for x in range(10)]))


def test_noise_about_a_level_line_has_no_slope() -> None:
    assert 0.0 == pytest.approx(slope([(0, 1), (1, 2), (2, 2), (3, 1)]))


def test_points_above_each_other_have_no_slope() -> None:
    assert 0.0 == slope([(1.0, 1.0), (1.0, 9.0)])


def test_the_second_half_is_of_events_and_not_of_samples() -> None:
    points = [(0.0, 1.0), (1.0, 1.0), (2.0, 1.0), (60.0, 2.0), (100.0, 3.0)]

    assert [(60.0, 2.0), (100.0, 3.0)] == second_half(points)
    assert [] == second_half([])


def test_the_lows_are_what_is_kept_when_a_batch_is_done() -> None:
    saw = [(float(x), 10.0 + x % 5) for x in range(100)]

    assert [10.0] * 20 == [y for _, y in lows(saw, 20)]
    assert [10.0] * 4 == [y for _, y in lows(saw, 4)]
    assert [(3.0, 7.0)] == lows([(3.0, 9.0), (3.0, 7.0)], 20)
    assert [] == lows([], 20)


def test_a_leak_shows_in_the_lows() -> None:
    saw = [(float(x), 10.0 + x % 5 + 0.5 * x) for x in range(100)]

    assert pytest.approx(0.5) == slope(lows(saw, 20))


def test_the_longest_gap_may_be_before_the_first_and_after_the_last() -> None:
    assert 4.0 == longest_gap([5.0, 4.0, 6.0], since=0.0, until=7.0)
    assert 6.0 == longest_gap([1.0], since=0.0, until=7.0)
    assert 7.0 == longest_gap([], since=0.0, until=7.0)


def test_what_came_outside_the_time_looked_at_makes_its_gap_no_shorter() -> None:
    assert 10.0 == longest_gap([-1.0, 11.0], since=0.0, until=10.0)


def test_caught_up_is_when_the_last_late_event_came() -> None:
    events = [(0.0, 5.0), (1.0, 6.0), (7.0, 7.1), (6.0, 6.2)]

    assert 6.0 == caught_up_at(events, delay_max=1.0)
    assert caught_up_at(events[2:], delay_max=1.0) is None


def test_a_schedule_waits_for_nobody() -> None:
    schedule = Schedule(begins=100.0, rate=500.0, numbers=range(7, 1_007))

    assert 100.0 == schedule.due(7)
    assert 101.0 == schedule.due(507)
    assert 102.0 == schedule.due(1_007)


def test_everything_is_due_at_once_where_there_is_no_rate() -> None:
    schedule = Schedule(begins=100.0, rate=float("inf"), numbers=range(7, 1_007))

    assert {100.0} == {schedule.due(number) for number in schedule.numbers}
