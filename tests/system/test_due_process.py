"""The whole way of an action under load, whatever dies: the ledger is what the log makes of it.

From penalty to closing for many firms at once, while casework, its relay and PostgreSQL are killed.
Seeds of a run of one's own: `--seeds 7 8`.
"""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests import samples
from tests.system.casework_rig import Rig, casework_rig
from tests.system.courses import IMPLEMENTERS, Case, Courses, cases
from tests.system.district_life import Load, Parties
from tests.system.replayed import messages, published, replayed, stored

from credit_bus.contracts.wire import Message
from credit_bus.domain.calendar import local_day, moment_of
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import ACTION_CLOSED, ACTION_ENDED, DELIVERY_CONFIRMED
from credit_bus.domain.routes import platforms_of
from credit_bus.operations.audit import audit
from credit_bus.runtime.batch import accepted_event

pytestmark = pytest.mark.broker

SEEDS = (1,)
CASES = 36
FIRMS = 300  # of the load; the cases' own are among them
EVENTS = 2_000
LOAD_SECONDS = 10.0
KILLS = 4
KILL_WAIT_SECONDS = (0.8, 2.4)
SUPERVISED_SECONDS = 0.25
REST_SECONDS_MAX = 90.0
HUB = samples.HUB.encode()
CONFIRMED = DELIVERY_CONFIRMED.encode()


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


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far all is, by those who cannot lose count: whoever speaks, the log, the database."""

    open_actions: int
    spoken: int  # by parties, in their outboxes
    logged: int  # of that
    owed: int  # confirmations of platforms
    stepped: int  # all of the log
    said: int  # by casework
    published: int

    @property
    def rests(self) -> bool:
        """Whether nothing is on its way: then nobody has anything to say any more."""
        return (self.open_actions, self.owed, self.spoken, self.said, self.stepped) == (
            0,
            0,
            self.logged,
            self.published,
            self.logged + self.published,
        )


def progress(rig: Rig, *, spoken: int, courses: Courses) -> Progress:
    """Look at all of it; at the log, which takes a while, only when the rest is as it must be."""
    ((stepped, said, published_),) = rig.ask(
        "SELECT (SELECT coalesce(sum(n), 0)::int FROM casework.count WHERE what = 'said'),"
        " (SELECT coalesce(sum(next_seq), 0)::int FROM casework.position),"
        " (SELECT coalesce(sum(next_seq), 0)::int FROM casework.relayed)"
    )
    open_actions = len(courses.of_action) - len(courses.closed)
    is_near = not open_actions and said == published_ and stepped == spoken + said
    log = messages(rig.bus.broker) if is_near else []
    return Progress(
        open_actions=open_actions,
        spoken=spoken,
        logged=said_by_parties(log),
        owed=owed(log),
        stepped=stepped,
        said=said,
        published=published_,
    )


def said_by_parties(log: list[Message]) -> int:
    """How many records of the log are not the hub's."""
    return sum(dict(message.headers)["ce_source"] != HUB for message in log)


def owed(log: list[Message]) -> int:
    """How many confirmations the log still lacks."""
    lacking = 0
    for message in log:
        if dict(message.headers)["ce_type"] == CONFIRMED:
            lacking -= 1
            continue
        event, day = _event(message), local_day(moment_of(message.timestamp_ms))
        registry = samples.registry()
        lacking += len(platforms_of(event.type, event.body, registry, day, key=event.subject))
    return lacking


def rest(rig: Rig, parties: Parties, courses: Courses, *, spoken_else: int) -> None:
    """Wait until every action is closed, and all that was said is logged, stepped, published."""
    deadline = time.monotonic() + REST_SECONDS_MAX
    while not (found := progress(rig, spoken=spoken_else + parties.said, courses=courses)).rests:
        if time.monotonic() > deadline or parties.failure is not None:
            logs = "\n".join(
                f"--- {each.log.name}, exit {each.process.poll()}\n{each.log.read_text()[-1500:]}"
                for each in (*rig.bus.workers[:2], *rig.bus.workers[-4:])
            )
            raise AssertionError(f"{found}, {parties.failure!r}\n{logs}")
        rig.revive()
        time.sleep(SUPERVISED_SECONDS)


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
    before = said_by_parties(messages(rig.bus.broker))
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
    rest(rig, parties, courses, spoken_else=before + len(load.events))
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
