"""The work itself, the same for every Python peer: this project's own gate step on one message.

A peer brings messages, remembers what is known of a document, and writes what follows; how it does
so is what is measured.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import Message, Wire
from credit_bus.domain.channels import QUARANTINE, RECORDS, outbox, replies
from credit_bus.flows.outcome import Known
from credit_bus.runtime.batch import Produced, gate_batch

REGISTRY_FOLDER = Path(__file__).parents[2] / "deploy/credit_bus_deploy/registry"


class GateStep:
    """The gate's step with codec and registry loaded once."""

    def __init__(self, *, partitions: int) -> None:
        self._codec = Codec(load_catalogue())
        self._registry = load_registry(REGISTRY_FOLDER)
        self._partitions = partitions
        self.inputs = tuple(outbox(party) for party in self._registry.parties)
        self.outputs = (
            RECORDS,
            QUARANTINE,
            *(replies(party) for party in self._registry.parties),
        )

    def batch(self, messages: Sequence[Message], known: Mapping[bytes, Known]) -> Produced:
        """Return what follows from the front of a batch."""
        return gate_batch(
            messages,
            lookup=lambda keys: {key: known[key] for key in keys if key in known},
            codec=self._codec,
            registry=self._registry,
            partitions=self._partitions,
            now=datetime.now(UTC),
        )

    def one(
        self, message: Message, known: Mapping[bytes, Known]
    ) -> tuple[list[tuple[str, Wire]], dict[bytes, Known]]:
        """Return the records that follow from one message, by topic, and the new knowledge."""
        produced = self.batch([message], known)
        wires = [(topic, wire) for topic, wires in produced.records.items() for wire in wires]
        return wires, produced.changes
