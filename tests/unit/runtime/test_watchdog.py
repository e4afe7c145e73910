"""The watchdog's rule: only a record that waits too long counts, and time is an argument."""

from credit_bus.runtime.watchdog import Waiting

TP = ("credit.records", 0)
TOLD = ["credit.records/0@5"]


def test_a_record_that_waits_too_long_is_told() -> None:
    waiting = Waiting().seen({TP: 5}, now=0.0).seen({TP: 5}, now=91.0)

    assert TOLD == waiting.too_long(now=91.0, seconds_max=90.0)


def test_an_offset_that_moved_starts_anew() -> None:
    waiting = Waiting().seen({TP: 5}, now=0.0).seen({TP: 6}, now=80.0)

    assert [] == waiting.too_long(now=91.0, seconds_max=90.0)


def test_idle_time_before_a_record_came_does_not_count() -> None:
    waiting = Waiting()
    for now in range(0, 1_000, 10):
        waiting = waiting.seen({}, now=float(now))
    waiting = waiting.seen({TP: 5}, now=1_000.0)

    assert [] == waiting.too_long(now=1_010.0, seconds_max=90.0)


def test_a_place_where_nothing_waits_any_more_is_forgotten() -> None:
    waiting = Waiting().seen({TP: 5}, now=0.0).seen({}, now=50.0).seen({TP: 5}, now=100.0)

    assert [] == waiting.too_long(now=150.0, seconds_max=90.0)
