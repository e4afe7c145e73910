"""The independent reader catches and names each loss of an engine, and calls nothing true amiss."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import samples
from tests.unit.operations.faults import ANY, FAULTS
from tests.unit.operations.histories import (
    PLATFORMS,
    READER,
    History,
    MemoryBus,
    MemoryReader,
    read_whole,
    undecodable,
    usual,
)

from credit_bus.domain.calendar import moment_of
from credit_bus.domain.channels import RECORDS, inbox, outbox, replies
from credit_bus.operations.adding_up import repeats, tally
from credit_bus.operations.adding_up.differences import FOLLOWS_WITHIN
from credit_bus.operations.adding_up.repeats import REPEATS_MAX
from credit_bus.operations.trace.hops import Kind


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_caught_and_named(fault: str) -> None:
    spoil, expected = FAULTS[fault]
    # Without answers: a platform that was not given something would not have spoken of it.
    found = read_whole(spoil(usual(is_answered=False)))

    missed = {
        each
        for each in expected
        if each not in found.faults and not (each[1] == ANY and each[0] in found.names)
    }
    assert set() == missed, f"found instead: {sorted(found.faults)}"
    assert {name for name, _ in expected} >= found.names, "and nothing else is blamed"


def test_a_word_of_a_platform_that_the_gate_skipped_is_missed() -> None:
    history = usual()
    word = next(each for each in history if each.topic == RECORDS and READER.hop(each).is_delivery)

    assert {("unanswered", outbox(READER.hop(word).source))} == read_whole(
        [each for each in history if each is not word]
    ).faults


def test_a_word_of_a_platform_on_what_it_was_not_given_is_from_nowhere() -> None:
    inbox_of = inbox("district-platform")
    found = read_whole([each for each in usual() if each.topic != inbox_of])

    assert ("nowhere", inbox_of) in found.faults


def test_a_true_history_raises_nothing_and_counts_as_it_was() -> None:
    found = read_whole(usual())
    totals = Counter[str]()
    for (_, kind, word), times in found.counts.items():
        if kind == "penalty.decided":
            totals[word] += times

    assert set() == found.faults
    assert {} == found.due
    assert {tally.SAID: 6, tally.ACCEPTED: 3, tally.REPEATED: 1, tally.REJECTED: 2} == {
        word: totals[word] for word in (tally.SAID, tally.ACCEPTED, tally.REPEATED, tally.REJECTED)
    }
    assert totals[tally.ROUTED] == totals[tally.DELIVERED] == 3 * len(PLATFORMS)


def test_what_comes_late_is_amiss_and_then_is_not() -> None:
    history = usual()
    late = next(each for each in history if each.topic == inbox("district-platform"))
    reader = MemoryReader()
    reader.read([each for each in history if each is not late])
    before = moment_of(late.timestamp_ms)
    reader.passed(before + FOLLOWS_WITHIN / 2)
    early = set(reader.faults)
    reader.passed(before + FOLLOWS_WITHIN * 10)
    amiss = set(reader.faults)
    reader.read([late], read_to=before + FOLLOWS_WITHIN * 10)

    assert set() == early
    assert {("unrouted", late.topic)} <= amiss
    assert set() == reader.faults - {("disordered", late.topic)}


def test_a_reader_that_is_behind_finds_nothing_missing() -> None:
    reader = MemoryReader()
    reader.read([each for each in usual() if each.topic == RECORDS])

    assert set() == reader.faults
    assert reader.due


def test_what_began_before_the_watch_is_not_judged() -> None:
    reader = MemoryReader(judged_from=samples.NOW + timedelta(days=1))
    reader.read([each for each in usual() if each.topic == RECORDS])
    reader.passed(samples.NOW + timedelta(days=2))

    assert (set(), {}) == (reader.faults, reader.counts)


def test_a_platform_that_does_not_answer_is_no_fault() -> None:
    bus = MemoryBus()
    bus.say(samples.penalty(1), samples.penalty(2))
    bus.answer("municipal-platform", refuses=True)

    found = read_whole(bus.history)
    totals = Counter[str]()
    for (_, _, word), times in found.counts.items():
        totals[word] += times

    assert set() == found.faults
    assert (2 * len(PLATFORMS), 0, 2) == tuple(
        totals[word] for word in (tally.ROUTED, tally.DELIVERED, tally.REFUSED)
    )


def refused_once_and_taken_later(bus: MemoryBus, number: int) -> None:
    """A penalty comes too early, another is said, and then the first once more."""
    event = samples.said(
        "penalty.decided",
        samples.penalty_body(number, content="警告"),
        party=samples.PENALISING,
        time=moment_of(bus.now_ms).replace(microsecond=0),
    )
    bus.judge(samples.message(event), behind=timedelta(hours=1))
    bus.say(samples.penalty(number + 1), event)


def test_what_was_refused_once_and_is_accepted_later_overtook_nobody() -> None:
    """Though the log is read before the receipt of the refusal."""
    bus = MemoryBus()
    refused_once_and_taken_later(bus, 1)
    last = [each for each in bus.history if each.topic.startswith("credit.replies.")]
    found = read_whole([*(each for each in bus.history if each not in last), *last], batch=1)

    assert 1 == sum(each.kind is Kind.REJECTED for each in found.hops)
    assert set() == found.faults


@pytest.mark.parametrize("batch", [1, 7, 1_000])
def test_what_is_said_without_end_is_counted_and_reading_goes_on(batch: int) -> None:
    """Of each kind only the first stay hops; what is said and answered adds up all the same."""
    bus = MemoryBus()
    good, bad = samples.penalty(1), samples.penalty(3, violation="")
    for _ in range(60):
        bus.say(good, bad)
    for _ in range(30):
        bus.answer("district-platform")
    found = read_whole(bus.history, batch=batch)
    totals = Counter[str]()
    for (_, kind, word), times in found.counts.items():
        if kind == "penalty.decided":
            totals[word] += times

    assert (set(), {}) == (found.faults, found.due)
    assert (120, 1, 59, 60, 4, 1) == tuple(
        totals[word]
        for word in (
            tally.SAID, tally.ACCEPTED, tally.REPEATED, tally.REJECTED, tally.ROUTED,
            tally.DELIVERED,
        )
    )  # fmt: skip
    assert REPEATS_MAX == max(Counter((hop.of, hop.kind, hop.topic) for hop in found.hops).values())


@pytest.mark.parametrize(
    ("kind", "where", "fault"),
    [
        ("event.accepted", "credit.replies.", "unanswered"),
        ("event.rejected", "credit.replies.", "unkept"),
        ("penalty.decided", "credit.quarantine", "unkept"),
    ],
)
def test_of_what_is_only_counted_a_missing_answer_is_seen_when_it_rests(
    kind: str, where: str, fault: str
) -> None:
    bus = MemoryBus()
    for _ in range(40):
        bus.say(samples.penalty(1), samples.penalty(3, violation=""))
    gone = [
        each
        for each in bus.history
        if each.topic.startswith(where) and dict(each.headers)["ce_type"] == kind.encode()
    ][30]
    reader = read_whole([each for each in bus.history if each is not gone])
    amiss = reader.names
    reader.read([gone], read_to=moment_of(bus.now_ms) + timedelta(minutes=1))
    reader.passed(moment_of(bus.now_ms) + timedelta(minutes=2))

    assert fault in amiss
    assert amiss <= {"unanswered", "unkept"}
    assert set() == reader.faults


@st.composite
def histories(draw: st.DrawFn) -> History:
    """What parties might say in any order, repeated, corrected, wrong; and platforms' answers."""
    bus = MemoryBus()
    bus.say(samples.penalty(1))
    numbers = st.integers(1, 3)
    for _ in range(draw(st.integers(1, 8))):
        number = draw(numbers)
        match draw(st.integers(0, 7)):
            case 0 | 1:
                bus.say(samples.penalty(number, revision=draw(st.integers(1, 3))))
            case 2:
                bus.say(samples.penalty(number, content=draw(st.sampled_from(["罚款", "警告"]))))
            case 3:
                bus.judge(undecodable(number))
            case 4:
                bus.say(samples.initiation(number), samples.response(number))
            case 5:
                kind = draw(st.sampled_from(sorted(samples.COURSE)))
                bus.say(samples.of_course(kind, number))
            case 6:
                platform = draw(st.sampled_from(PLATFORMS))
                bus.answer(platform, refuses=draw(st.booleans()), twice=draw(st.booleans()))
            case 7:
                refused_once_and_taken_later(bus, draw(numbers))
    return bus.history


@pytest.mark.parametrize("held", [REPEATS_MAX, 2])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), seed=st.integers(0, 2**16), batch=st.integers(1, 40))
def test_no_true_history_raises_anything_however_it_is_read(
    monkeypatch: pytest.MonkeyPatch, held: int, history: History, seed: int, batch: int
) -> None:
    """In whatever order the topics are read, as long as each partition is read in its own.

    However little is held of repetitions, too.
    """
    monkeypatch.setattr(repeats, "REPEATS_MAX", held)
    random = Random(seed)
    partitions: dict[tuple[str, int], History] = {}
    for each in history:
        partitions.setdefault((each.topic, each.partition), []).append(each)
    waiting = list(partitions.values())
    mixed: History = []
    while waiting:
        queue = random.choice(waiting)
        mixed.append(queue.pop(0))
        waiting = [each for each in waiting if each]
    found = read_whole(mixed, batch=batch)
    in_order = read_whole(history)

    assert (set(), {}) == (found.faults, found.due)
    assert {k: n for k, n in in_order.counts.items() if n} == {
        k: n for k, n in found.counts.items() if n
    }


def test_refusals_that_are_only_counted_have_their_type_though_nothing_said_is_read_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repeats, "REPEATS_MAX", 2)
    bus = MemoryBus()
    for _ in range(4):
        bus.judge(undecodable(4))
    answers_first = sorted(bus.history, key=lambda each: not each.topic.startswith(replies("")))

    found = read_whole(answers_first, batch=1)

    assert {4} == {n for (_, kind, word), n in found.counts.items() if word == "rejected" and n}
    assert {"penalty.decided"} == {kind for (_, kind, _), n in found.counts.items() if n}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), data=st.data())
def test_any_record_that_is_lost_or_doubled_is_seen(history: History, data: st.DataObject) -> None:
    """Whichever record of whichever history: but what a party says twice is its own affair."""
    at = data.draw(st.integers(0, len(history) - 1))
    one = history[at]
    if data.draw(st.booleans()):
        spoilt = [*history[:at], *history[at + 1 :]]
    else:
        spoilt = [*history, replace(one, offset=10_000)]
    hop = READER.hop(one)
    found = read_whole(spoilt)
    if hop.kind.name == "SAID" and hop.type.startswith("delivery."):
        return  # said again it leaves no trace, by design; said at all the log shows

    assert found.faults
