"""What the figures say to the bus: a district of any size, and events that its gate accepts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks.figures import objected, stamped
from benchmarks.figures.district import DEPARTMENTS_MAX, MEASURE, OTHER_PARTIES, write_district
from benchmarks.figures.stamped import NUMBER_FIRST, NUMBER_LAST, Stamps, initiation, number_of
from tests import samples

from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.wire import Message, read_event
from credit_bus.domain.channels import RECORDS, inbox, outbox
from credit_bus.domain.registry import Registry
from credit_bus.runtime.batch import gate_batch, partition_of, router_batch

TEMPLATES = 40
PARTITIONS = 4
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def judged(messages: Sequence[Message], registry: Registry) -> list[Message]:
    """What the gate makes of the messages that goes on to the log of record."""
    placed = [
        replace(each, partition=partition_of(each.key or b"", PARTITIONS)) for each in messages
    ]
    produced = gate_batch(
        placed,
        lookup=lambda _: {},
        codec=samples.codec(),
        registry=registry,
        partitions=PARTITIONS,
        now=NOW,
    )
    assert {} == produced.reasons
    return [
        replace(each, topic=RECORDS, key=w.key, headers=tuple(w.headers), value=w.value)
        for each, w in zip(placed, produced.records[RECORDS], strict=True)
    ]


@pytest.mark.parametrize("parties", [10, 51, 200])
def test_a_district_of_any_size_is_lawful(parties: int, tmp_path: Path) -> None:
    codes = write_district(tmp_path / "registry", parties=parties)
    registry = load_registry(tmp_path / "registry")

    assert parties == len(registry.parties) == len(codes) + OTHER_PARTIES
    assert set(codes) < set(registry.parties)


def test_as_many_departments_implement_the_measure_as_asked_for(tmp_path: Path) -> None:
    codes = write_district(tmp_path / "registry", parties=46, implementers=40)
    registry = load_registry(tmp_path / "registry")

    assert codes[1:] == registry.measures[MEASURE].implementers
    assert 40 == len(codes[1:])


@pytest.mark.parametrize(
    ("parties", "implementers"), [(44, 40), (DEPARTMENTS_MAX + OTHER_PARTIES + 1, 1)]
)
def test_a_district_that_cannot_be_is_refused(
    parties: int, implementers: int, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=f"{parties} parties leave"):
        write_district(tmp_path / "registry", parties=parties, implementers=implementers)


def test_every_stamped_event_is_accepted_and_is_another(tmp_path: Path) -> None:
    codes = write_district(tmp_path / "registry", parties=20)
    stamps = Stamps(codes, templates=TEMPLATES)
    numbers = [
        NUMBER_FIRST,
        NUMBER_FIRST + TEMPLATES,
        NUMBER_LAST,
        *range(500_000_000, 500_000_090),
    ]
    messages = [stamps.message(number) for number in numbers]
    records = judged(messages, load_registry(tmp_path / "registry"))
    ids = {dict(each.headers)["ce_id"] for each in records}

    assert len(numbers) == len(records) == len(ids)
    assert numbers == [number_of(each.value) for each in records]


def test_a_stamped_event_is_what_its_department_would_have_written() -> None:
    stamps = Stamps(("market-regulation",), templates=TEMPLATES)
    message = stamps.message(NUMBER_FIRST + 1)

    (made,) = stamped.work.messages(
        1, bad_share=0.0, repeated_share=0.0, parties=("market-regulation",), first=NUMBER_FIRST
    )
    assert made == stamps.message(NUMBER_FIRST)
    assert stamps.key(NUMBER_FIRST + 1) == message.key
    event = read_event(message, samples.codec()).event
    assert event is not None
    assert f"甘区〔2026〕{NUMBER_FIRST + 1}号" == event.body["document_number"]


def test_the_departments_speak_in_turn(tmp_path: Path) -> None:
    codes = write_district(tmp_path / "registry", parties=20)
    stamps = Stamps(codes, templates=TEMPLATES)
    found = {stamps.message(NUMBER_FIRST + place).topic for place in range(TEMPLATES)}

    assert {outbox(code) for code in codes} == found


def test_a_number_that_would_change_the_length_is_refused() -> None:
    stamps = Stamps(("market-regulation",), templates=1)

    for number in (NUMBER_FIRST - 1, NUMBER_LAST + 1):
        with pytest.raises(AssertionError):
            stamps.message(number)


def test_a_body_without_a_number_has_none() -> None:
    assert number_of(None) is None
    assert number_of("示例商贸12345号".encode()) is None


def test_an_initiation_becomes_an_order_for_each_department_that_can_be_told_by_its_number(
    tmp_path: Path,
) -> None:
    court, *asked = write_district(tmp_path / "registry", parties=46, implementers=40)
    registry = load_registry(tmp_path / "registry")
    number = NUMBER_FIRST + 7
    records = judged([initiation(number, court)], registry)

    written = router_batch(records, codec=samples.codec(), registry=registry).records

    inboxes = {inbox(code) for code in asked}
    orders = {topic: wires for topic, wires in written.items() if topic in inboxes}
    assert inboxes == set(orders)
    assert {number} == {number_of(wire.value) for wires in orders.values() for wire in wires}


def test_an_objection_and_what_it_is_about_are_taken_by_the_gate_and_known_again(
    tmp_path: Path,
) -> None:
    codes = write_district(tmp_path / "registry", parties=51, implementers=4)
    registry = load_registry(tmp_path / "registry")
    numbers = range(NUMBER_FIRST, NUMBER_FIRST + 3)
    said = [message for n in numbers for message in objected.beginning(n, codes[0])]
    said += [objected.objection(n, about=codes[0], party=codes[-1]) for n in numbers]
    log = judged(said, registry)
    suspended = [
        samples.message(
            samples.said(
                "action.suspended",
                samples.suspension_body(action_id=objected.action_of(n, codes[0])),
                party=samples.HUB,
                subject=str(samples.reference()["uscc"]),
            )
        )
        for n in numbers
    ]
    known_by = objected.Suspended(numbers, codes[0])

    assert [None] * 6 + list(numbers) == [objected.objected(Read(each)) for each in log]
    assert [None] * 9 + list(numbers) == [known_by(Read(each)) for each in (*log, *suspended)]


class Read:
    """A message as the reader's client gives it."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def headers(self) -> list[tuple[str, bytes]]:
        return list(self._message.headers)

    def value(self) -> bytes | None:
        return self._message.value
