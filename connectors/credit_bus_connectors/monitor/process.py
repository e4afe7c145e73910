"""The monitor's process: its watches, each a thread, until it is asked to stop.

    run_monitor([LagWatch(...), FollowWatch(...)])

A watch that cannot reach broker or database says so and tries again; what nobody foresaw ends the
process, which its supervisor starts again. All that a watch knows is in the database.
"""

import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from credit_bus.logs import logger, told_of
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.http.ending import ending_the_process

RETRY_SECONDS = 5.0
STOP_SECONDS_MAX = 30.0
LOOP = "loop"  # what its health is told by
STARTED, STOPPED = "monitor.started", "monitor.stopped"
WATCH_FAILED = "monitor.watch-failed"

log = logger()


@dataclass(slots=True)
class Stop:
    """Asked to stop, or not yet."""

    _asked: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Ask every watch to stop."""
        self._asked.set()

    @property
    def is_asked(self) -> bool:
        """Whether to stop."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until asked to stop; return whether that was asked."""
        return self._asked.wait(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One thing that is watched: `work` runs until it is asked to stop.

    It raises UnreachableError, or what is named in `passing`, when somebody is away: it is called
    again after a while.
    """

    name: str
    work: Callable[[Stop], None]
    passing: tuple[type[Exception], ...] = ()


class Monitor:
    """Watches at work. A context manager."""

    def __init__(self, watches: Sequence[Watch], vitals: Vitals | None = None) -> None:
        """Remember them; nothing runs before it is entered."""
        self._vitals = vitals or Vitals()
        self._away: set[str] = set()  # watches that found somebody away at their last try
        self._vitals.health.expect_loop(LOOP)
        self._vitals.health.expect_that("watches", lambda: self.is_watching and not self._away)
        self._stop = Stop()
        self._threads = [
            threading.Thread(
                target=ending_the_process(partial(self._run, each)),
                name=each.name,
                daemon=True,
            )
            for each in watches
        ]

    def __enter__(self) -> "Monitor":
        """Start every watch."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ask every watch to stop, and wait for them, within a bound."""
        self._stop.ask()
        for thread in self._threads:
            thread.join(STOP_SECONDS_MAX)

    @property
    def is_watching(self) -> bool:
        """Whether every watch runs."""
        return all(thread.is_alive() for thread in self._threads)

    def wait(self) -> None:
        """Wait until SIGTERM or SIGINT. For a process's main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self._stop.ask())
        while not self._stop.wait(1.0):  # a signal's handler runs between two waits
            self._vitals.health.beat(LOOP)
            running = sum(thread.is_alive() for thread in self._threads)
            self._vitals.meter.set(table.WATCHES, running)

    def _run(self, watch: Watch) -> None:
        passing: tuple[type[Exception], ...] = (UnreachableError, *watch.passing)
        while not self._stop.is_asked:
            try:
                watch.work(self._stop)
            except passing as error:
                self._away.add(watch.name)
                self._vitals.meter.count(table.WATCH_FAILURES, watch=watch.name)
                log.warning(WATCH_FAILED, watch=watch.name, **told_of(error))
                self._stop.wait(RETRY_SECONDS)
                self._away.discard(watch.name)  # until its next try says otherwise


def run_monitor(watches: Sequence[Watch], vitals: Vitals | None = None) -> None:
    """Watch until asked to stop."""
    with Monitor(watches, vitals) as monitor:
        log.info(STARTED, watches=[each.name for each in watches])
        monitor.wait()
    log.info(STOPPED)
