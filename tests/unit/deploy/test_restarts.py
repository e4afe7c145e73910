"""When a process that ended is started again, and when no more."""

import pytest

from credit_bus_deploy.restarts import (
    Life,
    RestartPolicy,
    State,
    backoff_seconds,
    ended,
    is_due,
    started,
    stopped,
)

POLICY = RestartPolicy(
    backoff_seconds_first=1,
    backoff_seconds_max=8,
    restarts_max=3,
    window_seconds=100,
    short_life_seconds=5,
)


def live_and_die(lives: list[float], *, policy: RestartPolicy = POLICY) -> Life:
    """Return the life after one end per given length of life, each restarted when due."""
    now = 0.0
    life = started(None, now=now)
    for seconds in lives:
        if life.state is State.WAITING:
            assert life.due is not None
            now = life.due
            assert is_due(life, now=now)
            life = started(life, now=now)
        now += seconds
        life = ended(life, exit_code=-9, now=now, policy=policy)
    return life


def check(lives: list[float], state: State, *, wait_seconds: float | None) -> None:
    life = live_and_die(lives)

    waited = None if life.due is None else life.due - life.since
    assert (state, wait_seconds) == (life.state, waited)


def test_a_process_that_ends_too_often_within_the_window_has_failed() -> None:
    check([1, 1, 1, 1], State.FAILED, wait_seconds=None)


def test_a_failed_process_is_never_due_and_stays_failed_when_all_stops() -> None:
    failed = live_and_die([1, 1, 1, 1])

    assert not is_due(failed, now=1e9)
    assert State.FAILED is stopped(failed, now=1e9).state


def test_an_end_with_a_final_code_fails_at_once() -> None:
    life = ended(started(None, now=0), exit_code=73, now=1, policy=POLICY, final=True)

    assert (State.FAILED, 73) == (life.state, life.exit_code)


def test_ends_older_than_the_window_are_forgotten() -> None:
    check([60, 60, 60, 60, 60, 60], State.WAITING, wait_seconds=1)


@pytest.mark.parametrize(("lives", "wait_seconds"), [([1], 1), ([1, 1], 2), ([1, 1, 1], 4)])
def test_short_lives_in_a_row_double_the_wait(lives: list[float], wait_seconds: float) -> None:
    check(lives, State.WAITING, wait_seconds=wait_seconds)


def test_a_longer_life_starts_the_wait_anew() -> None:
    check([1, 1, 5], State.WAITING, wait_seconds=1)


@pytest.mark.parametrize(("expected", "short"), [(1, 0), (1, 1), (2, 2), (8, 4), (8, 5), (8, 900)])
def test_the_wait_is_bounded(expected: float, short: int) -> None:
    assert expected == backoff_seconds(short, POLICY)


def test_a_waiting_process_is_not_started_before_it_is_due() -> None:
    life = live_and_die([1])
    assert life.due is not None

    assert not is_due(life, now=life.due - 0.01)
    assert is_due(life, now=life.due)


def test_restarts_are_counted_over_the_whole_life() -> None:
    assert 5 == live_and_die([60] * 6).restarts


def test_a_process_told_to_stop_is_stopped() -> None:
    assert State.STOPPED is stopped(started(None, now=0), now=1).state
