"""The least that carries events exactly once: read, write on, commit, and judge nothing.

A gate and a router of librdkafka at the pace of ours: as many records for the same topics and
partitions, in as many transactions. What it loses at a size is lost by whoever uses Kafka's
transactions there. `python -m benchmarks.figures.bare --broker B --registry R --stage gate`.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from confluent_kafka import Consumer, Message, Producer, TopicPartition

from credit_bus.contracts.registry import load_registry
from credit_bus.domain.channels import RECORDS, inbox, outbox, owner_of_outbox, replies
from credit_bus.domain.registry import Registry, Role
from credit_bus.runtime.stages import GateStage, RouterStage

STAGES = {"gate": GateStage, "router": RouterStage}
RECORDS_PER_TRANSACTION_MAX = 5_000
IDLE_SECONDS = 1.0
COMMIT_SECONDS_MAX = 60.0
RECEIPT = b"r" * 300  # about as long as a receipt with its headers

Outputs = Callable[[Message], Iterator[tuple[str, bytes]]]  # topic, value


def outputs_of(stage: str, registry: Registry) -> Outputs:
    """Return where a stage writes what follows from a penalty, as ours does."""
    platforms = [
        inbox(party.code) for party in registry.parties.values() if party.role is Role.PLATFORM
    ]

    def gate(message: Message) -> Iterator[tuple[str, bytes]]:
        yield RECORDS, message.value()
        yield replies(owner_of_outbox(message.topic())), RECEIPT

    def router(message: Message) -> Iterator[tuple[str, bytes]]:
        return ((topic, message.value()) for topic in platforms)

    return {"gate": gate, "router": router}[stage]


def carry(broker: str, stage: str, registry: Registry) -> None:
    """Carry what is said until the process is ended."""
    topics = [outbox(code) for code in registry.parties] if stage == "gate" else [RECORDS]
    outputs, pace = outputs_of(stage, registry), STAGES[stage].pace_seconds
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
    consumer.subscribe(topics)
    last = 0.0
    while True:
        found = consumer.consume(1, IDLE_SECONDS)
        time.sleep(max(0.0, last + pace - time.monotonic()) if found else 0.0)
        last = time.monotonic()
        found += consumer.consume(RECORDS_PER_TRANSACTION_MAX, 0) if found else []
        if found:
            _commit(consumer, producer, found, outputs)


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
