"""Whatever dies under load, every row of an outbox is said once and answered as the gate said."""

import random
import subprocess
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from tests import samples
from tests.bus import Bus, own_bus
from tests.integration.departments.outbox_rig import (
    PARTY,
    Adapter,
    Department,
    Said,
    department,
    insert,
    penalty,
)

from credit_bus.domain.channels import RECORDS, outbox, replies
from credit_bus.domain.event_types import EVENT_REJECTED
from credit_bus.domain.reason import Reason
from credit_bus_deploy import postgres, processes, ready

pytestmark = pytest.mark.broker

ROWS = 2_000
KILLS = 10
WRITERS = 4
ROWS_PER_TRANSACTION = 10
SUBJECTS = 40
BENT_EVERY = 19  # no event
UNLAWFUL_EVERY = 13  # refused by the gate
REPEATED_EVERY = 11  # says what an earlier row said
CONTRADICTED_EVERY = 17  # the same document in the same revision, otherwise
LOAD_SECONDS = 35.0
DATABASE_TROUBLES = 3

GOOD = "a good row"
BENT = "no event"


@pytest.fixture
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        running.start("gate")
        yield running


def row(number: int) -> Said:
    """The n-th row: subjects in turn, mostly a document each, every so often another kind."""
    subject = number % SUBJECTS
    if number % BENT_EVERY == 0:
        return Said(payload='{"subject": null}')
    if number % UNLAWFUL_EVERY == 0:
        return penalty(f"文号{number}号", subject=subject, categories=["撤职"])
    if number % REPEATED_EVERY == 0 and number > SUBJECTS:
        return penalty(f"文号{number - SUBJECTS}号", subject=subject)
    if number % CONTRADICTED_EVERY == 0 and number > SUBJECTS:
        return penalty(f"文号{number - SUBJECTS}号", subject=subject, facts="别的事实。")
    return penalty(f"文号{number}号", subject=subject)


class Load(threading.Thread):
    """One of the application's connections: writes its part of the rows at a pace."""

    def __init__(self, dept: Department, part: int, *, rows: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self.dept = dept
        self.numbers = range(part, rows, WRITERS)
        self.pause = seconds * ROWS_PER_TRANSACTION / len(self.numbers)

    def run(self) -> None:
        with psycopg.connect(self.dept.application) as connection:
            for at in range(0, len(self.numbers), ROWS_PER_TRANSACTION):
                for number in self.numbers[at : at + ROWS_PER_TRANSACTION]:
                    insert(connection, [row(number)])
                    time.sleep(self.pause / ROWS_PER_TRANSACTION)  # transactions overlap
                connection.commit()


def gate_said(bus: Bus) -> dict[str, list[str]]:
    """Return what the gate answered for each event, in order."""
    found = defaultdict(list)
    for seen in bus.read(replies(PARTY)):
        kind = seen.text("ce_type")
        body = samples.codec().decode(seen.value, expected_type=kind)
        assert not isinstance(body, Reason)
        accepted = "duplicate" if body.get("duplicate") else "accepted"
        found[body["event_id"]].append("rejected" if kind == EVENT_REJECTED else accepted)
    return found


def table_says(dept: Department) -> tuple[dict[str, list[str]], Counter[str], list[UUID]]:
    """Return the answers to each event in order of the rows, and of all rows, and rows without."""
    events = defaultdict(list)
    states: Counter[str] = Counter()
    query = (
        "SELECT outbox.id, state, event_id FROM credit_bus.outbox"
        " LEFT JOIN credit_bus.answer USING (id, position) ORDER BY position"
    )
    without = []
    with psycopg.connect(dept.owner) as connection:
        for row_id, state, event_id in connection.execute(query):
            if state is None:
                without.append(row_id)
                continue
            states[state] += 1
            if event_id is not None:
                events[event_id].append(state)
    return events, states, without


def positions(dept: Department) -> dict[str, int]:
    """Return the position of each event that was accepted."""
    query = "SELECT event_id, position FROM credit_bus.answer WHERE state = 'accepted'"
    with psycopg.connect(dept.owner) as connection:
        return dict(connection.execute(query).fetchall())


def check(bus: Bus, dept: Department, *, rows: int) -> Counter[str]:
    """Assert that everything adds up; return how many rows were answered how."""
    events, states, without = table_says(dept)
    said_by_gate = gate_said(bus)
    said = bus.read(outbox(PARTY))
    recorded = bus.read(RECORDS)
    accepted = positions(dept)
    orders = defaultdict(list)
    for seen in recorded:
        orders[seen.text("ce_subject")].append(accepted[seen.text("ce_id")])

    assert [] == without
    assert rows == states.total()
    assert events == said_by_gate
    assert sum(len(each) for each in events.values()) == len(said)
    assert states["accepted"] == len(recorded) == len({seen.text("ce_id") for seen in recorded})
    assert all(order == sorted(order) for order in orders.values())
    return states


@pytest.mark.timeout(420)
def test_every_row_is_said_once_and_answered_as_the_gate_said_whenever_the_adapter_dies(
    bus: Bus, database_server: postgres.PostgresServer, database: str, tmp_path: Path
) -> None:
    seed = random.randrange(1_000_000)
    dice = random.Random(seed)
    with department(database_server) as dept:
        adapter = Adapter(bus.broker, dept.adapter, database, tmp_path)
        loads = [Load(dept, part, rows=ROWS, seconds=LOAD_SECONDS) for part in range(WRITERS)]
        for load in loads:
            load.start()
        for _ in range(KILLS):
            adapter.start()
            adapter.logged_when("table.started", least=adapter.starts)
            time.sleep(dice.uniform(0.0, 2.0))
            adapter.kill()
        adapter.start()
        for load in loads:
            load.join()
        dept.settled(ROWS)
        states = check(bus, dept, rows=ROWS)

        assert KILLS + 1 == adapter.starts
        assert {"accepted", "duplicate", "rejected"} == set(states), seed
        adapter.end()


def started(
    server: postgres.PostgresServer, spec: processes.ProcessSpec, log_folder: Path
) -> subprocess.Popen[bytes]:
    """Start the server of a department's own; return its process once it answers."""
    child = processes.spawn(spec, log_folder=log_folder)
    ready.wait_for_database(server.url("postgres"), alive=lambda: child.poll() is None)
    return child


@pytest.mark.timeout(300)
def test_nothing_is_lost_when_the_department_s_database_breaks_off_or_starts_anew(
    bus: Bus, database: str, session_home: Path, tmp_path: Path
) -> None:
    rows = 600
    server = postgres.server_in(session_home / "own-postgres")
    postgres.prepare_storage(server)
    spec = postgres.process_spec(server)
    running = [started(server, spec, tmp_path)]
    with ExitStack() as stack:
        stack.callback(lambda: processes.stop(running[-1], spec.stop_signal))
        dept = stack.enter_context(department(server))
        adapter = Adapter(bus.broker, dept.adapter, database, tmp_path)
        adapter.start()
        stack.callback(adapter.end)
        for trouble in range(DATABASE_TROUBLES):
            adapter.logged_when("table.started", least=trouble + 1)
            first = trouble * rows // DATABASE_TROUBLES
            for at in range(first, first + rows // DATABASE_TROUBLES, ROWS_PER_TRANSACTION):
                dept.say([row(number) for number in range(at, at + ROWS_PER_TRANSACTION)])
            paused = len(adapter.logged("table.paused"))
            if trouble == 1:
                processes.stop(running[-1], spec.stop_signal)
                running.append(started(server, spec, tmp_path))
            else:
                with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = 'credit-bus table'"
                    )
            adapter.logged_when("table.paused", least=paused + 1)
        dept.settled(rows)
        check(bus, dept, rows=rows)

        assert 1 == adapter.starts
        assert 0 == adapter.stop()


@pytest.mark.timeout(180)
def test_a_batch_is_said_again_after_a_kill_exactly_when_it_was_not_said_before_it(
    bus: Bus, database_server: postgres.PostgresServer, database: str, tmp_path: Path
) -> None:
    """The moment between the broker's answer and the note of it is held open by a trigger."""
    with department(database_server) as dept, psycopg.connect(dept.owner) as holder:
        adapter = Adapter(bus.broker, dept.adapter, database, tmp_path)
        holder.execute(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END';"
            "CREATE TRIGGER hold BEFORE UPDATE ON credit_bus.reader FOR EACH ROW"
            " WHEN (OLD.batch IS NOT NULL AND NEW.batch IS NULL) EXECUTE FUNCTION hold();"
        )
        holder.commit()
        holder.execute("SELECT pg_advisory_lock(1)")
        dept.say([penalty(f"文号{number}号", subject=number) for number in range(30)])
        adapter.start()
        bus.read_until([outbox(PARTY)], lambda seen: len(seen) == 30)
        adapter.kill()
        holder.execute("SELECT pg_advisory_unlock(1)")
        holder.execute("DROP TRIGGER hold ON credit_bus.reader")
        holder.commit()
        adapter.start()
        dept.settled(30)
        adapter.stop()
        check(bus, dept, rows=30)
        dept.say([penalty(f"文号{number}号", subject=number) for number in range(30, 60)])
        holder.execute(
            "INSERT INTO credit_bus.answer (id, position, state, event_id, taken_at)"
            " SELECT id, position, 'pending', 'e' || position, now()"
            " FROM credit_bus.outbox WHERE position > 30"
        )
        holder.execute("UPDATE credit_bus.reader SET batch = gen_random_uuid(), batch_end = 60")
        holder.commit()
        adapter.start()
        try:
            dept.settled(60)
        finally:
            adapter.end()
        states = check(bus, dept, rows=60)
        said = [line["said"] for line in adapter.logged("table.settled")]

        assert [True, False] == said
        assert {"accepted": 60} == dict(states)
