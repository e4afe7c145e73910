"""The work itself, the same for every Python peer: this project's own pure steps.

A peer brings messages, remembers what is known of a document, and writes what follows; how it does
so is what is measured.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import Message, Wire
from credit_bus.domain.channels import QUARANTINE, RECORDS, inbox, outbox, replies
from credit_bus.domain.registry import Registry
from credit_bus.flows.outcome import Known
from credit_bus.runtime.batch import Produced, gate_batch, router_batch

GATE, ROUTER = "gate", "router"


class Step(ABC):
    """What a stage makes of messages, with codec and registry loaded once."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    remembers: bool  # whether what follows depends on what is known of a document

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._codec = Codec(load_catalogue())

    @abstractmethod
    def batch(self, messages: Sequence[Message], known: Mapping[bytes, Known]) -> Produced:
        """Return what follows from the front of a batch."""

    def one(
        self, message: Message, known: Mapping[bytes, Known]
    ) -> tuple[list[tuple[str, Wire]], dict[bytes, Known]]:
        """Return the records that follow from one message, by topic, and the new knowledge."""
        produced = self.batch([message], known)
        wires = [(topic, wire) for topic, wires in produced.records.items() for wire in wires]
        return wires, produced.changes


class GateStep(Step):
    """The gate's step: from outboxes to the log of record, the senders and quarantine."""

    remembers = True

    def __init__(self, registry: Registry, *, partitions: int) -> None:
        """Take the registry's outboxes as inputs."""
        super().__init__(registry)
        self._partitions = partitions
        self.inputs = tuple(map(outbox, registry.parties))
        self.outputs = (RECORDS, QUARANTINE, *map(replies, registry.parties))

    def batch(self, messages: Sequence[Message], known: Mapping[bytes, Known]) -> Produced:
        """Return what the gate makes of the front of a batch."""
        return gate_batch(
            messages,
            lookup=lambda keys: {key: known[key] for key in keys if key in known},
            codec=self._codec,
            registry=self.registry,
            partitions=self._partitions,
            now=datetime.now(UTC),
        )


class RouterStep(Step):
    """The router's step: from the log of record to whoever must hold it or act on it."""

    remembers = False
    inputs = (RECORDS,)

    def __init__(self, registry: Registry) -> None:
        """Take the registry's inboxes and replies as outputs."""
        super().__init__(registry)
        self.outputs = (*map(inbox, registry.parties), *map(replies, registry.parties))

    def batch(self, messages: Sequence[Message], known: Mapping[bytes, Known]) -> Produced:  # noqa: ARG002 - it asks for nothing
        """Return where the front of a batch goes."""
        return router_batch(messages, codec=self._codec, registry=self.registry)


def step_of(stage: str, folder: Path, *, partitions: int) -> Step:
    """Return the stage's step by the registry in the folder."""
    registry = load_registry(folder)
    return RouterStep(registry) if stage == ROUTER else GateStep(registry, partitions=partitions)
