"""Reads records whose header names are not UTF-8, so that the gate can refuse them like any other.

A broker takes such a record; aiokafka raises while it unpacks the batch, before anybody can judge
it, and would raise again after every restart. Kafka's protocol calls a header's name a string, so
it is the sender's mistake, and has to be answered as one. Pinned to one release of aiokafka.
"""

import struct
from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

_LENGTH_AT = 8
_OVERHEAD = 12  # base offset and length


class _Buffer(bytes):
    """Bytes whose slices decode without raising: what is no UTF-8 becomes an escape."""

    def __getitem__(self, index: Any) -> Any:
        part = super().__getitem__(index)
        return _Buffer(part) if isinstance(part, bytes) else part

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)


class _EscapingBatch(_DefaultRecordBatchPy):  # type: ignore[misc]
    """aiokafka's batch in plain Python, over such bytes."""

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        plain: Any = self._buffer
        self._buffer: Any = _Buffer(plain)


class LenientBatch:
    """A record batch that can always be read; everything but reading is the original's."""

    def __init__(self, batch: Any, raw: memoryview) -> None:
        self._batch = batch
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(list(self._batch))
        except UnicodeDecodeError:
            return iter(list(_EscapingBatch(self._raw)))


class LenientRecords:
    """aiokafka's view of the bytes of one fetched partition, with the batches above."""

    def __init__(self, data: bytes) -> None:
        self._records = MemoryRecords(data)
        self._data = memoryview(data)
        self._at = 0

    def size_in_bytes(self) -> int:
        """Return the number of bytes."""
        return int(self._records.size_in_bytes())

    def has_next(self) -> bool:
        """Return whether another whole batch follows."""
        return bool(self._records.has_next())

    def next_batch(self) -> LenientBatch | None:
        """Return the next batch, None after the last."""
        batch = self._records.next_batch()
        if batch is None:
            return None
        (length,) = struct.unpack_from(">i", self._data, self._at + _LENGTH_AT)
        begin, self._at = self._at, self._at + _OVERHEAD + length
        return LenientBatch(batch, self._data[begin : self._at])


def read_leniently() -> None:
    """Make every consumer of this process read so, from now on."""
    fetcher.MemoryRecords = LenientRecords
