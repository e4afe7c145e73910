"""Canaries go every way and back on a real bus; rules are rehearsed on its log, and activated."""

import json
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from tests import samples
from tests.bus import Bus, flowing_bus

from credit_bus.domain.calendar import local_day
from credit_bus.domain.channels import RECORDS, outbox, replies
from credit_bus_deploy.cli import command
from credit_bus_deploy.database import apply_database

pytestmark = pytest.mark.broker

WAIT_SECONDS_MAX = 90.0
ROUTE = """types = ["licence.granted", "penalty.decided"]
to = "municipal-platform\""""


@pytest.fixture
def bus(database: str) -> Iterator[Bus]:
    apply_database(database)
    with flowing_bus() as bus:
        kept = ("--database", database, "--secret-file", str(bus.secret_file()))
        bus.run("district", "connector", "district-platform", *kept)
        yield bus


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_canaries_of_every_party_come_back_and_no_department_hears_of_them(
    bus: Bus, database: str
) -> None:
    bus.run("monitor", "monitor", "--canary-seconds", "30", "--database", database)
    registry, today = samples.registry(), local_day(datetime.now(UTC))
    parties = {code for code, each in registry.parties.items() if each.exists_on(today)}
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    told: dict[str, list[dict[str, object]]] = {}
    while time.monotonic() < deadline:
        said = run("canaries", "--json", "--database", database)
        told = json.loads(said.output)
        [district] = [each for each in told["platforms"] if each["name"] == "district-platform"]
        if district["p99"] is not None and len(told["parties"]) == len(parties):
            break
        time.sleep(1.0)

    assert district["p50"] is not None
    assert all(each["p50"] is not None for each in told["parties"] if not each["missing"])
    assert parties == {each["name"] for each in told["parties"]}
    assert [] == bus.read(replies("finance"))
    canaries = [each for each in bus.read(RECORDS) if each.text("ce_type") == "canary.sent"]
    assert "finance" in {each.text("ce_source") for each in canaries}


def test_a_changed_registry_is_rehearsed_on_the_log_and_activated_as_an_event(bus: Bus) -> None:
    for number in range(3):
        event = samples.penalty(number)
        bus.say([samples.message(event, topic=outbox(event.source))])
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while len(bus.read(RECORDS)) < 3 and time.monotonic() < deadline:
        time.sleep(0.5)
    new = bus.home / "new"
    shutil.copytree(samples.REGISTRY_FOLDER, new)
    routes = new / "routes.toml"
    assert ROUTE in routes.read_text("utf-8")
    changed = routes.read_text("utf-8").replace(ROUTE, ROUTE.replace(', "penalty.decided"', ""))
    routes.write_text(changed, "utf-8")

    here = ("--broker", bus.broker, "--registry", str(samples.REGISTRY_FOLDER))
    rehearsed = run("rules", "rehearse", str(new), *here, "--json")
    told = json.loads(rehearsed.output)
    again = run("rules", "activate", str(samples.REGISTRY_FOLDER), "--reason", "试", *here)
    activated = run("rules", "activate", str(new), "--reason", "市级平台改由专线报送处罚。", *here)

    assert 1 == rehearsed.exit_code
    [loss] = told["losses"]
    assert ("penalty.decided", "municipal-platform", 3) == (
        loss["type"],
        loss["party"],
        loss["number"],
    )
    assert 2 == again.exit_code
    assert 0 == activated.exit_code, activated.output
    [event] = [each for each in bus.read(RECORDS) if each.text("ce_type") == "rules.activated"]
    assert samples.HUB == event.text("ce_source")
    assert told["new_version"] in activated.output
