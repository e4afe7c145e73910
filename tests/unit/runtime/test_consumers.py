"""What the end of a consumer lets out does not end its user in silence."""

import asyncio
from typing import Any

import pytest

from credit_bus.runtime.consumers import started


class Consumer:
    """Ends as aiokafka's does while a failed fetch rests."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def start(self) -> None:
        self.said.append("started")

    async def stop(self) -> None:
        self.said.append("stopped")
        raise asyncio.CancelledError


async def used(consumer: Any, error: Exception | None = None) -> str:
    async with started(consumer):
        if error is not None:
            raise error
        return "found"


def test_a_cancellation_of_its_own_does_not_hide_what_was_found() -> None:
    consumer = Consumer()

    assert "found" == asyncio.run(used(consumer))
    assert ["started", "stopped"] == consumer.said


def test_a_cancellation_of_its_own_does_not_hide_an_error() -> None:
    with pytest.raises(TimeoutError, match="gave nothing"):
        asyncio.run(used(Consumer(), TimeoutError("gave nothing")))


def test_a_cancellation_of_the_user_is_one() -> None:
    async def story() -> bool:
        async def use() -> None:
            async with started(Consumer()):
                await asyncio.Event().wait()

        task = asyncio.create_task(use())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        return task.cancelled()

    assert asyncio.run(story())
