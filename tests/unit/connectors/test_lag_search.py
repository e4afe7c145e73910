"""The first event that waits: marks and aborted events are none, large batches are no obstacle."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from kafka.record.default_records import DefaultRecordBatchBuilder

from credit_bus_connectors.monitor import lag_search
from credit_bus_connectors.monitor.lag_heads import Found, Seen, first_event, marks_in
from credit_bus_connectors.monitor.lag_search import SIZES, Sought, count, search
from credit_bus_connectors.monitor.lag_wire import Fetch, Fetched, Place

PRODUCER = 7
_APPEND_TIME, _TRANSACTION, _CONTROL = 0x08, 0x10, 0x20
_ATTRIBUTES = 21  # where a batch's head has them
_ABORT, _COMMIT = 0, 1


def batch(
    base: int,
    timestamps: list[int],
    *,
    attributes: int = 0,
    producer: int = -1,
    size: int = 10,
    key: bytes = b"k",
) -> bytes:
    """A record batch as a broker keeps it."""
    builder = DefaultRecordBatchBuilder(2, 0, producer >= 0, producer, 0, 0, 1 << 24)
    for number, timestamp in enumerate(timestamps):
        builder.append(number, timestamp, key, b"v" * size, [])
    made = bytearray(builder.build())
    struct.pack_into(">q", made, 0, base)
    (flags,) = struct.unpack_from(">h", made, _ATTRIBUTES)
    struct.pack_into(">h", made, _ATTRIBUTES, flags | attributes)
    return bytes(made)


def mark(base: int, kind: int, producer: int = PRODUCER) -> bytes:
    """The mark that ends a transaction."""
    return batch(
        base,
        [1],
        attributes=_TRANSACTION | _CONTROL,
        producer=producer,
        key=struct.pack(">hh", 0, kind),
    )


def said(base: int, *timestamps: int, producer: int = PRODUCER) -> bytes:
    return batch(base, list(timestamps), attributes=_TRANSACTION, producer=producer)


@pytest.mark.parametrize(
    ("expected", "records", "wanted", "aborted"),
    [
        pytest.param(Found(offset=5), b"", 5, [], id="nothing came"),
        pytest.param(Found(offset=6), mark(5, _COMMIT), 5, [], id="a mark alone"),
        pytest.param(
            Found(offset=6, timestamp_ms=80),
            mark(5, _COMMIT) + said(6, 80, 90),
            5,
            [],
            id="behind a mark",
        ),
        pytest.param(
            Found(offset=8),
            said(5, 80, 90) + mark(7, _ABORT),
            5,
            [(PRODUCER, 5)],
            id="aborted",
        ),
        pytest.param(
            Found(offset=8, timestamp_ms=95),
            said(5, 80, 90) + mark(7, _ABORT) + said(8, 95),
            5,
            [(PRODUCER, 5)],
            id="the same producer after its mark of abortion",
        ),
        pytest.param(
            Found(offset=6, timestamp_ms=85),
            said(5, 80) + said(6, 85, producer=PRODUCER + 1),
            5,
            [(PRODUCER, 5)],
            id="another producer meanwhile",
        ),
        pytest.param(
            Found(offset=6, timestamp_ms=90), said(5, 80, 90), 6, [], id="in the midst of a batch"
        ),
        pytest.param(
            Found(offset=6, timestamp_ms=90),
            batch(5, [80, 90], attributes=_APPEND_TIME),
            6,
            [],
            id="the log's own time, of the whole batch",
        ),
        pytest.param(Found(offset=5), said(5, 80)[:-1], 5, [], id="a batch cut off"),
        pytest.param(
            Found(offset=6, timestamp_ms=80),
            batch(5, [80, 90])[:-6] + b"\xff" * 6,
            6,
            [],
            id="a record that does not decode has the time of its batch's first",
        ),
    ],
)
def test_the_first_event_is_found(
    expected: Found, records: bytes, wanted: int, aborted: list[tuple[int, int]]
) -> None:
    assert expected == first_event(records, wanted, aborted)


@pytest.mark.parametrize(
    ("expected", "records", "wanted", "until", "aborted"),
    [
        pytest.param(Seen(offset=5, marks=0), b"", 5, 9, [], id="nothing came"),
        pytest.param(
            Seen(offset=9, marks=2),
            said(5, 80) + mark(6, _COMMIT) + said(7, 90) + mark(8, _COMMIT),
            5,
            9,
            [],
            id="two transactions of one event",
        ),
        pytest.param(
            Seen(offset=9, marks=3),
            said(5, 80, 90) + mark(7, _ABORT) + said(8, 95),
            5,
            9,
            [(PRODUCER, 5)],
            id="an aborted one is marks alone",
        ),
        pytest.param(
            Seen(offset=8, marks=1),
            said(5, 80, 81) + mark(7, _COMMIT) + said(8, 90),
            6,
            8,
            [],
            id="from the midst of a batch, and not beyond the end",
        ),
        pytest.param(
            Seen(offset=7, marks=0),
            said(5, 80, 81) + said(7, 90)[:-1],
            5,
            9,
            [],
            id="as far as whole batches came",
        ),
    ],
)
def test_what_is_no_event_is_counted_by_the_heads_of_batches(
    expected: Seen, records: bytes, wanted: int, until: int, aborted: list[tuple[int, int]]
) -> None:
    assert expected == marks_in(records, wanted, until, aborted)


def test_of_a_fetch_no_more_batches_are_counted_than_are_asked_for() -> None:
    records = said(5, 80) + mark(6, _COMMIT) + said(7, 90) + mark(8, _COMMIT)

    assert Seen(offset=7, marks=1) == marks_in(records, 5, 9, batches_max=2)


def test_a_count_of_many_places_is_bounded_and_begins_where_the_fewest_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lag_search, "COUNTED_PLACES_MAX", 2)
    log = [(n + 1, mark(n, _COMMIT) if n % 2 else said(n, 80)) for n in range(60)]
    broker = Broker({(name, 0): log for name in "abc"})
    wanted = {
        end: Sought(place=(name, 0), leader=1, offset=0, end=end)
        for name, end in zip("abc", (60, 20, 40), strict=True)
    }
    found = count(broker, wanted)  # type: ignore[arg-type]

    assert {20: (20, 10), 40: (40, 20)} == {
        end: (each.offset, each.marks) for end, each in found.items()
    }
    assert 1 == len(broker.asked)


@dataclass
class Broker:
    """Logs in memory, fetched as a broker does: whole batches up to the bytes asked for."""

    logs: Mapping[Place, list[tuple[int, bytes]]]
    stable_end: int = 1_000
    asked: list[tuple[list[Place], int]] = field(default_factory=list)

    def fetched(self, asked: Sequence[Fetch]) -> list[dict[Place, Fetched]]:
        return [self._fetched(each) for each in asked]

    def _fetched(self, asked: Fetch) -> dict[Place, Fetched]:
        self.asked.append((list(asked.wanted), asked.bytes_max))
        found = {}
        for number, (place, offset) in enumerate(asked.wanted.items()):
            if place in self.logs:
                taken = self._batches(place, offset, asked.bytes_max, is_first=number == 0)
                if asked.is_committed and offset >= self.stable_end:
                    taken = b""
                found[place] = Fetched(stable_end=self.stable_end, aborted=(), records=taken)
        return found

    def _batches(self, place: Place, offset: int, bytes_max: int, *, is_first: bool) -> bytes:
        taken = b""
        for end, made in self.logs[place]:
            if end > offset and len(taken) < bytes_max:
                is_whole = is_first and not taken
                taken += made if is_whole else made[: bytes_max - len(taken)]
        return b"" if len(taken) < 61 else taken


def sought(place: Place, offset: int, end: int, leader: int = 1) -> Sought:
    return Sought(place=place, leader=leader, offset=offset, end=end)


def searched(broker: Any, *wanted: Sought) -> dict[int, Found]:
    return {
        number: Found(offset=each.offset, timestamp_ms=each.timestamp_ms)
        for number, each in search(broker, dict(enumerate(wanted))).items()
    }


def test_a_drained_partition_is_asked_once_and_blocks_no_other() -> None:
    broker = Broker({("a", 0): [(6, mark(5, _COMMIT))], ("b", 0): [(6, said(5, 80))]})
    found = searched(broker, sought(("a", 0), 5, 6), sought(("b", 0), 5, 6))

    assert {0: Found(offset=6), 1: Found(offset=5, timestamp_ms=80)} == found
    assert 1 == len(broker.asked)


def test_a_batch_larger_than_asked_for_is_found_with_more_bytes() -> None:
    large = batch(5, [80], size=300_000)
    broker = Broker({("a", n): [(6, large)] for n in range(3)})
    found = searched(broker, *(sought(("a", n), 5, 6) for n in range(3)))

    assert [80, 80, 80] == [each.timestamp_ms for each in found.values()]
    assert {SIZES[0], SIZES[1], SIZES[2]} >= {size for _, size in broker.asked}
    assert len(broker.asked) <= 4


def test_many_marks_are_passed_over_in_several_requests() -> None:
    marks = [(n + 1, mark(n, _COMMIT)) for n in range(200)]
    broker = Broker({("a", 0): [*marks, (201, said(200, 80))]})

    assert {0: Found(offset=200, timestamp_ms=80)} == searched(broker, sought(("a", 0), 0, 201))


def test_a_partition_without_an_answer_stays_unknown_and_is_asked_once() -> None:
    broker = Broker({})

    assert {0: Found(offset=5)} == searched(broker, sought(("gone", 0), 5, 6))
    assert 1 == len(broker.asked)


def test_what_a_transaction_under_way_holds_has_its_moment_and_is_undecided() -> None:
    broker = Broker({("a", 0): [(6, said(5, 80))]}, stable_end=5)

    found = search(broker, {0: sought(("a", 0), 5, 6)})[0]  # type: ignore[arg-type]

    assert (5, 80, True) == (found.offset, found.timestamp_ms, found.is_undecided)


def test_groups_at_several_offsets_of_a_partition_are_asked_for_apart() -> None:
    broker = Broker({("a", 0): [(6, said(5, 80)), (7, said(6, 90))]})
    found = searched(broker, sought(("a", 0), 5, 7), sought(("a", 0), 6, 7))

    assert [80, 90] == [each.timestamp_ms for each in found.values()]
    assert [[("a", 0)], [("a", 0)]] == [places for places, _ in broker.asked]


def test_each_leader_is_asked_for_its_own() -> None:
    broker = Broker({("a", 0): [(6, said(5, 80))], ("b", 0): [(6, said(5, 90))]})
    searched(broker, sought(("a", 0), 5, 6, leader=1), sought(("b", 0), 5, 6, leader=2))

    assert [[("a", 0)], [("b", 0)]] == [places for places, _ in broker.asked]


def test_the_requests_of_a_search_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lag_search, "REQUESTS_MAX", 2)
    marks = [(n + 1, mark(n, _COMMIT)) for n in range(900)]
    broker = Broker({("a", 0): marks})
    found = searched(broker, sought(("a", 0), 0, 901))

    assert 2 == len(broker.asked)
    assert found[0].timestamp_ms is None
    assert 0 < found[0].offset < 900
