"""The recount from the log of record comes to casework's counts, and sees what is not in it."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tests import samples
from tests.unit.casework.play import Kept, play
from tests.unit.casework.story import AFTER, BEFORE, SYMBOLS, Told, casework, go_on, settle

from credit_bus.casework.counts import COLUMNS
from credit_bus.operations.recount import CountKey, Logged, recount

HISTORIES = 500
SYMBOLS_MIN, SYMBOLS_MAX = 6, 20
KINDS_MIN, KINDS_MAX = 3, 9  # few at a time, so that what is counted comes about often
WORDS_MAX = 3
DAY = BEFORE.date()
PARTY = samples.PENALISING


def told(symbols: Sequence[str], dice: random.Random | None = None) -> tuple[Told, list[Logged]]:
    """Play a story; what the hub says lies in the log at once, or a while later with `dice`."""
    core = casework()
    story = Told()
    log: list[Logged] = []
    for symbol in symbols:
        story = go_on(story, symbol, core)
        log += [Logged(event=event, moment=story.now) for event in story.log]
        words_max = 1_000 if dice is None else dice.randint(0, WORDS_MAX)
        story = settle(replace(story, log=()), core, words_max=words_max)
        log += [Logged(event=event, moment=story.now) for event in story.log]
    story = settle(replace(story, log=()), core)
    return story, log + [Logged(event=event, moment=story.now) for event in story.log]


def counted(*symbols: str) -> dict[str, int]:
    """What the recount of a story comes to for market regulation on its first day."""
    _, log = told(symbols)
    found = recount(log, samples.registry())
    return {what: n for (day, party, what), n in found.items() if (day, party) == (DAY, PARTY)}


def symbols_of(dice: random.Random) -> list[str]:
    kinds = [*dice.sample(SYMBOLS, dice.randint(KINDS_MIN, KINDS_MAX)), "initiate"]
    return dice.choices(kinds, k=dice.randint(SYMBOLS_MIN, SYMBOLS_MAX))


def test_what_is_missing_from_the_log_is_missing_from_the_recount() -> None:
    story, log = told(["state", "initiate", "accept", "execute", "doubt record", "uphold record"])
    whole = recount(log, samples.registry())

    assert dict(story.kept.counts) == whole
    for number in range(len(log)):
        assert whole != recount(log[:number] + log[number + 1 :], samples.registry())


def test_the_recount_of_random_histories_is_what_casework_counted() -> None:
    met: Counter[str] = Counter()
    for seed in range(HISTORIES):
        dice = random.Random(seed)
        symbols = symbols_of(dice)
        story, log = told(symbols, dice)
        found = recount(log, samples.registry())

        assert dict(story.kept.counts) == found, (seed, symbols)
        met.update(what for _, _, what in found)

    assert set(COLUMNS) == set(met)


def test_feedback_of_who_said_yes_twice_counts_once() -> None:
    story, log = told(["initiate", "accept", "accept", "execute"])

    assert dict(story.kept.counts) == recount(log, samples.registry())


def test_who_is_not_asked_again_is_not_counted_again() -> None:
    core, kept = casework(), Kept()
    fewer = samples.initiation_body(1, measures=[samples.COURT_MEASURES[0]])
    asked = samples.initiation(1)
    again = samples.said(asked.type, fewer, party=samples.COURT, revision=2)
    for event in (asked, again):
        kept = play(core, kept, event, BEFORE)
    log = [Logged(event=event, moment=BEFORE) for event in (asked, again)]

    assert dict(kept.counts) == recount(log, samples.registry())


def test_an_answer_that_replaces_another_is_not_counted_again() -> None:
    found = counted("initiate", "accept", "refuse", "accept")

    assert (1, 1, 1) == (found["answered"], found["answered_on_time"], found["refused"])


def test_what_comes_after_its_day_is_counted_but_not_as_on_time() -> None:
    _, log = told(["initiate", "expire", "accept"])
    found = recount(log, samples.registry())
    after = AFTER.date()

    assert 1 == found[after, PARTY, "answered"]
    assert (after, PARTY, "answered_on_time") not in found


def test_an_answer_to_what_nobody_asked_is_told_apart() -> None:
    assert {"said": 1, "unmatched": 1} == counted("accept")


def test_what_is_carried_out_while_the_action_rests_is_told_apart() -> None:
    assert "executed_suspended" not in counted("initiate", "accept", "execute")
    assert 1 == counted("initiate", "stay", "accept", "execute")["executed_suspended"]


def test_a_repair_asked_for_before_its_day_is_counted_as_early() -> None:
    penalty = samples.penalty(1)
    asked = samples.repair_body(1, requested_on=penalty.body["decided_on"] + timedelta(days=1))
    request = samples.said("repair.requested", asked, party=samples.WINDOW, subject=penalty.subject)
    log = [Logged(event=event, moment=BEFORE) for event in (penalty, request)]
    found = recount(log, samples.registry())

    assert 1 == found[DAY, PARTY, "repair_early"]
    assert (DAY, PARTY, "repair_early") not in recount(log[1:], samples.registry())


def test_a_day_beyond_the_table_of_working_days_makes_nobody_late() -> None:
    far = replace(samples.registry(), working_days=type(samples.registry().working_days)())
    log = [Logged(event=samples.penalty(1), moment=BEFORE)]
    key: CountKey = (DAY, PARTY, "published_late")

    assert 1 == recount(log, samples.registry())[key]
    assert key not in recount(log, far)


def test_the_day_is_the_district_s() -> None:
    late = BEFORE.replace(hour=16)
    found = recount([Logged(event=samples.penalty(1), moment=late)], samples.registry())

    assert {date(2026, 9, 2)} == {day for day, _, _ in found}
