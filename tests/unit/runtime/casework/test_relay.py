"""Where a relay goes on, and how much it takes at once."""

import pytest

from credit_bus.contracts.wire import Wire
from credit_bus.runtime.casework.positions import WrongPositionError
from credit_bus.runtime.casework.relay import bounded, start_of


@pytest.mark.parametrize(("relayed", "committed"), [(0, 6), (6, 0)])
def test_a_database_that_has_said_less_than_is_published_is_refused(
    relayed: int, committed: int
) -> None:
    with pytest.raises(WrongPositionError, match="--delete-offsets"):
        start_of(0, said=5, relayed=relayed, committed=committed)


@pytest.mark.parametrize(
    ("relayed", "committed", "expected"),
    [(0, 0, 0), (3, 5, 5), (5, 0, 5), (5, 5, 5)],
    ids=["new", "died before its mark", "the broker forgot", "rests"],
)
def test_a_relay_goes_on_after_the_last_that_is_published(
    relayed: int, committed: int, expected: int
) -> None:
    assert expected == start_of(0, said=5, relayed=relayed, committed=committed)


def test_a_transaction_is_bounded_by_bytes_and_takes_one_event_whatever_its_size() -> None:
    def wires(*sizes: int) -> list[Wire]:
        return [Wire(key=b"", headers=[], value=b"x" * size) for size in sizes]

    def sizes(waiting: dict[int, list[Wire]]) -> dict[int, list[int]]:
        found = bounded(waiting, bytes_max=10)
        return {lane: [len(wire.value) for wire in wires] for lane, wires in found.items()}

    assert {0: [99]} == sizes({0: wires(99, 1), 1: wires(1)})
    assert {0: [4, 4]} == sizes({0: wires(4, 4, 4)})
    assert {0: [4], 2: [6]} == sizes({0: wires(4), 2: wires(6, 1), 3: wires(1)})
