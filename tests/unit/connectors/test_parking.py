"""Parking, tried with every order of a few events and every pattern of answers."""

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest
from tests import samples

from credit_bus_connectors.parking import (
    PARKED_EVENTS_MAX,
    RETRY_WAIT_SECONDS_MAX,
    RETRY_WAIT_SECONDS_MIN,
    Delivery,
    Parking,
    admit,
    due,
    next_due,
    retry_wait,
    settle,
    watermarks,
    without,
)

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
FAR = NOW + timedelta(days=1)


def delivery(subject: int, offset: int, *, partition: int = 0) -> Delivery:
    """The offset doubles as the event's place in time."""
    return Delivery(
        event=samples.penalty(subject, document_number=f"{subject}-{offset}"),
        partition=partition,
        offset=offset,
    )


def parked(*deliveries: Delivery) -> Parking:
    return settle(Parking(), [(one, False) for one in deliveries], NOW)


def interleavings(counts: tuple[int, ...]) -> list[tuple[Delivery, ...]]:
    """Every order of so many events of each subject that keeps each subject's own order."""
    names = [subject for subject, count in enumerate(counts) for _ in range(count)]
    orders = sorted(set(permutations(names)))
    return [
        tuple(delivery(subject, offset) for offset, subject in enumerate(order)) for order in orders
    ]


def is_in_order(events: list[Delivery]) -> bool:
    offsets: dict[str, list[int]] = {}
    for one in events:
        offsets.setdefault(one.event.subject, []).append(one.offset)
    return all(found == sorted(set(found)) for found in offsets.values())


def drive(arrivals: tuple[Delivery, ...], *, batch: int, refusals: tuple[bool, ...]) -> None:
    """Carry everything through; the n-th try of all is put off when `refusals` says so."""
    parking, now, done = Parking(), NOW, []
    waiting, tries = list(arrivals), iter(refusals)
    next_offset = 0
    for _ in range(100):
        tried = due(parking, now, events_max=batch)
        fresh, waiting = waiting[: batch - len(tried)], waiting[batch - len(tried) :]
        next_offset += len(fresh)
        parking, free = admit(parking, fresh)
        late: set[str] = set()
        outcome = []
        for one in (*tried, *free):
            if one.event.subject not in late and next(tries, False):
                late.add(one.event.subject)
            is_done = one.event.subject not in late
            outcome.append((one, is_done))
            if is_done:
                done.append(one)
        parking = settle(parking, outcome, now)
        open_offsets = {one.offset for one in arrivals[:next_offset]} - {o.offset for o in done}
        mark = watermarks(parking, {0: next_offset})[0]
        if not waiting and not parking.queues:
            break
        now += timedelta(seconds=RETRY_WAIT_SECONDS_MAX)

        assert min(open_offsets, default=next_offset) == mark
        assert parking.events == len(open_offsets)

    assert len(arrivals) == len(done)
    assert is_in_order(done)


def test_an_event_that_overtook_its_own_subject_is_our_mistake() -> None:
    with pytest.raises(AssertionError, match="overtook"):
        settle(Parking(), [(delivery(0, 0), False), (delivery(0, 1), True)], NOW)


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_nothing_is_lost_doubled_or_reordered_whatever_is_put_off(batch: int) -> None:
    for arrivals in interleavings((3, 2)):
        for refusals in product((False, True), repeat=6):
            drive(arrivals, batch=batch, refusals=refusals)


def test_three_subjects_keep_their_orders_in_every_interleaving() -> None:
    for arrivals in interleavings((2, 2, 1)):
        for refusals in product((False, True), repeat=4):
            drive(arrivals, batch=3, refusals=refusals)


def test_later_events_of_a_parked_subject_wait_behind_it_and_others_go_on() -> None:
    first, second, other = delivery(0, 0), delivery(0, 1), delivery(1, 2)

    parking, free = admit(parked(first), [second, other])

    assert (other,) == free
    assert (first, second) == due(parking, FAR, events_max=10)


def test_nothing_is_released_before_it_is_due() -> None:
    parking = parked(delivery(0, 0))

    assert () == due(parking, NOW, events_max=10)
    assert NOW + timedelta(seconds=RETRY_WAIT_SECONDS_MIN) == next_due(parking)
    assert next_due(Parking()) is None


def test_the_longest_due_subject_comes_first() -> None:
    early = parked(delivery(1, 5))
    late = settle(early, [(delivery(0, 0), False)], NOW + timedelta(seconds=30))

    assert [5, 0] == [one.offset for one in due(late, FAR, events_max=10)]


def test_a_subject_larger_than_a_batch_is_released_in_parts_in_order() -> None:
    waiting = [delivery(0, offset) for offset in range(5)]
    parking, _ = admit(parked(waiting[0]), waiting[1:])

    for part in ((0, 1), (2, 3), (4,)):
        tried = due(parking, FAR, events_max=2)
        parking = settle(parking, [(one, True) for one in tried], FAR)

        assert part == tuple(one.offset for one in tried)
    assert Parking() == parking


def test_the_wait_doubles_within_bounds_and_starts_anew_after_progress() -> None:
    first, second = delivery(0, 0), delivery(0, 1)
    parking, _ = admit(parked(first), [second])
    stuck = settle(parking, [(first, False), (second, False)], NOW)
    moving = settle(stuck, [(first, True), (second, False)], NOW)

    assert NOW + retry_wait(2) == next_due(stuck)
    assert NOW + retry_wait(1) == next_due(moving)
    assert [1, 2, 4, 8] == [retry_wait(n).total_seconds() for n in (1, 2, 3, 4)]
    assert timedelta(seconds=RETRY_WAIT_SECONDS_MAX) == retry_wait(10_000)


def test_the_position_stays_below_the_earliest_parked_event_of_its_partition_alone() -> None:
    parking = parked(delivery(0, 7), delivery(1, 3), delivery(2, 4, partition=1))

    assert {0: 3, 1: 4, 2: 9} == watermarks(parking, {0: 12, 1: 12, 2: 9})


def test_a_lost_partition_takes_its_parked_events_with_it() -> None:
    parking = parked(delivery(0, 7), delivery(1, 4, partition=1))

    assert [7] == [q.waiting[0].offset for q in without(parking, frozenset({1})).queues.values()]


def test_parking_has_an_end() -> None:
    one = delivery(0, 0)
    full, _ = admit(parked(one), [one] * (PARKED_EVENTS_MAX - 1))

    assert PARKED_EVENTS_MAX == Parking().room
    assert 0 == full.room
