"""The doctor at a real broker and a real database: each seeded fault is found, and no other."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from kafka import KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from credit_bus.domain.channels import QUARANTINE, RECORDS
from credit_bus_deploy import processes
from credit_bus_deploy.doctor import verdicts
from credit_bus_deploy.doctor.checks import State, examine
from credit_bus_deploy.doctor.facts import OpenTransaction
from credit_bus_deploy.doctor.look import Patient, look
from credit_bus_deploy.installation import Installation, Options, installation
from credit_bus_deploy.run_record import read_run
from credit_bus_deploy.standing import standings

pytestmark = pytest.mark.broker

PARTITIONS = 1
READY_SECONDS_MAX = 60.0


@pytest.fixture(scope="module")
def running() -> Iterator[Installation]:
    """A whole installation, every process ready."""
    with (
        tempfile.TemporaryDirectory(prefix="credit-bus-up-") as folder,
        installation(Options(home=Path(folder) / "home", partitions=PARTITIONS)) as made,
    ):
        made.wait_ready()
        yield made


def patient(running: Installation) -> Patient:
    return Patient(
        broker=running.broker,
        database=running.database,
        registry_folder=None,
        state_folder=running.home.state,
        partitions=PARTITIONS,
        replication=1,
    )


def found(running: Installation) -> dict[str, str]:
    """Return the checks that do not come out well, disks of the machine aside."""
    outcomes = examine(look(patient(running)))
    return {
        each.check.name: " ".join(each.sentences)
        for each in outcomes
        if each.state not in {State.GOOD, State.NOTE} and each.check.name != "disk"
    }


def test_every_process_says_that_it_is_ready(running: Installation) -> None:
    expected = {each.name for each in running.statuses() if each.health_port}

    def not_ready() -> dict[str, str]:
        told = standings(running.statuses())
        asked = {name: told[name].word if name in told else "not asked" for name in expected}
        return {name: word for name, word in asked.items() if word != "ready"}

    assert {"worker-gate", "worker-casework", "relay", "web", "site", "desk"} < expected
    assert {"enquiries", "monitor", "folders", "connector-district-platform"} < expected
    processes.wait_until(lambda: not not_ready(), seconds_max=READY_SECONDS_MAX)

    assert {} == not_ready()


def test_status_shows_how_each_stands_and_with_what_it_ended(
    running: Installation, credit_bus: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    relay = next(each for each in running.statuses() if each.name == "relay")
    assert relay.identity is not None
    os.kill(relay.identity.pid, signal.SIGKILL)

    def is_recorded() -> bool:
        record = read_run(running.home)
        return record is not None and any(
            each.name == "relay" and each.exit_code == -signal.SIGKILL and each.identity
            for each in record.processes
        )

    assert processes.wait_until(is_recorded, seconds_max=READY_SECONDS_MAX)
    told = json.loads(credit_bus("status", "--json", "--home", str(running.home.root)).stdout)
    rows = {row["name"]: row for row in told["processes"]}

    assert "SIGKILL" in rows["relay"]["last_end"]
    assert rows["worker-router"]["alive"] is True
    assert rows["worker-router"]["last_end"] is None


def test_nothing_is_found_on_a_bus_that_is_well(running: Installation) -> None:
    assert {} == found(running)


def test_the_command_says_so_too(
    running: Installation, credit_bus: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    ended = credit_bus("doctor", "--json", "--home", str(running.home.root))
    told = json.loads(ended.stdout)

    assert {"good", "note"} >= {
        each["state"] for each in told["checks"] if each["name"] != "disk"
    }, ended.stderr


def test_a_topic_that_somebody_changed_is_found(running: Installation) -> None:
    setting = {"message.timestamp.type": "CreateTime"}
    with KafkaAdminClient(bootstrap_servers=running.broker) as admin:
        resource = ConfigResource(ConfigResourceType.TOPIC, RECORDS, setting)
        admin.alter_configs([resource])
        try:
            assert "message.timestamp.type" in found(running)["topics"]
        finally:
            back = {"message.timestamp.type": "LogAppendTime"}
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, RECORDS, back)])


def test_a_transaction_that_does_not_end_is_found(
    running: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "somebody-s"
    producer = KafkaProducer(bootstrap_servers=running.broker, transactional_id=name)
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(QUARANTINE, key=b"k", value=b"", partition=0).get(timeout=30)
    try:
        facts = look(patient(running))
        assert isinstance(facts.transactions, tuple)
        open_ones = {each.name: each for each in facts.transactions}
        assert name in open_ones

        later = OpenTransaction(
            name=name,
            state=open_ones[name].state,
            age_seconds=open_ones[name].age_seconds + verdicts.TRANSACTION_SECONDS_MAX,
        )
        outcomes = examine(replace(facts, transactions=(later,)))
        assert ["stuck-transactions"] == [
            each.check.name
            for each in outcomes
            if each.state is State.FOUND and each.check.name != "disk"
        ]
    finally:
        producer.abort_transaction()
        producer.close(timeout=10)


def test_the_doctor_leaves_nothing_that_a_reader_sees(running: Installation) -> None:
    from tests.bus import Bus

    before = len(Bus(running.broker, running.home.root).read(QUARANTINE))
    look(patient(running))

    assert before == len(Bus(running.broker, running.home.root).read(QUARANTINE))


def test_a_schema_of_another_release_is_found(running: Installation) -> None:
    with psycopg.connect(running.database, autocommit=True) as connection:
        connection.execute("INSERT INTO site.migration (version, file) VALUES (999, 'later')")
        try:
            assert "site is at 999" in found(running)["database-schemas"]
        finally:
            connection.execute("DELETE FROM site.migration WHERE version = 999")


def test_an_empty_database_and_a_broker_that_is_away_are_found(
    running: Installation, database: str
) -> None:
    outcomes = examine(look(replace(patient(running), database=database, broker="127.0.0.1:9")))
    states = {each.check.name: each.state for each in outcomes}

    assert State.UNSEEN is states["topics"]
    assert State.UNSEEN is states["schemas-on-the-bus"]
    assert State.FOUND is states["database-schemas"]


def test_a_stage_without_a_worker_is_found(running: Installation) -> None:
    """The last test of the module in spirit: it waits until the group has a member again."""
    gate = next(each for each in running.statuses() if each.name == "worker-gate")
    assert gate.identity is not None
    os.kill(gate.identity.pid, signal.SIGSTOP)
    try:
        deadline = time.monotonic() + READY_SECONDS_MAX
        while "groups" not in (seen := found(running)):
            assert time.monotonic() < deadline, seen
        assert "credit-bus.gate" in seen["groups"]
    finally:
        os.kill(gate.identity.pid, signal.SIGKILL)
    running.wait_ready()
