"""Equality of outputs: what a comparison must see, and what it must not stumble over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from benchmarks.peers import outputs
from benchmarks.peers.outputs import Digests, Normaliser
from benchmarks.peers.step import GateStep
from benchmarks.peers.work import PARTITIONS, placed
from tests import samples

from credit_bus.contracts.wire import Wire, write_event
from credit_bus.domain.channels import QUARANTINE, RECORDS, replies
from credit_bus.domain.event_types import EVENT_ACCEPTED

KEY = b"a subject"
OTHER_KEY = b"another subject"
EXPECTED: Digests = {(RECORDS, KEY): [b"1", b"2"], (RECORDS, OTHER_KEY): [b"3"]}


@pytest.fixture(scope="module")
def normaliser() -> Normaliser:
    return Normaliser(samples.codec())


def receipt(seconds: int = 0, **changes: object) -> Wire:
    """What the bus answers, that many seconds later."""
    now = samples.NOW + timedelta(seconds=seconds)
    body = {
        "event_id": "0" * 32,
        "event_type": "penalty.decided",
        "event_revision": 1,
        "duplicate": False,
        "accepted_at": now,
        "rule_version": "0" * 12,
        **changes,
    }
    event = samples.said(EVENT_ACCEPTED, body, party=samples.HUB, subject="key", time=now)
    return write_event(event, samples.codec())


@pytest.mark.parametrize(
    ("says", "found"),
    [
        ("1 keys differ", {**EXPECTED, (RECORDS, KEY): [b"1"]}),
        ("1 keys differ", {(RECORDS, KEY): [b"1", b"2"]}),
        ("1 keys differ", {**EXPECTED, (RECORDS, KEY): [b"1", b"2", b"2"]}),
        ("1 keys differ", {**EXPECTED, (RECORDS, KEY): [b"2", b"1"]}),
        ("1 keys differ", {**EXPECTED, (RECORDS, KEY): [b"1", b"x"]}),
        ("1 keys differ", {**EXPECTED, (RECORDS, b"nobody's"): [b"1"]}),
        ("2 keys differ", {(RECORDS, KEY): [b"3"], (RECORDS, OTHER_KEY): [b"1", b"2"]}),
    ],
    ids=["lost", "key lost", "doubled", "reordered", "changed", "added", "under other keys"],
)
def test_a_record_that_is_not_as_it_should_be_is_found(says: str, found: Digests) -> None:
    assert [f"{RECORDS}: {says}"] == outputs.differences(EXPECTED, found)


def test_a_record_in_another_topic_is_found_in_both() -> None:
    moved = {(QUARANTINE, KEY): EXPECTED[RECORDS, KEY], (RECORDS, OTHER_KEY): [b"3"]}

    assert [f"{QUARANTINE}: 1 keys differ", f"{RECORDS}: 1 keys differ"] == outputs.differences(
        EXPECTED, moved
    )


def test_equal_outputs_do_not_differ() -> None:
    assert [] == outputs.differences(EXPECTED, dict(reversed(EXPECTED.items())))


def test_a_receipt_that_says_something_else_has_another_digest(normaliser: Normaliser) -> None:
    topic = replies(samples.PENALISING)
    wires = (
        receipt(),
        receipt(duplicate=True),
        receipt(rule_version="1" * 12),
        replace(receipt(), headers=[*receipt().headers, ("traceparent", b"00")]),
    )

    assert len(wires) == len({normaliser.digest(topic, w.headers, w.value) for w in wires})


def test_when_a_receipt_was_said_does_not_matter(normaliser: Normaliser) -> None:
    topic = replies(samples.PENALISING)
    early, late = receipt(), receipt(seconds=90)

    assert early.value != late.value
    assert normaliser.digest(topic, early.headers, early.value) == normaliser.digest(
        topic, list(reversed(late.headers)), late.value
    )


def test_the_time_of_a_forwarded_event_does_matter(normaliser: Normaliser) -> None:
    wire = write_event(samples.penalty(1), samples.codec())
    later = [(n, b"2026-06-01T08:00:01.000Z" if n == "ce_time" else v) for n, v in wire.headers]

    assert normaliser.digest(RECORDS, wire.headers, wire.value) != normaliser.digest(
        RECORDS, later, wire.value
    )


def test_the_order_of_headers_of_one_name_does_matter(normaliser: Normaliser) -> None:
    first, second = [("x", b"1"), ("x", b"2")], [("x", b"2"), ("x", b"1")]

    assert normaliser.digest(RECORDS, first, b"") != normaliser.digest(RECORDS, second, b"")


def test_what_nobody_can_read_is_no_receipt(normaliser: Normaliser) -> None:
    with pytest.raises(AssertionError, match="nobody can read"):
        normaliser.digest(replies(samples.PENALISING), [], b"no Avro")


def test_the_reference_of_two_orders_of_one_subject_differs() -> None:
    step = GateStep(samples.registry(), partitions=PARTITIONS)
    normaliser = Normaliser(samples.codec())
    said = [placed(samples.message(samples.penalty(1, revision=r))) for r in (1, 2)]

    def digests(messages: list) -> Digests:
        known: dict = {}
        wires: dict[str, list[Wire]] = {}
        for message in messages:
            found, changes = step.one(message, known)
            known.update(changes)
            for topic, wire in found:
                wires.setdefault(topic, []).append(wire)
        return outputs.reference(wires, normaliser)

    assert [] == outputs.differences(digests(said), digests(said))
    assert [] != outputs.differences(digests(said), digests(said[::-1]))


def test_the_rate_leaves_out_the_first_moment() -> None:
    assert 4 / 2 * 1000 == outputs.events_per_second([5, 5, 5, 6, 6, 7, 7])


def test_the_rate_of_one_moment_is_none() -> None:
    assert 0 == outputs.events_per_second([5, 5, 5])
