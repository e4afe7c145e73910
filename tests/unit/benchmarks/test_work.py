"""The work: the same bytes for everybody, and every rule that a peer's own checks must know."""

import json
from collections import Counter
from collections.abc import Iterable
from random import Random

from benchmarks.peers import odd, work
from benchmarks.peers.step import GateStep
from benchmarks.peers.work import PARTITIONS
from tests import samples

from credit_bus.contracts.refusals import WIRE_RULES
from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, RECORDS
from credit_bus.domain.rules_of_form import FORM_ROWS
from credit_bus.domain.synthetic import SYNTHETIC_CODES_MAX
from credit_bus.flows.refusals import GATE_RULES
from credit_bus.runtime.batch import partition_of

ACCEPTED = "accepted"
MESSAGES = 2_000

# Rules of form for what is no licence and no penalty of 2018, or that no body can break.
NOT_OF_2018 = {
    "amount-out-of-range",  # Avro holds it already
    "case-number-brackets",
    "case-number-malformed",
    "division-malformed",
    "publicity-disputed",
    "publicity-withdrawn",
    "registration-number-invalid",
    "subject-key-malformed",
    "tax-number-invalid",
    "words-too-many",
}
NOT_OF_RECORDS = {"correlation-mismatch", "more-reasons"}  # of actions; of a hundred reasons


def verdicts(messages: Iterable[Message]) -> Counter[str]:
    """How often something was accepted, and how often each rule was broken."""
    step = GateStep(samples.registry(), partitions=PARTITIONS)
    known: dict = {}
    found: Counter[str] = Counter()
    for message in messages:
        wires, changes = step.one(message, known)
        known.update(changes)
        for topic, wire in wires:
            if topic == RECORDS:
                found[ACCEPTED] += 1
            if topic == QUARANTINE:
                told = json.loads(dict(wire.headers)["quarantine-reasons"])
                found.update(reason["code"] for reason in told)
    return found


def test_two_runs_are_given_the_same_bytes() -> None:
    assert list(work.messages(200)) == list(work.messages(200))
    assert list(odd.messages(200)) == list(odd.messages(200))


def test_another_seed_gives_other_bytes() -> None:
    assert list(work.messages(50)) != list(work.messages(50, seed=2))
    assert list(odd.messages(50)) != list(odd.messages(50, seed=2))


def test_a_message_is_placed_where_its_key_belongs() -> None:
    for message in map(work.placed, work.messages(50)):
        assert partition_of(message.key or b"", PARTITIONS) == message.partition


def test_some_of_the_work_is_bad_and_some_is_said_again() -> None:
    messages = list(work.messages(MESSAGES))
    found = verdicts(map(work.placed, messages))

    bad = {"body-undecodable", "id-not-from-content", "header-missing", "wrong-party"}
    assert bad <= set(found)
    again = MESSAGES - len(set(messages))
    assert 0 < again < MESSAGES * 2 * work.REPEATED_SHARE
    assert MESSAGES * (1 - 2 * work.BAD_SHARE - 2 * work.REPEATED_SHARE) < found[ACCEPTED]


def test_the_odd_messages_break_every_rule_of_a_record_of_2018() -> None:
    found = verdicts(odd.messages(MESSAGES))

    form = {code for code, *_ in FORM_ROWS} - NOT_OF_2018
    gate = set(GATE_RULES) - NOT_OF_RECORDS
    assert form | set(WIRE_RULES) | gate | {ACCEPTED} == set(found)


def test_there_is_work_beyond_the_made_up_codes() -> None:
    number = SYNTHETIC_CODES_MAX + 7

    first, again = (work._event(each, Random(each)) for each in (7, number))
    assert (first.subject, first.source) == (again.subject, again.source)
    assert first.id != again.id
