"""A lane: one partition number of a stage, with a producer of its own. A batch is a transaction.

The producer's transactional id names stage and partition, so starting it on assignment fences the
former owner (Kafka, KIP-98): whatever that one had in work is aborted before we read a position.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import ProducerFenced
from aiokafka.structs import TopicPartition

from credit_bus.contracts.wire import Message, Wire, message_of
from credit_bus.runtime import logs
from credit_bus.runtime.batch import Produced
from credit_bus.runtime.ending import ExitCode, end_process
from credit_bus.runtime.settings import WorkerSettings
from credit_bus.runtime.transport import LaneBatch

_RECORD_BATCH_BYTES = 512 * 1024
_REQUEST_BYTES_MAX = 6 * 1024 * 1024

# What a stage does with a batch of a lane; and with the offsets its outputs got.
Step = Callable[[int, list[Message]], Produced]
Committed = Callable[[int, Produced, dict[str, int]], None]


class Lane:
    """Runs the stage's step over batches, one transaction each, in order."""

    def __init__(
        self, partition: int, *, settings: WorkerSettings, group: str, step: Step, done: Committed
    ) -> None:
        self.partition = partition
        self._settings = settings
        self._group = group
        self._step = step
        self._done = done
        self._log = logs.logger(stage=settings.stage, partition=partition)
        self._queue: asyncio.Queue[LaneBatch] = asyncio.Queue(settings.batches_queued_max)
        self._runner: asyncio.Task[None] | None = None
        self._busy = False
        self._stopping = False
        self._next_offset: dict[TopicPartition, int] = {}
        self._producer = AIOKafkaProducer(
            bootstrap_servers=settings.broker,
            client_id=f"{group}-{partition}",
            transactional_id=f"{group}-{partition}",
            transaction_timeout_ms=int(settings.transaction_timeout_seconds * 1000),
            acks="all",
            enable_idempotence=True,
            max_batch_size=_RECORD_BATCH_BYTES,
            max_request_size=_REQUEST_BYTES_MAX,
            linger_ms=0,  # record batches are built here, whole
        )

    async def fence(self) -> None:
        """Start the producer: from here on, no former owner can commit anything."""
        await asyncio.wait_for(self._producer.start(), self._settings.commit_wait_seconds_max)

    def start(self) -> None:
        """Begin to work on what is put."""
        self._runner = asyncio.create_task(self._run(), name=f"lane-{self.partition}")

    async def put(self, batch: LaneBatch) -> None:
        """Queue a batch; waits while the queue is full."""
        await self._queue.put(batch)

    async def stop(self) -> None:
        """Let the transaction in work end, drop what waits (not committed), close the producer."""
        self._stopping = True
        if self._runner is not None:
            if not self._busy:
                self._runner.cancel()
            await asyncio.wait({self._runner}, timeout=self._settings.commit_wait_seconds_max)
        while not self._queue.empty():  # void now; and whoever waits in `put` must go on
            self._queue.get_nowait()
        await asyncio.wait_for(self._producer.stop(), self._settings.stop_wait_seconds_max)

    async def _run(self) -> None:
        while not self._stopping:
            batch = await self._queue.get()
            self._busy = True
            await self._guarded(self._work(batch))
            self._busy = False

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except ProducerFenced as error:
            end_process(ExitCode.FENCED, self._log, logs.WORKER_FAILED, {"error": str(error)})
        except BaseException as error:  # noqa: BLE001 - one of the two outermost loops
            end_process(ExitCode.UNFORESEEN, self._log, logs.WORKER_FAILED, logs.told_of(error))

    async def _work(self, batch: LaneBatch) -> None:
        records = list(batch.records)
        while records:
            began = time.perf_counter()
            produced = self._step(self.partition, [message_of(record) for record in records])
            assert produced.taken > 0, "a step that takes nothing would run for ever"
            taken, records = records[: produced.taken], records[produced.taken :]
            ends = await self._commit(taken, produced)
            self._done(self.partition, produced, ends)
            self._log.info(
                logs.BATCH_COMMITTED,
                read=len(taken),
                written={topic: len(wires) for topic, wires in produced.records.items()},
                refused=produced.reasons,
                milliseconds=round((time.perf_counter() - began) * 1000, 1),
            )

    async def _commit(self, taken: list[Any], produced: Produced) -> dict[str, int]:
        """Write outputs and offsets in one transaction; return the next offset of each topic."""
        offsets = self._advance(taken)
        async with asyncio.timeout(self._settings.commit_wait_seconds_max):
            await self._producer.begin_transaction()
            sent = []
            for topic, wires in produced.records.items():
                for builder in self._record_batches(wires):
                    count = builder.record_count()
                    future = await self._producer.send_batch(
                        builder, topic, partition=self.partition
                    )
                    sent.append((topic, count, future))
            await self._producer.send_offsets_to_transaction(offsets, self._group)
            ends: dict[str, int] = {}
            for topic, count, future in sent:
                written = await future
                ends[topic] = max(ends.get(topic, 0), written.offset + count)
            await self._producer.commit_transaction()
        return ends

    def _advance(self, taken: list[Any]) -> dict[TopicPartition, int]:
        """Return the offsets to commit; what was already read once must not come again."""
        offsets: dict[TopicPartition, int] = {}
        for record in taken:
            tp = TopicPartition(record.topic, record.partition)
            expected = self._next_offset.get(tp, 0)
            assert record.offset >= expected, f"{tp} gave {record.offset}, {expected} was next"
            offsets[tp] = self._next_offset[tp] = record.offset + 1
        return offsets

    def _record_batches(self, wires: list[Wire]) -> list[Any]:
        """Return record batches that hold all of these, in order."""
        builders = [self._producer.create_batch()]
        for wire in wires:
            if not _append(builders[-1], wire):
                builders.append(self._producer.create_batch())
                if not _append(builders[-1], wire):
                    raise ValueError(f"a record of {len(wire.value)} bytes fits no batch")
        for builder in builders:
            builder.close()
        return builders


def _append(builder: Any, wire: Wire) -> bool:
    added = builder.append(timestamp=None, key=wire.key, value=wire.value, headers=wire.headers)
    return added is not None
