"""Made-up counts of a quarter, and their report."""

from datetime import UTC, date, datetime
from typing import Any

from tests import samples

from credit_bus.casework.port import CountKey
from credit_bus.reports.period import Period
from credit_bus.reports.report import Report, report_of

QUARTER = Period(first=date(2026, 1, 1), last=date(2026, 3, 31))
MADE_AT = datetime(2026, 4, 2, 1, 30, tzinfo=UTC)
FIRST, LAST, AFTER = date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)

COUNTS: dict[CountKey, int] = {
    (FIRST, "market-regulation", "said"): 1_200,
    (FIRST, "market-regulation", "ordered"): 12,
    (FIRST, "market-regulation", "answered"): 12,
    (FIRST, "market-regulation", "answered_on_time"): 10,
    (LAST, "market-regulation", "answered"): 8,
    (LAST, "market-regulation", "answered_on_time"): 8,
    (LAST, "transport", "said"): 3,
    (LAST, "district-platform", "overdue"): 2,
    (LAST, "hub", "said"): 40,
    (AFTER, "transport", "said"): 7,
}


def report(counts: dict[CountKey, int] | None = None, **changes: Any) -> Report:
    """The report of the quarter."""
    told = {"period": QUARTER, "made_at": MADE_AT, **changes}
    return report_of(COUNTS if counts is None else counts, samples.registry(), **told)
