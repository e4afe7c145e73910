"""Kafka's own group tool, run on a broker: what others say of the same offsets."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bus import fresh_node

from credit_bus_deploy import jars
from credit_bus_deploy.kafka import java_command

LOCK_FILE = Path(__file__).with_name("kafka_tools.lock.toml")
MAIN_CLASS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"
TOOL_SECONDS_MAX = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRow:
    """A partition as the tool describes it; None where it prints a dash."""

    committed: int | None
    end: int | None
    lag: int | None


def described(
    broker: str, groups: Sequence[str], home: Path
) -> dict[tuple[str, str, int], ToolRow]:
    """Return what the tool says of each partition of the groups."""
    node = fresh_node(home)
    own = jars.ensure_jars(
        jars.parse_lock(LOCK_FILE.read_text(encoding="utf-8")), jars.cache_folder()
    )
    node = replace(node, jars=(*node.jars, *own))
    named = [part for group in groups for part in ("--group", group)]
    command = java_command(
        node, MAIN_CLASS, "--bootstrap-server", broker, "--describe", "--offsets", *named
    )
    answer = subprocess.run(
        command, capture_output=True, text=True, timeout=TOOL_SECONDS_MAX, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    found = {}
    for line in answer.stdout.splitlines():
        words = line.split()
        if words and words[0] in groups:
            group, topic, partition, committed, end, lag = words[:6]
            found[group, topic, int(partition)] = ToolRow(
                committed=_number(committed), end=_number(end), lag=_number(lag)
            )
    assert found, answer.stdout + answer.stderr
    return found


def _number(word: str) -> int | None:
    return None if word == "-" else int(word)
