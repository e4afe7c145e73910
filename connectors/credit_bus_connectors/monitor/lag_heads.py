"""The first event at or after an offset, and what is none, out of what a fetch brought. Pure.

Marks of transactions and what was aborted are no events: whoever reads committed records never
sees them, and commits no offset beyond them. When the log itself says when it took a record, the
head of its batch tells, and nothing is decompressed or decoded.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kafka.errors import CorruptRecordError, UnsupportedCodecError
from kafka.record import MemoryRecords

LOG_APPEND_TIME = 1
BATCHES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How far the records were looked through, and when the log took the event that lies there.

    Without a moment there is no event before `offset`, and whoever wants one looks from there on.
    """

    offset: int
    timestamp_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How far the records were looked through, and how many offsets before that hold no event."""

    offset: int
    marks: int = 0


Aborted = Iterable[tuple[int, int]]  # producers with the first offset of a transaction


def first_event(records: bytes, wanted: int, aborted: Aborted = ()) -> Found:
    """Return the first event at or after the wanted offset."""
    reached = wanted
    for batch, has_events in _batches(records, aborted):
        if has_events and batch.last_offset >= wanted:
            found = _in_batch(batch, wanted)
            if found is not None:
                return found
        reached = max(reached, batch.next_offset)
    return Found(offset=reached)


def marks_in(
    records: bytes,
    wanted: int,
    until: int,
    aborted: Aborted = (),
    *,
    batches_max: int = BATCHES_MAX,
) -> Seen:
    """Return how many offsets from the wanted one on, before `until`, hold no event.

    The heads of batches tell; nothing is decompressed or decoded.
    """
    reached, events = wanted, 0
    for batch, has_events in islice(_batches(records, aborted), batches_max):
        end = min(batch.next_offset, until)
        if end <= reached:
            continue
        if has_events:
            events += min(batch.records_count, end - max(reached, batch.base_offset))
        reached = end
    return Seen(offset=reached, marks=reached - wanted - events)


def _batches(records: bytes, aborted: Aborted) -> Iterator[tuple[Any, bool]]:
    """Yield each whole batch, and whether a reader of committed records gets events of it."""
    begun = sorted(aborted, key=lambda each: each[1])
    undone: set[int] = set()
    for batch in MemoryRecords(records):
        while begun and begun[0][1] <= batch.last_offset:
            undone.add(begun.pop(0)[0])
        if batch.is_control_batch:
            if batch.producer_id in undone and next(iter(batch)).abort:
                undone.discard(batch.producer_id)
            yield batch, False
        else:
            yield batch, not (batch.is_transactional and batch.producer_id in undone)


def _in_batch(batch: Any, wanted: int) -> Found | None:
    """Return the first record of the batch from the wanted offset on; None when compaction took
    it.
    """
    if batch.timestamp_type == LOG_APPEND_TIME:
        return Found(offset=max(wanted, batch.base_offset), timestamp_ms=batch.max_timestamp)
    oldest = batch.first_timestamp
    try:
        for record in batch:
            if record.offset >= wanted:
                return Found(offset=record.offset, timestamp_ms=record.timestamp)
    except (CorruptRecordError, UnsupportedCodecError):
        # Header names that are no UTF-8, a codec that is not installed: the batch's first record
        # is no younger than the one that is wanted.
        return Found(offset=max(wanted, batch.base_offset), timestamp_ms=oldest)
    return None
