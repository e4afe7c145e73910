"""From samples to states: a window of looks for each partition of each group, moved on a sample.

Pure: `moved` returns new windows. Bounded by the partitions of samples, each with so many looks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from credit_bus.operations.lag.burrow import WINDOW_LOOKS, Look, Status, judge
from credit_bus.operations.lag.measure import PartitionSample, Unseen, measure, seconds_behind
from credit_bus.operations.lag.rates import Rates, drains_in, lost_in, rates

KEEP_SECONDS = 300.0  # looks that are older say nothing of now
UNSEEN_SECONDS_MAX = 30.0  # a leader may change meanwhile

Key = tuple[str, str, int]  # group, topic, partition


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The last looks at a partition, when its committed offset was last seen to move, and what
    came of the last look.
    """

    looks: tuple[Look, ...] = ()
    last_commit_at: datetime | None = None
    state: "PartitionLag | None" = None

    def with_look(self, look: Look) -> "Window":
        """Return the window with one look more, and none too many."""
        has_moved = bool(self.looks) and self.looks[-1].offset != look.offset
        return Window(
            looks=(*self.looks, look)[-WINDOW_LOOKS:],
            last_commit_at=look.at if has_moved else self.last_commit_at,
        )

    def is_of(self, at: datetime, seconds: float) -> bool:
        """Whether there was a look so many seconds before that moment, or later."""
        return bool(self.looks) and self.looks[-1].at >= at - timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionLag:
    """The state of one partition of one group: facts with their moments, so that what does not
    move stays the same.
    """

    group: str
    topic: str
    partition: int
    status: Status
    completeness: float
    committed: int | None
    log_start: int
    end: int
    events: int
    lost: int
    ahead: int
    waiting_since: datetime | None
    lost_at: datetime | None
    coming: float | None
    going: float | None
    last_commit_at: datetime | None
    members: int | None
    client: str | None
    host: str | None

    @property
    def key(self) -> Key:
        """Return what it is the state of."""
        return self.group, self.topic, self.partition

    @property
    def drains_in(self) -> float | None:
        """Return in how many seconds nothing will wait; None: never, or unknown.

        By offsets, as the rates are.
        """
        if self.status is Status.UNKNOWN:
            return None
        first = max(self.log_start, self.committed or 0)
        offsets = max(self.events, self.end - first) if self.events else 0
        return drains_in(offsets, Rates(coming=self.coming, going=self.going))

    def behind(self, now: datetime) -> float | None:
        """Return the true time lag in seconds; None when it is not known."""
        if self.status is Status.UNKNOWN and self.waiting_since is None:
            return None
        return seconds_behind(self.waiting_since, self.events, now)

    def lost_in(self, now: datetime) -> float | None:
        """Return in how many seconds retention may delete what waits; None: never."""
        return lost_in(self.lost_at, now)


Windows = Mapping[Key, Window]


def moved(
    windows: Windows,
    samples: Iterable[PartitionSample],
    unseen: Iterable[Unseen] = (),
    *,
    at: datetime,
    allowed: int = 0,
) -> tuple[Windows, tuple[PartitionLag, ...]]:
    """Return the windows after one more sample, and the state of each of its partitions.

    What was not seen keeps its last state, as unknown; what nobody reads any more is forgotten
    after a while.
    """
    after = {key: window for key, window in windows.items() if window.is_of(at, KEEP_SECONDS)}
    states = []
    for sample in samples:
        key = sample.group, sample.topic, sample.partition
        after[key], state = _moved(windows.get(key, Window()), sample, at, allowed)
        states.append(state)
    for each in unseen:
        key = each.group, each.topic, each.partition
        window = windows.get(key, Window())
        state = _not_seen(window, each, at)
        is_recent = window.is_of(at, KEEP_SECONDS)
        after[key] = replace(window, looks=window.looks if is_recent else (), state=state)
        states.append(state)
    return after, tuple(states)


def _not_seen(window: Window, unseen: Unseen, at: datetime) -> PartitionLag:
    """Return the last state, told as unknown unless it is of a moment ago."""
    last = window.state
    if last is not None and window.is_of(at, UNSEEN_SECONDS_MAX):
        return last
    told = {name: getattr(unseen, name) for name in ("committed", "members", "client", "host")}
    return replace(
        last or _never_seen(unseen),
        status=Status.UNKNOWN,
        completeness=0.0,
        coming=None,
        going=None,
        **told,
    )


def _never_seen(unseen: Unseen) -> PartitionLag:
    return PartitionLag(
        group=unseen.group,
        topic=unseen.topic,
        partition=unseen.partition,
        status=Status.UNKNOWN,
        completeness=0.0,
        committed=unseen.committed,
        log_start=0,
        end=0,
        events=0,
        lost=0,
        ahead=0,
        waiting_since=None,
        lost_at=None,
        coming=None,
        going=None,
        last_commit_at=None,
        members=unseen.members,
        client=unseen.client,
        host=unseen.host,
    )


def _moved(
    before: Window, sample: PartitionSample, at: datetime, allowed: int
) -> tuple[Window, PartitionLag]:
    found = measure(sample)
    window = before.with_look(
        Look(
            at=at,
            committed=sample.committed,
            end=sample.end,
            events=found.events,
            is_held=sample.is_held,
        )
    )
    verdict = judge(window.looks, allowed=allowed)
    speeds = rates(window.looks)
    state = PartitionLag(
        group=sample.group,
        topic=sample.topic,
        partition=sample.partition,
        status=Status.ERR if found.is_wrong else verdict.status,
        completeness=verdict.completeness,
        committed=sample.committed,
        log_start=sample.log_start,
        end=sample.end,
        events=found.events,
        lost=found.lost,
        ahead=found.ahead,
        waiting_since=found.waiting_since,
        lost_at=found.lost_at,
        coming=speeds.coming,
        going=speeds.going,
        last_commit_at=window.last_commit_at,
        members=sample.members,
        client=sample.client,
        host=sample.host,
    )
    return replace(window, state=state), state
