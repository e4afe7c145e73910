"""Everything a sender can get wrong reaches a running gate, and none of it stops the gate."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from kafka.errors import KafkaError
from tests import samples
from tests.bus import PARTITIONS, Bus, own_bus

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, RECORDS, outbox, replies
from credit_bus.domain.event_types import EVENT_ACCEPTED, EVENT_REJECTED
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.operations.scan import Seen
from credit_bus.runtime.batch import partition_of

REPLIES = replies(samples.PENALISING)
SUBJECT = synthetic_uscc(0)


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        running.start("gate")
        yield running


def headers(message: Message, *, without: str = "", twice: str = "", **changed: str) -> Message:
    """The message with other headers."""
    kept = [
        (name, changed.get(name, value.decode()).encode())
        for name, value in message.headers
        if name != without
        for _ in range(2 if name == twice else 1)
    ]
    return replace(message, headers=tuple(kept))


class Raw(str):
    """A header name whose bytes are no UTF-8: what a careless producer writes."""

    __slots__ = ()

    def encode(self, *_: str) -> bytes:  # type: ignore[override]
        return self.encode_raw()

    def encode_raw(self) -> bytes:
        return str.encode(self, "latin-1")


def good(number: int = 0, revision: int = 1) -> Message:
    return samples.message(samples.penalty(number, revision=revision))


def changed_uscc() -> Message:
    wrong = SUBJECT[:-1] + ("0" if SUBJECT[-1] != "0" else "1")
    body = samples.penalty_body(subject=samples.subject(uscc=wrong))
    return samples.message(samples.said("penalty.decided", body, party=samples.PENALISING))


def next_year() -> Message:
    decided = date.today() + timedelta(days=366)  # noqa: DTZ011 - any day of next year will do
    later = decided + timedelta(days=365)
    return samples.message(samples.penalty(decided_on=decided, valid_until=later))


# What is sent, and the codes that must come back, all of them and no other.
CASES: dict[str, tuple[Message, set[str]]] = {
    "bytes that are not Avro": (
        replace(good(), value=good().value[:5] + b"\xff" * 40),  # type: ignore[index]
        {"body-undecodable"},
    ),
    "bytes that are not the wire format": (
        replace(good(), value=b"{}"),
        {"not-wire-format"},
    ),
    "an unknown schema id": (
        replace(good(), value=b"\x00\x00\x00\xff\xff" + good().value[5:]),  # type: ignore[index]
        {"unknown-schema"},
    ),
    "no body at all": (replace(good(), value=b""), {"body-missing"}),
    "an unknown type": (headers(good(), ce_type="penalty.dreamt"), {"unknown-type"}),
    "another party's name": (
        headers(good(), ce_source="finance"),
        {"wrong-party", "id-not-from-content"},
    ),
    "a missing header": (headers(good(), without="ce_id"), {"header-missing"}),
    "a repeated header": (headers(good(), twice="ce_time"), {"header-repeated"}),
    "a record of 2 MB": (replace(good(), value=b"\x00" * 2_000_000), {"value-too-large"}),
    "a code with a wrong check character": (changed_uscc(), {"uscc-check"}),
    "a date of next year": (next_year(), {"date-in-future"}),
    "a header name that is no UTF-8": (
        replace(good(), headers=(*good().headers, (Raw("\xff\xfe"), b"h"))),
        {"header-name"},
    ),
    "thousands of mistakes in one list": (
        samples.message(samples.penalty(categories=["x"] * 3_000)),
        {"text-too-long"},
    ),
    "no key": (replace(good(), key=b""), {"key-missing"}),
}


def reasons_of(record: Seen) -> set[str]:
    return {reason["code"] for reason in json.loads(record.text("quarantine-reasons"))}


def quarantined_at(bus: Bus, message: Message) -> list[Seen]:
    return [r for r in bus.read(QUARANTINE) if r.value == message.value and r.value is not None]


def flows_on(bus: Bus, number: int) -> None:
    """A good event after it is still taken."""
    event = samples.penalty(number)
    bus.say([samples.message(event)])
    bus.read_until([RECORDS], lambda seen: event.id in {r.text("ce_id") for r in seen})
    assert all(worker.process.poll() is None for worker in bus.workers)


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_to_its_sender_and_kept_whole(bus: Bus, name: str) -> None:
    message, codes = CASES[name]
    before = {(r.partition, r.offset) for r in bus.read(QUARANTINE)}
    bus.say([message])
    seen = bus.read_until(
        [QUARANTINE], lambda seen: any((r.partition, r.offset) not in before for r in seen)
    )
    (kept,) = [r for r in seen if (r.partition, r.offset) not in before]
    place = (
        kept.text("quarantine-topic"),
        int(kept.text("quarantine-partition")),
        int(kept.text("quarantine-offset")),
    )
    told = [
        body
        for record in bus.read(REPLIES)
        if record.text("ce_type") == EVENT_REJECTED
        and (body := samples.codec().decode(record.value, expected_type=EVENT_REJECTED))
        and (body["topic"], body["partition"], body["offset"]) == place  # type: ignore[index]
    ]

    assert codes == reasons_of(kept)
    assert message.value == kept.value
    assert outbox(samples.PENALISING) == place[0]
    assert [codes] == [{r["code"] for r in body["reasons"]} for body in told]  # type: ignore[index]
    assert all(r["rule"] and r["remedy"] for body in told for r in body["reasons"])  # type: ignore[index]
    flows_on(bus, 1_000 + sorted(CASES).index(name))


@pytest.mark.parametrize("codec", ["gzip", "lz4"])
def test_a_compressed_message_is_taken_whatever_the_codec(bus: Bus, codec: str) -> None:
    """The broker unpacks for the outbox, so no reader needs the codec."""
    event = samples.penalty(500 + len(codec) * 10 + ord(codec[0]) % 10)
    bus.say([samples.message(event)], compression=codec)

    bus.read_until([RECORDS], lambda seen: event.id in {r.text("ce_id") for r in seen})


def test_a_bomb_that_is_small_only_when_packed_does_not_reach_the_gate(bus: Bus) -> None:
    bomb = replace(good(9), value=b"\x00" * 40_000_000)
    with pytest.raises(KafkaError, match=r"(?i)large"):
        bus.say([bomb], compression="gzip")

    flows_on(bus, 999)


def test_a_stale_revision_is_refused_and_a_repetition_answered_again(bus: Bus) -> None:
    second, first = good(7, revision=2), good(7, revision=1)
    conflict = samples.message(samples.penalty(7, revision=2, violation="别的行为"))
    bus.say([second])
    bus.say([first])
    bus.say([second])
    bus.say([conflict])
    subject = synthetic_uscc(7).encode()

    def of_subject(seen: list[Seen]) -> list[Seen]:
        return [record for record in seen if record.key == subject]

    seen = of_subject(bus.read_until([REPLIES], lambda seen: len(of_subject(seen)) >= 4))
    refused = {frozenset(reasons_of(r)) for r in of_subject(bus.read(QUARANTINE))}

    assert [EVENT_ACCEPTED, EVENT_REJECTED, EVENT_ACCEPTED, EVENT_REJECTED] == [
        record.text("ce_type") for record in seen
    ]
    assert seen[0].text("ce_id") == seen[2].text("ce_id")
    assert {frozenset({"stale-revision"}), frozenset({"revision-conflict"})} == refused
    assert 1 == len(of_subject(bus.read(RECORDS)))


def test_a_message_in_another_partition_than_its_key_s_is_refused(bus: Bus) -> None:
    message = good(8)
    assert message.key is not None
    right = partition_of(message.key, PARTITIONS)
    bus.say([message], partition=(right + 1) % PARTITIONS)
    seen = bus.read_until([QUARANTINE], lambda seen: any(r.key == message.key for r in seen))
    (kept,) = [record for record in seen if record.key == message.key]

    assert {"wrong-partition"} == reasons_of(kept)


def test_whoever_audits_reads_past_a_header_name_that_is_no_utf_8(bus: Bus) -> None:
    message, _ = CASES["a header name that is no UTF-8"]
    bus.say([message, good(10)])
    said = bus.read(outbox(samples.PENALISING))

    assert "h" in {record.text(r"\xff\xfe") for record in said}
    assert good(10).value in {record.value for record in said}
