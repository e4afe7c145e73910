"""The monitor beside a running bus: it follows every event, and sees what was lost or doubled."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from tests import samples
from tests.bus import Bus, flowing_bus
from tests.integration.monitor.rig import (
    DISTRICT,
    SETTLE_SECONDS_MAX,
    end_monitors,
    followed,
    logged,
    monitor,
    wait,
)
from tests.integration.runtime.test_bad_input import Raw

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import RECORDS, inbox, replies
from credit_bus.domain.event_types import EVENT_ACCEPTED
from credit_bus.operations.adding_up.differences import FOLLOWS_WITHIN
from credit_bus.operations.scan import Seen
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.trace_store import KeptAlarm, TraceStore
from credit_bus_deploy.cli import command

ALARM_SECONDS_MAX = 60.0


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    with flowing_bus() as running:
        yield running


@pytest.fixture(autouse=True)
def _monitors_end(bus: Bus) -> Iterator[None]:
    """A monitor ends with its test, whose database goes with it."""
    yield
    end_monitors(bus)


@pytest.fixture
def store(connections: Connections) -> TraceStore:
    return TraceStore(connections)


def copy_of(record: Seen, *, topic: str = "") -> Message:
    return Message(
        topic=topic or record.topic,
        partition=record.partition,
        offset=0,
        timestamp_ms=0,
        key=record.key,
        headers=tuple(record.headers.items()),
        value=record.value,
    )


def open_alarms(store: TraceStore) -> set[tuple[str, str, str]]:
    return {(each.fault, each.place, each.event) for each in store.alarms()}


def test_a_sound_bus_raises_nothing_and_every_event_has_its_way(
    bus: Bus, store: TraceStore, provisioned: str
) -> None:
    monitor(bus, provisioned)
    followed(bus, store)
    events = [samples.penalty(100 + n) for n in range(20)]
    bad = samples.message(samples.penalty(130, violation=""))
    odd = replace(
        samples.message(samples.penalty(131)),
        headers=(*samples.message(samples.penalty(131)).headers, (Raw("\xff\xfe"), b"h")),
    )
    bus.say([*map(samples.message, events), samples.message(events[0]), bad, odd])
    logged(bus, *(each.id for each in events))
    time.sleep(1)
    followed(bus, store)
    result = CliRunner().invoke(
        command, ["trace", events[0].id, "--json", "--database", provisioned]
    )
    shown = CliRunner().invoke(command, ["trace", events[1].id, "--database", provisioned])
    unknown = CliRunner().invoke(command, ["trace", "f" * 32, "--database", provisioned])
    told = json.loads(result.stdout)
    odd_way = store.way(samples.penalty(131).id)

    assert set() == open_alarms(store)
    assert 0 == result.exit_code
    kinds = [each["kind"] for each in told["hops"]]
    assert ["said", "said", "logged", "accepted", "duplicate"] == sorted(
        [kind for kind in kinds if kind != "forwarded"],
        key=["said", "logged", "accepted", "duplicate"].index,
    )
    assert 4 == kinds.count("forwarded") == len(told["deliveries"])
    assert {"in-flight"} == {each["state"] for each in told["deliveries"]}
    assert "forwarded district-platform" in shown.stdout
    assert events[1].subject not in shown.stdout
    assert 1 == unknown.exit_code
    assert "has read all that the topics held at" in unknown.stderr
    assert odd_way is not None
    assert ("header-name",) in {step.hop.codes for step in odd_way.steps}


def test_what_is_lost_doubled_or_from_nowhere_is_an_alarm_within_a_minute(
    bus: Bus, store: TraceStore, provisioned: str
) -> None:
    """The doubled record at once; what is missing when it is due; each names its event."""
    monitor(bus, provisioned)
    followed(bus, store)
    doubled, other = samples.penalty(200), samples.penalty(201)
    bus.say([samples.message(doubled), samples.message(other)])
    seen = logged(bus, doubled.id, other.id)
    followed(bus, store)
    in_inbox = next(r for r in seen if r.topic == DISTRICT and r.text("ce_id") == doubled.id)
    in_log = next(r for r in seen if r.topic == RECORDS and r.text("ce_id") == other.id)
    forged = samples.message(samples.penalty(202))
    began = time.monotonic()
    bus.say(
        [
            copy_of(in_inbox),
            replace(copy_of(in_log), value=forged.value),
            replace(forged, topic=inbox("finance")),
        ]
    )
    expected = {
        ("doubled", DISTRICT, doubled.id),
        ("doubled", RECORDS, other.id),
        ("nowhere", inbox("finance"), samples.penalty(202).id),
    }
    wait(lambda: expected <= open_alarms(store), ALARM_SECONDS_MAX, bus)
    listed = CliRunner().invoke(command, ["alarms", "--json", "--database", provisioned])
    lines = [
        json.loads(line)
        for line in bus.workers[-1].log.read_text().splitlines()
        if '"monitor.alarm"' in line
    ]

    assert ALARM_SECONDS_MAX > time.monotonic() - began
    assert 1 == listed.exit_code
    assert {each[2] for each in expected} <= {
        alarm["event"] for alarm in json.loads(listed.stdout)["alarms"]
    }
    assert {each[2] for each in expected} <= {name for line in lines for name in line["ids"]}
    assert doubled.subject not in bus.workers[-1].log.read_text()


def test_what_lies_behind_an_open_transaction_is_not_missed_before_the_gate_can_see_it(
    bus: Bus, store: TraceStore, provisioned: str
) -> None:
    monitor(bus, provisioned)
    followed(bus, store)
    topic = f"credit.outbox.{samples.PENALISING}"
    producer = KafkaProducer(bootstrap_servers=bus.broker, transactional_id="open", acks="all")
    producer.init_transactions()
    producer.begin_transaction()
    for partition in sorted(producer.partitions_for(topic)):
        producer.send(topic, value=b"x", partition=partition)
    producer.flush()
    begun = datetime.now(UTC)
    event = samples.penalty(500)
    bus.say([samples.message(event)])
    time.sleep(FOLLOWS_WITHIN.total_seconds() + 3)
    stood_at = store.read_to()
    producer.abort_transaction()
    producer.close()
    logged(bus, event.id)
    followed(bus, store)

    assert stood_at is not None
    assert stood_at < begun + timedelta(seconds=5)
    assert [] == [
        each for each in (*store.alarms(), *store.alarms(cleared=True)) if each.event == event.id
    ]


def test_records_that_were_deleted_unread_are_missed_and_a_late_one_clears_its_alarm(
    bus: Bus, store: TraceStore, provisioned: str
) -> None:
    monitor(bus, provisioned)
    followed(bus, store)
    bus.workers.pop().kill()
    event = samples.penalty(300)
    bus.say([samples.message(event)])
    seen = logged(bus, event.id)
    record = next(r for r in seen if r.topic == DISTRICT and r.text("ce_id") == event.id)
    with KafkaAdminClient(bootstrap_servers=bus.broker) as admin:
        admin.delete_records({TopicPartition(DISTRICT, record.partition): -1})
    monitor(bus, provisioned)
    missing = ("unrouted", DISTRICT, event.id)
    took = wait(lambda: missing in open_alarms(store), ALARM_SECONDS_MAX, bus)
    unread = {each[1] for each in open_alarms(store) if each[0] == "unread"}
    bus.say([copy_of(record)])
    wait(lambda: missing not in open_alarms(store), SETTLE_SECONDS_MAX, bus)
    cleared = [each for each in store.alarms(cleared=True) if each.event == event.id]

    assert took < ALARM_SECONDS_MAX
    assert {f"{DISTRICT}/{record.partition}"} == unread, bus.workers[-1].log.read_text()[-3000:]
    assert ["met"] == [each.cleared_why for each in cleared]


def test_a_receipt_that_is_missing_is_an_alarm_while_the_gate_is_down(
    bus: Bus, store: TraceStore, provisioned: str, operators: Path
) -> None:
    monitor(bus, provisioned)
    followed(bus, store)
    gate = next(each for each in bus.workers if each.stage == "gate")
    gate.kill()
    bus.workers.remove(gate)
    event = samples.penalty(400)
    bus.say([samples.message(event)])
    missing = ("unanswered", f"credit.outbox.{samples.PENALISING}", event.id)
    try:
        wait(lambda: missing in open_alarms(store), ALARM_SECONDS_MAX, bus)
    finally:
        bus.start("gate")
    bus.read_until(
        [replies(samples.PENALISING)],
        lambda seen: any(
            each.text("ce_causationid") == event.id and each.text("ce_type") == EVENT_ACCEPTED
            for each in seen
        ),
    )
    wait(lambda: missing not in open_alarms(store), SETTLE_SECONDS_MAX, bus)
    alarm: KeptAlarm = next(each for each in store.alarms(cleared=True) if each.event == event.id)
    closed = CliRunner().invoke(
        command,
        [
            "alarms",
            "close",
            str(alarm.number),
            "--by",
            "clerk.one",
            "--password-file",
            str(operators),
            "--registry",
            str(samples.REGISTRY_FOLDER),
            "--why",
            "x",
            "--database",
            provisioned,
        ],
    )

    assert "met" == alarm.cleared_why
    assert (2, True) == (closed.exit_code, "no open alarm" in closed.stderr)
