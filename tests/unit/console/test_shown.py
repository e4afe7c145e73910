"""Figures as they are read, and curves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bus.operations.lag.burrow import Status
from credit_bus_connectors.console import shown
from credit_bus_connectors.console.sparkline import HEIGHT, WIDTH, sparkline

BEGIN = datetime(2026, 6, 1, 2, tzinfo=UTC)
END = BEGIN + timedelta(hours=6)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "—"),
        (0, "0"),
        (0.44, "0.4 秒"),
        (12, "12 秒"),
        (59.6, "1 分"),
        (312, "5 分 12 秒"),
        (3_600, "1 小时"),
        (11_110, "3 小时 5 分"),
        (356_400, "4 天 3 小时"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float | None, text: str) -> None:
    assert text == shown.duration(seconds)


@pytest.mark.parametrize(
    ("number", "text"), [(None, "—"), (0, ""), (7, "7"), (1_234_567, "1,234,567")]
)
def test_counts_have_separators_and_nothing_is_nothing(number: int | None, text: str) -> None:
    assert text == shown.count(number)


def test_every_status_has_a_word_and_a_mark() -> None:
    assert set(Status) == set(shown.STATUSES) == set(shown.MARKS)


def test_a_curve_begins_at_zero_and_is_broken_where_nobody_watched() -> None:
    points = [
        (BEGIN, 0.0),
        (BEGIN + timedelta(hours=1), 10.0),
        (BEGIN + timedelta(hours=2), None),
        (BEGIN + timedelta(hours=3), 5.0),
    ]
    curve = sparkline(points, since=BEGIN, until=END)

    assert "M0.0 30.5 L26.7 1.5 M80.0 16.0" == curve.path
    assert (10.0, 5.0) == (curve.highest, curve.newest)


def test_without_points_there_is_no_curve() -> None:
    assert ("", 0.0, None) == (
        (curve := sparkline([], since=BEGIN, until=END)).path,
        curve.highest,
        curve.newest,
    )


@given(
    st.lists(
        st.tuples(
            st.integers(-100, 30_000),
            st.one_of(st.none(), st.floats(0, 1e12, allow_subnormal=False)),
        ),
        max_size=40,
    )
)
def test_a_curve_stays_within_its_picture(told: list[tuple[int, float | None]]) -> None:
    points = [(BEGIN + timedelta(seconds=at), value) for at, value in sorted(told, key=str)]
    numbers = [
        tuple(map(float, part.split(" ")))
        for part in sparkline(points, since=BEGIN, until=END)
        .path.replace("M", "|")
        .replace("L", "|")
        .replace(" |", "|")
        .split("|")
        if part
    ]

    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in numbers)
