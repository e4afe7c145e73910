"""Lag on a terminal and as JSON: the worst first, nothing unknown shown as nothing."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import TopicLag
from credit_bus.operations.lag.windows import PartitionLag
from credit_bus_deploy.lag import BROKER, MONITOR, View, near, to_json
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


PART = PartitionLag(
    group=LATE.group,
    topic=LATE.topic,
    partition=3,
    status=Status.STALL,
    completeness=1.0,
    committed=10,
    log_start=0,
    end=25,
    events=15,
    lost=0,
    ahead=0,
    waiting_since=NOW - timedelta(seconds=90),
    lost_at=None,
    coming=0.0,
    going=0.0,
    last_commit_at=None,
    members=1,
    client="connector-1",
    host="10.0.0.1",
)


def shown(*rows: TopicLag, source: str = MONITOR, everything: bool = False) -> str:
    view = View(at=NOW, rows=rows, source=source, because="why not")
    return shown_of(view, everything=everything)


def shown_of(view: View, *, everything: bool = False, parted: bool = False) -> str:
    output = io.StringIO()
    console = Console(file=output, width=COLUMNS_MIN)
    console.print(rendered(view, everything=everything, parted=parted))
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
    assert "not judged (20%)" in shown(some, source=BROKER)
    assert "1 not judged; 1200 events wait" in shown(some, source=BROKER)
    assert "need the monitor" not in shown(LATE, source=BROKER)
    assert "the desk does, do not show" in shown(LATE, source=BROKER)
    assert "asked the broker" not in shown(LATE)


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        (True, {}),
        (False, {"status": Status.OK, "completeness": 0.2}),
        (True, {"status": Status.OK, "completeness": 0.2, "events": 0}),
        (True, {"status": Status.REWIND, "completeness": 0.2}),
        (True, {"status": Status.UNKNOWN, "completeness": 0.0}),
    ],
    ids=["a full window", "something waits", "nothing waits", "it went back", "no leader"],
)
def test_what_waits_is_judged_by_a_full_window(expected: bool, changes: dict[str, Any]) -> None:
    view = View(at=NOW, rows=(QUIET, replace(LATE, **changes)), source=BROKER)

    assert expected is view.is_judged
    assert not replace(view, rows=()).is_judged, "nothing at all is nothing judged"


def test_partitions_are_shown_with_who_holds_them_where_they_are_asked_for() -> None:
    view = View(at=NOW, rows=(LATE,), partitions=(PART,), source=MONITOR)
    text = shown_of(view, parted=True)

    assert [
        "credit.inbox.municipal-platform", "3", "STALL", "10", "25", "15", "1m30s", "never",
        "connector-1", "10.0.0.1",
    ] == line_of(text, "connector-1")  # fmt: skip
    assert "connector-1" not in shown_of(view)
    (told,) = to_json(view)["partitions"]
    assert (3, "STALL", 10, "connector-1", "10.0.0.1", 90.0) == tuple(
        told[name]
        for name in ("partition", "status", "committed", "client", "host", "seconds_behind")
    )


def test_a_party_that_something_waits_for_is_a_line() -> None:
    text = shown(LATE, QUIET, replace(QUIET, group="connector", events=3, lost=2))
    lines = [line for line in text.splitlines() if "│ tax" in line]

    assert ["tax", "OK", "3", "2"] == [cell.strip() for cell in lines[-1].split("│")[1:5]]
    assert text.index("municipal-platform") < text.rindex("municipal-platform")
    assert "│ tax" not in shown(LATE, QUIET)


def test_names_that_are_near_are_told() -> None:
    known = ["finance", "justice", "tax", "connector-municipal-platform"]

    assert "; near it: finance" == near("finanse", known)
    assert "; near it: connector-municipal-platform" == near("municipal-platform", known)
    assert "" == near("water", known)


def test_json_is_wrong_from_above_warn_on_and_null_is_unknown() -> None:
    view = View(at=NOW, rows=(LATE,), source=MONITOR)
    told = json.loads(json.dumps(to_json(view)))

    assert not told["is_wrong"]
    assert told["rows"][0]["drains_in_seconds"] is None
    assert "2026-11-29T07:58:50+00:00" == told["rows"][0]["last_commit_at"]
    for status in (Status.STALL, Status.STOP, Status.REWIND, Status.ERR):
        assert to_json(replace(view, rows=(replace(LATE, status=status),)))["is_wrong"]


def test_only_a_group_or_a_party_or_both() -> None:
    view = View(at=NOW, rows=(LATE, QUIET), partitions=(PART,), source=MONITOR)

    assert (QUIET,) == view.only(group=None, party="tax").rows
    assert (LATE,) == view.only(group=LATE.group, party=None).rows
    assert () == view.only(group=LATE.group, party="tax").rows
    assert () == view.only(group=None, party="tax").partitions
    assert (PART,) == view.only(group=None, party=LATE.party).partitions
    assert view == view.only(group=None, party=None)
