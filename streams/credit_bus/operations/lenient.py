"""Makes a consumer of kafka-python read records whose header names are no UTF-8.

A broker takes such a record, and the gate refuses it; kafka-python would raise at it for ever. Only
a batch that holds one is read escaped. Pinned to the exact release that pyproject.toml names.
"""

from collections.abc import Iterator
from typing import Any

from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError


class Escaping(bytearray):
    """A batch's bytes whose slices decode without raising: what is no UTF-8 becomes an escape."""

    def __getitem__(self, index: Any) -> Any:
        part = super().__getitem__(index)
        return Escaping(part) if isinstance(part, bytearray) else part

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)


class _Batch:
    """A record batch that can always be read; everything but reading is kafka-python's."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch
        self._raw = batch._buffer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(list(self._batch))
        except CorruptRecordError:  # which is what a name that is no UTF-8 is called
            batch = type(self._batch)(self._raw)
            records = iter(batch)  # unpacks what is compressed
            batch._buffer = Escaping(batch._buffer)
            return iter(list(records))


class _Batches:
    """The batches of a fetch, each of which can be read."""

    def __init__(self, records: Any) -> None:
        self._records = records

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def next_batch(self) -> _Batch | None:
        """Return the next batch, None after the last."""
        batch = self._records.next_batch()
        return None if batch is None else _Batch(batch)


class _Lenient(Fetcher.PartitionRecords):  # type: ignore[misc]
    """kafka-python's unpacking of a fetch, over such batches."""

    def _unpack_records(self, tp: Any, records: Any, *rest: Any) -> Iterator[Any]:
        return super()._unpack_records(tp, _Batches(records), *rest)  # type: ignore[no-any-return]


def make_lenient(consumer: Any) -> Any:
    """Return the consumer, which from now on reads whatever a broker took."""
    # The one private name used: the class that kafka-python unpacks a fetch with.
    consumer._fetcher.PartitionRecords = _Lenient
    return consumer
