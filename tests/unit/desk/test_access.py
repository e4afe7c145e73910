"""Attempts, sessions, names and passwords: rules on values."""

from datetime import UTC, datetime, timedelta

import pytest

from credit_bus_connectors.departments.desk.access import (
    FAILED_MAX,
    IDLE_MAX,
    LOCKED_FOR,
    SESSION_MAX,
    Attempts,
    attempt,
    is_alive,
    name_mistake,
    password_mistake,
)

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def test_no_more_than_the_most_attempts_are_looked_at_until_the_time_is_over():
    state: Attempts | None = Attempts()
    for _ in range(FAILED_MAX):
        state = attempt(state, NOW)
        assert state is not None

    assert (FAILED_MAX, NOW + LOCKED_FOR) == (state.failed, state.locked_until)
    assert attempt(state, NOW + LOCKED_FOR - timedelta(seconds=1)) is None
    assert Attempts(failed=1) == attempt(state, NOW + LOCKED_FOR)


@pytest.mark.parametrize(
    ("created", "seen", "alive"),
    [
        (timedelta(0), timedelta(0), True),
        (IDLE_MAX, IDLE_MAX, False),
        (SESSION_MAX, timedelta(0), False),
        (SESSION_MAX - timedelta(seconds=1), timedelta(seconds=1), True),
    ],
)
def test_a_session_has_an_idle_and_an_absolute_bound(created, seen, alive):
    assert alive == is_alive(created_at=NOW - created, seen_at=NOW - seen, now=NOW)


@pytest.mark.parametrize("name", ["", "ab", "Li.si", "1abc", "a b c", "a" * 41, "abc\n", "李四四"])
def test_a_name_that_is_none_is_told(name):
    assert name_mistake(name)


@pytest.mark.parametrize(
    "password", ["", "x" * 11, "x" * 129, "abababababab", "my li.si 2026 word"]
)
def test_a_password_that_is_guessed_soon_is_told(password):
    assert password_mistake(password, "li.si")


def test_a_long_sentence_is_a_password():
    assert password_mistake("三只麻雀落在粮仓的屋顶上", "li.si") is None
    assert name_mistake("li.si-2") is None
