"""A platform that is away and then fails often gets everything once and in order, late."""

import pytest
from benchmarks.figures.outage import Outage

pytestmark = pytest.mark.broker


def test_after_an_absence_and_while_every_third_answer_fails_all_arrives_once_and_in_order() -> (
    None
):
    found = Outage(
        rate=100,
        lead_seconds=2,
        before_seconds=3,
        away_seconds=6,
        failing_seconds=6,
        failing_percent=33,
    ).measure()
    (row,) = found.tables["The platform that was away"]

    assert () == found.broken
    assert 1_700 == row["events"] < row["accepted there"]  # those of the warm-up, too
    assert row["posts there"] > 0
