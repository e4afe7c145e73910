"""How a process stands and what it ended with is told in words; targets follow what runs."""

import json
import os
from pathlib import Path

import pytest

from credit_bus.metrics import table as metrics
from credit_bus.metrics.listener import Listener
from credit_bus.metrics.meter import Meter
from credit_bus.metrics.vitals import Vitals
from credit_bus.runtime.ending import ExitCode
from credit_bus_connectors.ending import EXIT_UNFORESEEN
from credit_bus_connectors.run import EXIT_UNREADABLE
from credit_bus_connectors.web.serve import EXIT_NO_PORT
from credit_bus_deploy import endings, ports, processes, targets
from credit_bus_deploy.home import make_home
from credit_bus_deploy.restarts import State
from credit_bus_deploy.run_record import RunRecord
from credit_bus_deploy.standing import Standing, standing_at, standings
from credit_bus_deploy.status_shown import as_value, show
from credit_bus_deploy.supervisor import ProcessStatus


def status(
    name: str, *, health_port: int | None, exit_code: int | None = None, runs: bool = True
) -> ProcessStatus:
    return ProcessStatus(
        name=name,
        state=State.RUNNING if runs else State.FAILED,
        identity=processes.identity(os.getpid()) if runs else None,
        restarts=2,
        since=1.0,
        exit_code=exit_code,
        stop_signal=15,
        health_port=health_port,
    )


@pytest.mark.parametrize(
    "code", [*ExitCode, EXIT_UNFORESEEN, EXIT_UNREADABLE, EXIT_NO_PORT, 127, 2]
)
def test_every_code_of_ours_has_a_meaning(code: int) -> None:
    assert int(code) in endings.MEANINGS


@pytest.mark.parametrize(
    ("expected", "code"),
    [("SIGKILL", -9), ("SIGSEGV", -11), ("signal 99", -99), ("no code", 44), ("stuck", 72)],
)
def test_an_end_is_told_in_words(expected: str, code: int) -> None:
    assert expected in endings.meaning_of(code)


def test_a_process_that_does_not_answer_is_silent() -> None:
    assert "silent" == standing_at(ports.free_port()).word


def test_how_a_process_stands_is_its_own_word() -> None:
    vitals = Vitals()
    with Listener(vitals, port=0) as listener:
        assert "waits: start" == standing_at(listener.port).word
        vitals.health.expect_that("broker", lambda: True)
        assert "ready" == standing_at(listener.port).word
        vitals.health.expect_that("broker", lambda: False)
        assert "waits: broker" == standing_at(listener.port).word
        vitals.health.expect_life("loop", lambda: False)
        assert "stalled: loop" == standing_at(listener.port).word


def test_who_does_not_run_or_has_no_port_is_not_asked() -> None:
    rows = (status("a", health_port=1, runs=False), status("b", health_port=None))

    assert {} == dict(standings(rows))


def test_status_tells_health_and_last_end(capsys: pytest.CaptureFixture[str]) -> None:
    rows = (
        status("worker-gate", health_port=20001, exit_code=72),
        status("worker-router", health_port=20002),
    )
    ourselves = processes.identity(os.getpid())
    assert ourselves is not None
    record = RunRecord(supervisor=ourselves, addresses={}, ready=True, processes=rows)
    found = {
        "worker-gate": Standing(is_alive=True, is_ready=False, why=("lanes",)),
        "worker-router": Standing(is_alive=True, is_ready=True),
    }

    gate, router = as_value(record, found)["processes"]
    assert (True, False, ["lanes"]) == (gate["alive"], gate["ready"], gate["why"])
    assert "stuck" in gate["last_end"]
    assert (None, True) == (router["last_end"], router["ready"])
    show(record, found)
    shown = capsys.readouterr().out
    assert "waits: lanes" in shown
    assert "72: stuck" in shown


def test_targets_follow_what_runs_and_go_with_it(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", free_bytes_min=0)
    told: list[object] = []
    with targets.supervised(home, ports.free_port(), told.append, Vitals()) as tell:
        tell([status("worker-gate", health_port=20001), status("kafka", health_port=None)])
        rows = json.loads(targets.targets_file(home).read_text())

        assert ["worker-gate", targets.SUPERVISOR] == [row["labels"]["process"] for row in rows]
        assert ["127.0.0.1:20001"] == rows[0]["targets"]
        assert 1 == len(told)
    assert not targets.targets_file(home).exists()


def test_the_supervisor_measures_what_runs_and_what_it_ended_with() -> None:
    meter = Meter()
    targets.measure(meter, [status("worker-gate", health_port=None, exit_code=73, runs=False)])

    assert 0 == meter.value(metrics.PROCESS_UP, process="worker-gate")
    assert 73 == meter.value(metrics.PROCESS_EXIT_CODE, process="worker-gate")
    assert 2 == meter.value(metrics.PROCESS_RESTARTS, process="worker-gate")


def test_free_ports_are_all_different_and_none_is_taken() -> None:
    first = ports.free_ports(20)
    assert 20 == len(set(first))
    assert not set(first) & set(ports.free_ports(20, taken=first))
