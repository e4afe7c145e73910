"""Ten thousand bent messages of every event type: the gate answers each, and stays itself."""

import json
import random
from collections import Counter
from dataclasses import replace

import pytest
from tests import samples
from tests.examples import EXAMPLES, body_of
from tests.mutants import MUTATIONS, mutate

from credit_bus.contracts.refusals import WIRE_RULES
from credit_bus.contracts.wire import Message, Wire, read_event
from credit_bus.domain.channels import QUARANTINE, RECORDS, outbox
from credit_bus.domain.checks import CHECKS
from credit_bus.domain.event import Event, event_id
from credit_bus.domain.event_types import EVENT_REJECTED, EVENT_TYPES
from credit_bus.domain.rules import RULES
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.flows.refusals import GATE_RULES
from credit_bus.runtime.batch import Produced, gate_batch

MUTANTS = 10_000
REFUSED_MIN = 0.5  # of all: most bends break something
KNOWN = {*WIRE_RULES, *GATE_RULES, *RULES}


def speaker(kind: str) -> str:
    """A party that may say such events."""
    return next(
        code
        for code, party in samples.registry().parties.items()
        if party.may_say(EVENT_TYPES[kind])
    )


@pytest.fixture(scope="module")
def originals() -> list[Message]:
    """A readable message of each valid example that a party may say."""
    found = []
    for path in sorted(EXAMPLES.glob("*/*/valid-*.json")):
        kind = path.parts[-3]
        if kind not in CHECKS:
            continue
        body = body_of(kind, json.loads(path.read_text("utf-8")))
        event = Event(
            id=event_id(source="x", kind=kind, document="x", subject="x", revision=1),
            source=speaker(kind),
            type=kind,
            time=samples.NOW,
            subject=synthetic_uscc(0),
            revision=1,
            body=body,
        )
        found.append(samples.message(event, topic=outbox(event.source)))
    return found


def judge(messages: list[Message]) -> Produced:
    return gate_batch(
        messages,
        lookup=lambda _: {},
        codec=samples.codec(),
        registry=samples.registry(),
        partitions=1,
        now=samples.NOW,
    )


def told_by(wire: Wire) -> list[str]:
    """The codes that quarantine keeps beside a message."""
    return [reason["code"] for reason in json.loads(dict(wire.headers)["quarantine-reasons"])]


def as_read(wire: Wire) -> Event:
    """The event of a record that the gate wrote: whoever it is for must be able to read it."""
    message = Message(
        topic="any", partition=0, offset=0, timestamp_ms=0, key=wire.key,
        headers=tuple(wire.headers), value=wire.value,
    )  # fmt: skip
    event = read_event(message, samples.codec()).event
    assert event is not None
    return event


def test_every_mutation_is_drawn_and_every_original_is_readable(originals) -> None:
    kinds = {
        reading.event.type
        for reading in (read_event(message, samples.codec()) for message in originals)
        if reading.event is not None
    }

    assert set(CHECKS) == kinds
    assert len(MUTATIONS) == len(set(MUTATIONS)) == 10


def test_ten_thousand_mutants_are_each_accepted_or_refused_with_a_reason(originals) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it beside a failure
    dice = random.Random(seed)
    refused = Counter[str]()
    for number in range(MUTANTS):
        mutant = replace(mutate(dice.choice(originals), dice), offset=number)
        produced = judge([mutant])
        if QUARANTINE not in produced.records:
            assert mutant.value == produced.records[RECORDS][0].value
            continue
        (kept,) = produced.records[QUARANTINE]
        codes = told_by(kept)
        refused.update(codes)

        assert codes
        assert set(codes) <= KNOWN
        assert (mutant.key or b"", mutant.value or b"") == (kept.key, kept.value)
        (answer,) = (
            as_read(wire)
            for topic, wires in produced.records.items()
            if topic.startswith("credit.replies.")
            for wire in wires
        )
        assert EVENT_REJECTED == answer.type
        assert codes == [reason["code"] for reason in answer.body["reasons"]]

    assert sum(refused.values()) > MUTANTS * REFUSED_MIN, refused


def test_what_came_before_and_after_a_mutant_in_its_batch_is_taken(originals) -> None:
    """A batch is one transaction: one bent message must not spoil the others in it."""
    dice = random.Random(20260601)
    for number in range(200):
        first, last = (samples.message(samples.penalty(2 * number + n)) for n in (0, 1))
        produced = judge([first, mutate(dice.choice(originals), dice), last])
        accepted = {wire.value for wire in produced.records[RECORDS]}

        assert {first.value, last.value} <= accepted
