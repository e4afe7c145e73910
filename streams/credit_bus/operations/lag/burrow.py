"""How a consumer of one partition does, by what a window of looks at its offsets shows.

The rules are those of Burrow: no thresholds but the lag that is allowed, and time to recover.
Whoever asks a broker for offsets cannot see a commit that repeats the former one, which Burrow
reads off the times of commits. Here a commit was possible while somebody held the partition: what
stands still in somebody's hands is STALL, in nobody's STOP.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

WINDOW_LOOKS = 10
NEVER = -1  # a group without a committed offset is before the first record


class Status(StrEnum):
    """How a consumer does; each is worse than those before it."""

    OK = "OK"
    WARN = "WARN"  # reads, and falls behind
    UNKNOWN = "UNKNOWN"  # the partition has no leader: nobody can tell, and nobody can read
    STALL = "STALL"  # holds the partition, and its offset stands
    STOP = "STOP"  # nobody commits
    REWIND = "REWIND"  # the offset went back, and is not yet where it was
    ERR = "ERR"  # unread events are gone, or, of a group, anything above WARN

    @property
    def rank(self) -> int:
        """Return how bad it is."""
        return _ORDER.index(self)

    @property
    def is_above_warn(self) -> bool:
        """Whether somebody must look."""
        return self.rank > Status.WARN.rank


_ORDER = tuple(Status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a partition and the offset that a group committed for it."""

    at: datetime
    committed: int | None
    end: int
    events: int  # that wait, at most
    is_held: bool  # by a member of the group, or a rebalance is under way

    @property
    def offset(self) -> int:
        """Return the committed offset in a form that can be compared."""
        return NEVER if self.committed is None else self.committed

    @property
    def offsets(self) -> int:
        """Return how many offsets lie before the end, marks of transactions among them."""
        return self.end - self.offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the window shows; a window that is not full shows OK, or what needs none."""

    status: Status
    completeness: float


def judge(window: Sequence[Look], *, allowed: int = 0, looks: int = WINDOW_LOOKS) -> Verdict:
    """Return the verdict on a window, oldest look first; the first rule that fits decides."""
    assert window, "a window holds at least the look of now"
    completeness = min(1.0, len(window) / looks)
    return Verdict(status=_status(window, allowed, completeness), completeness=completeness)


def _status(window: Sequence[Look], allowed: int, completeness: float) -> Status:
    if window[-1].events <= allowed:
        return Status.OK
    is_full = completeness >= 1.0
    is_drained = any(look.events <= allowed for look in window)
    if is_full and not is_drained and _nobody_commits(window):
        return Status.STOP
    if _is_behind_itself(window):
        return Status.REWIND
    if not is_full or is_drained:
        return Status.OK
    if _stands(window):
        return Status.STALL
    return Status.WARN if _never_decreased(window) else Status.OK


def worst(statuses: Iterable[Status]) -> Status:
    """Return the worst of them; OK of none."""
    return max(statuses, key=lambda status: status.rank, default=Status.OK)


def of_group(statuses: Iterable[Status]) -> Status:
    """Return a group's status: its worst partition's, and ERR for anything above WARN."""
    found = worst(statuses)
    return Status.ERR if found.is_above_warn else found


def _nobody_commits(window: Sequence[Look]) -> bool:
    return _stands(window) and not any(look.is_held for look in window)


def _is_behind_itself(window: Sequence[Look]) -> bool:
    return window[-1].offset < max(look.offset for look in window)


def _stands(window: Sequence[Look]) -> bool:
    return len({look.offset for look in window}) == 1


def _never_decreased(window: Sequence[Look]) -> bool:
    """Whether the lag did at no look, by offsets: a count that came to be known is no dip."""
    return all(before.offsets <= after.offsets for before, after in pairwise(window))
