"""How fast events come and go, and when nothing waits: never, unless they go faster."""

from datetime import UTC, datetime, timedelta

import pytest

from credit_bus.operations.lag.burrow import Look
from credit_bus.operations.lag.rates import Rates, drains_in, lost_in, rates

BEGIN = datetime(2026, 11, 29, 8, tzinfo=UTC)


def looks(*offsets: tuple[int | None, int]) -> list[Look]:
    return [
        Look(
            at=BEGIN + timedelta(seconds=10 * number),
            committed=committed,
            end=end,
            events=end - (committed or 0),
            is_held=True,
        )
        for number, (committed, end) in enumerate(offsets)
    ]


@pytest.mark.parametrize(
    ("coming", "going", "offsets"),
    [
        (None, None, [(0, 5)]),
        (2.0, 3.0, [(0, 100), (30, 120)]),
        (2.0, 3.0, [(0, 100), (0, 140), (60, 140)]),
        (0.0, 0.0, [(7, 7), (7, 7)]),
        (1.0, None, [(50, 50), (0, 60)]),
        (1.0, None, [(None, 50), (9, 60)]),
        (None, 1.0, [(0, 50), (10, 40)]),
    ],
    ids=["one look", "two", "ends alone count", "idle", "set back", "begun", "the log was cut"],
)
def test_rates_are_of_the_whole_window(
    coming: float | None, going: float | None, offsets: list[tuple[int | None, int]]
) -> None:
    assert Rates(coming=coming, going=going) == rates(looks(*offsets))


@pytest.mark.parametrize(
    ("expected", "events", "coming", "going"),
    [
        (None, 10, 3.0, 3.0),
        (None, 10, 4.0, 3.0),
        (None, 10, None, 3.0),
        (None, 10, 3.0, None),
        (20.0, 10, 2.5, 3.0),
        (0.0, 0, 9.0, 0.0),
    ],
    ids=["as fast as it comes", "slower", "unknown in", "unknown out", "faster", "nothing waits"],
)
def test_it_is_drained_when_what_goes_has_overtaken_what_comes(
    expected: float | None, events: int, coming: float | None, going: float | None
) -> None:
    assert expected == drains_in(events, Rates(coming=coming, going=going))


def test_what_is_overdue_for_deletion_may_be_lost_at_any_moment() -> None:
    assert 0.0 == lost_in(BEGIN - timedelta(hours=1), BEGIN)
    assert 60.0 == lost_in(BEGIN + timedelta(minutes=1), BEGIN)
    assert lost_in(None, BEGIN) is None
