"""`credit-bus lag` and the watch behind it, on a real broker and database."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from tests.offsets import set_offsets

from credit_bus.domain.channels import inbox
from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus.operations.lag.rollup import NOBODY
from credit_bus_connectors.monitor.database import Connections, apply_schema
from credit_bus_connectors.monitor.lag_reads import Readers
from credit_bus_connectors.monitor.lag_store import DESK, LagStore
from credit_bus_connectors.monitor.lag_watch import LagWatch, lag_watch
from credit_bus_connectors.monitor.process import Monitor, Stop
from credit_bus_deploy import lag, processes
from credit_bus_deploy.cli import command

pytestmark = pytest.mark.broker

WAIT_SECONDS_MAX = 60.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lag, "BETWEEN_SAMPLES_SECONDS", 0.2)


@pytest.fixture
def party(broker: str, unique_name: Callable[[str], str]) -> str:
    """A party with ten events in its inbox of one partition, four of which its reader has read."""
    party = unique_name("tax")
    topic = inbox(party)
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}})
        admin.wait_for_topics([topic], timeout_ms=20_000)
        producer = KafkaProducer(bootstrap_servers=broker)
        for _ in range(10):
            producer.send(topic, b"event", partition=0)
        producer.close()
        set_offsets(admin, group_of(party), {TopicPartition(topic, 0): 4})
    return party


def group_of(party: str) -> str:
    return f"connector-{party}"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["lag", "--home", "/nowhere", *arguments])


def rows(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)["rows"]
    return found


@contextmanager
def watching(watch: LagWatch) -> Iterator[None]:
    """Let the watch work, then ask it to stop."""
    stop = Stop()
    thread = threading.Thread(target=watch.work, args=(stop,))
    thread.start()
    yield
    stop.ask()
    thread.join(WAIT_SECONDS_MAX)
    assert not thread.is_alive()


def test_without_a_broker_it_is_refused_with_the_remedy() -> None:
    result = run()

    assert 2 == result.exit_code
    assert "give --broker HOST:PORT" in result.stderr


def test_a_broker_that_is_not_there_is_one_sentence() -> None:
    result = run("--broker", "127.0.0.1:9")

    assert 2 == result.exit_code
    assert "no broker listens at 127.0.0.1:9" in result.stderr


def test_without_a_monitor_it_asks_the_broker_and_says_so(broker: str, party: str) -> None:
    result = run("--broker", broker, "--party", party)

    assert 3 == result.exit_code, "nobody could say whether it is read"
    assert "not judged (20%)" in result.stdout
    assert "asked the broker itself (no database is given" in result.stdout
    assert "STOP need the monitor" in result.stdout
    assert party in result.stdout
    assert "6 events wait" in result.stdout


def test_json_has_what_the_table_has(broker: str, party: str) -> None:
    result = run("--broker", broker, "--party", party, "--json")
    told = json.loads(result.stdout)
    (row,) = told["rows"]

    assert ("broker", False, False) == (told["source"], told["is_complete"], told["is_wrong"])
    assert not told["is_judged"]
    (part,) = told["partitions"]
    assert (inbox(party), 0, 4, 10) == tuple(
        part[name] for name in ("topic", "partition", "committed", "end")
    )
    assert (party, group_of(party), 6, 0) == (
        row["party"], row["group"], row["events"], row["lost"],
    )  # fmt: skip
    assert 0.0 < row["seconds_behind"] < WAIT_SECONDS_MAX
    assert [party] == [each["name"] for each in told["parties"]]
    assert [group_of(party)] == [each["name"] for each in told["groups"]]


def test_another_group_s_lag_is_not_shown(broker: str, party: str) -> None:
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        set_offsets(admin, f"client-{party}-orders", {TopicPartition(inbox(party), 0): 10})
    result = run("--broker", broker, "--group", f"client-{party}-orders", "--json")

    assert [(f"client-{party}-orders", 0)] == [
        (row["group"], row["events"]) for row in rows(result)
    ]
    assert 0 == result.exit_code, "nothing waits: that needs no window"


@pytest.mark.parametrize("option", ["--group", "--party"])
def test_a_mistyped_name_is_refused_and_what_is_near_is_told(
    broker: str, party: str, option: str
) -> None:
    name = party if option == "--party" else group_of(party)
    result = run("--broker", broker, option, name[:-1])

    assert 2 == result.exit_code
    assert f"is called {name[:-1]}; near it: " in result.stderr
    assert name in result.stderr


def test_the_relay_s_numbers_are_no_lag(broker: str, party: str) -> None:
    topic = inbox(party)
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        set_offsets(admin, "credit-bus.relay", {TopicPartition(topic, 0): 900})
    found = rows(run("--broker", broker, "--party", party, "--json"))

    assert [group_of(party)] == [row["group"] for row in found]


def test_events_lost_unread_end_it_with_1(broker: str, party: str) -> None:
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        admin.delete_records({TopicPartition(inbox(party), 0): 7})
    result = run("--broker", broker, "--party", party)

    assert 1 == result.exit_code
    assert "ERR, 3 lost" in result.stdout
    assert 2 == run("--broker", broker, "--party", "nobody").exit_code


def test_with_a_monitor_it_shows_what_that_keeps(broker: str, database: str, party: str) -> None:
    apply_schema(database)
    connections = Connections(database, connections_max=1)
    store = LagStore(connections)
    watch = LagWatch(broker=broker, store=store, prefix=inbox(party), interval_seconds=0.1)
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    with watching(watch):
        while not _is_complete(store):
            assert time.monotonic() < deadline, "no full window came"
            time.sleep(0.1)
    result = run("--broker", broker, "--database", database, "--party", party, "--json")
    told = json.loads(result.stdout)

    assert ("monitor", True, True) == (told["source"], told["is_complete"], told["is_wrong"])
    assert [("STOP", 6)] == [(row["status"], row["events"]) for row in told["rows"]]
    assert 1 == result.exit_code
    newest = store.newest()
    assert newest is not None
    series = store.series(
        group_of(party),
        inbox(party),
        since=newest.at - lag.FRESH,
        until=newest.at + lag.FRESH,
    )
    assert {6} == {point.events for point in series}
    connections.close()


def test_an_inbox_that_nobody_reads_is_said_to_be_until_the_desk_does(
    broker: str, database: str, party: str
) -> None:
    """The desk keeps its positions in the database; no group has one."""
    apply_schema(database)
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        admin.delete_groups([group_of(party)])
    connections = Connections(database, connections_max=1)
    store = LagStore(connections)
    readers = Readers(groups={group_of(party): [inbox(party)]}, inboxes=[inbox(party)])

    def found(readers: Readers) -> tuple[Result, tuple[str, str, int]]:
        watch = LagWatch(
            broker=broker, store=store, prefix=inbox(party), readers=readers, interval_seconds=0.1
        )
        with watching(watch):
            at = store.newest_at()
            deadline = time.monotonic() + WAIT_SECONDS_MAX
            while store.newest_at() == at or not _is_complete(store):
                assert time.monotonic() < deadline, "no full window came"
                time.sleep(0.1)
        result = run("--broker", broker, "--database", database, "--party", party, "--json")
        (row,) = rows(result)
        return result, (row["group"], row["status"], row["events"])

    result, expected_group = found(replace(readers, inboxes=[]))
    assert (1, (group_of(party), "STOP", 10)) == (result.exit_code, expected_group)
    result, nobody = found(replace(readers, groups={}))
    assert (1, (NOBODY, "STOP", 10)) == (result.exit_code, nobody)
    with psycopg.connect(database, autocommit=True) as desk:
        desk.execute("INSERT INTO desk.reading VALUES (%s, 0, 10)", [inbox(party)])
    result, read = found(replace(readers, groups={}))
    assert (0, (DESK, "OK", 0)) == (result.exit_code, read)
    connections.close()


def test_watched_it_shows_one_view_after_another_until_it_is_asked_to_stop(
    broker: str, party: str
) -> None:
    command_line = ("lag", "--home", "/nowhere", "--broker", broker, "--party", party)
    process = subprocess.Popen(
        [sys.executable, "-m", "credit_bus_deploy", *command_line, "--watch", "--json"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    views = [json.loads(process.stdout.readline()) for _ in range(2)]
    process.terminate()
    rest, _ = process.communicate(timeout=WAIT_SECONDS_MAX)

    assert "" == rest
    assert 3 == process.returncode
    assert [0.2, 0.3] == [round(view["rows"][0]["completeness"], 1) for view in views]


def test_what_a_monitor_kept_long_ago_is_not_shown_as_now(
    broker: str, database: str, party: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_schema(database)
    connections = Connections(database, connections_max=1)
    store = LagStore(connections)
    with watching(LagWatch(broker=broker, store=store, prefix=inbox(party))):
        while store.newest() is None:
            time.sleep(0.1)
    connections.close()
    monkeypatch.setattr(lag, "FRESH", lag.FRESH * 0)
    result = run("--broker", broker, "--database", database, "--party", party)

    assert "the monitor's newest sample is of" in result.stdout
    assert 3 == result.exit_code


def test_the_monitor_s_process_keeps_samples_and_ends_when_asked(
    broker: str, database: str, party: str
) -> None:
    apply_schema(database)
    connections = Connections(database, connections_max=1)
    store = LagStore(connections)
    command_line = ("monitor", "--broker", broker, "--database", database)
    process = subprocess.Popen([sys.executable, "-m", "credit_bus_deploy", *command_line])
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while (newest := store.newest()) is None:
        assert time.monotonic() < deadline, "no sample came"
        time.sleep(0.2)
    process.terminate()

    assert 0 == process.wait(WAIT_SECONDS_MAX)
    assert {6} == {each.events for each in newest.states if each.group == group_of(party)}
    connections.close()


def test_a_broker_that_is_away_is_no_end_of_the_monitor(database: str) -> None:
    apply_schema(database)
    vitals = Vitals()
    with Monitor([lag_watch("127.0.0.1:9", database)], vitals):
        assert processes.wait_until(
            lambda: bool(vitals.meter.value(table.WATCH_FAILURES, watch="lag")),
            seconds_max=WAIT_SECONDS_MAX,
        )

        assert () == vitals.health.stalled()
        assert ("watches",) == vitals.health.waiting()


def _is_complete(store: LagStore) -> bool:
    newest = store.newest()
    return newest is not None and all(each.completeness >= 1.0 for each in newest.states)
