"""A consumer of aiokafka for a while, ended without its slips."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer


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
