"""Whatever dies: workers are killed and frozen under load, and an auditor finds nothing amiss."""

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import samples
from tests.bus import Bus, Worker, own_bus

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import RECORDS, inbox, outbox
from credit_bus.operations.audit import audit

KILLS = 10
FREEZES = 2
SESSION_TIMEOUT_SECONDS = 6
FREEZE_SECONDS = 9
EVENTS = 30_000
SUBJECTS = 400
BAD_EVERY = 20
CHUNK = 250
REST_SECONDS_MAX = 120.0


@pytest.fixture
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        yield running


def start(bus: Bus, stage: str) -> Worker:
    return bus.start(stage, "--session-timeout", str(SESSION_TIMEOUT_SECONDS))


def story(number: int) -> Message:
    """The n-th message: subjects in turn, one document each, every so often a bad one."""
    changes = {"violation": ""} if number % BAD_EVERY == 0 else {}
    document = f"甘区市监罚〔2026〕{number}号"
    event = samples.penalty(number % SUBJECTS, document_number=document, **changes)
    return samples.message(event)


class Load(threading.Thread):
    """Says the whole story, a chunk at a time, at a pace that outlasts the kills."""

    def __init__(self, bus: Bus, seconds: float) -> None:
        super().__init__(daemon=True)
        self.bus = bus
        self.pause = seconds / (EVENTS / CHUNK)

    def run(self) -> None:
        for first in range(0, EVENTS, CHUNK):
            began = time.monotonic()
            self.bus.say([story(number) for number in range(first, first + CHUNK)])
            time.sleep(max(0.0, self.pause - (time.monotonic() - began)))


def revive(bus: Bus, alive: list[Worker]) -> list[Worker]:
    """What a supervisor does: start again what died."""
    return [w if w.process.poll() is None else start(bus, w.stage) for w in alive]


def rest(bus: Bus, alive: list[Worker]) -> None:
    """Wait until everything said is judged and routed; keep reviving meanwhile."""
    good = EVENTS - EVENTS // BAD_EVERY
    deadline = time.monotonic() + REST_SECONDS_MAX
    counted: tuple[int, int] = (0, 0)
    while counted != (good, good):
        assert time.monotonic() < deadline, f"records and inbox hold {counted}, not {good}"
        alive[:] = revive(bus, alive)
        time.sleep(1.0)
        counted = (len(bus.read(RECORDS)), len(bus.read(inbox("district-platform"))))


@pytest.mark.timeout(420)
def test_nothing_is_lost_doubled_or_reordered_whatever_dies(bus: Bus) -> None:
    seed = random.randrange(1_000_000)
    dice = random.Random(seed)
    alive = [start(bus, stage) for stage in ("gate", "gate", "router", "router")]
    load = Load(bus, seconds=FREEZES * FREEZE_SECONDS + KILLS * 2.0)
    load.start()
    time.sleep(3.0)
    kills = freezes = 0
    for _ in range(FREEZES):
        victim = dice.choice(alive)
        victim.freeze()
        freezes += 1
        thaw_at = time.monotonic() + FREEZE_SECONDS
        others = [worker for worker in alive if worker is not victim]
        for _ in range(KILLS // FREEZES):
            time.sleep(dice.uniform(0.5, 2.5))
            target = dice.choice(others)
            target.kill()
            kills += 1
            others = revive(bus, others)
        time.sleep(max(0.0, thaw_at - time.monotonic()))
        victim.thaw()
        alive = revive(bus, [*others, victim])
    load.join()
    rest(bus, alive)
    found = audit(bus.broker, registry=samples.registry(), codec=samples.codec(), connectors=False)

    assert (KILLS, FREEZES) == (kills, freezes)
    assert [] == found.differences
    assert EVENTS == sum(found.said.values()) == len(bus.read(outbox(samples.PENALISING)))
    assert EVENTS // BAD_EVERY == sum(found.rejected.values())
    assert EVENTS - EVENTS // BAD_EVERY == sum(found.accepted.values())
