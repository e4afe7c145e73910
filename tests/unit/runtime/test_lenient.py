"""A batch with a header name that is no UTF-8 is read, escaped; all others as ever."""

import struct

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from credit_bus.runtime.lenient import LenientRecords

GOOD = "odd-name"
BAD = b"\xff\xfe-names"


def batch(*names: str, value: bytes = b"v") -> bytes:
    """A record batch with one record for each header name."""
    builder = DefaultRecordBatchBuilder(
        2, 0, is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=0,
        batch_size=10_000,
    )  # fmt: skip
    for offset, name in enumerate(names):
        builder.append(offset, 1_000, b"k", value, [(name, b"h"), ("ce_id", b"i")])
    return bytes(builder.build())


def spoiled(*names: str) -> bytes:
    """The same with every `odd-name` turned into bytes that are no UTF-8."""
    return batch(*names).replace(GOOD.encode(), BAD)


def read(data: bytes) -> list[tuple[int, bytes, list[tuple[str, bytes]]]]:
    records = LenientRecords(data)
    found = []
    while records.has_next():
        following = records.next_batch()
        assert following is not None
        found += [(r.offset, r.value, r.headers) for r in following]
    assert records.next_batch() is None
    return found


def test_aiokafka_itself_raises() -> None:
    """When it no longer does, this module has done its work."""
    with pytest.raises(UnicodeDecodeError):
        list(MemoryRecords(spoiled(GOOD)).next_batch())


def test_a_name_that_is_no_utf8_is_escaped_and_its_neighbours_are_kept() -> None:
    first, second, third = read(spoiled("a", GOOD, "b"))

    assert [("a", b"h"), ("ce_id", b"i")] == first[2]
    assert [("\\xff\\xfe-names", b"h"), ("ce_id", b"i")] == second[2]
    assert [("b", b"h"), ("ce_id", b"i")] == third[2]
    assert [0, 1, 2] == [first[0], second[0], third[0]]


def test_batches_before_and_after_are_read_as_ever() -> None:
    data = batch("a", "b") + spoiled(GOOD) + batch("c", value=b"w" * 300)

    assert ["a", "b", "\\xff\\xfe-names", "c"] == [headers[0][0] for _, _, headers in read(data)]


def test_a_batch_cut_short_at_the_end_of_a_fetch_is_left_for_the_next() -> None:
    whole = batch("a")

    assert 1 == len(read(whole + batch("b")[:-3]))
    assert struct.unpack_from(">i", whole, 8)[0] + 12 == len(whole)


def test_everything_but_reading_is_the_original_s() -> None:
    following = LenientRecords(batch("a")).next_batch()
    assert following is not None

    assert (0, 1, False) == (
        following.base_offset,
        following.next_offset,
        following.is_control_batch,
    )
    assert following.validate_crc()
