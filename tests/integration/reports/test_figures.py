"""The figures of a real bus: report, page and recount say the same, and a wrong one is found."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient
from tests import samples
from tests.bus import Bus, Worker, own_bus

from credit_bus.domain.calendar import local_day
from credit_bus.domain.channels import RECORDS
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    MEASURE_LIFTED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)
from credit_bus.operations.scan import Seen
from credit_bus.runtime.casework.connection import REPORTS_ROLE, connect
from credit_bus.runtime.casework.limits import wall_clock
from credit_bus.runtime.casework.migrate import migrate
from credit_bus_deploy.cli import command
from credit_bus_deploy.web import web_application

WAIT_SECONDS_MAX = 60.0
POLL_SECONDS = 0.5
NUMBER = "政务异〔2026〕9号"
ABOUT = samples.about_action(1)
RIGHTS = [
    ("SELECT FROM casework.row", False),
    ("SELECT FROM casework.outbox", False),
    ("SELECT FROM casework.position", False),
    ("INSERT INTO casework.count VALUES (0, '2026-01-01', 'x', 'said', 1)", False),
    ("UPDATE casework.count SET n = 0", False),
    ("DELETE FROM casework.count", False),
    ("CREATE TABLE casework.mine ()", False),
    ("SELECT FROM casework.count", True),
    ("SELECT FROM casework.owed", True),
    ("UPDATE casework.owed SET party = 'x'", False),
]


@pytest.fixture
def provisioned(database: str) -> str:
    """The URL of a database with casework's schema."""
    migrate(database)
    return database


@pytest.fixture
def bus(provisioned: str) -> Iterator[Bus]:
    """A bus with gate, casework and relay."""
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        running.start("gate")
        running.start("casework", "--database", provisioned)
        start_relay(running, provisioned)
        yield running


def start_relay(bus: Bus, database: str) -> None:
    log = bus.home / "relay.log"
    own = [sys.executable, "-m", "credit_bus_deploy", "relay"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*own, "--broker", bus.broker, "--database", database],
            stdout=stream,
            stderr=stream,
            env=os.environ,
        )
    bus.workers.append(Worker("relay", process, log))


def stages_of_a_quarter() -> Iterator[list[Event]]:
    """What departments say, a stage when the log has the one before."""
    action = {"about": ABOUT, "objection_number": NUMBER}
    yield [samples.initiation(1), samples.penalty(2), samples.response(9)]
    yield [samples.response(1), samples.of_course(OBJECTION_RAISED, 1, **action)]
    yield [samples.execution(1), samples.of_course(REPAIR_REQUESTED, 2)]
    dismissed = samples.verification_body(1, **action, decision="dismissed", remedy=None)
    subject = samples.initiation(1).subject
    yield [
        samples.said(OBJECTION_DECIDED, dismissed, party=samples.COURT, subject=subject),
        samples.of_course(REPAIR_ACCEPTED, 2),
    ]
    forgone = samples.end_body(1, cause="withdrawn", because_of=None, explanation="发起有误")
    yield [
        samples.said(ACTION_ENDED, forgone, party=samples.COURT, subject=subject),
        samples.of_course(REPAIR_DECIDED, 2),
    ]
    yield [samples.of_course(MEASURE_LIFTED, 1)]


def say_everything(bus: Bus) -> None:
    met: set[str] = set()
    for events in stages_of_a_quarter():
        bus.say([samples.message(event) for event in events])
        met |= {event.id for event in events}
        bus.read_until([RECORDS], lambda seen, ids=frozenset(met): ids <= ids_of(seen))


def ids_of(seen: list[Seen]) -> set[str]:
    return {each.text("ce_id") for each in seen}


def report(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["report", *arguments])


def when_it_is_at_rest(bus: Bus, database: str) -> Result:
    """The recount once nothing differs any more; the last one when something always does."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while True:
        result = report("--recount", "--broker", bus.broker, "--database", database)
        if result.exit_code == 0 or time.monotonic() > deadline:
            return result
        time.sleep(POLL_SECONDS)


def counts(made: Any) -> dict[tuple[str, str], int]:
    return {
        (row["party"], what): n
        for row in made["departments"] + made["others"]
        for what, n in row["counts"].items()
        if n
    }


def test_report_page_and_recount_of_a_real_bus_are_one(
    bus: Bus, provisioned: str, tmp_path: Path
) -> None:
    say_everything(bus)
    result = when_it_is_at_rest(bus, provisioned)
    assert 0 == result.exit_code, result.output

    today = str(local_day(wall_clock()))
    period = ("--from", today[:8] + "01", "--to", today)
    workbook = tmp_path / "report.xlsx"
    told = report(*period, "--database", provisioned, "--json", "--xlsx", str(workbook))
    found = counts(json.loads(told.stdout))

    expected = {
        (samples.COURT, "initiated"): 1,
        (samples.COURT, "objected"): 1,
        (samples.COURT, "objection_decided_on_time"): 1,
        ("finance", "ordered"): 1,
        ("finance", "answered_on_time"): 1,
        ("finance", "executed_on_time"): 1,
        ("finance", "executed_suspended"): 1,
        ("finance", "lifted_on_time"): 1,
        ("finance", "unmatched"): 1,
        (samples.PENALISING, "published_late"): 1,
        (samples.PENALISING, "repair_requested"): 1,
        (samples.PENALISING, "repair_accepted_on_time"): 1,
        (samples.PENALISING, "repair_decided_on_time"): 1,
        (samples.PENALISING, "repaired"): 1,
    }
    assert expected == {key: found.get(key) for key in expected}
    assert found["hub", "said"] >= 2  # suspended and resumed
    assert workbook.stat().st_size > 0
    assert told_by_page(provisioned, period) == [
        list(row["counts"].values()) for row in json.loads(told.stdout)["departments"]
    ]

    with psycopg.connect(provisioned, autocommit=True) as connection:
        connection.execute("UPDATE casework.count SET n = n + 2 WHERE what = 'unmatched'")
    wrong = report("--recount", "--broker", bus.broker, "--database", provisioned)

    sentence = f"{today} finance unmatched: casework counted 3, the log of record has 1"
    assert (1, [sentence, "1 figures differ"]) == (wrong.exit_code, wrong.stdout.splitlines())


def told_by_page(database: str, period: tuple[str, ...]) -> list[list[int]]:
    """The numbers of the departments as the page shows them; of a share the part that was done."""
    app: Any = web_application(registry_folder=None, intake=None, database=database, log=Silent())
    text = TestClient(app).get(f"/reports/?from={period[1]}&to={period[3]}").text
    first = text.partition('<tr class="sum">')[0]
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in first.split("<tr>")]
    return [[number(cell) for cell in row] for row in rows if row]


def number(cell: str) -> int:
    return 0 if cell == "—" else int(cell.partition("/")[0].replace(",", ""))


# The second: a view that nobody at all can write to is refused before rights are looked at.
REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)


@pytest.mark.parametrize(("statement", "allowed"), RIGHTS)
def test_who_reports_reads_counts_and_nothing_else(
    provisioned: str, statement: str, allowed: bool
) -> None:
    with connect(provisioned, REPORTS_ROLE) as connection:
        if allowed:
            connection.execute(statement.encode())
            return
        with pytest.raises(REFUSED):
            connection.execute(statement.encode())


def test_a_database_without_the_schema_is_refused_with_what_to_do(database: str) -> None:
    result = report("--database", database)

    assert 2 == result.exit_code
    assert "credit-bus database apply" in result.stderr


class Silent:
    """A log that nobody reads."""

    def info(self, *_: Any, **__: Any) -> None:
        """Say nothing."""

    error = info
