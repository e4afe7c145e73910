"""How many petitions one process takes in an hour, whoever sends them.

Addresses are not kept, so that nobody can be traced by them: the bound is for all together.
"""

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

PETITIONS_AN_HOUR_MAX = 120
_HOUR = timedelta(hours=1)


class Allowance:
    """Counts what was taken in the last hour. Thread-safe."""

    def __init__(self, most: int = PETITIONS_AN_HOUR_MAX) -> None:
        self._most = most
        self._taken: deque[datetime] = deque()
        self._lock = Lock()

    def take(self, now: datetime) -> bool:
        """Return whether one more may be taken now; if so, it is counted."""
        with self._lock:
            while self._taken and self._taken[0] <= now - _HOUR:
                self._taken.popleft()
            if len(self._taken) >= self._most:
                return False
            self._taken.append(now)
            return True
