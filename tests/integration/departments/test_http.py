"""What departments say over HTTP: a real server, broker, gate and database; sad paths first."""

import json
import os
import random
import re
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from click.testing import CliRunner
from tests import json_mutants, samples
from tests.bus import Bus, own_bus
from tests.integration.departments import intakes
from tests.integration.departments.intakes import (
    Department,
    Server,
    codes,
    new_name,
    penalty,
    states,
)

from credit_bus.domain.channels import RECORDS
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.departments.http.keys import SCHEMA, list_keys, revoke_key
from credit_bus_connectors.departments.http.request import BYTES_MAX, EVENTS_MAX
from credit_bus_connectors.departments.http.routes import REQUESTS_OF_A_PARTY_MAX
from credit_bus_connectors.platforms.postgres import Database
from credit_bus_deploy import ports, postgres, ready
from credit_bus_deploy.cli import command

pytestmark = pytest.mark.broker

MUTANTS = 10_000
MUTANT_CLIENTS = 8
REFUSED_MIN = 0.95
WAIT_SECONDS_MAX = 60.0
POLL_SECONDS = 0.05
PERSON = synthetic_resident_id(20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """An intake before a bus with a real gate, and a database of the module's own."""

    bus: Bus
    database: str
    server: Server
    home: Path


@pytest.fixture(scope="module")
def world(
    database_server: postgres.PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    home = tmp_path_factory.mktemp("http")
    name = "http_intake"
    ready.ensure_database(database_server.url("postgres"), name)
    database = database_server.url(name)
    with own_bus(home) as bus:
        bus.start("gate")
        with intakes.running(home, bus.broker, database) as server:
            yield World(bus=bus, database=database, server=server, home=home)


@pytest.fixture
def department(world: World) -> Iterator[Department]:
    key, _ = intakes.new_key(world.database, samples.PENALISING)
    with Department(world.server, key) as opened:
        yield opened


@pytest.fixture
def number(request: pytest.FixtureRequest) -> int:
    """A number for penalties that no other test uses."""
    request.config.stash.setdefault(_NUMBERS, [0])[0] += 100
    return request.config.stash[_NUMBERS][0]


_NUMBERS = pytest.StashKey[list[int]]()


def recorded(world: World, document: str) -> int:
    """How often the document stands in the log of record."""
    return sum(document.encode() in (seen.value or b"") for seen in world.bus.read(RECORDS))


def said(world: World, event: dict[str, Any]) -> int:
    return recorded(world, event["data"]["document_number"])


def until(true: Any) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(POLL_SECONDS)


def without_key(world: World, **headers: str) -> httpx.Response:
    return httpx.post(
        world.server.url + "/events",
        content=json.dumps(penalty(1)),
        headers={"content-type": "application/json", "idempotency-key": new_name(), **headers},
    )


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer x", "Basic eDp5", "Bearer cb_" + "A" * 43, "Bearer " + "x" * 5000],
)
def test_without_a_good_key_nobody_learns_which_is_wrong(
    world: World, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}

    refused = without_key(world, **headers)

    assert 401 == refused.status_code
    assert ["http-key-needed"] == codes(refused)
    assert refused.content == without_key(world).content
    assert "Bearer" == refused.headers["www-authenticate"]


def test_a_revoked_key_is_refused_at_once_and_the_other_key_goes_on(
    world: World, number: int
) -> None:
    old, old_id = intakes.new_key(world.database, samples.PENALISING)
    new, _ = intakes.new_key(world.database, samples.PENALISING)
    with Department(world.server, old) as before, Department(world.server, new) as after:
        assert 200 == before.say(penalty(number)).status_code
        database = Database(world.database, schema=SCHEMA)
        assert revoke_key(database, samples.PENALISING, old_id)
        assert not revoke_key(database, samples.PENALISING, old_id)
        database.close()

        assert 401 == before.say(penalty(number)).status_code
        assert 401 == before.ask("/events/" + "0" * 32).status_code
        assert 200 == after.say(penalty(number)).status_code


def test_keys_are_made_listed_and_revoked_on_the_command_line(world: World) -> None:
    def run(*arguments: str) -> str:
        given = ["keys", *arguments, "--database", world.database]
        told = CliRunner().invoke(command, given, prog_name="credit-bus")
        assert 0 == told.exit_code, told.stderr
        return str(told.stdout)

    key = run("create", "--party", "transport").strip()
    with Department(world.server, key) as department:
        before = department.ask("/events/" + "0" * 32).status_code
        (row,) = json.loads(run("list", "--party", "transport", "--json"))
        run("revoke", row["key_id"], "--party", "transport")
        after = department.ask("/events/" + "0" * 32).status_code

    assert (404, 401) == (before, after)
    assert row["last_used_at"] is not None
    assert "revoked" in run("list", "--party", "transport")
    assert key not in run("list")


def test_the_database_holds_no_key(world: World) -> None:
    key, key_id = intakes.new_key(world.database, samples.COURT)
    with psycopg.connect(world.database) as connection:
        rows = connection.execute("SELECT api_key::text FROM intake.api_key").fetchall()
    database = Database(world.database, schema=SCHEMA)
    listed = list_keys(database, samples.COURT)
    database.close()

    assert all(key not in row and key.removeprefix("cb_") not in row for (row,) in rows)
    assert key_id in {row.key_id for row in listed}
    assert {samples.COURT} == {row.party for row in listed}


def test_the_last_use_of_a_key_is_noted(world: World, department: Department) -> None:
    department.ask("/events/" + "0" * 32)
    database = Database(world.database, schema=SCHEMA)
    newest = list_keys(database, samples.PENALISING)[-1]
    database.close()

    assert newest.last_used_at is not None


@pytest.mark.parametrize("key", ["", "x" * 129, "a b", "ä"])
def test_a_request_without_a_good_idempotency_key_is_refused(
    world: World, department: Department, key: str
) -> None:
    refused = department.say(penalty(1), idempotency_key=key.encode())

    assert (400, ["http-idempotency-key"]) == (refused.status_code, codes(refused))


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "text/csv"},
        {"content_type": "application/xml"},
        {"content_type": "application/jsonx"},
        {"content_type": ""},
        {"content_encoding": "gzip"},
    ],
)
def test_another_media_type_is_refused(department: Department, headers: dict[str, str]) -> None:
    refused = department.say(penalty(1), **headers)

    assert (415, ["http-media-type"]) == (refused.status_code, codes(refused))


def test_a_body_that_is_too_large_is_refused_before_it_is_read(department: Department) -> None:
    refused = department.say(b" " * (BYTES_MAX + 1))

    assert (413, ["http-too-large"]) == (refused.status_code, codes(refused))


def test_a_body_that_does_not_say_its_size_is_refused_as_soon_as_it_is_too_large(
    world: World, department: Department
) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(2 * BYTES_MAX // 65_536):
            yield b" " * 65_536

    headers = {"content-type": "application/json", "idempotency-key": new_name()}
    try:
        refused = department._client.post("/events", content=endless(), headers=headers)
    except httpx.TransportError:
        return  # the server closed while the client still wrote

    assert 413 == refused.status_code


def test_too_many_events_are_refused(department: Department) -> None:
    refused = department.say([penalty(1)] * (EVENTS_MAX + 1))

    assert (413, ["http-too-many-events"]) == (refused.status_code, codes(refused))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["json-broken"]),
        (b"{", ["json-broken"]),
        (b"[" * 100_000, ["json-too-deep"]),
        (b'{"type": NaN}', ["json-constant"]),
        ('{"type": "甲"}'.encode("gb18030"), ["json-encoding"]),
        (b"[]", ["http-nothing-said"]),
        (b"7", ["json-type"]),
        (b"{}", ["json-missing"]),
    ],
)
def test_broken_or_deep_json_is_refused_with_its_reason(
    department: Department, content: bytes, expected: list[str]
) -> None:
    refused = department.say(content)

    assert (400, expected) == (refused.status_code, codes(refused))


@pytest.mark.parametrize(
    ("media_type", "is_batch", "code"),
    [
        ("application/cloudevents+json", True, "http-single-expected"),
        ("application/cloudevents-batch+json", False, "http-batch-expected"),
    ],
)
def test_a_cloudevent_is_one_and_a_batch_is_an_array(
    department: Department, media_type: str, is_batch: bool, code: str
) -> None:
    refused = department.say([penalty(1)] if is_batch else penalty(1), content_type=media_type)

    assert (400, [code]) == (refused.status_code, codes(refused))


def test_nobody_speaks_for_another_party(department: Department) -> None:
    refused = department.say({**penalty(1), "source": samples.COURT})

    assert (400, ["json-source"]) == (refused.status_code, codes(refused))


def test_a_request_refused_whole_leaves_its_key_free(department: Department, number: int) -> None:
    name = new_name()

    assert 400 == department.say({**penalty(number), "revision": 0}, name).status_code
    assert 200 == department.say(penalty(number), name).status_code


def test_the_same_key_for_another_request_is_refused(department: Department, number: int) -> None:
    name = new_name()
    department.say(penalty(number), name)

    refused = department.say(penalty(number + 1), name)

    assert (422, ["http-key-of-other-request"]) == (refused.status_code, codes(refused))


def test_the_same_key_of_two_parties_is_two_keys(
    world: World, department: Department, number: int
) -> None:
    name = new_name()
    key, _ = intakes.new_key(world.database, samples.COURT)
    with Department(world.server, key) as court:
        first, second = department.say(penalty(number), name), court.say(penalty(number), name)

    assert (["accepted"], ["rejected"]) == (states(first), states(second))
    assert "no-right" in {reason["code"] for reason in second.json()["events"][0]["reasons"]}


def test_an_event_of_another_party_is_not_told(
    world: World, department: Department, number: int
) -> None:
    link = department.say(penalty(number)).json()["events"][0]["link"]
    key, _ = intakes.new_key(world.database, samples.COURT)
    with Department(world.server, key) as court:
        refused = court.ask(link)

    assert (404, ["http-no-such-event"]) == (refused.status_code, codes(refused))
    assert "accepted" == department.ask(link).json()["state"]


def test_what_the_gate_refuses_comes_back_with_all_its_reasons(
    department: Department, number: int
) -> None:
    answer = department.say(penalty(number, violation="无", decided_on="2030-01-01"))

    assert (200, ["rejected"]) == (answer.status_code, states(answer))
    assert 2 <= len(answer.json()["events"][0]["reasons"])
    assert answer.json()["events"][0]["event"]


def test_bad_events_of_a_batch_do_not_stop_the_good_ones(
    world: World, department: Department, number: int
) -> None:
    good, bad, other = penalty(number), penalty(number + 1, facts=7), penalty(number + 2)

    answer = department.say([{**good, "id": "mine"}, {**bad, "id": "bad"}, other])

    events = answer.json()["events"]
    assert 200 == answer.status_code
    assert ["accepted", "rejected", "accepted"] == states(answer)
    assert ["mine", "bad", None] == [event["id"] for event in events]
    assert [("json-type", "data.facts")] == [
        (reason["code"], reason["field"]) for reason in events[1]["reasons"]
    ]
    assert [1, 0, 1] == [said(world, each) for each in (good, bad, other)]


def test_a_strict_batch_is_said_whole_or_not_at_all(
    world: World, department: Department, number: int
) -> None:
    good, bad = penalty(number), penalty(number + 1, facts=7)

    refused = department.say([good, bad], prefer="respond-async, handling=strict")

    assert 400 == refused.status_code
    assert [("json-type", "[1].data.facts")] == [
        (reason["code"], reason["field"]) for reason in refused.json()["reasons"]
    ]
    assert 0 == said(world, good)


def test_a_number_in_clear_is_sealed_and_stands_nowhere_else(
    world: World, department: Department, number: int
) -> None:
    body = samples.person(1)
    subject = {**body, "person_id": PERSON}
    answer = department.say(penalty(number, subject=subject))
    with psycopg.connect(world.database) as connection:
        rows = connection.execute(
            "SELECT request::text FROM intake.request UNION ALL"
            " SELECT statement::text FROM intake.statement"
        ).fetchall()
    records = [bytes(seen.value or b"") for seen in world.bus.read(RECORDS)]

    assert ["accepted"] == states(answer)
    assert not any(PERSON in row for (row,) in rows)
    assert not any(PERSON.encode() in record for record in records)
    assert PERSON not in world.server.log.read_text()


def test_what_was_said_is_kept_no_longer_than_until_it_is_committed(
    world: World, department: Department, number: int
) -> None:
    department.say([penalty(number), penalty(number + 1)])
    with psycopg.connect(world.database) as connection:
        (kept,) = connection.execute(
            "SELECT count(*) FROM intake.statement JOIN intake.request USING (party, key)"
            " WHERE answered_at IS NOT NULL AND value IS NOT NULL"
        ).fetchone() or (None,)

    assert 0 == kept


def test_the_same_request_is_answered_to_the_last_byte_and_said_once(
    world: World, department: Department, number: int
) -> None:
    name, event = new_name(), penalty(number)

    first = department.say(event, name)
    again = [department.say(event, name) for _ in range(3)]

    assert ["accepted"] == states(first)
    assert {(200, first.content)} == {(each.status_code, each.content) for each in again}
    assert 1 == said(world, event)


def test_the_same_event_under_another_key_was_said_before(
    world: World, department: Department, number: int
) -> None:
    event = {**penalty(number), "time": "2026-06-01T10:00:00+08:00"}

    assert ["accepted"] == states(department.say(event))
    assert ["duplicate"] == states(department.say(event))
    assert ["accepted", "duplicate"] == states(
        department.say([penalty(number + 1), penalty(number + 1)])
    )


def test_two_contents_of_one_event_at_once_get_each_its_own_verdict(
    department: Department, number: int
) -> None:
    answer = department.say([penalty(number), penalty(number, facts="另一内容")])

    assert ["accepted", "rejected"] == states(answer)
    assert ["revision-conflict"] == [
        reason["code"] for reason in answer.json()["events"][1]["reasons"]
    ]


def test_cloudevents_names_are_taken(department: Department, number: int) -> None:
    event = {
        **penalty(number),
        "specversion": "1.0",
        "id": "A-1",
        "source": samples.PENALISING,
        "datacontenttype": "application/json",
    }
    single = department.say(event, content_type="application/cloudevents+json; charset=utf-8")
    batch = department.say([event], content_type="application/cloudevents-batch+json")

    assert (["accepted"], ["duplicate"]) == (states(single), states(batch))
    assert "A-1" == single.json()["events"][0]["id"]


def test_what_the_gate_has_not_judged_in_time_is_told_later(world: World, number: int) -> None:
    party = samples.PENALISING
    key, _ = intakes.new_key(world.database, party)
    for worker in world.bus.workers:
        worker.freeze()
    options = ("--answer-wait", "0.5", "--instance", "impatient")
    with (
        intakes.running(world.home, world.bus.broker, world.database, *options) as server,
        Department(server, key) as department,
    ):
        try:
            name = new_name()
            answer = department.say(penalty(number), name)
            link = answer.json()["events"][0]["link"]
            pending = department.ask(link).json()["state"]
        finally:
            for worker in world.bus.workers:
                worker.thaw()
        until(lambda: department.ask(link).json()["state"] == "accepted")

        assert (202, ["pending"], "pending") == (answer.status_code, states(answer), pending)
        assert answer.content == department.say(penalty(number), name).content


def test_the_same_key_still_under_way_is_told_to_wait(world: World, number: int) -> None:
    key, _ = intakes.new_key(world.database, samples.PENALISING)
    name = new_name()
    for worker in world.bus.workers:
        worker.freeze()
    try:
        with Department(world.server, key) as department, ThreadPoolExecutor(1) as pool:
            first = pool.submit(department.say, penalty(number), name)
            until(lambda: _is_kept(world, name))
            with Department(world.server, key) as other:
                second = other.say(penalty(number), name)
            for worker in world.bus.workers:
                worker.thaw()
            answered = first.result(WAIT_SECONDS_MAX)
    finally:
        for worker in world.bus.workers:
            worker.thaw()

    assert (409, ["http-under-way"]) == (second.status_code, codes(second))
    assert int(second.headers["retry-after"]) > 0
    assert ["accepted"] == states(answered)


def _is_kept(world: World, name: str) -> bool:
    with psycopg.connect(world.database) as connection:
        found = connection.execute("SELECT 1 FROM intake.request WHERE key = %s", [name])
        return found.fetchone() is not None


def test_a_party_that_asks_too_much_at_once_is_told_to_wait_and_others_are_not(
    world: World, number: int
) -> None:
    key, _ = intakes.new_key(world.database, samples.PENALISING)
    court, _ = intakes.new_key(world.database, samples.COURT)
    head = (
        f"POST /events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n"
        f"content-type: application/json\r\nidempotency-key: {new_name()}\r\n"
        "content-length: 100\r\n\r\n{"
    )
    with Department(world.server, key) as department, Department(world.server, court) as other:
        slow = [
            socket.create_connection(("127.0.0.1", world.server.port))
            for _ in range(2 * REQUESTS_OF_A_PARTY_MAX)
        ]
        try:
            for each in slow:  # more requests than may be, none of which ends
                each.sendall(head.encode())
            until(lambda: department.say(b"{}").status_code == 429)
            refused = department.say(penalty(number))
            others = other.say(b"{}")
        finally:
            for each in slow:
                each.close()
        until(lambda: department.say(penalty(number)).status_code == 200)

    assert (429, ["http-too-many-requests"]) == (refused.status_code, codes(refused))
    assert int(refused.headers["retry-after"]) > 0
    assert 400 == others.status_code


def test_a_slow_client_is_let_go(world: World, department: Department) -> None:
    """A connection that ends within the body is no error of the server."""
    with socket.create_connection(("127.0.0.1", world.server.port)) as client:
        key, _ = intakes.new_key(world.database, samples.PENALISING)
        client.sendall(
            f"POST /events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n"
            f"content-type: application/json\r\nidempotency-key: a\r\n"
            "content-length: 100\r\n\r\n{".encode()
        )
    assert 400 == department.say(b"{}").status_code

    assert "Traceback" not in world.server.log.read_text()


def test_ten_thousand_bent_bodies_get_reasons_and_leave_it_alive(world: World, number: int) -> None:
    seed = random.randrange(2**32)
    counts: Counter[int] = Counter()
    lock = threading.Lock()
    key, _ = intakes.new_key(world.database, samples.PENALISING)

    def bend(part: int) -> None:
        dice = random.Random(f"{seed} {part}")
        with Department(world.server, key) as department:
            for _ in range(MUTANTS // MUTANT_CLIENTS):
                # One mistake stands in all: nearly none is carried, which would take long.
                content = json_mutants.mutate({**penalty(number), "score": 1}, dice)
                answer = department.say(content)
                told = answer.json()
                is_refused = answer.status_code == 400 and told["reasons"]
                is_carried = answer.status_code == 200 and told["events"]
                assert is_refused or is_carried, (seed, content, answer.status_code, told)
                with lock:
                    counts[answer.status_code] += 1

    with ThreadPoolExecutor(MUTANT_CLIENTS) as pool:
        list(pool.map(bend, range(MUTANT_CLIENTS)))
    print(f"seed {seed}: {dict(counts)}")  # noqa: T201

    assert MUTANTS == counts.total()
    assert counts[400] > MUTANTS * REFUSED_MIN
    assert world.server.process.poll() is None
    assert "Traceback" not in world.server.log.read_text()


def test_while_the_broker_is_away_the_client_comes_again_and_is_answered(
    world: World, number: int
) -> None:
    key, _ = intakes.new_key(world.database, samples.PENALISING)
    name, nowhere = new_name(), f"{ports.LOOPBACK}:{ports.free_port()}"
    with (
        intakes.running(world.home, nowhere, world.database, "--instance", "lost") as lost,
        Department(lost, key) as department,
    ):
        away = department.say(penalty(number), name)
    with Department(world.server, key) as department:
        until(lambda: department.say(penalty(number), name).status_code == 200)
        answered = department.say(penalty(number), name)

    assert (503, ["http-unavailable"]) == (away.status_code, codes(away))
    assert int(away.headers["retry-after"]) > 0
    assert ["accepted"] == states(answered)
    assert 1 == said(world, penalty(number))


def test_while_the_database_is_away_nothing_is_taken(world: World) -> None:
    nowhere = f"postgresql://x@{ports.LOOPBACK}:{ports.free_port()}/x"
    with (
        intakes.running(world.home, world.bus.broker, nowhere) as lost,
        Department(lost, "cb_" + "A" * 43) as department,
    ):
        away = department.say(penalty(1))

    assert (503, ["http-unavailable"]) == (away.status_code, codes(away))
    assert int(away.headers["retry-after"]) > 0


def test_what_nobody_foresaw_ends_the_process_with_a_code(world: World) -> None:
    broken = intakes.start(world.home, world.bus.broker, world.database, "--broken")

    assert 70 == broken.process.wait(intakes.READY_SECONDS_MAX)
    assert '"event": "thread.failed"' in broken.log.read_text()


@pytest.mark.parametrize("name", ["connectors/README.md", "connectors/README.zh-CN.md"])
def test_the_example_of_the_readme_works(world: World, name: str) -> None:
    text = (intakes.ROOT / name).read_text("utf-8")
    (script,) = re.findall(r"```sh\n(KEY=.*?)```", text, re.DOTALL)
    environment = {**os.environ, "CREDIT_BUS_DATABASE": world.database, "URL": world.server.url}
    told = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=intakes.ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )

    assert ["accepted"] == [each["state"] for each in json.loads(told.stdout)["events"]]


def test_logs_hold_neither_bodies_nor_keys(
    world: World, department: Department, number: int
) -> None:
    name = new_name()
    department.say(penalty(number, facts="很特别的违法事实"), name)
    log = world.server.log.read_text()

    assert '"event": "intake.request"' in log
    assert "很特别的违法事实" not in log
    assert name not in log
    assert "cb_" not in log
