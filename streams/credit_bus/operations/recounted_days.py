"""What the recount writes on, and by which day something was owed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from credit_bus.domain.calendar import BeyondTableError
from credit_bus.domain.deadlines import due_on
from credit_bus.domain.registry import Registry

ON_TIME = "_on_time"
_DAYS_REMEMBERED_MAX = 4_096


class Sheet:
    """The counts so far, and the local day of what is being counted."""

    def __init__(self, counts: Counter[tuple[date, str, str]], registry: Registry) -> None:
        self._counts = counts
        self.registry = registry
        self.today = date.min

    def count(self, party: str, what: str, times: int = 1) -> None:
        """Count something of a party on the day."""
        self._counts[self.today, party, what] += times

    def count_done(self, what: str, owed: "Owed", by: str | None = None) -> None:
        """Count what was owed and is done, if its day is not over; of who did it."""
        last = last_day(self.registry, owed.obligation, owed.since)
        if last is None or self.today <= last:
            self.count(by or owed.party, what + ON_TIME)


@dataclass(slots=True, kw_only=True)
class Owed:
    """What a party owes since a day."""

    party: str
    obligation: str
    since: date


@lru_cache(maxsize=_DAYS_REMEMBERED_MAX)  # the same few deadlines begin for many each day
def last_day(registry: Registry, obligation: str, since: date) -> date | None:
    """Return the last day in time; None when its year's working days are not announced."""
    try:
        return due_on(registry, obligation, since)
    except BeyondTableError:
        return None
