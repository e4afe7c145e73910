"""Workers come and go under a backlog: nothing fetched across a rebalance is lost or twice.

Where a partition has no committed offset yet, where a lane's queue is full, and where a member
without partitions takes over, a rebalance is harder than a kill in a quiet moment.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests import samples
from tests.bus import Bus, Worker, own_bus

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, outbox
from credit_bus.operations.audit import audit

SESSION_TIMEOUT_SECONDS = 6
BACKLOG = 20_000
BAD_EVERY = 4
FRESH_PARTIES = 12
REST_SECONDS_MAX = 120.0


@pytest.fixture
def bus() -> Iterator[Bus]:
    with (
        tempfile.TemporaryDirectory(prefix="credit-bus-") as home,
        own_bus(Path(home), partitions=3) as running,
    ):
        yield running


def start(bus: Bus, stage: str) -> Worker:
    return bus.start(stage, "--session-timeout", str(SESSION_TIMEOUT_SECONDS))


def story(number: int) -> Message:
    """Many subjects; every fourth is refused, and the refusal shows a double by its origin."""
    changes = {"violation": ""} if number % BAD_EVERY == 0 else {}
    return samples.message(
        samples.penalty(number % 5_000, document_number=f"甘示罚〔2026〕{number}号", **changes)
    )


def fresh(first: int) -> list[Message]:
    """One refusal each from parties that never said anything, in every partition they reach.

    Not from the hub: what it says and the gate refuses is a finding of the auditor.
    """
    others = sorted(samples.registry().parties.keys() - {samples.PENALISING, samples.HUB})
    parties = others[first : first + FRESH_PARTIES]
    return [
        replace(samples.message(samples.penalty(number)), topic=outbox(party))
        for party in parties
        for number in range(6)
    ]


def rest(bus: Bus, accepted: int, refused: int) -> None:
    """Wait until everything said is judged and routed."""
    deadline = time.monotonic() + REST_SECONDS_MAX
    topics = (RECORDS, inbox("district-platform"), QUARANTINE)
    held: tuple[int, ...] = ()
    while held != (accepted, accepted, refused):
        dead = [(w.stage, w.process.poll()) for w in bus.workers if w.process.poll() is not None]
        assert time.monotonic() < deadline, f"{topics} hold {held}; ended: {dead}"
        time.sleep(1.0)
        held = tuple(len(bus.read(topic)) for topic in topics)


def why_it_ended(worker: Worker) -> list[str]:
    """What a worker logged last, when it ended."""
    if worker.process.poll() is None:
        return []
    return worker.log.read_text().splitlines()[-1:] or ["ended without a word"]


@pytest.mark.timeout(300)
def test_members_that_join_and_take_over_lose_and_double_nothing(bus: Bus) -> None:
    bus.say([story(number) for number in range(BACKLOG)])
    late: list[Message] = []

    first = [start(bus, "gate"), start(bus, "router")]
    bus.read_until([RECORDS], lambda seen: len(seen) > 0)
    for stage in ("gate", "router", "gate", "router", "gate"):  # the last gates are standbys
        more = fresh(len(late) // 6)
        late += more
        bus.say(more)
        start(bus, stage)
        time.sleep(1.0)
    for worker in first:
        worker.freeze()
    late_story = [story(number) for number in range(BACKLOG, BACKLOG + 3_000)]
    bus.say(late_story)
    time.sleep(SESSION_TIMEOUT_SECONDS + 3.0)
    for worker in first:
        worker.thaw()
    total = BACKLOG + len(late_story)
    rest(bus, accepted=total - total // BAD_EVERY, refused=total // BAD_EVERY + len(late))
    found = audit(bus.broker, registry=samples.registry(), codec=samples.codec(), connectors=False)
    later = [worker for worker in bus.workers if worker not in first]

    assert [] == found.differences
    assert total + len(late) == sum(found.said.values())
    assert [] == [told for worker in later for told in why_it_ended(worker)]
