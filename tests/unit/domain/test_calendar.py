"""Working days by the registry's table; a year that is not announced has no answer."""

from datetime import UTC, date, datetime, timedelta, timezone

import chinese_calendar
import pytest
from tests import samples

from credit_bus.domain.calendar import BeyondTableError, WorkingDays, local_day, moment_of

DAYS = samples.registry().working_days


def test_a_day_of_an_unknown_year_is_an_error_and_not_a_guess() -> None:
    beyond = date(max(DAYS.years) + 1, 1, 4)
    with pytest.raises(BeyondTableError, match=r"working_days\.toml"):
        DAYS.is_working(beyond)


def test_a_term_that_reaches_into_an_unknown_year_is_an_error() -> None:
    with pytest.raises(BeyondTableError):
        DAYS.after(date(max(DAYS.years), 12, 31), 1)


@pytest.mark.parametrize("timestamp_ms", [0, 999, 1_780_243_199_999, 1_780_243_200_001])
def test_a_timestamp_of_a_log_is_a_moment_to_the_millisecond(timestamp_ms: int) -> None:
    moment = moment_of(timestamp_ms)

    assert moment.tzinfo is UTC
    assert timestamp_ms == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def test_a_term_has_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="at least one"):
        DAYS.after(date(2026, 1, 5), 0)


@pytest.mark.parametrize(
    ("begin", "count", "end"),
    [
        ("2018-03-23", 7, "2018-04-03"),
        ("2018-02-12", 7, "2018-02-27"),
        ("2018-09-28", 7, "2018-10-12"),
        ("2020-01-23", 7, "2020-02-11"),
        ("2024-02-08", 7, "2024-02-23"),
        ("2025-09-30", 7, "2025-10-16"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-02-13", 10, "2026-03-05"),
    ],
)
def test_terms_of_working_days(begin: str, count: int, end: str) -> None:
    assert date.fromisoformat(end) == DAYS.after(date.fromisoformat(begin), count)


def test_a_term_never_counts_its_first_day_and_ends_on_a_worked_one() -> None:
    table = WorkingDays(years=frozenset({2026}))

    assert date(2026, 6, 8) == table.after(date(2026, 6, 5), 1)  # Friday to Monday
    assert date(2026, 6, 8) == table.after(date(2026, 6, 7), 1)


@pytest.mark.parametrize("year", sorted(DAYS.years))
def test_the_table_agrees_with_an_independent_library(year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]

    assert [] == [d for d in days if DAYS.is_working(d) != chinese_calendar.is_workday(d)]


def test_a_moment_without_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="aware"):
        local_day(datetime(2026, 6, 1))  # noqa: DTZ001 - what is refused here


@pytest.mark.parametrize("east", [0, 8, 14, -11])
def test_the_district_s_day_begins_at_the_same_moment_in_every_zone(east: int) -> None:
    midnight = datetime(2026, 6, 1, 16, tzinfo=UTC).astimezone(timezone(timedelta(hours=east)))

    assert date(2026, 6, 1) == local_day(midnight - timedelta(seconds=1))
    assert date(2026, 6, 2) == local_day(midnight)


def test_the_last_moment_of_all_has_no_local_day() -> None:
    with pytest.raises(OverflowError):
        local_day(datetime.max.replace(tzinfo=UTC))
