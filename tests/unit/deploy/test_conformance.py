"""The kit's command refuses what it cannot run, and its page says the verdict first."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests import samples

from credit_bus.conformance.catalogue import CHECKS
from credit_bus.conformance.look import Finding
from credit_bus.conformance.plan import make_plan
from credit_bus.conformance.verdict import Outcome, Status, Verdict, conclude, to_json
from credit_bus_deploy import processes
from credit_bus_deploy.cli import command
from credit_bus_deploy.cli_conformance import EXIT_CODES
from credit_bus_deploy.conformance.adapters import CommandAdapter, OperatorAdapter
from credit_bus_deploy.conformance.page import VERDICTS, to_html, to_text
from credit_bus_deploy.failures import InstallationError
from credit_bus_deploy.ports import free_port

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
SPITEFUL = "<script>alert(1)</script>"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ("conformance", *arguments), prog_name="credit-bus")


def check(result: Result, sentence: str) -> None:
    assert 2 == result.exit_code
    assert sentence in result.stderr.strip().splitlines()[-1]
    assert "Traceback" not in result.stderr


@pytest.fixture
def outcome() -> Outcome:
    """One check failed, one was not tested, one does not apply, all others passed."""
    registry = samples.registry()
    plan = make_plan(registry.parties[samples.PENALISING], registry=registry, now=NOW)
    empty = conclude(plan, [], registry_version="abc", started_at=NOW, ended_at=NOW)
    wrong = Finding(
        topic="credit.outbox.x", partition=1, offset=7, field="ce_id", seen=SPITEFUL, wanted="别的"
    )
    states = [Status.FAILED, Status.UNTESTED, Status.NOT_APPLICABLE]
    states += [Status.PASSED] * (len(CHECKS) - len(states))
    results = tuple(
        replace(
            result,
            status=status,
            findings=(wrong,) if status is Status.FAILED else (),
            why="没有见到" if status in {Status.UNTESTED, Status.NOT_APPLICABLE} else None,
        )
        for result, status in zip(empty.results, states, strict=True)
    )
    return replace(empty, results=results)


@contextmanager
def typed(text: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Standard input at which somebody has typed this, and waits."""
    reading, writing = os.pipe()
    os.write(writing, text)
    with os.fdopen(reading) as stream:
        monkeypatch.setattr("sys.stdin", stream)
        yield
    os.close(writing)


def test_an_unknown_party_is_refused() -> None:
    check(run("--party", "nobody"), "the registry has no department nobody")


def test_a_platform_is_refused() -> None:
    check(run("--party", "district-platform"), "has no department district-platform")


def test_a_department_that_may_say_nothing_is_refused() -> None:
    check(run("--party", "informatisation"), "there is nothing to try")


def test_a_folder_with_statements_of_an_earlier_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1-statements.json").write_text("{}")

    check(run("--party", "finance", "--folder", str(tmp_path)), "give an empty --folder")


def test_a_broker_that_is_not_there_is_refused(tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"

    check(run("--party", "finance", "--broker", address), f"no broker listens at {address}")


def test_a_command_that_is_no_program_is_refused(tmp_path: Path) -> None:
    adapter = CommandAdapter(("no-such-adapter",), {}, tmp_path, lambda _: None)

    with pytest.raises(InstallationError, match="no-such-adapter cannot be started"):
        adapter.start()


def test_an_adapter_that_ended_by_itself_is_told_of(tmp_path: Path) -> None:
    told: list[str] = []
    adapter = CommandAdapter(
        (sys.executable, "-c", "raise SystemExit(3)"), {}, tmp_path, told.append
    )
    adapter.start()
    assert processes.wait_until(lambda: adapter.exit_code is not None, seconds_max=20)
    adapter.kill()
    adapter.kill()

    assert 1 == len(told)
    assert "退出码 3" in told[0]


def test_a_person_who_does_not_answer_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    with typed(b"", monkeypatch), pytest.raises(InstallationError, match="nobody answered"):
        OperatorAdapter(asked.append, seconds_max=0.05).start()

    assert ["请启动适配器，启动后按回车"] == asked


def test_each_line_that_a_person_types_answers_one_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    adapter = OperatorAdapter(asked.append, seconds_max=0.05)
    with typed(b"\nyes\n", monkeypatch):
        adapter.start()
        adapter.kill()
        with pytest.raises(InstallationError):
            adapter.hand(Path("1-statements.json"))

    assert 3 == len(asked)


def test_the_exit_code_tells_the_verdict() -> None:
    assert {str(each): code for each, code in zip(Verdict, (0, 1, 2), strict=True)} == EXIT_CODES


def test_the_page_says_verdict_failures_untested_passed_in_this_order(outcome: Outcome) -> None:
    page = to_html(outcome)
    told = [
        VERDICTS[Verdict.FAILED],
        outcome.of(Status.FAILED)[0].check.remedy,
        "为何未能检测",
        "通过的检查项",
        "检测范围之外",
    ]
    places = [page.index(each) for each in told]

    assert sorted(places) == places
    assert all(result.check.code in page for result in outcome.results)


def test_what_an_adapter_wrote_cannot_act_on_the_page(outcome: Outcome) -> None:
    assert SPITEFUL not in to_html(outcome)
    assert "&lt;script&gt;" in to_html(outcome)


def test_the_page_needs_nothing_else(outcome: Outcome) -> None:
    page = to_html(outcome)

    assert not any(word in page for word in ("http:", "https:", "src=", "<link", "@import"))


def test_terminal_and_json_say_the_same_as_the_page(outcome: Outcome) -> None:
    told = to_json(outcome)
    failed = [each for each in told["checks"] if each["status"] == "failed"]

    assert "failed" == told["verdict"]
    assert [7] == [each["findings"][0]["offset"] for each in failed]
    assert len(CHECKS) == len(told["checks"])
    assert failed[0]["remedy"] in to_text(outcome)
    assert "未通过 1，未能检测 1，不适用 1" in to_text(outcome)
