"""Where the pages' figures come from: what the monitor keeps, and legal time.

Each is read once, however many look at it: the pages ask every few seconds, samples come less
often, and legal time adds up everything that is owed.
"""

import threading
import time
from collections.abc import Callable
from datetime import date, datetime

from credit_bus.operations.lag.rollup import by_topic
from credit_bus.reports.legal_time import LegalTime
from credit_bus_connectors.console.pages import LagNow, Legal, Points
from credit_bus_connectors.monitor.lag_store import LagStore

CURVE_BINS = 120
LEGAL_KEPT_SECONDS = 60.0  # a day's figures: a minute is nothing to them, and much to the database


class LagSource:
    """The newest sample and the curves. Thread-safe. Everything raises UnreachableError."""

    def __init__(self, store: LagStore) -> None:
        self._store = store
        self._kept = LagNow()
        self._lock = threading.Lock()

    def now(self) -> LagNow:
        """Return the newest sample; before the first an empty one."""
        at = self._store.newest_at()
        with self._lock:
            if at == self._kept.sampled_at:
                return self._kept
        newest = self._store.newest()
        if newest is None:
            return LagNow()
        found = LagNow(
            sampled_at=newest.at,
            topics=by_topic(newest.states, newest.at),
            partitions=newest.states,
        )
        with self._lock:
            self._kept = found
        return found

    def curve(self, group: str, topic: str, since: datetime, until: datetime) -> Points:
        """Return how many events waited for a group on a topic, in spans of one length."""
        points = self._store.series(group, topic, since=since, until=until, bins=CURVE_BINS)
        return [(each.at, float(each.events)) for each in points]


class LegalSource:
    """Legal time of a day, read at most once in LEGAL_KEPT_SECONDS, by one at a time. Thread-safe.

    That it cannot be read is kept as long: a database in trouble is not asked by every look.
    """

    def __init__(self, read: Legal, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: LegalTime | None = None
        self._day: date | None = None
        self._until = 0.0

    def on(self, day: date) -> LegalTime | None:
        """Return how everything owed stands on that day; None where it cannot be read now."""
        with self._lock:  # who comes while another reads waits for what that one finds
            if day != self._day or self._clock() >= self._until:
                self._kept = self._read(day)
                self._day, self._until = day, self._clock() + LEGAL_KEPT_SECONDS
            return self._kept
