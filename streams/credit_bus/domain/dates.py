"""Days of a body: none after today, none before what must come first, and terms in months."""

import calendar
from datetime import date

from credit_bus.domain.reason import Reason
from credit_bus.domain.rules import reason

# 2018 双公示 template: the day that stands for "long-term" 长期有效.
LONG_TERM = date(2099, 12, 31)


def check_not_future(day: date, today: date, field: str) -> list[Reason]:
    """Return the reason against a day after today."""
    return [reason("date-in-future", field, today=today)] if day > today else []


def check_not_before(day: date, earlier: date, field: str, *, earlier_name: str) -> list[Reason]:
    """Return the reason against a day before the one that must come first."""
    return [reason("dates-out-of-order", field, earlier=earlier_name)] if day < earlier else []


def check_not_beyond_long_term(day: date, field: str) -> list[Reason]:
    """Return the reason against a day after the one that stands for "long-term"."""
    return [reason("date-beyond-long-term", field)] if day > LONG_TERM else []


def months_after(day: date, months: int) -> date:
    """Return the same day that many months later, or the last of that month (民法典 202).

    The calendar's last day when it would lie beyond that.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
