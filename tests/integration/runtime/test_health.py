"""What a worker tells of itself is so: its counts are those of the log, its readiness the broker's.

Each process here listens at a port of its own, as under `credit-bus up`.
"""

import os
import signal
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests import samples
from tests.bus import Bus, Worker, own_bus

from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox
from credit_bus.runtime.ending import ExitCode
from credit_bus_deploy import ports, processes
from credit_bus_deploy.standing import standing_at

pytestmark = pytest.mark.broker

WAIT_SECONDS_MAX = 90.0
GOOD, BAD = 5, 2


@pytest.fixture
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        yield running


def start(bus: Bus, stage: str) -> tuple[Worker, int]:
    port = ports.free_port()
    return bus.start(stage, "--health-port", str(port)), port


def wait_for(word: str, port: int) -> None:
    processes.wait_until(lambda: standing_at(port).word == word, seconds_max=WAIT_SECONDS_MAX)

    assert word == standing_at(port).word


def series(port: int) -> dict[tuple[str, ...], float]:
    """Return the values by name and the labels' values, sorted by label."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def say_some(bus: Bus) -> None:
    good = [samples.penalty(number) for number in range(GOOD)]
    bad = [replace(samples.penalty(100 + number), id="0" * 32) for number in range(BAD)]
    bus.say([samples.message(event) for event in (*good, *bad)])


def test_the_counts_of_gate_and_router_are_those_of_the_topics(bus: Bus) -> None:
    _, gate = start(bus, "gate")
    _, router = start(bus, "router")
    say_some(bus)
    district = inbox("district-platform")
    bus.read_until([RECORDS], lambda seen: len(seen) == GOOD)
    bus.read_until([QUARANTINE], lambda seen: len(seen) == BAD)
    bus.read_until([district], lambda seen: len(seen) == GOOD)

    told = series(gate)
    party = samples.penalty().source
    assert GOOD == told["credit_bus_events_judged_total", party, "accepted"]
    assert BAD == told["credit_bus_events_judged_total", party, "refused"]
    assert GOOD + BAD == told["credit_bus_events_read_total", "gate"]
    assert GOOD == told["credit_bus_events_written_total", "records", "gate"]
    assert BAD == told["credit_bus_events_written_total", "quarantine", "gate"]
    assert GOOD + BAD == told["credit_bus_events_written_total", "replies", "gate"]
    assert BAD == told["credit_bus_refusals_total", "id-not-from-content", "gate"]
    assert 4 == told["credit_bus_lanes_held", "gate"]
    assert told["credit_bus_commit_seconds_count", "gate"] >= 1
    assert 1 == told["credit_bus_ready",]
    forwarded = len([each for each in bus.read(district) if each.topic == district])
    assert forwarded <= series(router)["credit_bus_events_written_total", "inbox", "router"]


def test_a_worker_is_ready_with_its_lanes_and_no_more_when_the_broker_is_gone(bus: Bus) -> None:
    worker, port = start(bus, "router")
    wait_for("ready", port)
    os.kill(bus.broker_pid, signal.SIGSTOP)
    try:
        processes.wait_until(
            lambda: not standing_at(port).is_ready or worker.process.poll() is not None,
            seconds_max=WAIT_SECONDS_MAX,
        )

        assert not standing_at(port).is_ready
    finally:
        os.kill(bus.broker_pid, signal.SIGCONT)


def test_a_worker_that_takes_over_is_ready_once_it_has_the_lanes(bus: Bus) -> None:
    first, first_port = start(bus, "gate")
    wait_for("ready", first_port)
    first.kill()
    assert "silent" == standing_at(first_port).word

    _, second_port = start(bus, "gate")
    wait_for("ready", second_port)

    assert 4 == series(second_port)["credit_bus_lanes_held", "gate"]


def test_a_port_that_is_taken_ends_the_process_with_a_sentence(bus: Bus) -> None:
    _, port = start(bus, "router")
    wait_for("ready", port)
    second = bus.start("router", "--health-port", str(port))

    assert processes.wait_until(
        lambda: second.process.poll() is not None, seconds_max=WAIT_SECONDS_MAX
    )
    assert 2 == second.process.poll()
    assert "give another --health-port" in second.log.read_text()
    assert int(ExitCode.STOPPED) != second.process.poll()
