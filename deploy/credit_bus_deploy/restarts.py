"""When a process that ended is started again, and when no more. Pure: `now` is an argument.

running --ended--> waiting --started--> running
   |                                       |
   +--ended too often within the window, or with a final code--> failed
   any --stopped--> stopped
"""

from dataclasses import dataclass, replace
from enum import StrEnum

BACKOFF_SECONDS_FIRST = 0.25
BACKOFF_SECONDS_MAX = 10.0
RESTARTS_MAX = 12
WINDOW_SECONDS = 300.0
SHORT_LIFE_SECONDS = 5.0  # who lived longer starts the back-off anew


class State(StrEnum):
    """What a supervised process is at this moment."""

    RUNNING = "running"
    WAITING = "waiting"  # ended; to be started again when due
    FAILED = "failed"  # ended too often: an operator must look
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """How long to wait before a restart, and how many within the window are too many."""

    backoff_seconds_first: float = BACKOFF_SECONDS_FIRST
    backoff_seconds_max: float = BACKOFF_SECONDS_MAX
    restarts_max: int = RESTARTS_MAX
    window_seconds: float = WINDOW_SECONDS
    short_life_seconds: float = SHORT_LIFE_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The history of one process that decisions are taken on. Times are seconds of one clock."""

    state: State
    since: float
    restarts: int = 0
    recent_ends: tuple[float, ...] = ()  # within the window
    short_lives: int = 0  # in a row
    due: float | None = None  # when waiting
    exit_code: int | None = None  # of the last end


def started(life: Life | None, *, now: float) -> Life:
    """Return the life of a process that has just been started, for the first time or again."""
    if life is None:
        return Life(state=State.RUNNING, since=now)
    return replace(life, state=State.RUNNING, since=now, due=None, restarts=life.restarts + 1)


def ended(
    life: Life, *, exit_code: int, now: float, policy: RestartPolicy, final: bool = False
) -> Life:
    """Return what follows on an end that nobody asked for: waiting for a restart, or failed."""
    recent = (*(end for end in life.recent_ends if now - end < policy.window_seconds), now)
    short = life.short_lives + 1 if now - life.since < policy.short_life_seconds else 0
    known = replace(
        life, since=now, recent_ends=recent, short_lives=short, exit_code=exit_code, due=None
    )
    if final or len(recent) > policy.restarts_max:
        return replace(known, state=State.FAILED)
    return replace(known, state=State.WAITING, due=now + backoff_seconds(short, policy))


def backoff_seconds(short_lives: int, policy: RestartPolicy) -> float:
    """Return the wait before a restart: doubled with each short life in a row, up to the bound."""
    exponent = max(short_lives - 1, 0)
    return min(policy.backoff_seconds_first * 2.0**exponent, policy.backoff_seconds_max)


def is_due(life: Life, *, now: float) -> bool:
    """Whether a waiting process is to be started now."""
    return life.state is State.WAITING and life.due is not None and life.due <= now


def stopped(life: Life, *, now: float) -> Life:
    """Return the life of a process that was told to stop. A failed one stays failed."""
    if life.state is State.FAILED:
        return life
    return replace(life, state=State.STOPPED, since=now, due=None)
