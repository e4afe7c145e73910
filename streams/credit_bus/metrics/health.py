"""Whether a process lives, and whether it can do its work: what it noted, judged when asked.

It lives when each of its loops moved within a bound; a supervisor may end one that does not. It is
ready when it lives, reached within their bounds whom it needs, and every condition holds.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

LOOP_SECONDS_MAX = 60.0  # more than the longest batch of a loop that is well
REACH_SECONDS_MAX = 60.0

START = "start"  # what a process waits for that has not said yet what it needs

Condition = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What must happen again and again, when it did last, and how long it may take."""

    seconds_max: float
    is_vital: bool
    last: float | None  # None: not yet

    def is_late(self, now: float) -> bool:
        """Whether it has not happened for too long, or never."""
        return self.last is None or now - self.last > self.seconds_max


class Health:
    """Beats and conditions by name. Safe to use from several threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Expect nothing yet: a process that has not said what it needs lives and is not ready."""
        self._now = now
        self._beats: dict[str, Beat] = {}
        self._conditions: dict[str, Condition] = {}
        self._vital: dict[str, Condition] = {}
        self._lock = Lock()

    def expect_loop(self, name: str, seconds_max: float = LOOP_SECONDS_MAX) -> None:
        """Expect a loop to move: the process is dead without. The time begins now."""
        with self._lock:
            self._beats[name] = Beat(seconds_max=seconds_max, is_vital=True, last=self._now())

    def expect_reach(self, name: str, seconds_max: float = REACH_SECONDS_MAX) -> None:
        """Expect somebody to be reached: the process is not ready without, or before."""
        with self._lock:
            self._beats[name] = Beat(seconds_max=seconds_max, is_vital=False, last=None)

    def expect_that(self, name: str, holds: Condition) -> None:
        """Have this condition asked for readiness, from now on in the place of a beat so named."""
        with self._lock:
            self._beats.pop(name, None)
        self._conditions[name] = holds

    def expect_life(self, name: str, holds: Condition) -> None:
        """Have this condition asked for life."""
        self._vital[name] = holds

    def beat(self, name: str) -> None:
        """Note that a loop moved or somebody was reached. Nothing where nobody expects it."""
        with self._lock:
            found = self._beats.get(name)
            if found is not None:
                self._beats[name] = Beat(
                    seconds_max=found.seconds_max, is_vital=found.is_vital, last=self._now()
                )

    def stalled(self) -> tuple[str, ...]:
        """Return why the process does not live; nothing when it does."""
        late = self._late(is_vital=True)
        return tuple(sorted({*late, *_failing(self._vital)}))

    def waiting(self) -> tuple[str, ...]:
        """Return why the process is not ready; nothing when it is."""
        late = self._late(is_vital=False)
        if not self._conditions and all(beat.is_vital for beat in list(self._beats.values())):
            late.add(START)
        return tuple(sorted({*self.stalled(), *late, *_failing(self._conditions)}))

    def _late(self, *, is_vital: bool) -> set[str]:
        now = self._now()
        with self._lock:
            return {
                name
                for name, beat in self._beats.items()
                if beat.is_vital is is_vital and beat.is_late(now)
            }


def _failing(conditions: dict[str, Condition]) -> set[str]:
    return {name for name, holds in list(conditions.items()) if not holds()}
