"""A few at once, a few more that wait, and nobody beyond: before a thread is held.

Threads are shared by all pages; work that anybody may ask for must not hold them while it waits.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """The turns of one kind of work. Used by the event loop alone."""

    def __init__(self, *, at_once_max: int, waiting_max: int) -> None:
        """Nobody has a turn yet."""
        self._free = asyncio.Semaphore(at_once_max)
        self._taken = 0
        self._taken_max = at_once_max + waiting_max

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[bool]:
        """Run the block when its turn comes; yield False at once where too many wait already."""
        if self._taken >= self._taken_max:
            yield False
            return
        self._taken += 1
        try:
            async with self._free:
                yield True
        finally:
            self._taken -= 1
