"""The kit as a command, with a broker and an adapter's process of its own."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaConsumer
from tests import samples
from tests.integration.departments.small_gate import make_topics

from credit_bus_deploy.cli import command
from credit_bus_deploy.conformance.brokers import require_no_bus
from credit_bus_deploy.failures import InstallationError

pytestmark = pytest.mark.broker

EXAMPLE = f"{sys.executable} -m credit_bus_connectors.departments.example"
PARTY = """
[[department]]
code = "{code}"
name = "新局"
since = 2020-01-01
publishes = ["penalty.decided", "record.corrected", "record.withdrawn"]
checked = false
"""
BOUNDS = ("--answer-seconds", "20", "--resend-seconds", "20", "--quiet-seconds", "1")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ("conformance", *BOUNDS, *arguments))


def test_a_broker_on_which_a_bus_runs_is_refused(
    broker: str, unique_name: Callable[[str], str]
) -> None:
    with KafkaConsumer(bootstrap_servers=broker, group_id="credit-bus.gate") as gate:
        make_topics(broker, name := unique_name("dept"))
        gate.subscribe([f"credit.outbox.{name}"])
        gate.poll(timeout_ms=5_000)

        with pytest.raises(InstallationError, match="a bus runs on the broker"):
            require_no_bus(broker)


def test_an_adapter_that_never_speaks_fails_and_the_command_says_so(
    broker: str, unique_name: Callable[[str], str], tmp_path: Path
) -> None:
    make_topics(broker, party := unique_name("dept"))
    registry = shutil.copytree(samples.REGISTRY_FOLDER, tmp_path / "registry")
    with (registry / "parties.toml").open("a", encoding="utf-8") as stream:
        stream.write(PARTY.format(code=party))
    result = run(
        "--party", party, "--command", "sleep 600", "--folder", str(tmp_path / "f"),
        "--broker", broker, "--registry", str(registry), "--json", str(tmp_path / "r.json"),
        *("--answer-seconds", "1", "--resend-seconds", "1"),
    )  # fmt: skip
    told = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    failed = {each["code"] for each in told["checks"] if each["status"] == "failed"}

    assert 1 == result.exit_code
    assert "say-arrives" in failed
    assert "要求报送的都已到达" in result.stdout


def test_the_example_adapter_passes_through_the_command(tmp_path: Path) -> None:
    result = run(
        "--party", samples.PENALISING, "--command", EXAMPLE, "--folder", str(tmp_path / "f"),
        "--json", str(tmp_path / "r.json"), "--report", str(tmp_path / "r.html"),
    )  # fmt: skip
    told = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))

    assert 0 == result.exit_code, result.output
    assert "passed" == told["verdict"]
    assert {"passed"} == {each["status"] for each in told["checks"]}
    assert "可以接入" in (tmp_path / "r.html").read_text(encoding="utf-8")
