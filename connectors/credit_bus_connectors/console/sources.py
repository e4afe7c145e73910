"""Where the pages' figures come from: what the monitor keeps, read as the console's role.

A sample is read once, however many look at it: the pages ask every few seconds, samples come less
often.
"""

import threading
from datetime import datetime

from credit_bus.operations.lag.rollup import by_topic
from credit_bus_connectors.console.pages import LagNow, Points
from credit_bus_connectors.monitor.lag_store import LagStore

CURVE_BINS = 120


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
