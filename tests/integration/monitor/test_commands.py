"""What an operator sees of what the monitor keeps; no broker is needed to look."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from tests import samples
from tests.integration.monitor.test_follow_store import LATER, end_of, keep
from tests.unit.operations.faults import FAULTS
from tests.unit.operations.histories import PLATFORMS, MemoryBus, usual, word_of

from credit_bus.domain.channels import inbox
from credit_bus.domain.event_types import DELIVERY_CONFIRMED
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.following_store import FollowStore
from credit_bus_connectors.monitor.trace_store import ALARMS_SHOWN_MAX, TraceStore
from credit_bus_deploy.cli import command

DOUBLED = "L6: a commit failed, and the router does it all again"


@pytest.fixture
def store(connections: Connections) -> FollowStore:
    return FollowStore(connections, platforms=frozenset(PLATFORMS))


def run(database: str, *words: str) -> Result:
    return CliRunner(env={"COLUMNS": "300"}).invoke(command, [*words, "--database", database])


def test_before_anything_is_read_the_commands_say_so(provisioned: str, store: FollowStore) -> None:
    never = run(provisioned, "trace", "f" * 32)
    store.begin(samples.NOW)
    begun = run(provisioned, "alarms")

    assert 1 == never.exit_code
    assert "has not read everything once yet" in never.stderr
    assert (3, True) == (begun.exit_code, "has not read everything once yet" in begun.stdout)
    assert "everything adds up" not in begun.stdout


def test_a_reader_that_stands_is_no_good_news(provisioned: str, store: FollowStore) -> None:
    store.begin(samples.NOW)
    store.passed(datetime.now(UTC) - timedelta(days=3))
    stale, told = run(provisioned, "alarms"), run(provisioned, "alarms", "--json")
    store.passed(datetime.now(UTC))
    fresh = run(provisioned, "alarms")

    assert (3, 3) == (stale.exit_code, told.exit_code)
    assert "everything adds up" not in stale.stdout
    assert "not known" in stale.stdout
    assert json.loads(told.stdout)["is_current"] is False
    assert (0, True) == (fresh.exit_code, "everything adds up" in fresh.stdout)


def test_an_alarm_is_listed_closed_with_a_reason_and_kept(
    provisioned: str, store: FollowStore, operators: Path
) -> None:
    history = FAULTS[DOUBLED][0](usual(is_answered=False))
    keep(store, history)
    store.passed(end_of(history) + LATER)
    shown = run(provisioned, "alarms")
    told = json.loads(run(provisioned, "alarms", "--json").stdout)
    registry = ("--registry", str(samples.REGISTRY_FOLDER))
    why = ("--why", "已核对", "--password-file", str(operators), *registry)
    closed = [
        run(provisioned, "alarms", "close", str(each["number"]), "--by", "reviewer.one", *why)
        for each in told["alarms"]
    ]
    once_more = run(provisioned, "alarms", "close", "1", "--by", "clerk.one", *why)
    store.passed(datetime.now(UTC))
    after = run(provisioned, "alarms")
    kept = run(provisioned, "alarms", "--all")

    assert {"doubled"} == {each["fault"] for each in told["alarms"]}
    assert (1, True) == (shown.exit_code, "doubled" in shown.stdout)
    assert {0} == {each.exit_code for each in closed}
    assert (2, True) == (once_more.exit_code, "no open alarm 1" in once_more.stderr)
    assert (0, True) == (after.exit_code, "everything adds up" in after.stdout)
    assert (0, True) == (kept.exit_code, "reviewer.one: 已核对" in kept.stdout)


def test_an_alarm_is_closed_by_nobody_but_an_operator_who_gives_a_reason(
    provisioned: str,
    connections: Connections,
    store: FollowStore,
    operators: Path,
    tmp_path: Path,
) -> None:
    traces = TraceStore(connections)
    history = FAULTS[DOUBLED][0](usual(is_answered=False))
    keep(store, history)
    store.passed(end_of(history) + LATER)
    other = tmp_path / "other"
    other.write_text("一句别的口令 2026 一句\n")
    tries = {
        ("nobody", operators, "x"): "no account of the hub",
        ("clerk.one", other, "x"): "its password is another",
        ("finance.one", operators, "x"): "no account of the hub",
        ("accounts.one", operators, "x"): "needs the role clerk or reviewer",
        ("clerk.one", operators, " "): "must say something",
        ("clerk.one", operators, "x" * 201): "in 200 characters",
    }
    results = [
        run(provisioned, *_closing(by, file, why), "--registry", str(samples.REGISTRY_FOLDER))
        for by, file, why in tries
    ]
    by_example = run(provisioned, *_closing("clerk.one", operators, "x"))

    assert {2} == {each.exit_code for each in results}
    assert all(told in each.stderr for told, each in zip(tries.values(), results, strict=True))
    assert 2 == by_example.exit_code
    assert "who operates the hub is not known" in by_example.stderr
    assert 1 in {each.number for each in traces.alarms()}


def _closing(by: str, password_file: Path, why: str) -> tuple[str, ...]:
    told = ("--by", by, "--password-file", str(password_file), "--why", why)
    return "alarms", "close", "1", *told


def test_the_counts_of_the_last_hours_say_what_is_open_and_in_flight(
    provisioned: str, store: FollowStore
) -> None:
    keep(store, usual(is_answered=False))
    with psycopg.connect(provisioned) as connection:
        connection.execute("UPDATE operations.tally SET hour = now()")
    shown = run(provisioned, "alarms", "--hours", "2")
    told = json.loads(run(provisioned, "alarms", "--hours", "2", "--json").stdout)
    (counts,) = [each["times"] for each in told["counts"] if each["type"] == "penalty.decided"]
    lines = shown.stdout.splitlines()
    (at,) = [n for n, line in enumerate(lines) if "penalty.decided" in line]

    assert {"said": 6, "accepted": 3, "repeated": 1, "rejected": 2, "routed": 12} == counts
    assert [
        "    said 6 = accepted 3 + repeated 1 + rejected 2 + open 0",
        "    routed 12 = delivered 0 + refused 0 + in flight 12",
    ] == lines[at + 1 : at + 3]
    assert 80 >= max(map(len, lines[at : at + 3]))


def test_counts_that_are_cut_are_cut_between_lines(
    provisioned: str, store: FollowStore, connections: Connections
) -> None:
    keep(store, usual(is_answered=False))
    traces, since = TraceStore(connections), samples.NOW - timedelta(hours=1)
    every = traces.counts(since)

    assert len(every) > 2
    assert list(every[:2]) == list(traces.counts(since, most=2))


def test_cleared_alarms_are_listed_though_hundreds_are_open(
    provisioned: str, connections: Connections
) -> None:
    with psycopg.connect(provisioned) as connection:
        connection.execute(
            "INSERT INTO operations.alarm (name, fault, place, type, since, raised_at, cleared_at,"
            " cleared_why) SELECT int8send(n), 'unrouted', 'x', '', now(), now(),"
            " CASE n WHEN 1 THEN now() END, CASE n WHEN 1 THEN 'met' END"
            " FROM generate_series(1, %s) AS n",
            [ALARMS_SHOWN_MAX + 2],
        )
    traces = TraceStore(connections)
    shown = run(provisioned, "alarms", "--all").stdout.splitlines()

    assert [1] == [each.number for each in traces.alarms(cleared=True)]
    assert ALARMS_SHOWN_MAX + 1 == traces.open_alarms()
    assert f"{ALARMS_SHOWN_MAX + 1} alarms are open; these are the newest" in shown[0]
    assert ["        cleared"] == [line[:15] for line in shown if "  cleared" in line]


def test_a_way_is_printed_as_a_tree_with_what_it_caused(
    provisioned: str, store: FollowStore
) -> None:
    keep(store, usual())
    event = samples.initiation(1)
    shown = run(provisioned, "trace", event.id)
    told = json.loads(run(provisioned, "trace", event.id, "--json").stdout)
    twice = json.loads(run(provisioned, "trace", samples.penalty(1).id, "--json").stdout)

    assert 0 == shown.exit_code
    assert "ordered finance" in shown.stdout
    assert "district-platform delivered" in shown.stdout
    assert event.subject not in shown.stdout
    assert 6 == len(told["caused"])
    assert {"public-site": 2} == {
        each["platform"]: each["said_times"]
        for each in twice["deliveries"]
        if each["said_times"] > 1
    }


def test_what_a_platform_passed_over_is_shown_as_parked_and_the_rest_as_in_flight(
    provisioned: str, store: FollowStore
) -> None:
    bus = MemoryBus()
    one, two = samples.penalty(1), samples.penalty(1, revision=2)
    bus.say(one, two)
    given = [each for each in bus.history if each.topic == inbox("public-site")]
    bus.say(word_of("public-site", DELIVERY_CONFIRMED, given[1]))
    keep(store, bus.history)
    told = [
        {each["platform"]: each["state"] for each in json.loads(found.stdout)["deliveries"]}
        for found in (run(provisioned, "trace", event.id, "--json") for event in (one, two))
    ]

    assert {*PLATFORMS} == told[0].keys() == told[1].keys()
    assert ("parked", "delivered") == (told[0]["public-site"], told[1]["public-site"])
    assert {"in-flight"} == {told[n][each] for n in (0, 1) for each in PLATFORMS[:3]}


def test_a_database_that_is_not_provisioned_is_told_with_the_remedy(database: str) -> None:
    found = run(database, "alarms")

    assert 2 == found.exit_code
    assert "credit-bus database apply" in found.stderr
