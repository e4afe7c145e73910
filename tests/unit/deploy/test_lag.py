"""Lag on a terminal and as JSON: the worst first, nothing unknown shown as nothing."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import TopicLag
from credit_bus_deploy.lag import BROKER, MONITOR, View, to_json
from credit_bus_deploy.lag_table import COLUMNS_MIN, rendered, span

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
QUIET = TopicLag(
    party="tax",
    group="credit-bus.gate",
    topic="credit.outbox.tax",
    status=Status.OK,
    completeness=1.0,
    events=0,
    lost=0,
    ahead=0,
    seconds_behind=0.0,
    coming=0.0,
    going=0.0,
    drains_in=0.0,
    lost_in=None,
    members=1,
    last_commit_at=None,
    partitions=4,
)
LATE = replace(
    QUIET,
    party="municipal-platform",
    group="connector-municipal-platform",
    topic="credit.inbox.municipal-platform",
    status=Status.WARN,
    events=1_200,
    seconds_behind=250.0,
    coming=3.0,
    going=2.0,
    drains_in=None,
    lost_in=5 * 86_400.0 + 7_200.0,
    last_commit_at=NOW - timedelta(seconds=70),
)


def shown(*rows: TopicLag, source: str = MONITOR, everything: bool = False) -> str:
    output = io.StringIO()
    view = View(at=NOW, rows=rows, source=source, because="why not")
    console = Console(file=output, width=COLUMNS_MIN)
    console.print(rendered(view, everything=everything))
    return output.getvalue()


def line_of(text: str, word: str) -> list[str]:
    """Return the cells of the first line of the table that has the word."""
    line = next(line for line in text.splitlines() if word in line and "│" in line)
    return [cell.strip() for cell in line.split("│")[1:-1]]


@pytest.mark.parametrize(
    ("expected", "seconds"),
    [
        ("?", None),
        ("0.0s", 0.0),
        ("0.4s", 0.42),
        ("59.4s", 59.4),
        ("1m00s", 59.6),
        ("4m10s", 250.0),
        ("1h00m", 3_599.9),
        ("2h05m", 7_500.0),
        ("5d02h", 5 * 86_400.0 + 7_200.0),
        ("90d00h", 90 * 86_400.0),
    ],
)
def test_a_span_has_its_two_largest_units(expected: str, seconds: float | None) -> None:
    assert expected == span(seconds)


def test_a_late_topic_is_one_line_that_says_how_soon_it_hurts() -> None:
    cells = line_of(shown(LATE), "connector")

    assert [
        "municipal-platform", "connector-municipal-platform", "credit.inbox", "WARN", "1200",
        "4m10s", "3.0", "2.0", "never", "5d02h", "1", "1m10s ago",
    ] == cells  # fmt: skip


def test_the_real_names_of_the_district_fit_the_line() -> None:
    text = shown(LATE)

    assert max(len(line) for line in text.splitlines()) <= COLUMNS_MIN
    assert 1 == text.count("1m10s ago")


def test_what_is_not_known_is_a_question_and_never_nothing() -> None:
    cells = line_of(shown(replace(LATE, seconds_behind=None, coming=None, going=None)), "connector")

    assert ["?", "?", "?", "?"] == cells[5:9]


def test_events_that_are_gone_stand_beside_the_status() -> None:
    text = shown(replace(LATE, status=Status.ERR, lost=90), replace(QUIET, ahead=3))

    assert "ERR, 90 lost" in text


def test_quiet_topics_are_one_line_unless_all_are_asked_for() -> None:
    assert "1 more with nothing waiting" in shown(LATE, QUIET)
    assert "credit-bus.gate" not in shown(LATE, QUIET)
    assert "credit-bus.gate" in shown(LATE, QUIET, everything=True)


def test_the_first_line_says_whether_anything_is_wrong() -> None:
    assert "2 OK; nothing waits" in shown(QUIET, QUIET)
    assert "1 WARN, 1 OK; 1200 events wait, the oldest since 4m10s" in shown(LATE, QUIET)
    assert "no group reads these topics" in shown()


def test_what_the_broker_alone_said_is_told_with_what_it_cannot_tell() -> None:
    some = replace(LATE, status=Status.OK, completeness=0.2)

    assert "asked the broker itself (why not)" in shown(some, source=BROKER)
    assert "STALL and STOP need the monitor" in shown(some, source=BROKER)
    assert "OK (20%)" in shown(some, source=BROKER)
    assert "need the monitor" not in shown(LATE, source=BROKER)
    assert "asked the broker" not in shown(LATE)


def test_json_is_wrong_from_above_warn_on_and_null_is_unknown() -> None:
    view = View(at=NOW, rows=(LATE,), source=MONITOR)
    told = json.loads(json.dumps(to_json(view)))

    assert not told["is_wrong"]
    assert told["rows"][0]["drains_in_seconds"] is None
    assert "2026-11-29T07:58:50+00:00" == told["rows"][0]["last_commit_at"]
    for status in (Status.STALL, Status.STOP, Status.REWIND, Status.ERR):
        assert to_json(replace(view, rows=(replace(LATE, status=status),)))["is_wrong"]


def test_only_a_group_or_a_party_or_both() -> None:
    view = View(at=NOW, rows=(LATE, QUIET), source=MONITOR)

    assert (QUIET,) == view.only(group=None, party="tax").rows
    assert (LATE,) == view.only(group=LATE.group, party=None).rows
    assert () == view.only(group=LATE.group, party="tax").rows
    assert view == view.only(group=None, party=None)
