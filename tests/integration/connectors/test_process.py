"""A connector as the supervisor runs it: its own process, from the command line."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests import samples
from tests.bus import Bus, own_bus
from tests.conformance.platforms import rows
from tests.integration.connectors.inboxes import Line, until

from credit_bus_connectors.run import EXIT_UNREADABLE

pytestmark = pytest.mark.broker

PLATFORM = "district-platform"
WAIT_SECONDS_MAX = 60


def connector(bus: Bus, database: str, log: Path) -> subprocess.Popen[bytes]:
    secret = bus.home / "secret"
    secret.write_text("ab" * 32)
    secret.chmod(0o600)
    command = [sys.executable, "-m", "credit_bus_deploy", "connector", PLATFORM]
    command += ["--broker", bus.broker, "--database", database, "--secret-file", str(secret)]
    with log.open("wb") as stream:
        return subprocess.Popen(command, stdout=stream, stderr=stream)


def test_a_connector_delivers_confirms_ends_when_asked_and_dies_of_what_it_cannot_read(
    session_home: Path, database: str
) -> None:
    home = session_home / "connector-process"
    home.mkdir()
    with own_bus(home) as bus:
        line = Line(bus.broker, PLATFORM, partitions=4)
        events = [samples.penalty(n, document_number=f"第{n}号") for n in range(20)]
        line.put(events)
        running = connector(bus, database, home / "first.log")
        until(lambda: len(line.said()) == 20, lambda: None)
        running.send_signal(signal.SIGTERM)
        asked = running.wait(WAIT_SECONDS_MAX)
        line.put_rubbish()
        failing = connector(bus, database, home / "second.log")
        failed = failing.wait(WAIT_SECONDS_MAX)

        assert {event.id for event in events} == {one.causation_id for one in line.said()}
    first, second = ((home / name).read_text() for name in ("first.log", "second.log"))
    assert 0 == asked
    assert "connector.stopped" in first
    assert EXIT_UNREADABLE == failed
    assert "cannot be read" in second
    assert [(20,)] == rows(database, "SELECT count(*) FROM district.record")
    for event in events:
        assert event.subject not in first + second
        assert event.body["subject"]["name"] not in first + second
