"""What was refused is sent once more by two persons, and a second time without any effect."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from tests import samples
from tests.bus import Bus, flowing_bus
from tests.integration.monitor.rig import DISTRICT, end_monitors, followed, logged, monitor, wait

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, RECORDS, replies
from credit_bus.domain.event_types import EVENT_ACCEPTED
from credit_bus.flows.gate import CLOCK_SKEW_MAX
from credit_bus.operations.quarantine.rejudged import REDRIVEN_HEADER, Bench, to_send
from credit_bus.operations.scan import Seen
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.quarantine_store import OnePersonError, QuarantineStore
from credit_bus_connectors.monitor.quarantine_topic import read_kept, say_again
from credit_bus_connectors.monitor.trace_store import TraceStore
from credit_bus_deploy.cli import command

REPLIES = replies(samples.PENALISING)
EARLY = timedelta(seconds=20)  # how long the message stays one of the future


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    with flowing_bus() as running:
        yield running


@pytest.fixture(autouse=True)
def _monitors_end(bus: Bus) -> Iterator[None]:
    """A monitor ends with its test, whose database goes with it."""
    yield
    end_monitors(bus)


def run(bus: Bus, database: str, *words: str) -> Result:
    """Run a command about the quarantine."""
    options = ["--database", database]
    if words[0] != "list":
        options += ["--broker", bus.broker]
    return CliRunner().invoke(command, ["quarantine", *words, *options])


def listed(bus: Bus, database: str, *words: str) -> list[dict[str, Any]]:
    result = run(bus, database, "list", "--json", *words)
    assert 0 == result.exit_code, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def said_too_early(number: int) -> tuple[Message, datetime]:
    """A penalty of the future, and when it is none any more."""
    now = datetime.now(UTC).replace(microsecond=0)
    event = samples.said(
        "penalty.decided",
        samples.penalty_body(number),
        party=samples.PENALISING,
        time=now + CLOCK_SKEW_MAX + EARLY,
    )
    return samples.message(event), now + EARLY


def refused(
    bus: Bus, store: TraceStore, database: str, message: Message, code: str
) -> dict[str, Any]:
    """Let the gate refuse a message; return it as it is listed."""
    before = len(bus.read(QUARANTINE))
    bus.say([message])
    bus.read_until([QUARANTINE], lambda seen: len(seen) > before)
    time.sleep(1)
    followed(bus, store)
    (found,) = listed(bus, database, "--code", code, "--party", samples.PENALISING)
    return found


def place_of(found: dict[str, Any]) -> str:
    return f"{found['partition']}@{found['offset']}"


def test_a_message_is_shown_whole_and_one_that_would_be_refused_again_is_not_sent(
    bus: Bus, connections: Connections, provisioned: str
) -> None:
    store = TraceStore(connections)
    monitor(bus, provisioned)
    bad = samples.message(samples.penalty(2, violation=""))
    place = place_of(refused(bus, store, provisioned, bad, "text-missing"))
    shown = run(bus, provisioned, "show", place, "--json")
    read = run(bus, provisioned, "show", place)
    never = run(bus, provisioned, "redrive", place, "--by", "甲", "--why", "再试")
    nothing = run(bus, provisioned, "show", "0@999999")

    assert (0, 0, 1, 2) == tuple(each.exit_code for each in (shown, read, never, nothing))
    assert "罚款人民币二万元" == json.loads(shown.stdout)["body"]["content"]["content"]
    assert "text-missing" in read.stdout
    assert "stays: text-missing" in never.stdout
    assert [] == listed(bus, provisioned, "--type", "licence.granted")
    assert [] == listed(bus, provisioned, "--to", "2020-01-01")


def test_what_was_refused_is_sent_once_more_by_two_persons_and_taken_once(
    bus: Bus, connections: Connections, provisioned: str
) -> None:
    store = TraceStore(connections)
    monitor(bus, provisioned)
    event = samples.penalty(1)
    early, right_at = said_too_early(1)
    found = refused(bus, store, provisioned, early, "time-in-future")
    place = place_of(found)
    wait(lambda: datetime.now(UTC) > right_at, 60, bus)
    asked = ("redrive", place, "--by", "甲", "--why", "时钟已校准")
    results = [
        run(bus, provisioned, *asked, "--dry-run"),
        run(bus, provisioned, *asked),
        run(bus, provisioned, *asked),
        run(bus, provisioned, "approve", "1", "--by", "甲"),
        run(bus, provisioned, "approve", "1", "--by", "乙"),
        run(bus, provisioned, "approve", "1", "--by", "丙"),
    ]
    say_twice(bus, found)
    receipts = bus.read_until([REPLIES], lambda seen: 3 == len(acceptances(seen)))
    seen = logged(bus, event.id)
    time.sleep(1)
    followed(bus, store)
    (record,) = [each for each in seen if each.topic == RECORDS]
    after = run(bus, provisioned, *asked)
    (last,) = listed(bus, provisioned, "--code", "time-in-future")

    assert [0, 0, 2, 2, 0, 2] == [each.exit_code for each in results]
    assert event.id == found["event"]
    assert "gone: time-in-future" in results[0].stdout
    assert {RECORDS: 1, DISTRICT: 1} == Counter(each.topic for each in seen)
    assert (early.key, early.value) == (record.key, record.value)
    assert place == record.text(REDRIVEN_HEADER)
    assert [False, True, True] == sorted(body["duplicate"] for body in acceptances(receipts))
    assert 1 == after.exit_code
    assert "said-before" in after.stdout
    assert [] == store.alarms(), "a redrive adds up like anything else"
    assert (1, "sent") == (last["redrive"], last["state"])


def say_twice(bus: Bus, found: dict[str, Any]) -> None:
    """Send it two times more, as if the command had died before it could note that it was sent."""
    kept = read_kept(bus.broker, found["partition"], found["offset"])
    assert kept is not None
    bench = Bench(codec=samples.codec(), registry=samples.registry())
    message = to_send(kept, None, bench, home=kept.message.partition, now=datetime.now(UTC))
    for _ in range(2):
        say_again(bus.broker, message)


def acceptances(seen: list[Seen]) -> list[Mapping[str, Any]]:
    """Return the bodies of the receipts of acceptance."""
    found = [
        samples.codec().decode(each.value, expected_type=EVENT_ACCEPTED)
        for each in seen
        if each.text("ce_type") == EVENT_ACCEPTED
    ]
    return [body for body in found if isinstance(body, Mapping)]


def test_one_person_alone_is_refused_by_the_table_whatever_the_case(
    connections: Connections, provisioned: str
) -> None:
    store = QuarantineStore(connections)
    told = {"name": b"n" * 16, "type_": "penalty.decided", "topic": "credit.outbox.x"}
    now = samples.NOW
    number = store.propose(**told, partition=0, offset=1, by="Li", why="x", now=now)  # type: ignore[arg-type]
    assert number is not None
    for same in ("Li", "LI"):
        with pytest.raises(OnePersonError):
            store.decide(number, by=same, approves=True, now=now)
    with (
        psycopg.connect(provisioned) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="redrive_two_persons"),
    ):
        connection.execute(
            "UPDATE operations.redrive"
            " SET state = 'sent', decided_by = proposed_by, sent_at = now()"
        )

    assert store.decide(number, by="Wang", approves=True, now=now)
    store.sent(number, now=now)
    found = store.find(number)
    assert found is not None
    assert ("sent", "Li", "Wang", "x") == (
        found.state,
        found.proposed_by,
        found.decided_by,
        found.why,
    )
    assert not store.decide(number, by="Zhao", approves=False, now=now)


def test_whoever_proposed_may_decline_and_then_it_can_be_proposed_anew(
    bus: Bus, connections: Connections, provisioned: str
) -> None:
    store = QuarantineStore(connections)
    told = {"name": b"n" * 16, "type_": "", "topic": "credit.outbox.x", "why": "x"}
    now = samples.NOW
    first = store.propose(**told, partition=0, offset=1, by="Li", now=now)  # type: ignore[arg-type]
    second = store.propose(**told, partition=0, offset=1, by="Bo", now=now)  # type: ignore[arg-type]
    declined = run(bus, provisioned, "approve", str(first), "--by", "Li", "--decline")
    third = store.propose(**told, partition=0, offset=1, by="Bo", now=now)  # type: ignore[arg-type]

    assert second is None
    assert 0 == declined.exit_code
    assert third not in (None, first)
