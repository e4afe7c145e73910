"""What runs now, as a file: whole, without passwords, and not believed after a crash."""

import json
import os
import signal
from pathlib import Path

import pytest

from credit_bus_deploy import processes, run_record
from credit_bus_deploy.home import Home, make_home
from credit_bus_deploy.processes import Identity
from credit_bus_deploy.restarts import State
from credit_bus_deploy.run_record import RunPublisher, RunRecord
from credit_bus_deploy.supervisor import ProcessStatus

GONE = Identity(pid=1, created=1.0)  # process 1 exists, but began later than 1970
STATUSES = (
    ProcessStatus(
        name="kafka",
        state=State.RUNNING,
        identity=GONE,
        restarts=2,
        since=1.5,
        exit_code=-9,
        stop_signal=int(signal.SIGTERM),
    ),
    ProcessStatus(
        name="worker-gate",
        state=State.FAILED,
        identity=None,
        restarts=12,
        since=2.5,
        exit_code=70,
        stop_signal=int(signal.SIGTERM),
    ),
)


@pytest.fixture
def made(tmp_path: Path) -> Home:
    """A home that has been started once."""
    return make_home(tmp_path / "home", free_bytes_min=0)


@pytest.mark.parametrize(
    ("expected", "url"),
    [
        ("postgresql://u:***@h/d?x=1", "postgresql://u:p:w@h/d?x=1"),
        ("postgresql://u@/d?host=%2Ftmp", "postgresql://u@/d?host=%2Ftmp"),
        ("host=h password=*** user=u", "host=h password=secret user=u"),
        ("password = *** host=h", "password = 'a b' host=h"),
        ("postgresql://h/d?user=u&password=***&x=1", "postgresql://h/d?user=u&password=pw&x=1"),
    ],
)
def test_a_password_is_shown_to_nobody(expected: str, url: str) -> None:
    assert expected == run_record.without_password(url)


@pytest.mark.parametrize("text", ['{"supervisor": 1}', '{"ready": true}', '{"supervisor": {}}'])
def test_a_file_of_another_form_counts_as_none(text: str, made: Home) -> None:
    made.run_file.write_text(text)

    assert run_record.read_run(made) is None


def test_the_record_of_a_dead_supervisor_does_not_run(made: Home) -> None:
    record = RunRecord(supervisor=GONE, addresses={}, ready=True, processes=STATUSES)
    made.run_file.write_text(json.dumps(run_record.to_json(record)))

    assert record == run_record.read_run(made)
    assert run_record.running(made) is None


def test_left_overs_that_are_other_processes_by_now_are_left_alone(made: Home) -> None:
    record = RunRecord(supervisor=GONE, addresses={}, ready=True, processes=STATUSES)
    made.run_file.write_text(json.dumps(run_record.to_json(record)))

    assert () == run_record.end_left_overs(made)


def test_what_is_published_is_read_back(made: Home) -> None:
    publisher = RunPublisher(made)
    publisher.changed(STATUSES)
    publisher.addresses({"broker": "127.0.0.1:9092"})
    publisher.ready()
    ourselves = processes.identity(os.getpid())
    assert ourselves is not None

    expected = RunRecord(
        supervisor=ourselves,
        addresses={"broker": "127.0.0.1:9092"},
        ready=True,
        processes=STATUSES,
    )
    assert expected == run_record.running(made)

    publisher.end()

    assert run_record.read_run(made) is None
