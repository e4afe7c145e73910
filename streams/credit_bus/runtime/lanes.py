"""The lanes of one process: started on assignment, stopped on revocation, all or nothing."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol

from credit_bus.contracts.wire import Message
from credit_bus.runtime import logs
from credit_bus.runtime.batch import Produced
from credit_bus.runtime.ending import ExitCode, end_process
from credit_bus.runtime.lane import Lane
from credit_bus.runtime.settings import WorkerSettings
from credit_bus.runtime.transport import BatchApp, LaneBatch


class Stage(Protocol):
    """What a worker does: its input topics, its step, and what it keeps beside the log."""

    topics: tuple[str, ...]

    async def open(self, partitions: frozenset[int]) -> None:
        """Get ready for these partition numbers, after their former owners were fenced."""
        ...

    def step(self, partition: int, messages: list[Message]) -> Produced:
        """Return what follows from a batch."""
        ...

    def committed(self, partition: int, produced: Produced, ends: dict[str, int]) -> None:
        """Take note of a batch whose transaction is committed; `ends` are next offsets."""
        ...


class Lanes:
    """Holds one lane for each assigned partition number."""

    def __init__(self, app: BatchApp, stage: Stage, settings: WorkerSettings) -> None:
        self._app = app
        self._stage = stage
        self._settings = settings
        self._log = logs.logger(stage=settings.stage)
        self._lanes: dict[int, Lane] = {}
        self._generation = -1
        self.assignment: frozenset[Any] = frozenset()  # read by the watchdog's thread

    async def assigned(self, tps: frozenset[Any]) -> None:
        """Fence the former owners, bring the stage up to date, then start."""
        await self._or_end(self._assigned(tps))

    async def revoked(self) -> None:
        """Stop every lane; what is not committed will be read again by its next owner."""
        await self._or_end(self._revoked())

    async def _or_end(self, change: Awaitable[None]) -> None:
        """Carry the change out, or end the process: aiokafka would only log a failed listener."""
        try:
            await change
        except Exception as error:  # noqa: BLE001 - one of the two outermost loops
            end_process(ExitCode.UNFORESEEN, self._log, logs.WORKER_FAILED, logs.told_of(error))

    async def _assigned(self, tps: frozenset[Any]) -> None:
        await self._revoked()
        partitions = frozenset(tp.partition for tp in tps)
        expected = {(topic, number) for topic in self._stage.topics for number in partitions}
        if {(tp.topic, tp.partition) for tp in tps} != expected:
            raise RuntimeError(
                "assigned partitions are not co-partitioned: every input topic must have the same"
                " partition count and every member the range assignor; compare them with"
                " `credit-bus topics plan`"
            )
        self._lanes = {number: self._lane(number) for number in sorted(partitions)}
        await asyncio.gather(*(lane.fence() for lane in self._lanes.values()))
        await self._stage.open(partitions)
        self._generation = self._app.consumer_generation_id
        for lane in self._lanes.values():
            lane.start()
        self.assignment = tps
        self._log.info(
            logs.LANE_STARTED, partitions=sorted(partitions), generation=self._generation
        )

    async def _revoked(self) -> None:
        self.assignment = frozenset()
        self._generation = -1
        stopping, self._lanes = self._lanes, {}
        if stopping:
            await asyncio.gather(*(lane.stop() for lane in stopping.values()))
            self._log.info(logs.LANES_STOPPED, partitions=sorted(stopping))

    async def put(self, batch: LaneBatch) -> None:
        """Hand a batch to its lane; one of an earlier generation is void and dropped."""
        lane = self._lanes.get(batch.partition)
        if lane is not None and batch.generation == self._generation:
            await lane.put(batch)

    def _lane(self, partition: int) -> Lane:
        return Lane(
            partition,
            settings=self._settings,
            group=self._app.conf.id,
            step=self._stage.step,
            done=self._stage.committed,
        )
