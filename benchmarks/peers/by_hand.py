"""A peer: aiokafka by hand. One consumer, one transactional producer, a transaction a poll.

What is known of documents stands in memory and is not handed over: after a restart or a rebalance
the log of record would have to be read.
"""

import asyncio
import os
from collections.abc import Sequence
from typing import Any

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka.structs import TopicPartition

from benchmarks.peers.peer import Worker, told
from benchmarks.peers.step import Step, step_of
from credit_bus.contracts.wire import Wire, message_of
from credit_bus.flows.outcome import Known

RECORDS_PER_POLL_MAX = 2_000
FETCH_BYTES_MAX = 8 * 1024 * 1024


async def run(worker: Worker) -> None:
    """Read, judge or route, and write until the process is ended."""
    step = step_of(worker.stage, worker.registry, partitions=worker.partitions)
    known: dict[bytes, Known] = {}
    producer = AIOKafkaProducer(
        bootstrap_servers=worker.broker,
        transactional_id=f"{worker.group}-{os.getpid()}",
        acks="all",
        linger_ms=5,
        max_batch_size=512 * 1024,
        max_request_size=6 * 1024 * 1024,
    )
    consumer = AIOKafkaConsumer(
        bootstrap_servers=worker.broker,
        group_id=worker.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        max_partition_fetch_bytes=FETCH_BYTES_MAX,
    )
    handover = _Handover()
    consumer.subscribe(list(step.inputs), listener=handover)
    await producer.start()
    await consumer.start()
    while True:
        async with handover.working:
            fetched = await consumer.getmany(timeout_ms=250, max_records=RECORDS_PER_POLL_MAX)
            for tp, records in fetched.items():
                await _work(step, known, producer, worker.group, tp, records)


class _Handover(ConsumerRebalanceListener):
    """Lets what was fetched be committed before its partition goes to another worker."""

    def __init__(self) -> None:
        self.working = asyncio.Lock()

    async def on_partitions_revoked(self, revoked: Any) -> None:  # noqa: ARG002 - the base class's
        """Wait for the transactions in work."""
        async with self.working:
            pass

    def on_partitions_assigned(self, assigned: Any) -> None:
        """Nothing to get ready: what is known is not handed over."""


async def _work(
    step: Step,
    known: dict[bytes, Known],
    producer: Any,
    group: str,
    tp: TopicPartition,
    records: Sequence[Any],
) -> None:
    messages = [message_of(record) for record in records]
    while messages:
        produced = step.batch(messages, known)
        known.update(produced.changes)
        taken, messages = messages[: produced.taken], messages[produced.taken :]
        async with producer.transaction():
            for topic, wires in produced.records.items():
                for wire in wires:
                    await _send(producer, topic, tp.partition, wire)
            await producer.send_offsets_to_transaction({tp: taken[-1].offset + 1}, group)


async def _send(producer: Any, topic: str, partition: int, wire: Wire) -> None:
    await producer.send(
        topic, key=wire.key, value=wire.value, headers=wire.headers, partition=partition
    )


def main() -> None:
    """Run from the command line."""
    uvloop.install()
    asyncio.run(run(told()))


if __name__ == "__main__":
    main()
