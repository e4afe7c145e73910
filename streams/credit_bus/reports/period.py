"""报告期: which days a report covers, and what is wrong with days that were asked for. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

PERIOD_DAYS_MAX = 5 * 366
FROM, TO = "from", "to"  # the two fields, on the page and on the command line

_DAY = timedelta(days=1)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first to the last local day, both included."""

    first: date
    last: date

    @property
    def months(self) -> tuple[date, ...]:
        """Return the first day of each calendar month that it touches."""
        found = [self.first.replace(day=1)]
        while (later := _next_month(found[-1])) <= self.last:
            found.append(later)
        return tuple(found)

    def holds(self, day: date) -> bool:
        """Return whether the day is in it."""
        return self.first <= day <= self.last


class PeriodMistake(StrEnum):
    """What is wrong with one of the two days."""

    MISSING = "missing"
    MALFORMED = "malformed"
    OUT_OF_ORDER = "out-of-order"
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The period that was asked for, or by field what is wrong."""

    period: Period | None = None
    mistakes: Mapping[str, PeriodMistake] = field(default_factory=dict)


def quarter_of(day: date) -> Period:
    """Return the calendar quarter of the day."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    last = _next_month(_next_month(_next_month(first))) - _DAY
    return Period(first=first, last=last)


def last_full_quarter(today: date) -> Period:
    """Return the newest calendar quarter that is over."""
    return quarter_of(quarter_of(today).first - _DAY)


def asked_for(first: str, last: str, *, today: date) -> Asked:
    """Return the period between two days as `YYYY-MM-DD`; the last full quarter for none."""
    if not first and not last:
        return Asked(period=last_full_quarter(today))
    days = {FROM: _day(first), TO: _day(last)}
    mistakes = {name: day for name, day in days.items() if isinstance(day, PeriodMistake)}
    begins, ends = days[FROM], days[TO]
    if isinstance(begins, PeriodMistake) or isinstance(ends, PeriodMistake):
        return Asked(mistakes=mistakes)
    if ends < begins:
        return Asked(mistakes={TO: PeriodMistake.OUT_OF_ORDER})
    if (ends - begins).days >= PERIOD_DAYS_MAX:
        return Asked(mistakes={TO: PeriodMistake.TOO_LONG})
    return Asked(period=Period(first=begins, last=ends))


def _day(text: str) -> date | PeriodMistake:
    if not text:
        return PeriodMistake.MISSING
    if not _ISO.fullmatch(text):
        return PeriodMistake.MALFORMED
    try:
        return date.fromisoformat(text)
    except ValueError:
        return PeriodMistake.MALFORMED


def _next_month(first: date) -> date:
    return (first + 31 * _DAY).replace(day=1)
