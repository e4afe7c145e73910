"""The least that carries events exactly once, beside which growth is told, does what ours does."""

from collections import Counter

import pytest
from benchmarks.figures.rig import STAGES, Rig, rig

from credit_bus.contracts.registry import load_registry
from credit_bus.domain.channels import RECORDS, inbox, replies

pytestmark = pytest.mark.broker

EVENTS = 300


def counts(bus: Rig) -> Counter[tuple[str, int]]:
    """Return how many records of each topic and partition the workers wrote."""
    parties = load_registry(bus.bus.registry).parties
    topics = [RECORDS, *map(inbox, parties), *map(replies, parties)]
    return Counter((each.topic, each.partition) for each in bus.bus.read(*topics))


def carried(bus: Rig) -> tuple[dict[str, int], Counter[tuple[str, int]]]:
    before = counts(bus)
    numbers = bus.take(EVENTS)
    with bus.reading(numbers) as arrivals:
        bus.pour(bus.messages(numbers))
        arrivals.wait(numbers, alive=bus.alive, seconds_max=bus.start_seconds_max)
    return dict(arrivals.broken(numbers)), counts(bus) - before


def test_it_writes_as_many_records_into_the_same_partitions_as_ours() -> None:
    with rig(parties=10, partitions=3) as bus:
        ours = bus.start(*STAGES)
        by_ours = carried(bus)
        bus.end(*ours)
    with rig(parties=10, partitions=3) as bus:
        bus.start_bare()
        by_the_least = carried(bus)

    assert {0} == {*by_ours[0].values()}
    assert by_ours == by_the_least
