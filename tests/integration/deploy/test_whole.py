"""The whole table on one machine: everybody joins, who is killed joins again, nobody is left."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from credit_bus_deploy import processes, ready
from credit_bus_deploy.installation import Options, installation
from credit_bus_deploy.restarts import State

WAIT_SECONDS_MAX = 30.0
KILLED = ("worker-gate", "worker-casework", "relay")

pytestmark = pytest.mark.broker


def test_the_whole_installation_starts_recovers_and_ends(new_home: Path) -> None:
    with installation(Options(home=new_home, partitions=1)) as running:
        running.wait_ready()
        started = running.statuses()

        assert {State.RUNNING} == {each.state for each in started}
        expected = {"kafka", "postgres", "worker-gate", "worker-router", "worker-casework"}
        assert expected | {"relay", "folders", "web"} < {each.name for each in started}

        for victim in (each for each in started if each.name in KILLED):
            assert victim.identity is not None
            os.kill(victim.identity.pid, signal.SIGKILL)

        assert processes.wait_until(
            lambda: {1} == {restarts_of(running, name) for name in KILLED},
            seconds_max=WAIT_SECONDS_MAX,
        )
        running.wait_ready()
        everyone = [each.identity for each in running.statuses() if each.identity is not None]

    assert not [each for each in everyone if processes.is_alive(each)]
    assert not (new_home / "run" / "state.json").exists()


def test_a_broker_and_a_database_that_exist_are_used_and_left_alone(
    new_home: Path, broker: str, database: str
) -> None:
    given = Options(home=new_home, broker=broker, database=database, infrastructure_only=True)
    with installation(given) as running:
        assert (broker, database) == (running.broker, running.database)
        assert () == running.statuses()
        assert running.home.registry == running.addresses.registry_folder

    with installation(given) as running:
        running.wait_ready()


def restarts_of(running: Any, name: str) -> int:
    return next(each.restarts for each in running.statuses() if each.name == name)


def test_schemas_and_topics_commands_agree_with_this_release(
    credit_bus: Callable[..., Any], running_up: Any
) -> None:
    broker = running_up.record().addresses["broker"]
    ready.wait_for_broker(broker)  # another test may have killed it just now
    schemas = credit_bus("schemas", "check")
    applied = credit_bus("topics", "apply", "--broker", broker, "--partitions", "1")
    planned = credit_bus("topics", "plan", "--broker", broker, "--partitions", "1", "--json")
    refused = credit_bus("topics", "plan", "--broker", broker, "--partitions", "2")

    assert (0, "") == (schemas.returncode, schemas.stderr)
    assert "create   credit.records: 1 partitions" in applied.stdout
    assert '"is_done": true' in planned.stdout
    assert (2, True) == (refused.returncode, "breaks their order" in refused.stdout)
