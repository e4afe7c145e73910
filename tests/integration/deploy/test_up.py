"""One machine: what starts, what is refused, what comes back, and that nothing is left running."""

import json
import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient

from credit_bus_deploy import postgres, processes, ready
from credit_bus_deploy.cli_database import database_of
from credit_bus_deploy.installation import Options, installation
from credit_bus_deploy.processes import Identity
from credit_bus_deploy.run_record import RunRecord, running
from credit_bus_deploy.targets import SUPERVISOR, targets_file

WAIT_SECONDS_MAX = 30.0
TOPIC = "kept"

pytestmark = pytest.mark.broker


def all_gone(known: Iterable[Identity]) -> bool:
    return processes.wait_until(
        lambda: not any(processes.is_alive(each) for each in known), seconds_max=WAIT_SECONDS_MAX
    )


def write(record: RunRecord, word: bytes) -> None:
    """Write to the broker and to the database, and wait for both answers."""
    with KafkaAdminClient(bootstrap_servers=record.addresses["broker"]) as admin:
        if TOPIC not in admin.list_topics():
            admin.create_topics({TOPIC: {"num_partitions": 1, "replication_factor": 1}})
            admin.wait_for_topics([TOPIC])
    with KafkaProducer(bootstrap_servers=record.addresses["broker"], acks="all") as producer:
        producer.send(TOPIC, value=word).get(timeout=WAIT_SECONDS_MAX)
    with psycopg.connect(record.addresses["database"]) as connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS {TOPIC} (word bytea)")
        connection.execute(f"INSERT INTO {TOPIC} VALUES (%s)", (word,))


def read(record: RunRecord, count: int) -> tuple[list[bytes], list[bytes]]:
    """Return what broker and database hold."""
    with KafkaConsumer(
        TOPIC,
        bootstrap_servers=record.addresses["broker"],
        auto_offset_reset="earliest",
        group_id=None,
        consumer_timeout_ms=WAIT_SECONDS_MAX * 1000,
    ) as consumer:
        words = [next(consumer).value for _ in range(count)]
    with psycopg.connect(record.addresses["database"]) as connection:
        rows = connection.execute(f"SELECT word FROM {TOPIC}").fetchall()
    return words, [row[0] for row in rows]


def test_a_broker_that_is_not_up_in_time_is_one_sentence_and_leaves_nothing(
    new_home: Path, credit_bus: Callable[..., Any]
) -> None:
    said = credit_bus(
        "up", "--only", "infra", "--home", str(new_home), CREDIT_BUS_BROKER_WAIT_SECONDS_MAX="0.01"
    )

    last = said.stderr.strip().splitlines()[-1]
    assert 2 == said.returncode
    assert last.startswith("credit-bus: Kafka at 127.0.0.1:")
    assert "did not answer within 0.01 seconds: read" in last
    assert not (new_home / "run" / "state.json").exists()
    assert not (new_home / "postgres" / "storage" / "postmaster.pid").exists()


def test_a_second_start_in_the_same_home_is_refused_and_disturbs_nothing(
    running_up: Any, credit_bus: Callable[..., Any]
) -> None:
    before = running_up.record()
    said = credit_bus("up", "--home", str(running_up.home.root))

    assert 2 == said.returncode
    assert f"already runs in {running_up.home.root}" in said.stderr
    assert 1 == len(said.stderr.strip().splitlines())
    assert before == running(running_up.home)


def test_status_shows_every_process_and_where_things_are(
    running_up: Any, credit_bus: Callable[..., Any]
) -> None:
    home = str(running_up.home.root)
    told = json.loads(credit_bus("status", "--json", "--home", home).stdout)
    shown = credit_bus("status", "--home", home).stdout

    assert (True, True, home) == (told["running"], told["ready"], told["home"])
    states = [(each["name"], each["state"]) for each in told["processes"]]
    assert [("kafka", "running"), ("postgres", "running")] == states
    assert told["broker"] in shown
    assert told["database"] in shown
    assert "starting" not in shown


def test_the_supervisor_says_by_its_metrics_that_it_is_ready(running_up: Any) -> None:
    """Its own place stands in Prometheus' file of targets, so an alert would fire for good."""
    targets = json.loads(targets_file(running_up.home).read_text())
    own = next(each for each in targets if each["labels"]["process"] == SUPERVISOR)

    def is_ready() -> bool:
        with urlopen(f"http://{own['targets'][0]}/metrics", timeout=WAIT_SECONDS_MAX) as answer:
            return b"credit_bus_ready 1.0" in answer.read().splitlines()

    assert processes.wait_until(is_ready, seconds_max=WAIT_SECONDS_MAX)


def test_topics_are_planned_for_the_installation_of_the_home_without_naming_its_broker(
    running_up: Any, credit_bus: Callable[..., Any]
) -> None:
    home = str(running_up.home.root)
    ready.wait_for_broker(
        running_up.record().addresses["broker"]
    )  # another test may have killed it
    said = credit_bus("topics", "plan", "--json", "--home", home)

    assert 0 == said.returncode, said.stderr
    plan = json.loads(said.stdout)
    settled = json.loads(running_up.home.choices_file.read_text())
    assert {settled["partitions"]} == {topic["partitions"] for topic in plan["create"]}


@pytest.mark.parametrize("name", ["postgres", "kafka"])
def test_a_killed_child_is_started_again(running_up: Any, name: str) -> None:
    def of_name(record: RunRecord | None) -> Any:
        assert record is not None
        return next(each for each in record.processes if each.name == name)

    before = of_name(running_up.record())
    os.kill(before.identity.pid, signal.SIGKILL)

    assert processes.wait_until(
        lambda: of_name(running(running_up.home)).restarts == before.restarts + 1,
        seconds_max=WAIT_SECONDS_MAX,
    )
    after = of_name(running(running_up.home))
    assert (-signal.SIGKILL, "running") == (after.exit_code, after.state)
    assert before.identity != after.identity


def test_data_survive_ctrl_c_down_and_the_supervisors_death_and_nothing_is_left_running(
    up: Callable[[Path], Any], new_home: Path, credit_bus: Callable[..., Any]
) -> None:
    """Three ends in one test, since each needs a start: an interrupt, `down`, and a kill."""
    first = up(new_home)
    write(first.record(), b"one")
    everyone = first.everyone()

    assert len(everyone) >= 3
    assert 0 == first.end(signal.SIGINT)
    assert all_gone(everyone)

    second = up(new_home)
    record = second.record()
    write(record, b"two")
    everyone = second.everyone()
    said = credit_bus("down", "--home", str(new_home))

    assert 0 == second.process.wait(WAIT_SECONDS_MAX)
    assert "stopped 2 processes" in said.stdout
    assert all_gone(everyone)

    third = up(new_home)
    assert record.addresses == third.record().addresses
    write(third.record(), b"three")
    everyone = third.everyone()

    assert -signal.SIGKILL == third.end(signal.SIGKILL)
    assert all_gone(everyone)

    fourth = up(new_home)
    words = [b"one", b"two", b"three"]

    assert (words, words) == read(fourth.record(), len(words))
    assert 0 == fourth.end(signal.SIGTERM)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another OS user for PostgreSQL")
def test_as_root_the_database_runs_as_its_own_user(running_up: Any) -> None:
    assert postgres.OS_USER == (running_up.home.postgres / "storage").owner()


def test_a_given_database_s_password_is_shown_to_nobody_and_known_to_every_command(
    new_home: Path, broker: str, database: str
) -> None:
    given = database.replace("@", ":pass-of-a-test@", 1)
    options = Options(home=new_home, broker=broker, database=given, infrastructure_only=True)

    with installation(options) as made:
        assert "pass-of-a-test" not in made.home.run_file.read_text()
        assert given == database_of(made.home.root, None)
        assert 0o600 == made.home.database_file.stat().st_mode & 0o777

    assert not made.home.database_file.exists()
