"""A position that its log cannot have is told, with what to do."""

import pytest

from credit_bus.runtime.casework.positions import mistake


@pytest.mark.parametrize(
    ("position", "committed", "end", "told"),
    [(4, 5, 9, "earlier copy"), (10, 0, 9, "another"), (0, 1, 1, "--to-earliest")],
)
def test_a_position_that_would_lose_events_is_refused(
    position: int, committed: int, end: int, told: str
) -> None:
    assert told in mistake(position, committed=committed, end=end)


@pytest.mark.parametrize(("position", "committed", "end"), [(0, 0, 0), (5, 5, 9), (9, 5, 9)])
def test_a_database_may_be_ahead_of_what_is_committed_and_never_of_the_log(
    position: int, committed: int, end: int
) -> None:
    assert "" == mistake(position, committed=committed, end=end)
