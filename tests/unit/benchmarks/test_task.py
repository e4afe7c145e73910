"""The work of both stages: where it must lead, and what is seen of a router's mistakes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.peers import odd, outputs, work
from benchmarks.peers.contracts import contracts
from benchmarks.peers.district import FOURTH, write_district
from benchmarks.peers.outputs import Normaliser
from benchmarks.peers.task import Records, Task, followed, steps_of
from tests import samples

from credit_bus.contracts.registry import load_registry
from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox
from credit_bus.domain.registry import Role

MESSAGES = 300
DISTRICT, LAST = inbox("district-platform"), inbox(FOURTH)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_district(tmp_path_factory.mktemp("bench") / "registry")


def task(folder: Path, which: str, records: Records, normaliser: Normaliser) -> Task:
    """The task whose expected output is these records."""
    return Task(
        broker="127.0.0.1:1",
        registry_folder=folder,
        steps=steps_of(which, folder),
        events=MESSAGES,
        normaliser=normaliser,
        expected=outputs.reference(records, normaliser),
    )


@pytest.fixture(scope="module")
def normaliser() -> Normaliser:
    return Normaliser(samples.codec())


@pytest.fixture(scope="module")
def records(folder: Path) -> Records:
    return followed(steps_of("both", folder), [*map(work.placed, work.messages(MESSAGES))])


def lost(records: Records) -> Records:
    return {**records, LAST: records[LAST][:-1]}


def doubled(records: Records) -> Records:
    return {**records, LAST: [*records[LAST], records[LAST][0]]}


def to_another(records: Records) -> Records:
    return {**records, LAST: records[LAST][1:], DISTRICT: [*records[DISTRICT], records[LAST][0]]}


def other_bytes(records: Records) -> Records:
    first, *rest = records[LAST]
    return {**records, LAST: [replace(first, value=first.value + b"0"), *rest]}


def other_time(records: Records) -> Records:
    first, *rest = records[LAST]
    headers = [(n, b"2026-06-01T08:00:01.000Z" if n == "ce_time" else v) for n, v in first.headers]
    return {**records, LAST: [replace(first, headers=headers), *rest]}


@pytest.mark.parametrize("fault", [lost, doubled, to_another, other_bytes, other_time])
def test_a_fault_of_a_router_is_found(
    fault: Callable[[Records], Records], records: Records, normaliser: Normaliser
) -> None:
    expected = outputs.reference(records, normaliser)
    found = outputs.differences(expected, outputs.reference(fault(records), normaliser))

    assert f"{LAST}: 1 keys differ" in found


def test_an_event_that_is_accepted_lies_in_four_inboxes(records: Records) -> None:
    inboxes = {topic: wires for topic, wires in records.items() if topic.startswith(inbox(""))}

    assert 4 == len(inboxes)
    assert len(records[RECORDS]) > MESSAGES * 0.8
    assert all(wires == records[RECORDS] for wires in inboxes.values())


def test_a_natural_person_is_led_to_three(folder: Path) -> None:
    found = followed(steps_of("both", folder), list(odd.messages(2_000)))

    assert 0 < len(found[LAST]) < len(found[DISTRICT]) == len(found[RECORDS])


def test_what_the_router_reads_on_is_not_the_end(
    folder: Path, records: Records, normaliser: Normaliser
) -> None:
    gate, both = (task(folder, which, records, normaliser) for which in ("gate", "both"))

    assert {RECORDS, QUARANTINE} == gate.finals
    assert {QUARANTINE, *map(inbox, both.registry.parties)} == both.finals
    assert set(records) <= set(both.outputs)


def test_what_must_come_is_counted_on_the_way_and_at_the_end(
    folder: Path, records: Records, normaliser: Normaliser
) -> None:
    counts = task(folder, "both", records, normaliser).counts

    assert {RECORDS, QUARANTINE, DISTRICT, LAST} < set(counts)
    assert counts == {topic: len(records[topic]) for topic in counts}
    assert 6 == len(counts)


def test_the_district_of_the_comparison_has_another_fourth_platform(folder: Path) -> None:
    platforms = {p.code for p in load_registry(folder).parties.values() if p.role is Role.PLATFORM}
    known = {p.code for p in samples.registry().parties.values() if p.role is Role.PLATFORM}

    assert ({FOURTH}, {"public-site"}) == (platforms - known, known - platforms)


def test_a_peer_in_java_is_told_every_route(folder: Path) -> None:
    told = json.loads(json.dumps(contracts(folder)["routes"]))

    registry = load_registry(folder)
    assert [(r.to, sorted(r.types), sorted(r.categories)) for r in registry.routes] == [
        (row["to"], row["types"], row["categories"]) for row in told
    ]
