"""A department's outbox table against a real broker, a real gate and a real database."""

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
import pytest
from tests import json_mutants, samples
from tests.bus import Bus, own_bus
from tests.integration.departments.outbox_rig import (
    PARTY,
    POLL_SECONDS,
    WAIT_SECONDS_MAX,
    Adapter,
    Department,
    Said,
    department,
    insert,
    penalty,
)

from credit_bus.domain.channels import RECORDS, outbox
from credit_bus.domain.reason import Reason
from credit_bus.operations.scan import Seen
from credit_bus_connectors.departments.table.rows import PAYLOAD_BYTES_MAX
from credit_bus_deploy.ports import free_port
from credit_bus_deploy.postgres import PostgresServer

pytestmark = pytest.mark.broker

BENT_ROWS = 3_000
NO_JSON = (psycopg.DataError, psycopg.errors.StatementTooComplex)


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        running.start("gate")
        yield running


@pytest.fixture
def dept(database_server: PostgresServer) -> Iterator[Department]:
    with department(database_server) as made:
        yield made


@pytest.fixture
def adapter(bus: Bus, dept: Department, database: str, tmp_path: Path) -> Iterator[Adapter]:
    """The adapter, not started yet; it ends with the test."""
    made = Adapter(bus.broker, dept.adapter, database, tmp_path)
    yield made
    made.end()


def documents(records: Sequence[Seen], stem: str) -> list[tuple[str, str]]:
    """Return subject and document of each record whose document begins so, in order."""
    found = []
    for seen in records:
        body = samples.codec().decode(seen.value, expected_type=None)
        assert not isinstance(body, Reason)
        number = body.get("document_number", "")
        if number.startswith(stem):
            found.append((seen.text("ce_subject"), number))
    return found


def test_a_row_is_answered_with_what_the_gate_said_of_it(
    dept: Department, adapter: Adapter, unique_name: Callable[[str], str]
) -> None:
    name = unique_name("answered")
    good = penalty(f"{name}-1")
    again = Said(payload=good.payload)
    contradicting = penalty(f"{name}-1", facts="别的事实。")
    unlawful = penalty(f"{name}-2", categories=["撤职"])
    foreign = Said(payload=good.payload, type="defaulter.listed")
    bent = Said(payload='{"subject": 1}')
    empty = Said(payload=None)
    huge = Said(payload=json.dumps({"facts": "长" * PAYLOAD_BYTES_MAX}))
    rows = [good, again, contradicting, unlawful, foreign, bent, empty, huge]
    dept.say(rows)
    adapter.start()
    found = dept.settled(len(rows))

    assert ("accepted", []) == found[good.id]
    assert ("duplicate", []) == found[again.id]
    assert ("rejected", ["revision-conflict"]) == found[contradicting.id]
    assert "rejected" == found[unlawful.id][0]
    assert "rejected" == found[foreign.id][0]
    assert ("rejected", ["json-missing"]) == (found[empty.id][0], found[empty.id][1][:1])
    assert ("rejected", ["json-too-large"]) == found[huge.id]
    assert {"json-type", "json-missing"} >= set(found[bent.id][1])
    assert 0 == adapter.stop()


def test_rows_committed_out_of_order_are_all_said_in_the_order_of_their_positions(
    bus: Bus, dept: Department, adapter: Adapter, unique_name: Callable[[str], str]
) -> None:
    """Twelve open transactions insert in turn, and commit from the last to the first."""
    name = unique_name("open")
    adapter.start()
    with ExitStack() as stack:
        opened = [stack.enter_context(psycopg.connect(dept.application)) for _ in range(12)]
        expected = []
        for turn in range(3):
            for at, connection in enumerate(opened):
                row = penalty(f"{name}-{turn}-{at}", subject=at % 2)
                insert(connection, [row])
                if at != 5:  # this one is rolled back, and leaves gaps
                    expected.append((samples.subject(at % 2)["uscc"], f"{name}-{turn}-{at}"))
        for at, connection in reversed(list(enumerate(opened))):
            if at == 5:
                connection.rollback()
                continue
            connection.commit()
            dept.say([penalty(f"{name}-beside-{at}", subject=3)])  # it comes after all these
            wait_for_two_looks(dept)
    answers = dept.settled(len(expected) + 11)
    found = documents(bus.read(RECORDS), name)

    assert Counter({"accepted": 44}) == Counter(state for state, _ in answers.values())
    for subject in {subject for subject, _ in expected}:
        assert [row for row in expected if row[0] == subject] == [
            row for row in found if row[0] == subject
        ]
    assert [f"{name}-beside-{at}" for at in reversed(range(12)) if at != 5] == [
        document for _, document in found if "-beside-" in document
    ]


def wait_for_two_looks(dept: Department) -> None:
    """Return when the adapter has asked the database something after two further moments."""
    query = (
        "SELECT max(query_start) FROM pg_stat_activity WHERE application_name = 'credit-bus table'"
        " AND datname = current_database()"
    )
    with psycopg.connect(dept.owner, autocommit=True) as connection:
        for _ in range(2):
            asked = connection.execute("SELECT clock_timestamp()").fetchone()
            deadline = time.monotonic() + WAIT_SECONDS_MAX
            while True:
                assert time.monotonic() < deadline, "the adapter asks nothing"
                last = connection.execute(query).fetchone()
                if asked is not None and last is not None and last[0] and last[0] > asked[0]:
                    break
                time.sleep(POLL_SECONDS)


def test_a_transaction_that_stays_open_on_the_outbox_is_told_and_one_beside_it_holds_nothing(
    dept: Department, adapter: Adapter, unique_name: Callable[[str], str]
) -> None:
    name = unique_name("held")
    adapter.start()
    with psycopg.connect(dept.owner) as beside, psycopg.connect(dept.application) as opened:
        beside.execute("SELECT txid_current()")  # a transaction with a number, elsewhere
        before = penalty(f"{name}-before")
        dept.say([before])
        dept.settled(1)
        insert(opened, [penalty(f"{name}-open")])
        dept.say([penalty(f"{name}-after")])
        (told,) = adapter.logged_when("table.held")

        assert {before.id: ("accepted", [])} == dept.answers()
        assert [opened.info.backend_pid] == told["pids"]
        assert told["seconds"] >= 10
        assert told["rows_max"] >= 2
    dept.settled(3)


def test_thousands_of_bent_rows_are_each_answered_with_a_reason_and_stop_nothing(
    dept: Department, adapter: Adapter, unique_name: Callable[[str], str]
) -> None:
    name = unique_name("bent")
    seed = random.randrange(1_000_000)
    dice = random.Random(seed)
    good = json.loads(penalty(f"{name}-bent").payload or "")
    ids = set()
    with psycopg.connect(dept.application) as connection:
        for _ in range(BENT_ROWS):
            text = json_mutants.mutate({"data": good}, dice).decode("utf-8", "replace")
            payload = text.removeprefix('{"data": ').removesuffix("}")
            row = Said(payload=payload, type=dice.choice(("penalty.decided", "tax.paid", "记录")))
            with suppress(*NO_JSON), connection.transaction():  # what is no JSON at all
                insert(connection, [row])
                ids.add(row.id)
    last = penalty(f"{name}-last", subject=9)
    dept.say([last])
    adapter.start()
    found = dept.settled(len(ids) + 1)

    assert len(ids) > BENT_ROWS / 2
    assert ("accepted", []) == found[last.id], seed
    assert ids <= set(found)
    assert all(codes for state, codes in found.values() if state == "rejected")
    assert 1 == adapter.starts
    assert 0 == adapter.stop()


def test_answers_come_later_when_the_gate_was_away_and_the_adapter_died_meanwhile(
    bus: Bus, dept: Department, adapter: Adapter, unique_name: Callable[[str], str]
) -> None:
    name = unique_name("later")
    gate = bus.workers[-1]
    gate.process.terminate()
    gate.process.wait(WAIT_SECONDS_MAX)
    rows = [penalty(f"{name}-{number}", subject=number) for number in range(20)]
    bad = penalty(f"{name}-bad", categories=["撤职"])
    dept.say([*rows, bad])
    adapter.start()
    waiting = dept.answers_when(lambda found: len(found) == len(rows) + 1)
    bus.read_until([outbox(PARTY)], lambda seen: len(documents(seen, name)) == len(rows) + 1)
    adapter.kill()
    bus.start("gate")
    adapter.start()
    found = dept.settled(len(rows) + 1)

    assert {"pending"} == {state for state, _ in waiting.values()}
    assert {"accepted"} == {found[row.id][0] for row in rows}
    assert "rejected" == found[bad.id][0]
    assert len(rows) == len(documents(bus.read(RECORDS), name))


def test_of_two_adapters_on_one_outbox_one_ends_and_no_row_is_said_twice(
    bus: Bus, dept: Department, adapter: Adapter, tmp_path: Path, unique_name: Callable[[str], str]
) -> None:
    name = unique_name("two")
    (tmp_path / "other").mkdir()
    other = Adapter(adapter.broker, adapter.source, adapter.keys, tmp_path / "other")
    adapter.start()
    adapter.logged_when("table.started")
    other.start()
    try:
        other.logged_when("table.started")
        for number in range(10):
            dept.say([penalty(f"{name}-{number}", subject=number)])
        dept.settled(10)
        assert adapter.process is not None

        assert 2 == adapter.process.wait(WAIT_SECONDS_MAX)
        assert 10 == len(documents(bus.read(RECORDS), name))
        assert 0 == other.stop()
    finally:
        other.end()


def test_without_a_broker_the_adapter_pauses_longer_and_longer_and_says_so(
    bus: Bus, dept: Department, adapter: Adapter, unique_name: Callable[[str], str]
) -> None:
    name = unique_name("away")
    row = penalty(name)
    dept.say([row])
    adapter.broker = f"127.0.0.1:{free_port()}"
    adapter.start()
    first, second = (line["seconds"] for line in adapter.logged_when("table.paused", least=2)[:2])
    nothing = dept.answers()
    ended = adapter.stop()
    adapter.broker = bus.broker
    adapter.start()

    assert second == 2 * first
    assert {} == nothing
    assert 0 == ended
    assert {row.id: ("accepted", [])} == dept.settled(1)


def test_a_row_that_came_below_the_position_is_answered_and_not_lost(
    dept: Department, adapter: Adapter, unique_name: Callable[[str], str]
) -> None:
    name = unique_name("below")
    adapter.start()
    dept.say([penalty(f"{name}-{number}") for number in range(3)])
    dept.settled(3)
    adapter.stop()
    with psycopg.connect(dept.owner, autocommit=True) as connection:
        connection.execute("DELETE FROM credit_bus.outbox")
        connection.execute("ALTER TABLE credit_bus.outbox ALTER COLUMN position RESTART WITH 1")
    below = penalty(f"{name}-below")
    dept.say([below])
    adapter.start()

    assert ("rejected", ["row-passed-over"]) == dept.settled(4)[below.id]
