"""What all peers of a comparison are given, and what must come out of it by the pure steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from tests import samples

from benchmarks.peers.outputs import Digests, Normaliser
from benchmarks.peers.step import GATE, ROUTER, Step, step_of
from benchmarks.peers.work import PARTITIONS
from credit_bus.contracts.wire import Message, Wire
from credit_bus.domain.channels import RECORDS, replies
from credit_bus.domain.registry import Registry
from credit_bus.flows.outcome import Known
from credit_bus.runtime.batch import partition_of

WORKS = MappingProxyType({"gate": (GATE,), "both": (GATE, ROUTER)})

Steps = Mapping[str, Step]  # by stage, in the order of an event's way
Records = dict[str, list[Wire]]


@dataclass(frozen=True, kw_only=True)
class Task:
    """Messages in their outboxes on a broker, the stages to do, and what they must write."""

    broker: str
    registry_folder: Path
    steps: Steps
    events: int
    normaliser: Normaliser
    expected: Digests

    @property
    def registry(self) -> Registry:
        """The registry by which every stage works."""
        return self.steps[GATE].registry

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Every topic that a stage may write."""
        return tuple(dict.fromkeys(topic for step in self.steps.values() for topic in step.outputs))

    @cached_property
    def finals(self) -> frozenset[str]:
        """Where an event is done: what no stage reads on, answers to its sender left out."""
        read_on = {topic for step in self.steps.values() for topic in step.inputs}
        return frozenset(self.outputs) - read_on - set(map(replies, self.registry.parties))

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many records must come to lie on an event's way, by topic; answers left out."""
        found: dict[str, int] = {}
        for (topic, _), each in self.expected.items():
            if topic in self.finals or topic == RECORDS:
                found[topic] = found.get(topic, 0) + len(each)
        return found


def steps_of(work: str, folder: Path) -> dict[str, Step]:
    """Return the steps of a work of `WORKS`, by stage."""
    return {stage: step_of(stage, folder, partitions=PARTITIONS) for stage in WORKS[work]}


def followed(steps: Steps, messages: Sequence[Message]) -> Records:
    """Return what the stages make of the messages, one after another, by topic."""
    records = _made(steps[GATE], messages)
    if ROUTER in steps:
        accepted = [_message(wire) for wire in records[RECORDS]]
        for topic, wires in _made(steps[ROUTER], accepted).items():
            records.setdefault(topic, []).extend(wires)
    return records


def _made(step: Step, messages: Sequence[Message]) -> Records:
    """Return what a step makes of the messages with the offsets that the broker gives."""
    known: dict[bytes, Known] = {}
    offsets: dict[tuple[str, int], int] = {}
    records: Records = {}
    for message in messages:
        place = (message.topic, message.partition)
        offset = offsets.get(place, 0)
        offsets[place] = offset + 1
        wires, changes = step.one(replace(message, offset=offset), known)
        known.update(changes)
        for topic, wire in wires:
            records.setdefault(topic, []).append(wire)
    return records


def _message(wire: Wire) -> Message:
    """Return an accepted record as the router reads it."""
    return Message(
        topic=RECORDS,
        partition=partition_of(wire.key, PARTITIONS),
        offset=0,
        timestamp_ms=samples.NOW_MS,
        key=wire.key,
        headers=tuple(wire.headers),
        value=wire.value,
    )
