"""An objection suspends while it is news: the last of four implementers is told within seconds."""

import pytest
from benchmarks.figures.suspension import SECONDS_MAX, Suspension
from tests import pace

pytestmark = pytest.mark.broker

OBJECTIONS = 10
PARTIES = 12


def test_every_implementer_rests_within_the_promised_time_while_other_events_flow() -> None:
    with pace.measured() as machine:
        found = Suspension(objections=OBJECTIONS, rate=200, parties=PARTIES).measure()
    (row,) = found.tables["Suspension, objection due to last inbox"]
    longest = row["max ms"]

    assert () == found.broken
    assert OBJECTIONS == row["objections"]
    assert isinstance(longest, float)
    assert machine.bound(SECONDS_MAX["p99"]) * 1000 > longest
