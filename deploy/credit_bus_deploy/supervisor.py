"""Keeps the processes of a table running, and stops them all in reverse order.

Knows processes and restarts; nothing of what the processes are for. State changes are told to
`changed`, so that a file can hold them.
"""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from credit_bus.metrics.health import Health
from credit_bus_deploy import processes, restarts
from credit_bus_deploy.processes import Identity, ProcessSpec
from credit_bus_deploy.restarts import Life, RestartPolicy, State

WATCH = "watch"
WATCH_SECONDS = 0.1
START_FAILED_CODE = 127  # what a shell says of a command it could not run


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStatus:
    """What an operator sees of one process."""

    name: str
    state: State
    identity: Identity | None  # None when it does not run
    restarts: int
    since: float  # seconds since the epoch
    exit_code: int | None  # of the last end nobody asked for
    stop_signal: int
    health_port: int | None = None


@dataclass(slots=True, kw_only=True)
class _Supervised:
    spec: ProcessSpec
    child: subprocess.Popen[bytes]
    identity: Identity | None
    life: Life


class Supervisor:
    """The processes of one installation. Safe to ask from several threads."""

    def __init__(
        self,
        *,
        log_folder: Path,
        changed: Callable[[Sequence[ProcessStatus]], None],
        policy: RestartPolicy | None = None,
        health: Health | None = None,
    ) -> None:
        """Supervise nothing yet; `changed` is called after every change of state.

        `health` is of the supervisor's own process: alive while it watches, ready while all run.
        """
        self.health = health or Health()
        self._log_folder = log_folder
        self._changed = changed
        self._policy = policy or RestartPolicy()
        self._table: dict[str, _Supervised] = {}
        self._stopping = False
        self._lock = threading.RLock()

    def start(self, spec: ProcessSpec) -> None:
        """Start a process and keep it running from now on."""
        with self._lock:
            assert spec.name not in self._table, f"{spec.name} is already supervised"
            child = processes.spawn(spec, log_folder=self._log_folder)
            self._table[spec.name] = _Supervised(
                spec=spec,
                child=child,
                identity=processes.identity(child.pid),
                life=restarts.started(None, now=time.monotonic()),
            )
            self._changed(self.statuses())

    def watch(self, *, now: float) -> None:
        """Notice what ended, and start again what is due. `now` is of the monotonic clock."""
        with self._lock:
            if self._stopping:
                return
            before = [each.life for each in self._table.values()]
            for each in self._table.values():
                self._watch_one(each, now=now)
            if before != [each.life for each in self._table.values()]:
                self._changed(self.statuses())

    def statuses(self) -> tuple[ProcessStatus, ...]:
        """Return every process in the order of the table."""
        with self._lock:
            to_epoch = time.time() - time.monotonic()
            return tuple(
                ProcessStatus(
                    name=each.spec.name,
                    state=each.life.state,
                    identity=each.identity if each.life.state is State.RUNNING else None,
                    restarts=each.life.restarts,
                    since=each.life.since + to_epoch,
                    exit_code=each.life.exit_code,
                    stop_signal=int(each.spec.stop_signal),
                    health_port=each.spec.health_port,
                )
                for each in self._table.values()
            )

    def is_running(self, name: str) -> bool:
        """Whether the process runs at this moment."""
        with self._lock:
            return self._table[name].child.poll() is None

    def all_run(self) -> bool:
        """Whether no process has failed or waits to be started again. Waits for nobody."""
        return all(each.life.state is State.RUNNING for each in list(self._table.values()))

    def stop_all(self) -> tuple[str, ...]:
        """Stop every process, the last tier first, and return the names that had to be killed.

        Within a tier all are asked at once, so that the whole is bounded by tiers, not processes.
        """
        with self._lock:
            if self._stopping:
                return ()
            self._stopping = True
            killed: list[str] = []
            for tier in sorted({each.spec.tier for each in self._table.values()}, reverse=True):
                members = [each for each in self._table.values() if each.spec.tier == tier]
                killed += self._stop_tier(members[::-1])
            self._changed(self.statuses())
            return tuple(killed)

    def _stop_tier(self, members: Sequence[_Supervised]) -> list[str]:
        for each in members:
            if each.child.poll() is None:
                each.child.send_signal(each.spec.stop_signal)
        deadline = time.monotonic() + processes.STOP_WAIT_SECONDS_MAX
        killed = []
        for each in members:
            left = max(deadline - time.monotonic(), processes.POLL_SECONDS)
            if not processes.stop(each.child, each.spec.stop_signal, wait_seconds_max=left):
                killed.append(each.spec.name)
            each.life = restarts.stopped(each.life, now=time.monotonic())
        return killed

    def _watch_one(self, each: _Supervised, *, now: float) -> None:
        match each.life.state:
            case State.RUNNING:
                exit_code = each.child.poll()
                if exit_code is not None:
                    self._ended(each, exit_code, now=now)
            case State.WAITING:
                if restarts.is_due(each.life, now=now):
                    self._start_again(each, now=now)
            case State.FAILED | State.STOPPED:
                return

    def _ended(self, each: _Supervised, exit_code: int, *, now: float) -> None:
        final = exit_code in each.spec.final_exit_codes
        each.life = restarts.ended(
            each.life, exit_code=exit_code, now=now, policy=self._policy, final=final
        )

    def _start_again(self, each: _Supervised, *, now: float) -> None:
        each.life = restarts.started(each.life, now=now)
        try:
            each.child = processes.spawn(each.spec, log_folder=self._log_folder)
        except OSError:  # no process, no room for its log: as if it had ended at once
            self._ended(each, START_FAILED_CODE, now=now)
        else:
            each.identity = processes.identity(each.child.pid)


@contextmanager
def watching(supervisor: Supervisor) -> Iterator[None]:
    """Watch from a thread until the context is left.

    The kernel ends a child with the thread that started it, so every process is stopped before
    the thread ends.
    """
    over = threading.Event()
    health = supervisor.health
    health.expect_loop(WATCH)
    health.expect_that("processes", supervisor.all_run)

    def loop() -> None:
        while not over.wait(WATCH_SECONDS):
            supervisor.watch(now=time.monotonic())
            health.beat(WATCH)

    thread = threading.Thread(target=loop, name="supervisor", daemon=True)
    thread.start()
    try:
        yield
    finally:
        supervisor.stop_all()
        over.set()
        thread.join()
