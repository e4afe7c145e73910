"""Processes are kept running within bounds, and all stopped, the last tier first."""

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from credit_bus.metrics.health import LOOP_SECONDS_MAX
from credit_bus_deploy import processes
from credit_bus_deploy.processes import ProcessSpec
from credit_bus_deploy.restarts import RestartPolicy, State
from credit_bus_deploy.supervisor import START_FAILED_CODE, ProcessStatus, Supervisor, watching

WAIT_SECONDS_MAX = 20.0
SLEEPER = "import time; time.sleep(600)"
POLICY = RestartPolicy(backoff_seconds_first=0.01, backoff_seconds_max=0.01, restarts_max=2)

Told = list[tuple[ProcessStatus, ...]]


def spec(
    name: str, code: str, *, tier: int = 0, final: frozenset[int] = frozenset()
) -> ProcessSpec:
    """Return a row that runs this code."""
    argv = (sys.executable, "-uc", code)
    return ProcessSpec(name=name, argv=argv, tier=tier, final_exit_codes=final)


@pytest.fixture
def told() -> Told:
    """What the supervisor has told of changes."""
    return []


@pytest.fixture
def supervisor(tmp_path: Path, told: Told) -> Iterator[Supervisor]:
    """A supervisor with small bounds, stopped after the test."""

    def changed(statuses: Sequence[ProcessStatus]) -> None:
        told.append(tuple(statuses))

    supervised = Supervisor(log_folder=tmp_path, changed=changed, policy=POLICY)
    yield supervised
    supervised.stop_all()


def state_of(supervisor: Supervisor, name: str) -> ProcessStatus:
    return next(each for each in supervisor.statuses() if each.name == name)


def wait(condition: Callable[[], bool]) -> None:
    assert processes.wait_until(condition, seconds_max=WAIT_SECONDS_MAX)


def test_it_is_ready_while_all_run_and_alive_while_it_watches(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    health = supervisor.health
    with watching(supervisor):
        supervisor.start(spec("good", SLEEPER))
        assert () == health.waiting()

        supervisor.start(spec("bad", "raise SystemExit(3)"))
        wait(lambda: health.waiting() == ("processes",))
        assert () == health.stalled()

    later = time.monotonic() + LOOP_SECONDS_MAX + 1
    monkeypatch.setattr(health, "_now", lambda: later)
    assert ("watch",) == health.stalled()


def test_a_process_that_always_ends_has_failed_and_the_others_go_on(
    supervisor: Supervisor, told: Told
) -> None:
    with watching(supervisor):
        supervisor.start(spec("bad", "raise SystemExit(3)"))
        supervisor.start(spec("good", SLEEPER))
        wait(lambda: state_of(supervisor, "bad").state is State.FAILED)
        bad, good = state_of(supervisor, "bad"), state_of(supervisor, "good")

    assert (2, 3, None) == (bad.restarts, bad.exit_code, bad.identity)
    assert (State.RUNNING, 0) == (good.state, good.restarts)
    assert State.FAILED in [each.state for statuses in told for each in statuses]


def test_a_final_exit_code_is_not_answered_with_a_restart(supervisor: Supervisor) -> None:
    with watching(supervisor):
        supervisor.start(spec("careful", "raise SystemExit(73)", final=frozenset({73})))
        wait(lambda: state_of(supervisor, "careful").state is State.FAILED)

    assert 0 == state_of(supervisor, "careful").restarts


def test_a_program_that_is_no_longer_there_fails_within_the_bound(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    program.symlink_to(sys.executable)
    with watching(supervisor):
        supervisor.start(ProcessSpec(name="gone", argv=(str(program), "-c", "pass")))
        program.unlink()
        wait(lambda: state_of(supervisor, "gone").state is State.FAILED)

    assert START_FAILED_CODE == state_of(supervisor, "gone").exit_code


def test_a_killed_process_runs_again_as_another(supervisor: Supervisor) -> None:
    with watching(supervisor):
        supervisor.start(spec("worker", SLEEPER))
        before = state_of(supervisor, "worker").identity
        assert before is not None
        processes.end_left_over(before, signal.SIGKILL)
        wait(lambda: state_of(supervisor, "worker").restarts == 1)
        after = state_of(supervisor, "worker")

    assert (State.RUNNING, -signal.SIGKILL) == (after.state, after.exit_code)
    assert before != after.identity


def test_nothing_is_restarted_before_it_is_due(supervisor: Supervisor) -> None:
    supervisor.start(spec("short", "pass"))
    wait(lambda: not supervisor.is_running("short"))
    now = time.monotonic()
    supervisor.watch(now=now)
    supervisor.watch(now=now)

    assert State.WAITING is state_of(supervisor, "short").state

    supervisor.watch(now=now + POLICY.backoff_seconds_max)

    assert 1 == state_of(supervisor, "short").restarts


def test_all_are_stopped_the_last_tier_first_and_only_once(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    order = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        f"    open({str(order)!r}, 'a').write('{{name}} ')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "print('up')\n"
        "time.sleep(600)\n"
    )
    rows = [("base", 0), ("first", 1), ("second", 1)]
    for name, tier in rows:
        supervisor.start(spec(name, code.format(name=name), tier=tier))
        wait(lambda name=name: (tmp_path / f"{name}.log").read_text() == "up\n")  # type: ignore[misc]

    assert () == supervisor.stop_all()
    assert "base" == order.read_text().split()[-1]
    assert {State.STOPPED} == {each.state for each in supervisor.statuses()}
    assert () == supervisor.stop_all()
