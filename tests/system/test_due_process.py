"""The whole way of an action under load, whatever dies: the ledger is what the log makes of it.

From penalty to closing for many firms at once, while casework, its relay and PostgreSQL are killed.
Seeds of a run of one's own: `--seeds 7 8`.
"""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import samples
from tests.system.casework_rig import Rig, casework_rig
from tests.system.courses import IMPLEMENTERS, Case, Courses, cases
from tests.system.district_life import Load, Parties
from tests.system.replayed import messages, published, replayed, stored

from credit_bus.contracts.wire import Message
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import ACTION_CLOSED, ACTION_ENDED
from credit_bus.operations.audit import audit
from credit_bus.runtime.batch import accepted_event

pytestmark = pytest.mark.broker

SEEDS = (1, 2)
CASES = 36
FIRMS = 300  # of the load; the cases' own are among them
EVENTS = 2_000
LOAD_SECONDS = 10.0
KILLS = 4
KILL_WAIT_SECONDS = (0.8, 2.4)
SUPERVISED_SECONDS = 0.25
REST_SECONDS_MAX = 60.0
QUIET_SECONDS = 2.0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run with the seeds that were asked for."""
    metafunc.parametrize("seed", metafunc.config.getoption("--seeds") or SEEDS)


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with (
        tempfile.TemporaryDirectory(prefix="credit-bus-") as home,
        casework_rig(Path(home), core="district") as rig,
    ):
        for stage in ("gate", "router"):
            rig.bus.start(stage, "--log-level", "WARNING")
        for name in ("casework", "relay"):
            rig.start(name)
        yield rig


def kill(rig: Rig, victim: str) -> None:
    """End one of them without a word; a supervisor starts it again."""
    if victim == "database":
        rig.kill_database()
    else:
        next(each for each in rig.alive if each.stage == victim).kill()


def trouble(rig: Rig, dice: random.Random) -> None:
    """Kill one after another, each of the three at least once."""
    rest = [dice.choice(("casework", "relay", "database")) for _ in range(KILLS - 3)]
    victims = ["casework", "relay", "database", *rest]
    dice.shuffle(victims)
    for victim in victims:
        until = time.monotonic() + dice.uniform(*KILL_WAIT_SECONDS)
        while time.monotonic() < until:
            rig.revive()
            time.sleep(SUPERVISED_SECONDS)
        kill(rig, victim)


def rest(rig: Rig, parties: Parties, courses: Courses) -> None:
    """Wait until every action is closed, nobody has anything left to say, and all is published."""
    deadline = time.monotonic() + REST_SECONDS_MAX
    open_actions = said = published_ = -1
    while open_actions or said != published_ or time.monotonic() < parties.heard_at + QUIET_SECONDS:
        if time.monotonic() > deadline or parties.failure is not None:
            logs = "\n".join(
                f"--- {each.log.name}, exit {each.process.poll()}\n{each.log.read_text()[-1500:]}"
                for each in (*rig.bus.workers[:2], *rig.bus.workers[-4:])
            )
            waited = f"{open_actions} open, {said} said, {published_} out, {parties.failure!r}"
            raise AssertionError(f"{waited}\n{logs}")
        rig.revive()
        time.sleep(SUPERVISED_SECONDS)
        open_actions = len(courses.of_action) - len(courses.closed)
        ((said, published_),) = rig.ask(
            "SELECT (SELECT coalesce(sum(next_seq), 0)::int FROM casework.position),"
            " (SELECT coalesce(sum(next_seq), 0)::int FROM casework.relayed)"
        )


def closings(log: list[Message]) -> dict[str, list[Event]]:
    """The proofs of closing in the log, by action."""
    found: dict[str, list[Event]] = {}
    for message in log:
        event = accepted_event(message, samples.codec())
        if event.type == ACTION_CLOSED:
            found.setdefault(event.body["action_id"], []).append(event)
    return found


def holders_of(case: Case) -> set[str]:
    """Whom the proof must list: by the example district, four departments and one platform."""
    platforms = {route.to for route in samples.registry().routes if ACTION_ENDED in route.types}
    return {*IMPLEMENTERS, *platforms}


def test_whatever_dies_every_action_is_closed_and_the_ledger_is_what_the_log_makes_of_it(
    rig: Rig, seed: int
) -> None:
    own = cases(seed, CASES)
    courses = Courses.of(own)
    parties = Parties(rig.bus.broker, courses)
    parties.start()
    assert parties.is_listening.wait(REST_SECONDS_MAX)
    firms = range(own[0].firm, own[0].firm + FIRMS)
    numbers = range(seed * 10_000_000, seed * 10_000_000 + EVENTS)
    load = Load(rig.bus.broker, own, numbers, firms=firms, seconds=LOAD_SECONDS)
    load.start()
    trouble(rig, random.Random(seed))
    load.join()
    rest(rig, parties, courses)
    parties.end()
    log = messages(rig.bus.broker)
    expected, found = replayed(log), stored(rig)
    words = {lane: said for lane, said in expected.words.items() if said}
    closed = closings(log)
    sources = {each.id: each.source for each in map(_event, log)}

    assert expected.nexts == found.nexts
    assert expected.rows == found.rows
    assert expected.counts == found.counts
    # What the hub said stands in the outbox and in the topic: the same words, once, in order.
    assert words == dict(found.words)
    assert words == published(rig)
    assert Counter({case.action: 1 for case in own}) == courses.closed
    for case in own:
        (proof,) = closed[case.action]
        proved = {each["holder"]: each["confirmation"] for each in proof.body["holders"]}
        assert holders_of(case) == set(proved)
        assert {holder: holder for holder in proved} == {
            holder: sources[event] for holder, event in proved.items()
        }
    told = audit(rig.bus.broker, registry=samples.registry(), codec=samples.codec())
    assert [] == told.differences
    assert {} == dict(told.rejected)


def _event(message: Message) -> Event:
    return accepted_event(message, samples.codec())
