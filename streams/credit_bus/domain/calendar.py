"""The local day, and which days are worked.

Inside, every time is UTC; only here does it become a day of the district. The table of working days
is configuration: the State Council announces each year, and a year not announced has no answer.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

# China has kept one zone without daylight saving since 1992: a fixed offset needs no tz files.
_EAST = timedelta(hours=8)
SHANGHAI = timezone(_EAST, "Asia/Shanghai")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENTS_REMEMBERED_MAX = 1_024  # a log gives all that came in one batch one moment


@lru_cache(maxsize=_MOMENTS_REMEMBERED_MAX)
def moment_of(timestamp_ms: int) -> datetime:
    """Return the aware moment, in UTC, of a log's timestamp: milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=timestamp_ms)


def in_milliseconds(moment: datetime) -> datetime:
    """Return the moment as precise as an event tells it."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def local_text(moment: datetime) -> str:
    """Return the district's day and time, to the second, for people."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def local_day(moment: datetime) -> date:
    """Return the district's calendar day at that aware moment."""
    if moment.tzinfo is UTC:  # as nearly all are; a change of zone costs 0.2 µs more than a sum
        return (moment + _EAST).date()
    if moment.tzinfo is None:
        raise ValueError(f"a day needs an aware moment, got {moment!r}")
    return moment.astimezone(SHANGHAI).date()


class BeyondTableError(ValueError):
    """A day of a year that the table of working days does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """Holidays and worked weekends of the years that have been announced."""

    years: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()  # weekend days that are worked instead

    def is_working(self, day: date) -> bool:
        """Return whether the day is worked. Raises BeyondTableError for an unknown year."""
        if day.year not in self.years:
            raise BeyondTableError(
                f"{day} is in a year whose working days are not known; add the State Council's"
                " notice for it to working_days.toml"
            )
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def after(self, day: date, working_days: int) -> date:
        """Return the n-th working day after the day, which itself does not count.

        How a term of working days runs (first day excluded, 行政处罚法 第八十五条). Raises
        BeyondTableError when the term reaches a year that is not known, ValueError below 1.
        """
        if working_days < 1:
            raise ValueError(f"a term has at least one working day, got {working_days}")
        while working_days:
            day += timedelta(days=1)
            working_days -= self.is_working(day)
        return day
