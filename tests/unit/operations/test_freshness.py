"""What a reader does not say counts only while it reads."""

from datetime import UTC, datetime, timedelta

import pytest

from credit_bus.operations.freshness import READ_WITHIN, is_current

NOW = datetime(2026, 6, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read_to", "expected"),
    [
        (NOW, True),
        (NOW - READ_WITHIN, True),
        (NOW - READ_WITHIN - timedelta(milliseconds=1), False),
        (NOW - timedelta(days=3), False),
        (NOW + timedelta(seconds=2), True),  # of a machine whose clock is ahead
        (None, False),
    ],
)
def test_a_reader_tells_of_now_for_a_minute(read_to: datetime | None, expected: bool) -> None:
    assert expected == is_current(read_to, now=NOW)
