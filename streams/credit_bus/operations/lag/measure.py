"""What one sample of a partition says: how much waits, since when, what is gone unread.

A sample's committed offset is read before its end and after its log start, so nothing is negative
and nothing counts as lost that was read. Never interpolated: the age is that of the record itself.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionSample:
    """What the broker said of one partition, and of the group that reads it."""

    group: str
    topic: str
    partition: int
    committed: int | None
    settled: int  # from the committed offset up to here lies no event: marks of transactions alone
    first: int  # where the first event that waits lies, or may lie; not before the log's start
    log_start: int
    end: int
    marks: int  # of the offsets from `first` to the end: seen to be no events
    waiting_ms: int | None  # when the log took the first event that waits
    retention_ms: int | None  # None: kept for ever
    members: int | None  # of the group; None: nobody told
    client: str | None  # who holds the partition
    host: str | None
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A partition that a group reads and nobody answers for: it has no leader, or a new one."""

    group: str
    topic: str
    partition: int
    committed: int | None
    members: int | None
    client: str | None
    host: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How much waits, what is gone, since when the oldest waits and when it will be deleted."""

    events: int  # at most: what nobody looked through is counted by its offsets
    lost: int
    ahead: int  # committed beyond the end: the topic was cut or made anew
    waiting_since: datetime | None
    lost_at: datetime | None

    @property
    def is_wrong(self) -> bool:
        """Whether events are gone that nobody read, or will be passed over."""
        return bool(self.lost or self.ahead)


def measure(sample: PartitionSample) -> Measure:
    """Return what the sample says."""
    events = max(0, sample.end - sample.first - sample.marks)
    since = moment(sample.waiting_ms) if events and sample.waiting_ms is not None else None
    is_begun = sample.committed is not None  # whoever has not begun, begins at the log's start
    return Measure(
        events=events,
        lost=max(0, sample.log_start - sample.settled) if is_begun else 0,
        ahead=0 if sample.committed is None else max(0, sample.committed - sample.end),
        waiting_since=since,
        lost_at=lost_at(since, sample.retention_ms),
    )


def lost_at(since: datetime | None, retention_ms: int | None) -> datetime | None:
    """Return from when on retention may delete a record of that time; None: never, or unknown."""
    if since is None or retention_ms is None:
        return None
    try:
        return since + timedelta(milliseconds=retention_ms)
    except OverflowError:  # thousands of years: for ever
        return None


def seconds_behind(waiting_since: datetime | None, events: int, now: datetime) -> float | None:
    """Return the true time lag: 0 when nothing waits, None when it is not known, never negative.

    A broker's clock may be ahead of ours.
    """
    if events == 0:
        return 0.0
    if waiting_since is None:
        return None
    return max(0.0, (now - waiting_since).total_seconds())


def moment(milliseconds: int) -> datetime:
    """Return a record's timestamp as a moment."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
