"""What Prometheus is told of lag, alarms, legal time and canaries is what there is, and no more."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from credit_bus.metrics import table
from credit_bus.metrics.labels import LABELS, OTHER
from credit_bus.metrics.meter import Meter
from credit_bus.metrics.table import Metric
from credit_bus.operations.adding_up.differences import Fault
from credit_bus.operations.canaries import Canary, canaries_of
from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import TopicLag
from credit_bus.reports.legal_time import Standing
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor.gauges import (
    duties_watch,
    looking,
    show_alarms,
    show_lag,
    show_trips,
)
from credit_bus_connectors.monitor.process import Stop

NOW = datetime(2026, 6, 10, 2, tzinfo=UTC)
GATE, TAX = "credit-bus.gate", "credit.outbox.tax"


def row(group: str = GATE, topic: str = TAX, **changes: Any) -> TopicLag:
    """A group that has read everything."""
    given: dict[str, Any] = {
        "party": "tax",
        "group": group,
        "topic": topic,
        "status": Status.OK,
        "completeness": 1.0,
        "events": 0,
        "lost": 0,
        "ahead": 0,
        "seconds_behind": 0.0,
        "coming": 0.0,
        "going": 0.0,
        "drains_in": None,
        "lost_in": None,
        "members": 1,
        "last_commit_at": None,
        "partitions": 4,
    }
    return TopicLag(**{**given, **changes})


def shown(meter: Meter, metric: Metric) -> Mapping[tuple[str, ...], float]:
    """Return the series of a metric, by the values of its labels."""
    return {
        tuple(sample.labels[name] for name in metric.labels): sample.value
        for family in text_string_to_metric_families(meter.exposition().decode())
        for sample in family.samples
        if sample.name == metric.name
    }


def test_lag_is_told_in_events_in_seconds_and_by_burrow_s_status() -> None:
    meter, stands = Meter(), row(status=Status.STALL, events=7, seconds_behind=93.5, lost_in=3600.0)
    show_lag(meter, [stands])

    at = (GATE, TAX)
    assert {at: 7} == shown(meter, table.LAG_EVENTS)
    assert {at: 93.5} == shown(meter, table.LAG_SECONDS)
    assert {at: 3} == shown(meter, table.LAG_STATUS)
    assert table.LAG_STATUS.unit == ", ".join(f"{each.rank} {each}" for each in Status)
    assert {at: 0} == shown(meter, table.LAG_LOST)
    assert {at: 3600} == shown(meter, table.LAG_LOST_IN)


def test_a_group_that_went_is_shown_no_more() -> None:
    meter = Meter()
    show_lag(meter, [row(events=7, lost=2), row("connector-municipal", "credit.inbox.municipal")])
    show_lag(meter, [row("connector-municipal", "credit.inbox.municipal")])

    for metric in (table.LAG_EVENTS, table.LAG_SECONDS, table.LAG_STATUS, table.LAG_LOST):
        assert {("connector-municipal", "credit.inbox.municipal"): 0} == shown(meter, metric)


def test_what_is_not_known_has_no_series_and_is_no_zero() -> None:
    meter = Meter()
    show_lag(meter, [row(events=7, seconds_behind=12.0, lost_in=60.0)])
    show_lag(meter, [row(events=7, seconds_behind=None, lost_in=None)])

    assert {} == shown(meter, table.LAG_SECONDS) == shown(meter, table.LAG_LOST_IN)


def test_a_group_whose_name_may_not_be_told_is_other_and_the_worst_of_them() -> None:
    meter = Meter()
    strange = [row(f"620702{n:012}", status=Status.STALL, events=9 - n) for n in range(3)]
    show_lag(meter, [*strange, row()])

    assert {(OTHER, TAX): 9, (GATE, TAX): 0} == shown(meter, table.LAG_EVENTS)


def test_groups_that_come_and_go_do_not_use_up_the_names() -> None:
    meter = Meter()
    for n in range(LABELS["group"].values_max + 50):
        show_lag(meter, [row(f"console-{n}")])

    assert {(f"console-{LABELS['group'].values_max + 49}", TAX)} == set(
        shown(meter, table.LAG_EVENTS)
    )


def test_open_alarms_are_told_by_fault_and_a_fault_that_is_nowhere_is_0() -> None:
    meter = Meter()
    show_alarms(meter, {"doubled": 3})
    found = shown(meter, table.ALARMS)

    assert {(fault.value,) for fault in Fault} == set(found)
    assert {("doubled",): 3} == {key: number for key, number in found.items() if number}
    show_alarms(meter, {})
    assert {0} == set(shown(meter, table.ALARMS).values())


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_may_be_told(fault: Fault) -> None:
    assert fault.value == LABELS["fault"].told(fault.value, set())


def test_the_standings_of_legal_time_are_the_words_of_the_label() -> None:
    assert {each.value for each in Standing} == LABELS["standing"].words


def test_canaries_are_told_by_platform_with_what_is_missing_and_how_long_it_takes() -> None:
    meter, said = Meter(), NOW - timedelta(seconds=100)
    back = {"district-platform": said + timedelta(seconds=2)}
    found = [Canary(party="tax", said_at=said, logged_at=said, confirmed_at=back)]
    show_trips(meter, canaries_of(found, ["district-platform", "municipal"], now=NOW))

    assert {("district-platform",): 0, ("municipal",): 1} == shown(meter, table.CANARIES_MISSING)
    assert {("district-platform",): 2} == shown(meter, table.CANARY_TRIP)


def test_without_canaries_none_is_told_to_be_well() -> None:
    meter = Meter()
    show_trips(meter, canaries_of([], ["district-platform"], now=NOW))

    assert {} == shown(meter, table.CANARIES_MISSING)


def turn(work: Callable[[Stop], None]) -> int:
    """Let a watch work until it waits for the first time; return how often it beat."""
    beats: list[None] = []
    asked = threading.Event()
    work(Stop(asked, beat=lambda: beats.append(asked.set())))
    return len(beats)


def test_a_watch_that_looks_beats_after_each_look() -> None:
    looks: list[int] = []
    watch = looking("alarms", lambda: looks.append(1), every_seconds=60.0)

    assert 1 == turn(watch.work)
    assert [1] == looks


def test_duties_that_cannot_be_read_keep_their_value_and_the_watch_beats_no_more() -> None:
    meter = Meter()

    def fail() -> Mapping[tuple[str, ...], int]:
        raise UnreachableError("gone")

    told = {("tax", "overdue"): 2, ("tax", "in_time"): 5}
    assert 1 == turn(duties_watch(lambda: told, meter, passing=()).work)
    with pytest.raises(UnreachableError):
        duties_watch(fail, meter, passing=()).work(Stop())

    assert told == shown(meter, table.DUTIES)
    turn(duties_watch(lambda: {("tax", "in_time"): 7}, meter, passing=()).work)
    assert {("tax", "in_time"): 7} == shown(meter, table.DUTIES)
