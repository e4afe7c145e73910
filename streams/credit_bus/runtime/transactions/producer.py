"""A transactional producer for all lanes of a process: outputs and positions in one transaction.

A transaction is three requests: the record batches, the offsets, the end (KIP-890). What a former
owner had in work cannot come through: its commit of offsets names a generation of the group that
is over (KIP-447), and its transaction is aborted by whoever owns its partitions next.

A transactional id names a stage and a partition number, and a process writes under the lowest of
its numbers. On assignment it starts every id that its numbers name, so that each id of a former
owner is started anew by somebody, and with it whatever hung there ends at once.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from aiokafka import errors
from aiokafka.client import AIOKafkaClient, ConnectionGroup, CoordinationType
from aiokafka.protocol.transaction import InitProducerIdRequest
from aiokafka.structs import TopicPartition

from credit_bus.contracts.wire import Wire
from credit_bus.domain.value import value
from credit_bus.runtime.transactions.batches import RecordBatch, rounds_of_batches
from credit_bus.runtime.transactions.errors import (
    CONCURRENT_TRANSACTIONS,
    LEADER_NOT_AVAILABLE,
    PassingError,
    raise_for,
)
from credit_bus.runtime.transactions.requests import (
    CommitInTransaction,
    CommitTransaction,
    FetchStableOffsets,
    ProduceInTransaction,
)

RETRY_SECONDS = 0.002  # a transaction that is being completed takes a few milliseconds
RETRY_SECONDS_MAX = 0.25
UNSTABLE_OFFSET_COMMIT = 88  # aiokafka has no name for it (KIP-447)

_Found = TypeVar("_Found")
Outputs = Mapping[TopicPartition, Sequence[Wire]]
Offsets = Mapping[TopicPartition, int]


@value
class Membership:
    """Who we are in the consumer group, as of the assignment."""

    generation: int
    member_id: str


class Producer:
    """Writes one transaction after another for one process of a stage."""

    def __init__(
        self,
        *,
        broker: str,
        group: str,
        transaction_timeout_seconds: float,
        wait_seconds_max: float,
    ) -> None:
        self._group = group
        self._transaction_timeout_ms = int(transaction_timeout_seconds * 1000)
        self._wait_seconds_max = wait_seconds_max
        self._client = AIOKafkaClient(bootstrap_servers=broker, client_id=f"{group}-producer")
        self._coordinators: dict[tuple[CoordinationType, str], int] = {}
        self._membership = Membership(generation=-1, member_id="")
        self._transactional_id = ""
        self._producer_id = -1
        self._epoch = -1

    async def start(self) -> None:
        """Connect. Raises TimeoutError, KafkaError."""
        async with asyncio.timeout(self._wait_seconds_max):
            await self._client.bootstrap()

    async def stop(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def take_over(
        self, partitions: Sequence[int], inputs: Sequence[TopicPartition], membership: Membership
    ) -> dict[TopicPartition, int]:
        """End what former owners of these partitions had in work; then write in our own name.

        Returns once the committed offsets of the inputs can no longer be moved by anybody else, and
        returns them; those that were never committed are left out. Raises TimeoutError, KafkaError.
        """
        self._membership = membership
        async with asyncio.timeout(self._wait_seconds_max):
            started = await asyncio.gather(*(self._init(self._id(n)) for n in partitions))
            offsets = await self._until_stable(inputs)
        self._transactional_id = self._id(min(partitions))
        self._producer_id, self._epoch = started[partitions.index(min(partitions))]
        return offsets

    async def commit(self, outputs: Outputs, offsets: Offsets) -> dict[TopicPartition, int]:
        """Write outputs and offsets in one transaction; return the next offset of each output.

        Raises FencedError, RefusedError, TimeoutError, KafkaError; after any of them only the end
        of the process is safe.
        """
        ends: dict[TopicPartition, int] = {}
        async with asyncio.timeout(self._wait_seconds_max):
            for batches in rounds_of_batches(
                outputs, producer_id=self._producer_id, epoch=self._epoch
            ):
                ends |= await self._produce(batches)
            await self._commit_offsets(offsets)
            await self._end()
        return ends

    def _id(self, partition: int) -> str:
        return f"{self._group}-{partition}"

    async def _init(self, transactional_id: str) -> tuple[int, int]:
        async def init() -> tuple[int, int]:
            request = InitProducerIdRequest(transactional_id, self._transaction_timeout_ms)
            found = await self._to_coordinator(
                CoordinationType.TRANSACTION, transactional_id, request
            )
            raise_for(found.error_code)
            return found.producer_id, found.producer_epoch

        return await self._patiently(init)

    async def _until_stable(self, inputs: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        partitions: dict[str, list[int]] = defaultdict(list)
        for tp in inputs:
            partitions[tp.topic].append(tp.partition)

        async def look() -> dict[TopicPartition, int]:
            request = FetchStableOffsets(group=self._group, partitions=partitions)
            found = await self._to_coordinator(CoordinationType.GROUP, self._group, request)
            raise_for(found.error_code)
            offsets: dict[TopicPartition, int] = {}
            for topic, rows, _ in found.topics:
                for partition, offset, _, _, code, _ in rows:
                    raise_for(code)
                    if offset >= 0:
                        offsets[TopicPartition(topic, partition)] = offset
            return offsets

        return await self._patiently(look)

    async def _produce(
        self, batches: dict[TopicPartition, RecordBatch]
    ) -> dict[TopicPartition, int]:
        """Write one batch for each partition; return the offset after each."""
        ends: dict[TopicPartition, int] = {}
        waiting = dict(batches)

        async def send() -> None:
            failed = 0
            for found in await asyncio.gather(*self._sendings(waiting)):
                for topic, rows, _ in found.topics:
                    for partition, code, base, *_ in rows:
                        tp = TopicPartition(topic, partition)
                        if code:
                            failed = code
                        else:
                            ends[tp] = base + waiting.pop(tp).count
            raise_for(failed)

        await self._patiently(send)
        return ends

    def _sendings(self, batches: Mapping[TopicPartition, RecordBatch]) -> list[Awaitable[Any]]:
        """Return one request for each broker that leads some of the partitions."""
        by_broker: dict[int, dict[str, dict[int, bytes]]] = defaultdict(lambda: defaultdict(dict))
        unknown: set[str] = set()
        for tp, batch in batches.items():
            broker = self._client.cluster.leader_for_partition(tp)
            if broker is None or broker < 0:
                unknown.add(tp.topic)
                continue
            by_broker[broker][tp.topic][tp.partition] = batch.data
        if unknown:  # all of them together: one look a topic was six seconds of a gate's start
            for topic in unknown:
                self._client.add_topic(topic)
            raise PassingError(LEADER_NOT_AVAILABLE)
        return [
            self._client.send(
                broker,
                ProduceInTransaction(
                    transactional_id=self._transactional_id,
                    timeout_ms=int(self._wait_seconds_max * 1000),
                    batches=parts,
                ),
            )
            for broker, parts in by_broker.items()
        ]

    async def _commit_offsets(self, offsets: Offsets) -> None:
        by_topic: dict[str, dict[int, int]] = defaultdict(dict)
        for tp, offset in offsets.items():
            by_topic[tp.topic][tp.partition] = offset

        async def commit() -> None:
            request = CommitInTransaction(
                transactional_id=self._transactional_id,
                producer_id=self._producer_id,
                producer_epoch=self._epoch,
                group=self._group,
                generation=self._membership.generation,
                member_id=self._membership.member_id,
                offsets=by_topic,
            )
            found = await self._to_coordinator(CoordinationType.GROUP, self._group, request)
            for _, rows, _ in found.topics:
                for _, code, _ in rows:
                    raise_for(code)

        await self._patiently(commit)

    async def _end(self) -> None:
        async def end() -> None:
            request = CommitTransaction(
                transactional_id=self._transactional_id,
                producer_id=self._producer_id,
                producer_epoch=self._epoch,
            )
            found = await self._to_coordinator(
                CoordinationType.TRANSACTION, self._transactional_id, request
            )
            raise_for(found.error_code)
            self._producer_id, self._epoch = found.producer_id, found.producer_epoch

        await self._patiently(end)

    async def _to_coordinator(self, kind: CoordinationType, key: str, request: Any) -> Any:
        if (kind, key) not in self._coordinators:
            self._coordinators[kind, key] = await self._client.coordinator_lookup(kind, key)
        node = self._coordinators[kind, key]
        return await self._client.send(node, request, group=ConnectionGroup.COORDINATION)

    async def _patiently(self, attempt: Callable[[], Awaitable[_Found]]) -> _Found:
        """Try until it does not fail for a passing reason; the caller bounds the time."""
        pause = RETRY_SECONDS
        while True:
            try:
                return await attempt()
            except PassingError as error:
                moved = error.code != CONCURRENT_TRANSACTIONS
            except errors.KafkaError as error:  # the client's own: no connection, no answer
                if not error.retriable:
                    raise
                moved = True
            if moved:
                self._coordinators.clear()
                await self._client.force_metadata_update()
            await asyncio.sleep(pause)
            pause = min(2 * pause, RETRY_SECONDS_MAX)
