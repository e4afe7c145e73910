"""A consumer of aiokafka for a while, ended without its slips, and what one is asked for."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import cast

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition


@asynccontextmanager
async def started(consumer: AIOKafkaConsumer) -> AsyncIterator[AIOKafkaConsumer]:
    """Yield it started, and stop it.

    Its end may let the cancellation of a task of its own out (aiokafka 0.14.0, `Fetcher.close`
    while a failed fetch rests). Whoever sees that takes it for one of theirs, and ends in silence.
    """
    try:
        await consumer.start()
        yield consumer
    finally:
        try:
            await consumer.stop()
        except asyncio.CancelledError:
            ours = asyncio.current_task()
            if ours is not None and ours.cancelling():
                raise


async def ends_of(broker: str, tps: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """Return where these partitions end, what is not committed yet counted. Raises KafkaError."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, isolation_level="read_uncommitted")
    async with started(consumer):
        return cast("dict[TopicPartition, int]", await consumer.end_offsets(list(tps)))
