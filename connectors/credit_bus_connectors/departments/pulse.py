"""Whether a thread that goes on after every failure gets on: it runs, and a turn ended lately."""

import threading

from credit_bus.metrics.health import Health

TURN_SECONDS_MAX = 60.0  # without a turn that ended it does not do its work
TURN = "turn"


class Pulse:
    """The turns of one thread. Safe to use from several threads."""

    def __init__(self) -> None:
        """No turn has ended yet."""
        self._health = Health()
        self._health.expect_reach(TURN, TURN_SECONDS_MAX)

    def beat(self) -> None:
        """Note that a turn ended: whom it needs has answered."""
        self._health.beat(TURN)

    def is_of(self, thread: threading.Thread) -> bool:
        """Return whether the thread runs, and a turn of it ended within the bound."""
        return thread.is_alive() and not self._health.waiting()
