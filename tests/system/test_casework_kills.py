"""Whatever dies under load, casework does each event once and each word is published once."""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.system.casework_rig import HUB, Load, Rig, casework_rig

from credit_bus.domain.channels import RECORDS

pytestmark = pytest.mark.broker

SEEDS = (1, 2)
EVENTS = 3_000  # of each seed
SUBJECTS = 200
KILLS = 6
LOAD_SECONDS = 8.0
FREEZE_SECONDS = 8.0  # more than a session, more than an idle transaction lasts
REST_SECONDS_MAX = 60.0
WORKERS = ("casework", "casework", "relay", "relay")  # of two relays one waits


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, casework_rig(Path(home)) as rig:
        for name in WORKERS:
            rig.start(name)
        yield rig


def kill(rig: Rig, dice: random.Random) -> None:
    """End one of them without a word, and start it again."""
    victim = dice.choice(("casework", "casework", "relay", "database"))
    if victim == "database":
        rig.kill_database()
    else:
        dice.choice([each for each in rig.alive if each.stage == victim]).kill()
    rig.revive()


def trouble(rig: Rig, dice: random.Random) -> None:
    """Kill one after another, while one process is frozen; it wakes when others have its work."""
    frozen = dice.choice(rig.alive)
    frozen.freeze()
    thaw_at = time.monotonic() + FREEZE_SECONDS
    for _ in range(KILLS):
        time.sleep(dice.uniform(0.3, 1.8))
        kill(rig, dice)
    time.sleep(max(0.0, thaw_at - time.monotonic()))
    frozen.thaw()


def rest(rig: Rig, expected: int) -> None:
    """Wait until every event is done, no row is due, and all that was said is published."""
    deadline = time.monotonic() + REST_SECONDS_MAX
    seen = due = said = published = -1
    while (seen, due, said) != (expected, 0, published):
        if time.monotonic() > deadline:
            logs = "\n".join(
                f"--- {each.log.name}, exit {each.process.poll()}\n{each.log.read_text()[-1500:]}"
                for each in rig.bus.workers[-8:]
            )
            raise AssertionError(f"{seen} of {expected}, {due}, {said}, {published}\n{logs}")
        rig.revive()
        time.sleep(0.5)
        ((seen, due, said),) = rig.ask(
            "SELECT (SELECT coalesce(sum(n), 0)::int FROM casework.count WHERE what = 'seen'),"
            " (SELECT count(*)::int FROM casework.row WHERE due_on IS NOT NULL),"
            " (SELECT coalesce(sum(next_seq), 0)::int FROM casework.position)"
        )
        published = len(rig.bus.read(HUB))


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_dies_each_event_counts_once_and_each_word_is_published_once(
    rig: Rig, seed: int
) -> None:
    dice = random.Random(seed)
    before = len(rig.bus.read(RECORDS))
    numbers = range(before, before + EVENTS)
    load = Load(rig.bus.broker, numbers, subjects=SUBJECTS, seconds=LOAD_SECONDS)
    load.start()
    trouble(rig, dice)
    load.join()
    rest(rig, before + EVENTS)

    records = rig.by_lane(RECORDS, "ce_id")
    causes = rig.by_lane(HUB, "ce_causationid")
    ids = [each for lane in rig.by_lane(HUB, "ce_id").values() for each in lane]
    ticks = sum(not cause for lane in causes.values() for cause in lane)

    assert before + EVENTS == sum(map(len, records.values()))
    # In each lane the hub has said something for each event once, in the order of the events.
    assert records == {lane: [cause for cause in told if cause] for lane, told in causes.items()}
    assert len(set(ids)) == len(ids) == before + EVENTS + ticks
    # Outbox and topic hold the same in the same order, numbered without a gap.
    outbox = rig.ask(
        "SELECT lane, array_agg(seq ORDER BY seq), array_agg(pair ->> 1 ORDER BY seq)"
        " FROM casework.outbox, jsonb_array_elements(headers) AS pair"
        " WHERE pair ->> 0 = 'ce_id' GROUP BY lane"
    )
    assert rig.by_lane(HUB, "ce_id") == {lane: told for lane, _, told in outbox}
    assert all(list(range(len(seqs))) == seqs for _, seqs, _ in outbox)
    # Rows and counts agree with both.
    assert [(before + EVENTS,)] == rig.ask(
        "SELECT sum((state ->> 'n')::int)::int FROM casework.row"
    )
    assert {"seen": before + EVENTS, "ticked": ticks} == dict(
        rig.ask("SELECT what, sum(n)::int FROM casework.count GROUP BY what")
    )
    assert ticks
