"""The HTTP intake killed at random under load: said once, answered once and for all."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from tests import samples
from tests.bus import Bus, own_bus
from tests.integration.departments import intakes
from tests.integration.departments.intake_process import STEPS
from tests.integration.departments.intakes import Department, Server, new_name, penalty

from credit_bus.domain.channels import RECORDS, outbox
from credit_bus_connectors.departments.http.rules import STATUS
from credit_bus_deploy import ports

pytestmark = pytest.mark.broker

KILLS = 8
LIFE_SECONDS = (0.5, 4.0)  # of a process, once it answers
CLIENTS = 6
BATCH_MAX = 20
RETRY_SECONDS = 0.1
ATTEMPT_SECONDS_MAX = 240.0
WAIT_SECONDS_MAX = 60.0
AGAIN = {STATUS[code] for code in ("http-under-way", "http-too-many-requests", "http-unavailable")}


@pytest.fixture(scope="module")
def shared_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bus]:
    with own_bus(tmp_path_factory.mktemp("steps")) as opened:
        opened.start("gate")
        yield opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A request and the first answer it got."""

    name: str
    events: list[dict[str, object]]
    status: int
    content: bytes


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    """A bus of the test's own, so that what stands in the log of record is the test's."""
    with own_bus(tmp_path) as opened:
        opened.start("gate")
        yield opened


def say_until_answered(
    server: Server, key: str, name: str, events: list[dict[str, object]]
) -> Answered:
    """Send the request until it is answered, as a good client does."""
    deadline = time.monotonic() + ATTEMPT_SECONDS_MAX
    while time.monotonic() < deadline:
        try:
            with Department(server, key) as department:
                answer = department.say(events, name)
        except httpx.TransportError:
            time.sleep(RETRY_SECONDS)
            continue
        if answer.status_code not in AGAIN:
            assert answer.status_code in {200, 202}, answer.text
            return Answered(
                name=name, events=events, status=answer.status_code, content=answer.content
            )
        time.sleep(RETRY_SECONDS)
    raise AssertionError(f"{name} was never answered")


def test_whenever_it_is_killed_each_event_is_said_once_and_each_request_answered_alike(
    bus: Bus, database: str, tmp_path: Path
) -> None:
    seed = random.randrange(2**32)
    key, _ = intakes.new_key(database, samples.PENALISING)
    port = ports.free_port()
    address = Server(port, None, tmp_path)  # type: ignore[arg-type]
    over = threading.Event()

    def speak(part: int) -> list[Answered]:
        dice = random.Random(f"{seed} {part}")
        answered: list[Answered] = []
        number = part * 4_000
        while not over.is_set():
            count = dice.choice((1, 1, dice.randint(2, BATCH_MAX)))
            events = [penalty(number + each) for each in range(count)]
            number += count
            answered.append(say_until_answered(address, key, new_name(), events))
        return answered

    dice = random.Random(seed)
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(speak, part) for part in range(CLIENTS)]
        try:
            for _ in range(KILLS):
                server = intakes.start(tmp_path, bus.broker, database, port=port)
                intakes.wait_ready(server)
                time.sleep(dice.uniform(*LIFE_SECONDS))
                server.process.kill()
                server.process.wait()
            last = intakes.start(tmp_path, bus.broker, database, port=port)
            intakes.wait_ready(last)
        finally:
            over.set()
        answered = [each for client in clients for each in client.result(ATTEMPT_SECONDS_MAX)]
    try:
        again = [say_until_answered(last, key, each.name, each.events) for each in answered]
        expected = [id_ for each in answered for id_ in _ids(each)]
        seen = bus.read_until([RECORDS], lambda records: len(records) >= len(expected))
        pending = _still_pending(last, key, answered)
    finally:
        last.stop()
    said = Counter(record.text("ce_id") for record in seen)
    attempts = len(bus.read(outbox(samples.PENALISING)))
    print(  # noqa: T201
        f"seed {seed}: {KILLS} kills, {len(answered)} requests, {len(expected)} events,"
        f" {attempts} records said, {sum(each.status == 202 for each in answered)} answered 202"
    )

    assert CLIENTS <= len(answered)
    assert Counter(expected) == said
    assert {1} == set(said.values())
    assert answered == again
    assert [] == pending
    assert 0 == _unanswered(database)


@pytest.mark.parametrize("step", STEPS)
def test_what_was_killed_between_two_steps_is_finished_once(
    shared_bus: Bus, database: str, tmp_path: Path, step: str
) -> None:
    key, _ = intakes.new_key(database, samples.PENALISING)
    first = 10 * list(STEPS).index(step)
    name, events = new_name(), [penalty(first), penalty(first + 1)]
    doomed = intakes.start(tmp_path, shared_bus.broker, database, "--die-before", step)
    intakes.wait_ready(doomed)
    with Department(doomed, key) as department, pytest.raises(httpx.TransportError):
        department.say(events, name)
    doomed.process.wait(WAIT_SECONDS_MAX)
    with intakes.running(tmp_path, shared_bus.broker, database) as server:
        if step != "keep":  # what was written down is finished, though nobody asks again
            deadline = time.monotonic() + WAIT_SECONDS_MAX
            while _unanswered(database) and time.monotonic() < deadline:
                time.sleep(RETRY_SECONDS)
        answered = say_until_answered(server, key, name, events)
        again = say_until_answered(server, key, name, events)
    said = Counter(record.text("ce_id") for record in shared_bus.read(RECORDS))

    assert [1, 1] == [said[id_] for id_ in _ids(answered)]
    assert ["accepted"] * len(events) == [
        each["state"] for each in json.loads(answered.content)["events"]
    ]
    assert answered == again


def _ids(answered: Answered) -> list[str]:
    events = json.loads(answered.content)["events"]
    assert len(events) == len(answered.events)
    assert {each["state"] for each in events} <= {"accepted", "pending"}, events
    return [each["event"] for each in events]


def _still_pending(server: Server, key: str, answered: list[Answered]) -> list[str]:
    """Return the links of events whose state is not accepted in the end."""
    links = [
        each["link"]
        for request in answered
        if request.status == 202
        for each in json.loads(request.content)["events"]
    ]
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    with Department(server, key) as department:
        while links and time.monotonic() < deadline:
            links = [link for link in links if department.ask(link).json()["state"] != "accepted"]
    return links


def _unanswered(database: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT count(*) FROM intake.request WHERE answered_at IS NULL"
        ).fetchone()
    assert row is not None
    return int(row[0])
