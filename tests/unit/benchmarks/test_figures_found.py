"""What a figure shows, what it complains of, and how it is asked for."""

import argparse
from typing import Any

import pytest
from benchmarks.figures.catch_up import OUTAGE_SECONDS, outage_row
from benchmarks.figures.delay import Delay, Delays
from benchmarks.figures.drain import Drained, drained
from benchmarks.figures.found import Found, complaints
from benchmarks.figures.growth import Point, growth_cells
from benchmarks.figures.memory import memory_row, way_row
from benchmarks.figures.numbers import Schedule
from benchmarks.figures.options import add_options, figure_of
from benchmarks.figures.reader import Arrivals
from benchmarks.figures.roster import FIGURES

MEBIBYTE = 1024 * 1024


def arrivals_of(*numbers: int, copies: int = 1) -> Arrivals:
    """What a reader noted that saw these, one a second."""
    arrivals = Arrivals(range(100, 110), copies=copies)
    for moment, number in enumerate(numbers, start=1):
        arrivals.note(number, float(moment))
    return arrivals


def delays_of(*milliseconds: float, **changes: Any) -> Delays:
    numbers = range(len(milliseconds))
    told = {
        "milliseconds": sorted(milliseconds),
        "cpu": {"broker": 30.0, "gate": 20.0},
        "publisher_late": 0.0,
        "broken": {"lost": 0, "doubled": 0},
        "counted": numbers,
        "schedule": Schedule(begins=0.0, rate=1.0, numbers=numbers),
        "arrivals": Arrivals(numbers),
        **changes,
    }
    return Delays(**told)


def point(milliseconds: float, seconds: float, cpu: float = 30.0) -> Point:
    out = Drained(first=0.0, last=seconds, events=1_000, broken={})
    return Point(delays=delays_of(*[milliseconds] * 10, cpu={"gate": cpu}), drained=out)


def test_what_never_came_is_lost_and_what_came_again_is_doubled() -> None:
    arrivals = arrivals_of(100, 101, 101, 103)

    assert 7 == arrivals.lost(range(100, 110))
    assert 1 == arrivals.lost(range(100, 104))
    assert 1 == arrivals.doubled(range(100, 110))
    assert [100, 101, 103] == list(arrivals.came(range(100, 110)))
    assert 3 == arrivals.seen.value


def test_an_event_that_came_twice_counts_when_it_came_first() -> None:
    arrivals = arrivals_of(100, 101, 100)

    assert (1.0, 3.0) == (arrivals.first(100), arrivals.last(100))


def test_an_order_is_lost_while_one_of_its_departments_has_none() -> None:
    arrivals = arrivals_of(100, 100, 100, 101, 101, copies=3)

    assert [100] == list(arrivals.came(range(100, 102)))
    assert 1 == arrivals.lost(range(100, 102))
    assert 5 == arrivals.seen.value


def test_what_is_of_another_range_or_has_no_number_is_none_of_ours() -> None:
    arrivals = arrivals_of(99, 110)
    arrivals.note(None, 1.0)

    assert 10 == arrivals.lost(range(100, 110))
    assert 0 == arrivals.doubled(range(100, 110))


def test_a_loss_and_a_double_are_complained_of() -> None:
    assert () == complaints({"lost": 0, "doubled": 0}, "here")
    assert ("here: 2 lost", "here: 1 doubled") == complaints({"lost": 2, "doubled": 1}, "here")


def test_a_backlog_has_a_rate_from_its_first_to_its_last() -> None:
    found = drained(arrivals_of(100, 101, 102), range(100, 104))

    assert (1.0, 3.0, 3) == (found.first, found.last, found.events)
    assert {"lost": 1, "doubled": 0} == found.broken
    assert 1.5 == found.rate


def test_the_bus_is_up_to_date_when_the_last_event_that_was_held_up_has_come() -> None:
    backlog = [10.0, 11.0, 12.0, 13.0]
    live = [(10.0, 14.0), (14.5, 14.9), (16.0, 16.1)]
    found = outage_row(backlog, live, began=8.0, ended=20.0, rate=1)

    assert (2.0, 5.0, 6.0) == (
        found["first out after s"],
        found["backlog out after s"],
        found["up to date after s"],
    )
    assert 5 / 4 == found["out/s"]
    assert (
        pytest.approx(2.0 + (OUTAGE_SECONDS + 2.0) / 0.25)
        == (found["an hour's outage at that rate, s"])
    )


def test_a_bus_that_is_late_at_the_end_never_was_up_to_date() -> None:
    found = outage_row([10.0, 12.0], [(11.0, 21.0)], began=8.0, ended=20.0, rate=5)

    assert found["up to date after s"] is None
    assert found["an hour's outage at that rate, s"] is None


def test_memory_that_grows_with_the_events_is_not_flat() -> None:
    leaking = [(float(n), 100 * MEBIBYTE + 50.0 * n) for n in range(0, 1_000_000, 1_000)]
    found = memory_row("gate", leaking)

    assert 50.0 == pytest.approx(found["bytes an event, second half"])
    assert not found["flat"]


def test_the_way_of_the_memory_is_told_in_tenths() -> None:
    leaking = [(float(n), MEBIBYTE * (100.0 + n // 100)) for n in range(1_000)]
    found = way_row("gate", leaking)

    assert "gate" == found.pop("stage")
    assert [100.0 + tenth for tenth in range(10)] == list(found.values())
    assert [f"{tenth}0 %" for tenth in range(1, 11)] == list(found)


def test_memory_that_grows_in_the_first_half_alone_is_flat() -> None:
    warming = [
        (float(n), 100 * MEBIBYTE + 50.0 * min(n, 400_000)) for n in range(0, 1_000_000, 1_000)
    ]

    assert memory_row("gate", warming)["flat"]


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        (point(10.0, 1.0), True),
        (point(10.9, 1.09), True),
        (point(11.1, 1.0), False),
        (point(10.0, 1.2), False),
        (point(1.0, 1.2), False),
        (point(10.0, 1.0, cpu=34.0), False),
    ],
)
def test_growth_may_make_nothing_a_tenth_worse(other: Point, kept: bool) -> None:
    assert kept is growth_cells(point(10.0, 1.0), other)["at most 10 % worse"]


def test_a_table_has_a_line_a_row_and_says_what_broke() -> None:
    rows = [{"a": 1_000, "b": 0.5}, {"a": None, "b": True}]
    lines = Found(tables={"T": rows}, broken=("it broke",)).as_markdown()

    assert ["| a | b |", "|---|---|", "| 1,000 | 0.50 |", "| – | yes |"] == lines[2:6]
    assert "**BROKEN**: it broke" == lines[-1]


def test_json_has_the_plain_values() -> None:
    found = Found(tables={"T": [{"a": 1.23456, "b": None, "c": True}]}, broken=("it broke",))

    assert {
        "tables": {"T": [{"a": 1.235, "b": None, "c": True}]},
        "broken": ["it broke"],
    } == found.as_json()


def test_options_are_the_fields_of_a_figure() -> None:
    parser = argparse.ArgumentParser()
    add_options(parser, "delay", Delay)

    given = vars(parser.parse_args(["--delay-rates", "5", "7", "--delay-seconds", "0.5"]))

    assert Delay(rates=(5, 7), seconds=0.5) == figure_of("delay", Delay, given)
    assert Delay() == figure_of("delay", Delay, vars(parser.parse_args([])))


def test_every_figure_has_options_of_its_own() -> None:
    parser = argparse.ArgumentParser()
    for name, figure in FIGURES.items():
        add_options(parser, name, figure)

    given = vars(parser.parse_args([]))

    assert [f() for f in FIGURES.values()] == [
        figure_of(name, figure, given) for name, figure in FIGURES.items()
    ]
