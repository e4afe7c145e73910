"""The monitor's process: its watches, each a thread, until it is asked to stop.

    run_monitor([LagWatch(...), FollowWatch(...)])

A watch that cannot reach broker or database says so and tries again. One that does not get on for
its bound, and what nobody foresaw, end the process, which its supervisor starts again. All that a
watch knows is in the database.
"""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from credit_bus.logs import logger, told_of
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.ending import EXIT_STUCK, end_stuck, ending_the_process

RETRY_SECONDS = 5.0
STOP_SECONDS_MAX = 30.0
WATCH_SECONDS_MAX = 300.0  # more than the longest pass of a watch that is well
STARTED, STOPPED = "monitor.started", "monitor.stopped"
WATCH_FAILED, STUCK = "monitor.watch-failed", "monitor.stuck"

log = logger()


@dataclass(slots=True)
class Stop:
    """Asked to stop, or not yet; and whom a watch tells each time that it got on, by `beat`."""

    _asked: threading.Event = field(default_factory=threading.Event)
    beat: Callable[[], None] = lambda: None

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
    """One thing that is watched: `work` runs until it is asked to stop, and beats after each pass.

    It raises UnreachableError, or what is named in `passing`, when somebody is away: it is called
    again after a while. Without a beat or such a failure for `seconds_max`, the process is dead.
    """

    name: str
    work: Callable[[Stop], None]
    passing: tuple[type[Exception], ...] = ()
    seconds_max: float = WATCH_SECONDS_MAX


class Monitor:
    """Watches at work. A context manager."""

    def __init__(self, watches: Sequence[Watch], vitals: Vitals | None = None) -> None:
        """Remember them; nothing runs before it is entered."""
        self._vitals = vitals or Vitals()
        self._asked = threading.Event()
        self._blind = {each.name for each in watches}  # no pass yet, or none since somebody is away
        for each in watches:
            self._vitals.health.expect_loop(each.name, each.seconds_max)
            self._vitals.meter.count(table.WATCH_FAILURES, 0, watch=each.name)
        self._vitals.health.expect_that("watches", lambda: not self._blind)
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
        self.stop()
        for thread in self._threads:
            thread.join(STOP_SECONDS_MAX)

    def stop(self) -> None:
        """Ask every watch to stop."""
        self._asked.set()

    def wait(self) -> None:
        """Wait until SIGTERM or SIGINT. For a process's main thread.

        Ends the process when a watch stands: a thread that hangs cannot be started anew.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self.stop())
        while not self._asked.wait(1.0):  # a signal's handler runs between two waits
            if standing := self._vitals.health.stalled():
                log.error(STUCK, exit_code=EXIT_STUCK, watches=list(standing))
                end_stuck()

    def _run(self, watch: Watch) -> None:
        passing: tuple[type[Exception], ...] = (UnreachableError, *watch.passing)
        stop = Stop(self._asked, beat=partial(self._got_on, watch))
        while not stop.is_asked:
            try:
                watch.work(stop)
            except passing as error:
                self._blind.add(watch.name)  # until a pass of it says otherwise
                self._vitals.health.beat(watch.name)  # its thread moves, all the same
                self._vitals.meter.count(table.WATCH_FAILURES, watch=watch.name)
                log.warning(WATCH_FAILED, watch=watch.name, **told_of(error))
                stop.wait(RETRY_SECONDS)

    def _got_on(self, watch: Watch) -> None:
        self._blind.discard(watch.name)
        self._vitals.health.beat(watch.name)
        self._vitals.meter.set(table.WATCH_BEAT, time.time(), watch=watch.name)


def run_monitor(watches: Sequence[Watch], vitals: Vitals | None = None) -> None:
    """Watch until asked to stop."""
    with Monitor(watches, vitals) as monitor:
        log.info(STARTED, watches=[each.name for each in watches])
        monitor.wait()
    log.info(STOPPED)
