"""Start and stop one child process, so that none outlives the process that started it.

Knows process groups, parent-death signals and log files; nothing of what a child does, and
nothing of restarts.
"""

import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

LOG_SIZE_BYTES_MAX = 8 * 1024 * 1024
LOG_GENERATIONS = 3
STOP_WAIT_SECONDS_MAX = 15.0
KILL_WAIT_SECONDS_MAX = 5.0
POLL_SECONDS = 0.05
CREATED_TOLERANCE_SECONDS = 0.05

_PR_SET_PDEATHSIG = 1  # prctl(2), Linux


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSpec:
    """A row of the process table: what to run, and how to ask it to stop."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)  # added to our own
    stop_signal: signal.Signals = signal.SIGTERM
    folder: Path | None = None
    user: str | None = None  # run as this OS user; only root can
    tier: int = 0  # a higher tier needs the lower ones, and is stopped before them
    final_exit_codes: frozenset[int] = frozenset()  # after these a restart would not help
    health_port: int | None = None  # where it tells of itself, on the loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A process that cannot be mistaken for a later one with the same pid."""

    pid: int
    created: float  # seconds since the epoch, from the kernel's start time of the process


def spawn(spec: ProcessSpec, *, log_folder: Path) -> subprocess.Popen[bytes]:
    """Start the process in its own session, its output going to `<log_folder>/<name>.log`.

    On Linux the kernel sends it its stop signal when the thread that called this ends.
    """
    log_path = log_folder / f"{spec.name}.log"
    rotate(log_path)
    with log_path.open("ab") as log:
        return subprocess.Popen(
            list(spec.argv),
            env={**os.environ, **spec.environment},
            cwd=spec.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=spec.user,
            group=spec.user,
            extra_groups=[] if spec.user else None,
            preexec_fn=_die_with_parent(spec.stop_signal),  # noqa: PLW1509 - one C call, no locks
        )


def rotate(
    path: Path, *, size_bytes_max: int = LOG_SIZE_BYTES_MAX, generations: int = LOG_GENERATIONS
) -> None:
    """Move a log that has grown past the bound to `.1`, `.1` to `.2`, and drop the oldest."""
    if not path.exists() or path.stat().st_size < size_bytes_max:
        return
    for number in range(generations - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    path.replace(path.with_name(f"{path.name}.1"))


def stop(
    child: subprocess.Popen[bytes],
    stop_signal: signal.Signals,
    *,
    wait_seconds_max: float = STOP_WAIT_SECONDS_MAX,
) -> bool:
    """End the process and its group; return whether it went without being killed."""
    asked = _ended_after(child, stop_signal, wait_seconds_max)
    if not asked:
        _signal_group(child.pid, signal.SIGKILL)
        child.wait(timeout=KILL_WAIT_SECONDS_MAX)
    else:
        _signal_group(child.pid, signal.SIGKILL)  # what the child itself started and left behind
    return asked


def identity(pid: int) -> Identity | None:
    """Return who has this pid now, or None when nobody has."""
    try:
        return Identity(pid=pid, created=psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def is_alive(known: Identity) -> bool:
    """Whether this very process, and not a later one with its pid, still runs."""
    try:
        process = psutil.Process(known.pid)
        age_difference = abs(float(process.create_time()) - known.created)
        ended = bool(process.status() == psutil.STATUS_ZOMBIE)
        return age_difference <= CREATED_TOLERANCE_SECONDS and not ended
    except psutil.NoSuchProcess:
        return False


def end_left_over(
    known: Identity,
    stop_signal: signal.Signals,
    *,
    wait_seconds_max: float = STOP_WAIT_SECONDS_MAX,
) -> bool:
    """End a process left by an earlier run, if it is still the same; return whether it was."""
    if not is_alive(known):
        return False
    for number, bound in ((stop_signal, wait_seconds_max), (signal.SIGKILL, KILL_WAIT_SECONDS_MAX)):
        _signal_group(known.pid, number)
        if wait_until(lambda: not is_alive(known), seconds_max=bound):
            break
    return True


def wait_until(condition: Callable[[], bool], *, seconds_max: float) -> bool:
    """Poll the condition until it holds or the time is up; return whether it held."""
    deadline = time.monotonic() + seconds_max
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _ended_after(
    child: subprocess.Popen[bytes], stop_signal: signal.Signals, wait_seconds_max: float
) -> bool:
    if child.poll() is None:
        child.send_signal(stop_signal)
    try:
        child.wait(timeout=wait_seconds_max)
    except subprocess.TimeoutExpired:
        return False
    return True


def _signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the group that `spawn` made: its id is the pid of the child."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what the child runs between fork and exec (after it has changed user)."""
    if sys.platform != "linux":
        return None
    parent = os.getpid()
    prctl = _libc().prctl

    def prepare() -> None:
        prctl(_PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # the parent died before the call above
            os._exit(1)

    return prepare


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
