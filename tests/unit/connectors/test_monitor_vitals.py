"""The monitor is ready while every watch sees the bus."""

import threading

from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.process import Monitor, Stop, Watch

WAIT_SECONDS_MAX = 20.0


def test_a_watch_that_cannot_see_the_bus_makes_the_monitor_not_ready() -> None:
    vitals, tried = Vitals(), threading.Event()

    def blind(_: Stop) -> None:
        try:
            raise UnreachableError("gone")
        finally:
            tried.set()

    with Monitor([Watch(name="lag", work=blind)], vitals) as monitor:
        assert tried.wait(WAIT_SECONDS_MAX)
        for _ in range(200):
            if vitals.health.waiting():
                break
            threading.Event().wait(0.05)

        assert ("watches",) == vitals.health.waiting()
        assert monitor.is_watching
    assert 1 == vitals.meter.value(table.WATCH_FAILURES, watch="lag")


def test_a_monitor_whose_watches_run_is_ready() -> None:
    vitals = Vitals()
    seen = threading.Event()

    def watch(stop: Stop) -> None:
        seen.set()
        stop.wait(WAIT_SECONDS_MAX)

    with Monitor([Watch(name="lag", work=watch)], vitals):
        assert seen.wait(WAIT_SECONDS_MAX)
        assert () == vitals.health.waiting()
