"""The lanes of one process: taken over on assignment, left on revocation, all or nothing.

A lane is one partition number of a stage across its input topics. Whatever waits for any of them
goes into one transaction: its cost is then the same for one lane and for many.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiokafka.structs import TopicPartition

from credit_bus.contracts.wire import Message, Wire, message_of
from credit_bus.domain.channels import QUARANTINE
from credit_bus.metrics import table
from credit_bus.metrics.labels import kind_of
from credit_bus.metrics.vitals import Vitals
from credit_bus.runtime import logs
from credit_bus.runtime.batch import OUTPUT_BYTES_MAX, Produced
from credit_bus.runtime.ending import ExitCode, end_process
from credit_bus.runtime.settings import WorkerSettings
from credit_bus.runtime.transactions.errors import FencedError
from credit_bus.runtime.transactions.producer import Membership, Producer
from credit_bus.runtime.transport import BatchApp, Fetch

CANCEL_SECONDS = 5.0  # from one try to cut short what waits to the next
RECORDS_AHEAD_MIN = 500  # below this, a step beside the commit before only makes batches small


class Stage(Protocol):
    """What a worker does: its input topics, its step, and what it keeps beside the log."""

    topics: tuple[str, ...]
    pace_seconds: float  # from a fetch that brought something to the next, at the least

    async def open(self, partitions: frozenset[int]) -> None:
        """Get ready for these partition numbers, after their former owners were fenced.

        It may take long, and is cancelled when they are taken away meanwhile.
        """
        ...

    def step(self, partition: int, messages: list[Message]) -> Produced:
        """Return what follows from a batch of one lane."""
        ...

    def committed(self, partition: int, produced: Produced, ends: dict[str, int]) -> None:
        """Take note of a batch whose transaction is committed; `ends` are next offsets."""
        ...


class Lanes:
    """Runs the stage's step over what is fetched, one transaction after another."""

    def __init__(
        self, app: BatchApp, stage: Stage, settings: WorkerSettings, vitals: Vitals | None = None
    ) -> None:
        self._app = app
        self._vitals = vitals or Vitals()
        self._meter = self._vitals.meter
        self._stage = stage
        self._settings = settings
        self._log = logs.logger(stage=settings.stage)
        self._queue: asyncio.Queue[Fetch] = asyncio.Queue(settings.fetches_queued_max)
        self._records_queued = 0
        self._runner: asyncio.Task[None] | None = None
        self._waits = False  # the runner, for the stage or a fetch: it may be cancelled
        self._generation = -1
        self._ready = False
        self._next_offset: dict[TopicPartition, int] = {}
        self._producer = Producer(
            broker=settings.broker,
            group=app.conf.id,
            transaction_timeout_seconds=settings.transaction_timeout_seconds,
            wait_seconds_max=settings.commit_wait_seconds_max,
        )
        self.assignment: frozenset[Any] = frozenset()  # read by the watchdog's thread
        self._vitals.health.expect_that("lanes", lambda: self._ready)
        # At 0 before the first: a count that begins with 1 has not increased for an alert.
        self._meter.count(table.EVENTS_WRITTEN, 0, stage=settings.stage, kind=kind_of(QUARANTINE))

    async def start(self) -> None:
        """Connect the producer; before anything is assigned."""
        await self._producer.start()

    async def assigned(self, tps: frozenset[Any], membership: Membership) -> None:
        """Fence the former owners; the rest is done beside heartbeats, which wait for this."""
        await self._or_end(self._assigned(tps, membership))

    async def revoked(self) -> None:
        """Let the transaction in work end; what is not committed its next owner reads again."""
        await self._or_end(self._revoked())

    async def put(self, fetch: Fetch) -> None:
        """Queue a fetch, waiting while the queue is full; one of an earlier generation is void."""
        if fetch.generation == self._generation:
            self._records_queued += fetch.count
            await self._queue.put(fetch)

    async def _or_end(self, change: Awaitable[None]) -> None:
        """Carry the change out, or end the process: aiokafka would only log a failed listener."""
        try:
            await change
        except FencedError as error:
            end_process(ExitCode.FENCED, self._log, logs.WORKER_FAILED, logs.told_of(error))
        except BaseException as error:  # noqa: BLE001 - one of the two outermost loops
            end_process(ExitCode.UNFORESEEN, self._log, logs.WORKER_FAILED, logs.told_of(error))

    async def _assigned(self, tps: frozenset[Any], membership: Membership) -> None:
        await self._revoked()
        partitions = frozenset(tp.partition for tp in tps)
        expected = {(topic, number) for topic in self._stage.topics for number in partitions}
        if {(tp.topic, tp.partition) for tp in tps} != expected:
            raise RuntimeError(
                "assigned partitions are not co-partitioned: every input topic must have the same"
                " partition count and every member the range assignor; compare them with"
                " `credit-bus topics plan`"
            )
        if partitions:
            await self._producer.take_over(sorted(partitions), sorted(tps), membership)
        self._generation = self._app.consumer_generation_id
        self._next_offset = {}
        # A new one: who still waits to put a void fetch puts it into the old.
        self._queue = asyncio.Queue(self._settings.fetches_queued_max)
        self._records_queued = 0
        self._runner = asyncio.create_task(
            self._or_end(self._open_and_run(tps, self._generation)), name="lanes"
        )

    async def _open_and_run(self, tps: frozenset[Any], generation: int) -> None:
        """Bring the stage up to date, then run, until the lanes are taken away."""
        if generation != self._generation:
            return
        partitions = frozenset(tp.partition for tp in tps)
        self._waits = True
        try:
            await self._stage.open(partitions)
        except asyncio.CancelledError:
            if generation == self._generation:
                raise  # nobody took the lanes away: aiokafka lets a cancellation of its own out
            return
        finally:
            self._waits = False
        if generation != self._generation:
            return
        self._ready = True
        self.assignment = tps
        self._meter.set(table.LANES, len(partitions), stage=self._settings.stage)
        self._log.info(logs.LANES_STARTED, partitions=sorted(partitions), generation=generation)
        await self._run(generation)

    async def _revoked(self) -> None:
        partitions = {tp.partition for tp in self.assignment}
        self.assignment = frozenset()
        self._meter.set(table.LANES, 0, stage=self._settings.stage)
        self._generation = -1
        self._ready = False
        runner, self._runner = self._runner, None
        if runner is not None:
            await self._ended(runner)
        while not self._queue.empty():  # void now; and whoever waits in `put` must go on
            self._queue.get_nowait()
        if partitions:
            self._log.info(logs.LANES_STOPPED, partitions=sorted(partitions))

    async def _ended(self, runner: asyncio.Task[None]) -> None:
        """Wait until the runner has ended. Raises TimeoutError."""
        async with asyncio.timeout(self._settings.commit_wait_seconds_max):
            while not runner.done():
                if self._waits:  # again and again: aiokafka may swallow a cancellation
                    runner.cancel()
                await asyncio.wait({runner}, timeout=CANCEL_SECONDS)

    async def _run(self, generation: int) -> None:
        """Judge what is fetched and commit it, in order.

        While much waits, the next step runs beside the commit of the one before.
        """
        committing: asyncio.Task[None] | None = None
        while generation == self._generation:
            try:
                self._waits = True
                fetch = self._taken(await self._queue.get())
            except asyncio.CancelledError:
                break
            finally:
                self._waits = False
            if committing is not None and fetch.count + self._records_queued < RECORDS_AHEAD_MIN:
                await committing
                committing = None
            waiting = self._with_all_that_waits(fetch)
            while waiting and generation == self._generation:
                batch = self._step(waiting)
                if committing is not None:
                    await committing
                committing = asyncio.create_task(self._or_end(self._commit(batch)), name="commit")
        if committing is not None:
            await committing

    def _with_all_that_waits(self, first: Fetch) -> dict[int, list[Message]]:
        """Return the messages of this and the queued fetches by lane, in order in each topic."""
        lanes: dict[int, list[Message]] = {}
        fetch: Fetch | None = first
        while fetch is not None:
            for partition, records in fetch.records.items():
                lanes.setdefault(partition, []).extend(map(message_of, records))
            fetch = None if self._queue.empty() else self._taken(self._queue.get_nowait())
        return lanes

    def _taken(self, fetch: Fetch) -> Fetch:
        self._records_queued -= fetch.count
        return fetch

    def _step(self, waiting: dict[int, list[Message]]) -> "_Batch":
        """Take as much of what waits as one transaction holds, and return what follows."""
        batch = _Batch(began=time.perf_counter())
        size = 0
        for partition, messages in list(waiting.items()):
            produced = self._stage.step(partition, messages)
            assert produced.taken > 0, "a step that takes nothing would run for ever"
            batch.lanes[partition] = produced
            batch.offsets |= self._advance(messages[: produced.taken])
            if produced.taken == len(messages):
                del waiting[partition]
            else:
                waiting[partition] = messages[produced.taken :]
            size += produced.bytes
            if size >= OUTPUT_BYTES_MAX:
                break
        return batch

    async def _commit(self, batch: "_Batch") -> None:
        outputs: dict[TopicPartition, list[Wire]] = {
            TopicPartition(topic, partition): wires
            for partition, produced in batch.lanes.items()
            for topic, wires in produced.records.items()
        }
        began = time.perf_counter()
        ends = await self._producer.commit(outputs, batch.offsets)
        seconds = time.perf_counter() - began
        ends_of: dict[int, dict[str, int]] = defaultdict(dict)
        for tp, end in ends.items():
            ends_of[tp.partition][tp.topic] = end
        for partition, produced in batch.lanes.items():
            self._stage.committed(partition, produced, ends_of[partition])
        told = batch.told()
        self._measure(told, seconds)
        self._log.info(logs.BATCH_COMMITTED, **told)

    def _measure(self, told: dict[str, Any], commit_seconds: float) -> None:
        """Count a committed batch: a few sums, whatever its size."""
        meter, stage = self._meter, self._settings.stage
        meter.observe(table.BATCH, told["milliseconds"] / 1000, stage=stage)
        meter.observe(table.COMMIT, commit_seconds, stage=stage)
        meter.set(table.LAST_COMMIT, time.time(), stage=stage)
        meter.count(table.EVENTS_READ, told["read"], stage=stage)
        written: Counter[str] = Counter()
        for topic, number in told["written"].items():
            written[kind_of(topic)] += number
        for kind, number in written.items():
            meter.count(table.EVENTS_WRITTEN, number, stage=stage, kind=kind)
        for code, number in told["refused"].items():
            meter.count(table.REFUSALS, number, stage=stage, code=code)

    def _advance(self, taken: list[Message]) -> dict[TopicPartition, int]:
        """Return the offsets to commit; what was already read once must not come again."""
        offsets: dict[TopicPartition, int] = {}
        for message in taken:
            tp = TopicPartition(message.topic, message.partition)
            expected = self._next_offset.get(tp, 0)
            assert message.offset >= expected, f"{tp} gave {message.offset}, {expected} was next"
            offsets[tp] = self._next_offset[tp] = message.offset + 1
        return offsets


@dataclass(slots=True, kw_only=True)
class _Batch:
    """One transaction: what follows for each lane, and how far its inputs are then read."""

    began: float
    lanes: dict[int, Produced] = field(default_factory=dict)
    offsets: dict[TopicPartition, int] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return what is logged of it."""
        written: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        for produced in self.lanes.values():
            written.update({topic: len(wires) for topic, wires in produced.records.items()})
            refused.update(produced.reasons)
        return {
            "partitions": sorted(self.lanes),
            "read": sum(produced.taken for produced in self.lanes.values()),
            "written": dict(written),
            "refused": dict(refused),
            "milliseconds": round((time.perf_counter() - self.began) * 1000, 1),
        }
