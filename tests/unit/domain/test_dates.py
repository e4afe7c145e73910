"""Terms in months end on the corresponding day."""

from datetime import date

import pytest

from credit_bus.domain.dates import months_after


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(9999, 12, 1), 1, date.max),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 4), 60, date(2031, 5, 4)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 5, 4), 0, date(2026, 5, 4)),
    ],
)
def test_a_term_ends_on_the_corresponding_day(day: date, months: int, expected: date) -> None:
    assert expected == months_after(day, months)
