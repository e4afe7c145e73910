"""The least that carries events exactly once: read, write on, commit, and judge nothing.

A gate and a router of librdkafka at the pace of ours: as many records for the same topics and
partitions, in as many transactions. What it loses at a size is lost by whoever uses Kafka's
transactions there. `python -m benchmarks.figures.bare --broker B --registry R --stage gate`.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from confluent_kafka import Consumer, Message, Producer, TopicPartition

from credit_bus.contracts.registry import load_registry
from credit_bus.domain.channels import RECORDS, inbox, outbox, owner_of_outbox, replies
from credit_bus.domain.registry import Registry, Role
from credit_bus.runtime.stages import GateStage, RouterStage

RECORDS_PER_TRANSACTION_MAX = 5_000
IDLE_SECONDS = 1.0
COMMIT_SECONDS_MAX = 60.0
RECEIPT = b"r" * 300  # about as long as a receipt with its headers

Outputs = Callable[[Message], Iterator[tuple[str, bytes]]]  # topic, value


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """What a stage reads and, of a penalty, writes; as ours does."""

    topics: list[str]
    outputs: Outputs
    pace_seconds: float


def gate(registry: Registry) -> Bare:
    """Return the bare gate."""

    def outputs(message: Message) -> Iterator[tuple[str, bytes]]:
        yield RECORDS, message.value()
        yield replies(owner_of_outbox(message.topic())), RECEIPT

    return Bare(
        topics=[outbox(party) for party in registry.parties],
        outputs=outputs,
        pace_seconds=GateStage.pace_seconds,
    )


def router(registry: Registry) -> Bare:
    """Return the bare router."""
    platforms = [
        inbox(party.code) for party in registry.parties.values() if party.role is Role.PLATFORM
    ]
    return Bare(
        topics=[RECORDS],
        outputs=lambda message: ((topic, message.value()) for topic in platforms),
        pace_seconds=RouterStage.pace_seconds,
    )


STAGES = {"gate": gate, "router": router}


def carry(broker: str, stage: str, registry: Registry) -> None:
    """Carry what is said until the process is ended."""
    bare = STAGES[stage](registry)
    group = f"bare-{stage}"
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": group,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    producer = Producer({"bootstrap.servers": broker, "transactional.id": group, "linger.ms": 0})
    producer.init_transactions(COMMIT_SECONDS_MAX)
    consumer.subscribe(bare.topics)
    last = 0.0
    while True:
        found = consumer.consume(1, IDLE_SECONDS)
        time.sleep(max(0.0, last + bare.pace_seconds - time.monotonic()) if found else 0.0)
        last = time.monotonic()
        found += consumer.consume(RECORDS_PER_TRANSACTION_MAX, 0) if found else []
        if found:
            _commit(consumer, producer, found, bare.outputs)


def _commit(consumer: Consumer, producer: Producer, found: list[Message], outputs: Outputs) -> None:
    producer.begin_transaction()
    for message in found:
        if message.error():
            raise RuntimeError(message.error())
        for topic, value in outputs(message):
            producer.produce(
                topic,
                value,
                message.key(),
                message.partition(),
                headers=message.headers(),
            )
            producer.poll(0)
    read = {(each.topic(), each.partition()): each.offset() + 1 for each in found}
    producer.send_offsets_to_transaction(
        [TopicPartition(topic, partition, at) for (topic, partition), at in read.items()],
        consumer.consumer_group_metadata(),
        COMMIT_SECONDS_MAX,
    )
    producer.commit_transaction(COMMIT_SECONDS_MAX)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broker", required=True)
    parser.add_argument("--registry", required=True, type=Path)
    parser.add_argument("--stage", required=True, choices=STAGES)
    given = parser.parse_args()
    carry(given.broker, given.stage, load_registry(given.registry))


if __name__ == "__main__":
    main()
