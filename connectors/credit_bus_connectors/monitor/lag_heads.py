"""The first event at or after an offset, out of what a fetch brought. Pure.

Marks of transactions and what was aborted are no events: whoever reads committed records never
sees them, and commits no offset beyond them. When the log itself says when it took a record, the
head of its batch tells, and nothing is decompressed or decoded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kafka.errors import CorruptRecordError, UnsupportedCodecError
from kafka.record import MemoryRecords

LOG_APPEND_TIME = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How far the records were looked through, and when the log took the event that lies there.

    Without a moment there is no event before `offset`, and whoever wants one looks from there on.
    """

    offset: int
    timestamp_ms: int | None = None


def first_event(records: bytes, wanted: int, aborted: Iterable[tuple[int, int]] = ()) -> Found:
    """Return the first event at or after the wanted offset.

    `aborted` are producers with the first offset of a transaction of theirs that was aborted.
    """
    begun = sorted(aborted, key=lambda each: each[1])
    undone: set[int] = set()
    reached = wanted
    for batch in MemoryRecords(records):
        while begun and begun[0][1] <= batch.last_offset:
            undone.add(begun.pop(0)[0])
        if batch.is_control_batch:
            if next(iter(batch)).abort:
                undone.discard(batch.producer_id)
        elif batch.last_offset >= wanted and not (
            batch.is_transactional and batch.producer_id in undone
        ):
            found = _in_batch(batch, wanted)
            if found is not None:
                return found
        reached = max(reached, batch.next_offset)
    return Found(offset=reached)


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
