"""What was refused is sent once more by two persons, and a second time without any effect."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests import samples
from tests.bus import Bus, flowing_bus
from tests.integration.desk.rig import PASSWORD
from tests.integration.monitor.rig import (
    DISTRICT,
    awake,
    end_monitors,
    followed,
    logged,
    monitor,
    wait,
)

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, RECORDS, replies
from credit_bus.domain.event_types import EVENT_ACCEPTED
from credit_bus.flows.gate import CLOCK_SKEW_MAX
from credit_bus.operations.quarantine.rejudged import REDRIVEN_HEADER, Bench, to_send
from credit_bus.operations.scan import Seen
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.monitor import redriving
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.quarantine_topic import Place, open_quarantine, say_again
from credit_bus_connectors.monitor.trace_store import TraceStore
from credit_bus_deploy.cli import command

REPLIES = replies(samples.PENALISING)
EARLY = timedelta(seconds=20)  # how long the message stays one of the future


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    with flowing_bus() as running:
        awake(running)
        yield running


@pytest.fixture(autouse=True)
def _monitors_end(bus: Bus) -> Iterator[None]:
    """A monitor ends with its test, whose database goes with it."""
    yield
    end_monitors(bus)


def run(
    bus: Bus, database: str, *words: str, by: str | None = None, typed: str = PASSWORD
) -> Result:
    """Run a command about the quarantine, and type a password when it asks for one."""
    options = ["--database", database]
    if words[0] not in ("list", "redrives"):
        options += ["--broker", bus.broker, "--registry", str(samples.REGISTRY_FOLDER)]
    if by is not None:
        options += ["--by", by]
    runner = CliRunner(env={"COLUMNS": "300"})
    return runner.invoke(command, ["quarantine", *words, *options], input=f"{typed}\n")


def listed(bus: Bus, database: str, *words: str) -> list[dict[str, Any]]:
    result = run(bus, database, "list", "--json", *words)
    assert 0 == result.exit_code, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["messages"]
    return found


def redrives(bus: Bus, database: str) -> list[dict[str, Any]]:
    result = run(bus, database, "redrives", "--json")
    assert 0 == result.exit_code, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["redrives"]
    return found


def said_too_early(
    number: int, party: str = samples.PENALISING, **changes: Any
) -> tuple[Message, datetime]:
    """A penalty of the future, and when it is none any more."""
    now = datetime.now(UTC).replace(microsecond=0)
    event = samples.said(
        "penalty.decided",
        {**samples.penalty_body(number), **changes},
        party=party,
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
    never = run(bus, provisioned, "redrive", place, "--why", "再试", by="clerk.one")
    nothing = run(bus, provisioned, "show", "0@999999")

    assert (0, 0, 1, 2) == tuple(each.exit_code for each in (shown, read, never, nothing))
    assert "罚款人民币二万元" == json.loads(shown.stdout)["body"]["content"]["content"]
    assert "text-missing" in read.stdout
    assert "stays: text-missing" in never.stdout
    assert [] == listed(bus, provisioned, "--type", "licence.granted")
    assert [] == listed(bus, provisioned, "--to", "2020-01-01")


def test_what_was_refused_is_sent_once_more_by_two_persons_and_taken_once(
    bus: Bus, connections: Connections, provisioned: str, operators: Path
) -> None:
    store = TraceStore(connections)
    monitor(bus, provisioned)
    event = samples.penalty(1)
    early, right_at = said_too_early(1)
    found = refused(bus, store, provisioned, early, "time-in-future")
    place = place_of(found)
    wait(lambda: datetime.now(UTC) > right_at, 60, bus)
    asked = ("redrive", place, "--why", "时钟已校准")
    file = ("--password-file", str(operators))
    dry = run(bus, provisioned, "redrive", place, "--dry-run")
    results = [
        run(bus, provisioned, *asked, by="nobody"),
        run(bus, provisioned, *asked, by="both.one", typed="一句别的口令 2026 一句"),
        run(bus, provisioned, *asked, by="finance.one"),  # a clerk, and none of the hub
        run(bus, provisioned, *asked, by="reviewer.one"),
        run(bus, provisioned, *asked, by="both.one"),
        run(bus, provisioned, *asked, *file, by="clerk.one"),
        run(bus, provisioned, "approve", "1", by="clerk.one"),
        run(bus, provisioned, "approve", "1", by="both.one"),
        run(bus, provisioned, "approve", "1", *file, by="reviewer.one"),
        run(bus, provisioned, "approve", "1", by="reviewer.two"),
    ]
    say_twice(bus, found)
    receipts = bus.read_until([REPLIES], lambda seen: 3 == len(acceptances(seen)))
    seen = logged(bus, event.id)
    time.sleep(1)
    followed(bus, store)
    seen = [each for each in seen if each.text("ce_id") == event.id]
    (record,) = [each for each in seen if each.topic == RECORDS]
    after = run(bus, provisioned, *asked, by="clerk.one")
    (last,) = listed(bus, provisioned, "--code", "time-in-future", "--party", samples.PENALISING)
    (kept,) = redrives(bus, provisioned)

    assert (0, True) == (dry.exit_code, "gone: time-in-future" in dry.stdout)
    assert [2, 2, 2, 2, 0, 2, 2, 2, 0, 2] == [each.exit_code for each in results]
    for result, told in zip(results, ("no account of the hub",) * 3, strict=False):
        assert told in result.stderr
    assert "needs the role clerk" in results[3].stderr
    assert "needs the role reviewer" in results[6].stderr
    assert "another person must approve it" in results[7].stderr
    for told in ("both.one", "时钟已校准", "gone: time-in-future", "罚款人民币二万元", event.id):
        assert told in results[8].stdout
    assert PASSWORD not in "".join(each.output for each in results)
    assert event.id == found["event"]
    assert {RECORDS: 1, DISTRICT: 1} == Counter(each.topic for each in seen)
    assert (early.key, early.value) == (record.key, record.value)
    assert place == record.text(REDRIVEN_HEADER)
    assert [False, True, True] == sorted(body["duplicate"] for body in acceptances(receipts))
    assert 1 == after.exit_code
    assert "said-before" in after.stdout
    assert [] == store.alarms(), "a redrive adds up like anything else"
    assert (1, "sent") == (last["redrive"], last["state"])
    assert ("both.one", "时钟已校准", "reviewer.one", "sent", 1, 0) == tuple(
        kept[each] for each in ("proposed_by", "why", "decided_by", "state", "sent", "left")
    )


def say_twice(bus: Bus, found: dict[str, Any]) -> None:
    """Send it two times more, as if the command had died before it could note that it was sent."""
    with open_quarantine(bus.broker) as quarantine:
        ((_, kept),) = quarantine.kept([Place(found["partition"], found["offset"])])
    assert kept is not None
    bench = Bench(codec=samples.codec(), registry=samples.registry())
    message = to_send(kept, None, bench, home=kept.message.partition, now=datetime.now(UTC))
    for _ in range(2):
        say_again(bus.broker, [message])


def id_of(message: Message) -> str:
    return dict(message.headers)["ce_id"].decode()


def acceptances(seen: list[Seen]) -> list[Mapping[str, Any]]:
    """Return the bodies of the receipts of acceptance."""
    found = [
        samples.codec().decode(each.value, expected_type=EVENT_ACCEPTED)
        for each in seen
        if each.text("ce_type") == EVENT_ACCEPTED
    ]
    return [body for body in found if isinstance(body, Mapping)]


def test_many_are_proposed_and_sent_as_one_and_who_died_meanwhile_goes_on(
    bus: Bus,
    connections: Connections,
    provisioned: str,
    operators: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = TraceStore(connections)
    monitor(bus, provisioned)
    early, right_at = zip(
        *(said_too_early(each, party=samples.LISTING) for each in range(20, 25)), strict=True
    )
    never, _ = said_too_early(25, party=samples.LISTING, violation="")
    before = len(bus.read(QUARANTINE))
    bus.say([*early, early[0], never])  # the first of them twice
    bus.read_until([QUARANTINE], lambda seen: len(seen) == before + 7)
    time.sleep(1)
    followed(bus, store)
    wait(lambda: datetime.now(UTC) > max(right_at), 60, bus)
    chosen = ("redrive", "--code", "time-in-future", "--party", samples.LISTING)
    dry = run(bus, provisioned, *chosen, "--dry-run")
    proposed = run(bus, provisioned, *chosen, "--why", "登记册一行有误", by="clerk.one")
    beside = run(bus, provisioned, *chosen, "--dry-run")
    died = _dying_between_sending_and_noting(monkeypatch)
    first = run(bus, provisioned, "approve", "1", by="reviewer.one")
    monkeypatch.undo()
    (half,) = redrives(bus, provisioned)
    again = run(bus, provisioned, "approve", "1", by="reviewer.two")
    seen = logged(bus, *(id_of(each) for each in early))
    time.sleep(1)
    followed(bus, store)
    (whole,) = redrives(bus, provisioned)
    after = run(bus, provisioned, *chosen, "--dry-run")

    assert 0 == dry.exit_code
    assert "5 would be taken today, 2 would not" in dry.stdout
    assert {"  1 said-before", "  1 text-missing"} <= set(dry.stdout.splitlines())
    assert 0 == proposed.exit_code, proposed.output
    assert "in a redrive: 5" in beside.stdout
    assert (2, 4) == (first.exit_code, len(died)), first.output
    assert ("approved", 2, 3) == (half["state"], half["sent"], half["waiting"])
    assert 0 == again.exit_code, again.output
    assert ("sent", "reviewer.one", 5, 0) == (
        whole["state"], whole["decided_by"], whole["sent"] + whole["left"], whole["waiting"]
    )  # fmt: skip
    ids = [each.text("ce_id") for each in seen if each.topic == RECORDS]
    assert all(1 == ids.count(id_of(each)) for each in early)
    assert [] == store.alarms()
    assert 1 == after.exit_code
    assert "0 would be taken today" in after.stdout
    assert "1 text-missing" in after.stdout


def _dying_between_sending_and_noting(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """Let the second of batches of two be sent and not noted; return what is sent."""
    sent: list[Message] = []

    def dying(broker: str, messages: Sequence[Message]) -> None:
        say_again(broker, messages)
        sent.extend(messages)
        if len(sent) > 2:
            raise UnreachableError("it is not known whether the outboxes took it")

    monkeypatch.setattr(redriving, "SENT_AT_ONCE_MAX", 2)
    monkeypatch.setattr(redriving, "say_again", dying)
    return sent


def test_places_without_a_message_are_told_and_the_others_are_read_in_order(bus: Bus) -> None:
    body = samples.penalty_body(30, violation="")
    bad = samples.message(samples.said("penalty.decided", body, party=samples.LISTING))
    before = len(bus.read(QUARANTINE))
    bus.say([bad, bad])
    seen = bus.read_until([QUARANTINE], lambda seen: len(seen) >= before + 2)
    there = sorted((each.partition, each.offset) for each in seen)
    wanted = [Place(*each) for each in there]
    beside = [Place(there[0][0], 999_999), Place(99, 0)]
    with open_quarantine(bus.broker) as quarantine:
        found = list(quarantine.kept([*beside, *reversed(wanted)]))
        gone = quarantine.partitions_of("credit.outbox.no-more")

    assert sorted([*wanted, *beside]) == sorted(place for place, _ in found)
    assert set(beside) == {place for place, kept in found if kept is None}
    assert 0 == gone
