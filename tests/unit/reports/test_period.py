"""报告期: a bad day is named by its field; without days it is the last full quarter."""

from datetime import date

import pytest

from credit_bus.reports.period import Period, PeriodMistake, asked_for, last_full_quarter

TODAY = date(2026, 5, 6)
FIRST_QUARTER = Period(first=date(2026, 1, 1), last=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("first", "last", "mistakes"),
    [
        ("2026-01-01", "", {"to": "missing"}),
        ("", "2026-03-31", {"from": "missing"}),
        ("2026-02-30", "x", {"from": "malformed", "to": "malformed"}),
        ("20260101", "2026-W01-1", {"from": "malformed", "to": "malformed"}),
        ("２０２６-01-01", "2026-03-31", {"from": "malformed"}),
        ("0000-01-01", "2026-03-31", {"from": "malformed"}),
        ("2026-01-02", "2026-01-01", {"to": "out-of-order"}),
        ("2020-01-01", "2026-01-01", {"to": "too-long"}),
    ],
)
def test_a_bad_day_is_refused_at_its_field(first: str, last: str, mistakes: dict[str, str]) -> None:
    found = asked_for(first, last, today=TODAY)

    assert {field: PeriodMistake(each) for field, each in mistakes.items()} == found.mistakes
    assert found.period is None


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 3, 31), date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 12, 31), date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_the_last_full_quarter_is_over(today: date, first: date, last: date) -> None:
    assert Period(first=first, last=last) == last_full_quarter(today)


def test_without_days_the_last_full_quarter_is_meant() -> None:
    assert FIRST_QUARTER == asked_for("", "", today=TODAY).period


def test_both_days_are_in_it_and_its_months_are_those_it_touches() -> None:
    period = asked_for("2025-12-31", "2026-02-01", today=TODAY).period

    assert period is not None
    assert [True, True, False] == [
        period.holds(day) for day in (period.first, period.last, date(2026, 2, 2))
    ]
    assert (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)) == period.months
