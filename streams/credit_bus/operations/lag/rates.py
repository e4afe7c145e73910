"""How fast offsets come and go over a window, and what follows: drained when, deleted when.

An offset is an event, or the mark that ends a transaction: of transactions of one event each there
come twice as many offsets as events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credit_bus.operations.lag.burrow import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Offsets a second over the window; None where it does not tell."""

    coming: float | None
    going: float | None


def rates(window: Sequence[Look]) -> Rates:
    """Return the rates over a window, oldest look first.

    One look tells nothing, and an offset that went back, or came to be, is no speed.
    """
    first, last = window[0], window[-1]
    seconds = (last.at - first.at).total_seconds()
    if seconds <= 0:
        return Rates(coming=None, going=None)
    came = last.end - first.end
    went = last.offset - first.offset
    is_going = first.committed is not None and last.committed is not None and went >= 0
    return Rates(
        coming=came / seconds if came >= 0 else None,
        going=went / seconds if is_going else None,
    )


def drains_in(offsets: int, found: Rates) -> float | None:
    """Return in how many seconds nothing will wait any more; None: never, or unknown."""
    if offsets == 0:
        return 0.0
    if found.coming is None or found.going is None or found.going <= found.coming:
        return None
    return offsets / (found.going - found.coming)


def lost_in(lost_at: datetime | None, now: datetime) -> float | None:
    """Return in how many seconds the first event that waits may be deleted; None: never."""
    return None if lost_at is None else max(0.0, (lost_at - now).total_seconds())
