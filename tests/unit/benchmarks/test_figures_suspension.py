"""When the promise about suspensions counts as kept."""

from benchmarks.figures.suspension import goal


def test_a_suspension_that_never_came_breaks_the_promise_however_quick_the_others_were() -> None:
    assert "MISSED" == goal([0.1] * 99, 100)


def test_a_slow_median_and_a_slow_hundredth_each_break_the_promise() -> None:
    assert "MISSED" == goal([1.1] * 100, 100)
    assert "MISSED" == goal([0.1] * 98 + [3.1] * 2, 100)


def test_one_slow_suspension_in_a_hundred_keeps_it() -> None:
    assert "kept" == goal([0.1] * 99 + [9.0], 100)
