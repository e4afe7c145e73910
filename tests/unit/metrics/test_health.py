"""A process lives as long as its loops move; it is ready when it also reached whom it needs."""

from dataclasses import dataclass

import pytest

from credit_bus.metrics.health import Health


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> Health:
    """A process with a loop (10 s) and a broker (30 s)."""
    made = Health(clock)
    made.expect_loop("loop", 10)
    made.expect_reach("broker", 30)
    return made


def test_a_process_that_has_not_said_what_it_needs_is_not_ready(clock: Clock) -> None:
    begun = Health(clock)

    assert () == begun.stalled()
    assert ("start",) == begun.waiting()
    begun.expect_loop("loop", 10)
    assert ("start",) == begun.waiting()
    begun.expect_that("pages", lambda: True)
    assert () == begun.waiting()


def test_a_loop_that_stands_makes_the_process_dead_and_not_ready(
    health: Health, clock: Clock
) -> None:
    health.beat("broker")
    clock.now += 10.5

    assert ("loop",) == health.stalled()
    assert ("loop",) == health.waiting()


def test_a_loop_that_moves_again_lives_again(health: Health, clock: Clock) -> None:
    clock.now += 11
    health.beat("loop")

    assert () == health.stalled()


def test_who_was_never_reached_keeps_the_process_from_being_ready_but_alive(
    health: Health,
) -> None:
    assert () == health.stalled()
    assert ("broker",) == health.waiting()


def test_who_was_reached_lately_does_until_the_bound(health: Health, clock: Clock) -> None:
    health.beat("broker")
    clock.now += 9

    assert () == health.waiting()

    health.beat("loop")
    clock.now += 9
    health.beat("loop")
    clock.now += 9
    health.beat("loop")
    clock.now += 4

    assert ("broker",) == health.waiting()


def test_a_condition_that_does_not_hold_is_named(health: Health) -> None:
    health.beat("broker")
    health.expect_that("lanes", lambda: False)
    health.expect_that("other", lambda: True)

    assert ("lanes",) == health.waiting()
    assert () == health.stalled()


def test_a_condition_takes_the_place_of_a_beat_of_its_name(health: Health) -> None:
    health.expect_that("broker", lambda: True)

    assert () == health.waiting()


def test_a_condition_of_life_that_does_not_hold_stalls(health: Health) -> None:
    health.beat("broker")
    health.expect_life("pages", lambda: False)

    assert ("pages",) == health.stalled()
    assert ("pages",) == health.waiting()


def test_what_nobody_expects_may_beat(health: Health) -> None:
    health.beat("nobody's")

    assert () == health.stalled()
