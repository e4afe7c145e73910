"""The bounds of casework, and its clock. Nothing here reads the environment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def wall_clock() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a transaction holds, and how often the clock looks."""

    events_per_transaction_max: int = 200
    due_per_transaction_max: int = 100
    clock_interval_seconds: float = 60.0
    unread_interval_seconds: float = 1.0  # while a lane has not read up to its day yet
    now: Callable[[], datetime] = wall_clock  # a test sets the day
