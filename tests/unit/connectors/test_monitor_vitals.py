"""The monitor is ready while every watch sees the bus, and lives while every watch gets on."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from credit_bus.metrics import table
from credit_bus.metrics.health import Health
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors import ending
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor import process
from credit_bus_connectors.monitor.process import Monitor, Stop, Watch

WAIT_SECONDS_MAX = 20.0


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def _signals() -> Iterator[None]:
    """A test that waits as a process does leaves no handler behind."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_a_watch_that_cannot_see_the_bus_makes_the_monitor_not_ready() -> None:
    vitals, tried = Vitals(), threading.Event()

    def blind(_: Stop) -> None:
        try:
            raise UnreachableError("gone")
        finally:
            tried.set()

    with Monitor([Watch(name="lag", work=blind)], vitals):
        assert tried.wait(WAIT_SECONDS_MAX)
        wait(lambda: vitals.meter.value(table.WATCH_FAILURES, watch="lag") == 1)

        assert ("watches",) == vitals.health.waiting()
        assert () == vitals.health.stalled()


def test_a_monitor_is_ready_once_each_of_its_watches_got_on() -> None:
    vitals, let = Vitals(), threading.Event()

    def slow(stop: Stop) -> None:
        let.wait(WAIT_SECONDS_MAX)
        stop.beat()
        stop.wait(WAIT_SECONDS_MAX)

    def quick(stop: Stop) -> None:
        stop.beat()
        stop.wait(WAIT_SECONDS_MAX)

    with Monitor([Watch(name="lag", work=slow), Watch(name="follow", work=quick)], vitals):
        wait(lambda: vitals.meter.value(table.WATCH_BEAT, watch="follow") is not None)
        assert ("watches",) == vitals.health.waiting()
        assert vitals.meter.value(table.WATCH_BEAT, watch="lag") is None
        let.set()
        wait(lambda: vitals.health.waiting() == ())

    assert time.time() - (vitals.meter.value(table.WATCH_BEAT, watch="lag") or 0) < WAIT_SECONDS_MAX


def test_a_watch_that_fails_slowly_stays_not_ready_while_it_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A try that ends after a long time-out is no sight of the bus."""
    monkeypatch.setattr(process, "RETRY_SECONDS", 0.01)
    vitals, tries, answer = Vitals(), threading.Semaphore(0), threading.Semaphore(0)

    def slow(stop: Stop) -> None:
        tries.release()
        answer.acquire(timeout=WAIT_SECONDS_MAX)
        if not stop.is_asked:
            raise UnreachableError("no answer in time")

    with Monitor([Watch(name="lag", work=slow)], vitals) as monitor:
        for _ in range(3):
            assert tries.acquire(timeout=WAIT_SECONDS_MAX)
            assert ("watches",) == vitals.health.waiting()
            answer.release()
        monitor.stop()
        answer.release()


def test_a_watch_that_got_on_and_then_fails_is_ready_again_when_it_gets_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "RETRY_SECONDS", 0.01)
    vitals, go = Vitals(), threading.Semaphore(0)

    def works_and_fails(stop: Stop) -> None:
        stop.beat()
        go.acquire(timeout=WAIT_SECONDS_MAX)
        if not stop.is_asked:
            raise UnreachableError("gone")

    with Monitor([Watch(name="lag", work=works_and_fails)], vitals) as monitor:
        wait(lambda: vitals.health.waiting() == ())
        go.release()
        wait(lambda: vitals.meter.value(table.WATCH_FAILURES, watch="lag") == 1)
        wait(lambda: vitals.health.waiting() == ())
        monitor.stop()
        go.release()


def test_a_failure_is_counted_from_zero_on() -> None:
    """A series that begins with its first failure has no increase to alert on."""
    vitals = Vitals()
    Monitor([Watch(name="lag", work=lambda _: None)], vitals)

    assert 0 == vitals.meter.value(table.WATCH_FAILURES, watch="lag")


def test_a_watch_without_a_beat_for_its_bound_makes_the_process_dead() -> None:
    clock = Clock()
    vitals = Vitals(health=Health(clock))
    hangs = Watch(name="lag", work=_hang, seconds_max=100.0)

    with Monitor([hangs], vitals):
        clock.now += 99
        assert () == vitals.health.stalled()
        clock.now += 2
        assert ("lag",) == vitals.health.stalled()


@pytest.mark.usefixtures("_signals")
def test_a_watch_that_hangs_ends_the_process_with_a_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    vitals = Vitals(health=Health(clock))

    def end(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(ending.os, "_exit", end)
    hangs = Watch(name="lag", work=_hang, seconds_max=100.0)
    with Monitor([hangs], vitals) as monitor:
        clock.now += 101
        with pytest.raises(SystemExit) as ended:
            monitor.wait()

    assert ending.EXIT_STUCK == ended.value.code


def test_a_watch_that_only_finds_somebody_away_does_not_end_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "RETRY_SECONDS", 0.01)
    clock = Clock()
    vitals = Vitals(health=Health(clock))

    def blind(_: Stop) -> None:
        raise UnreachableError("gone")

    with Monitor([Watch(name="lag", work=blind, seconds_max=100.0)], vitals):
        for _ in range(3):
            clock.now += 99
            before = vitals.meter.value(table.WATCH_FAILURES, watch="lag") or 0
            wait(
                lambda before=before: (  # type: ignore[misc]
                    (vitals.meter.value(table.WATCH_FAILURES, watch="lag") or 0) > before + 1
                )
            )
            assert () == vitals.health.stalled()


def _hang(stop: Stop) -> None:
    stop.wait(WAIT_SECONDS_MAX)
