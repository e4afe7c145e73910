"""Child processes: they end, with all they started, and are never mistaken for others."""

import signal
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from credit_bus_deploy import processes
from credit_bus_deploy.processes import ProcessSpec

WAIT_SECONDS_MAX = 10.0

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); "


def python(code: str) -> ProcessSpec:
    """Return a row that runs this code."""
    return ProcessSpec(name="child", argv=(sys.executable, "-uc", code))


def wait_for_word(folder: Path) -> None:
    """Return when the child has said something."""
    log = folder / "child.log"
    assert processes.wait_until(lambda: log.stat().st_size > 0, seconds_max=WAIT_SECONDS_MAX)


def test_a_process_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    child = processes.spawn(python(STUBBORN + "time.sleep(600)"), log_folder=tmp_path)
    wait_for_word(tmp_path)

    assert not processes.stop(child, signal.SIGTERM, wait_seconds_max=0.1)
    assert -signal.SIGKILL == child.returncode


def test_what_a_process_started_goes_with_it(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(600)']); print('up'); time.sleep(600)"
    )
    child = processes.spawn(python(code), log_folder=tmp_path)
    wait_for_word(tmp_path)
    (grandchild,) = psutil.Process(child.pid).children()
    known = processes.identity(grandchild.pid)
    assert known is not None

    assert processes.stop(child, signal.SIGTERM)
    assert processes.wait_until(lambda: not processes.is_alive(known), seconds_max=WAIT_SECONDS_MAX)


def test_a_later_process_with_the_same_pid_is_not_taken_for_the_former(tmp_path: Path) -> None:
    child = processes.spawn(python("import time; time.sleep(600)"), log_folder=tmp_path)
    known = processes.identity(child.pid)
    assert known is not None
    other = replace(known, created=known.created - 60)

    assert not processes.end_left_over(other, signal.SIGTERM)
    assert child.poll() is None
    assert processes.is_alive(known)

    assert processes.end_left_over(known, signal.SIGTERM)
    assert not processes.is_alive(known)
    assert -signal.SIGTERM == child.wait(WAIT_SECONDS_MAX)


def test_a_process_that_is_gone_has_no_identity(tmp_path: Path) -> None:
    child = processes.spawn(python("pass"), log_folder=tmp_path)
    child.wait(WAIT_SECONDS_MAX)

    assert processes.identity(child.pid) is None


@pytest.mark.skipif(sys.platform != "linux", reason="parent-death signals are Linux's")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from credit_bus_deploy import processes; "
        "spec = processes.ProcessSpec(name='grandchild', argv=(sys.executable, '-c', "
        "'import time; time.sleep(600)')); "
        f"child = processes.spawn(spec, log_folder=Path({str(tmp_path)!r})); "
        "print(child.pid); time.sleep(600)"
    )
    parent = processes.spawn(python(code), log_folder=tmp_path)
    wait_for_word(tmp_path)
    known = processes.identity(int((tmp_path / "child.log").read_text()))
    assert known is not None
    assert processes.is_alive(known)

    parent.kill()
    parent.wait(WAIT_SECONDS_MAX)

    assert processes.wait_until(lambda: not processes.is_alive(known), seconds_max=WAIT_SECONDS_MAX)


def test_a_log_past_its_bound_moves_on_and_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "child.log"
    for text in ("first", "second", "third", "fourth"):
        path.write_text(text)
        processes.rotate(path, size_bytes_max=1, generations=2)

    kept = {each.name: each.read_text() for each in tmp_path.iterdir()}
    assert {"child.log.1": "fourth", "child.log.2": "third"} == kept


def test_a_small_log_stays(tmp_path: Path) -> None:
    path = tmp_path / "child.log"
    path.write_text("short")
    processes.rotate(path, size_bytes_max=6)

    assert ["child.log"] == [each.name for each in tmp_path.iterdir()]
