"""Windows of a rebalance, held open: each lost, doubled or halted once, and must not again."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests import samples
from tests.bus import WAIT_SECONDS_MAX, Bus, Worker, own_bus
from tests.system.slow_worker import SESSION_SECONDS

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, outbox

ROOT = Path(__file__).parents[2]
QUIET_SECONDS = 5.0
Place = tuple[str, str, str]


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as folder:
        yield Path(folder)


def start(bus: Bus, name: str, **seconds: float) -> tuple[Worker, Path]:
    """Start a gate whose moments take that long; return it and its folder."""
    folder = bus.home / name
    log = bus.home / f"{name}.log"
    command = [sys.executable, str(ROOT / "tests/system/slow_worker.py"), bus.broker, str(folder)]
    command += [f"{moment}={value}" for moment, value in seconds.items()]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=stream, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    worker = Worker("gate", process, log)
    bus.workers.append(worker)
    return worker, folder


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def nonsense(party: str, number: int = 0) -> Message:
    """A message that is refused: a refusal names its origin, so that a double shows."""
    good = samples.message(samples.penalty())
    return replace(good, topic=outbox(party), value=b"%d" % number)


def refusals(bus: Bus) -> list[Place]:
    return [
        (
            record.text("quarantine-topic"),
            record.text("quarantine-partition"),
            record.text("quarantine-offset"),
        )
        for record in bus.read(QUARANTINE)
    ]


def started(worker: Worker) -> bool:
    return "lanes.started" in worker.log.read_text()


def test_what_a_fetch_brings_across_a_rebalance_from_fresh_partitions_is_not_lost(
    home: Path,
) -> None:
    """A partition without a committed offset must be sought back to its beginning."""
    with own_bus(home, partitions=12) as bus:
        first, _ = start(bus, "first", revoke=0.3, fence=0.6)
        until(lambda: started(first), "the first worker did not start")
        start(bus, "second", revoke=0.3, fence=0.6)
        parties = sorted(samples.registry().parties)
        for partition in range(12):
            for first_of in range(0, len(parties), 10):
                messages = [nonsense(party) for party in parties[first_of : first_of + 10]]
                bus.say(messages, partition=partition)
        said = 12 * len(parties)
        until(lambda: len(refusals(bus)) >= said, f"{said} said, not all judged")
        judged = refusals(bus)

    assert said == len(judged) == len(set(judged))


def test_a_standby_does_not_fetch_before_it_has_fenced_the_former_owner(home: Path) -> None:
    """The owner is frozen inside a transaction and commits it while the other takes over."""
    moments = {"commit": 1.0, "fence": 3.0, "seek": 2.5}
    with own_bus(home, partitions=1) as bus:
        first = start(bus, "first", **moments)
        until(lambda: started(first[0]), "the first worker did not start")
        second = start(bus, "second", **moments)
        until((second[1] / "fence").exists, "the second worker did not join")
        time.sleep(QUIET_SECONDS)
        bus.say([nonsense("finance", number) for number in range(3)])
        until(lambda: len(refusals(bus)) == 3, "the first three were not judged")
        for _, folder in (first, second):
            (folder / "fence").unlink()
            (folder / "arm").touch()
        bus.say([nonsense("finance", number) for number in range(5)])
        owner, standby = whose_commit_is_slow(first, second)
        owner.freeze()
        (standby / "arm").unlink()
        until((standby / "fence").exists, "the standby was not assigned")
        owner.thaw()
        until(lambda: len(refusals(bus)) >= 8, "not all were judged")
        time.sleep(QUIET_SECONDS)
        judged = refusals(bus)

    assert [str(offset) for offset in range(8)] == sorted(offset for _, _, offset in judged)


def test_who_reads_the_log_for_longer_than_a_session_stays_in_the_group(home: Path) -> None:
    with own_bus(home, partitions=1) as bus:
        worker, _ = start(bus, "late", open=1.5 * SESSION_SECONDS)
        bus.say([nonsense("finance", number) for number in range(3)])
        until(lambda: started(worker), "the worker did not start")
        until(lambda: len(refusals(bus)) == 3, "what was said was not judged")
        time.sleep(SESSION_SECONDS)
        code = worker.process.poll()
        starts = worker.log.read_text().count("lanes.started")

    assert code is None
    assert 1 == starts, "it was put out of the group, and came back"


def test_who_is_stopped_while_it_reads_the_log_stops_at_once(home: Path) -> None:
    with own_bus(home, partitions=1) as bus:
        worker, folder = start(bus, "late", open=WAIT_SECONDS_MAX)
        until((folder / "open").exists, "the worker did not begin to read")
        worker.process.terminate()
        code = worker.process.wait(WAIT_SECONDS_MAX / 2)

    assert 0 == code


def whose_commit_is_slow(*pair: tuple[Worker, Path]) -> tuple[Worker, Path]:
    """The worker that owns the partition, whichever the assignor chose, and the other's folder."""
    until(lambda: any((folder / "commit").exists() for _, folder in pair), "no one commits")
    (_, ours), (_, theirs) = sorted(pair, key=lambda one: not (one[1] / "commit").exists())
    owner = next(worker for worker, folder in pair if folder == ours)
    return owner, theirs
