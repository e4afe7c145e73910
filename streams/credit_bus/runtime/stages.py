"""The two stages that run in a Kafka transaction: the gate and the router."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import Message, digest_of, message_of, read_event
from credit_bus.domain.channels import RECORDS, outbox
from credit_bus.domain.event import document_key
from credit_bus.domain.registry import Registry
from credit_bus.flows.limit import QuarantineRuns
from credit_bus.flows.outcome import Known
from credit_bus.metrics import table
from credit_bus.metrics.meter import Meter
from credit_bus.runtime import logs
from credit_bus.runtime.batch import (
    Produced,
    UnreadableRecordError,
    gate_batch,
    router_batch,
)
from credit_bus.runtime.consumers import ends_of, started
from credit_bus.runtime.ending import ExitCode, end_process
from credit_bus.runtime.revisions import RevisionIndex
from credit_bus.runtime.settings import WorkerSettings

_CATCH_UP_RECORDS_MAX = 5_000
_CATCH_UP_POLL_MS = 500


class RouterStage:
    """Sends accepted events where the registry says. Keeps nothing."""

    pace_seconds = 0.01  # a gate's transactions come in turn already

    def __init__(self, *, codec: Codec, registry: Registry) -> None:
        self.topics: tuple[str, ...] = (RECORDS,)
        self._run = partial(router_batch, codec=codec, registry=registry)

    async def open(self, partitions: frozenset[int]) -> None:
        """Nothing to get ready."""

    def step(self, partition: int, messages: list[Message]) -> Produced:  # noqa: ARG002 - the port
        """Return where the batch goes."""
        return self._run(messages)

    def committed(self, partition: int, produced: Produced, ends: Mapping[str, int]) -> None:
        """Nothing to keep."""


class GateStage:
    """Judges what parties say. Keeps, for each lane, an index of document revisions."""

    # Of many who say one thing each; with 20 ms, bus and broker took 1.6 instead of 1.1 cores of a
    # thousand events a second, and the last of a hundred came later, not sooner.
    pace_seconds = 0.035

    def __init__(
        self,
        *,
        codec: Codec,
        registry: Registry,
        settings: WorkerSettings,
        cluster: str,
        partitions: int,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Meter()
        self.topics: tuple[str, ...] = tuple(outbox(party) for party in registry.parties)
        self._codec = codec
        self._settings = settings
        self._cluster = cluster
        self._log = logs.logger(stage=settings.stage)
        self._indexes: dict[int, RevisionIndex] = {}
        self._in_commit: dict[bytes, Known] = {}  # decided by a step, not yet in an index
        self._runs = QuarantineRuns()
        self._run = partial(gate_batch, codec=codec, registry=registry, partitions=partitions)

    async def open(self, partitions: frozenset[int]) -> None:
        """Open the lanes' indexes and read what the log holds beyond them."""
        for index in self._indexes.values():
            index.close()
        self._in_commit = {}
        self._indexes = {
            number: self._index(number, lanes=len(partitions)) for number in partitions
        }
        if partitions:
            await self._catch_up()

    def step(self, partition: int, messages: list[Message]) -> Produced:
        """Return receipts, records and quarantine; end the process at the quarantine limit."""
        lookup = partial(self._known, self._indexes[partition])
        produced = self._run(messages, lookup=lookup, now=datetime.now(UTC))
        self._in_commit |= produced.changes
        self._runs = self._runs.after(produced.verdicts)
        over = self._runs.exceeding(self._settings.quarantine)
        if over:
            end_process(
                ExitCode.QUARANTINE_LIMIT,
                self._log,
                logs.QUARANTINE_LIMIT,
                {"parties": over, "reasons": produced.reasons},
            )
        return produced

    def committed(self, partition: int, produced: Produced, ends: Mapping[str, int]) -> None:
        """Bring the index up to the end of what was written to the log of record."""
        for (party, refused), number in Counter(produced.verdicts).items():
            verdict = "refused" if refused else "accepted"
            self._meter.count(table.JUDGED, number, party=party, verdict=verdict)
        if RECORDS in ends:
            self._indexes[partition].advance(produced.changes, next_offset=ends[RECORDS])
        for key, known in produced.changes.items():
            if self._in_commit.get(key) is known:  # else a later step knows better
                del self._in_commit[key]

    def _known(self, index: RevisionIndex, keys: Sequence[bytes]) -> dict[bytes, Known]:
        """Return what the index knows, and over it what is in a transaction that has not ended."""
        waiting = self._in_commit
        return index.known(keys) | {key: waiting[key] for key in keys if key in waiting}

    def _index(self, partition: int, *, lanes: int) -> RevisionIndex:
        path: Path = self._settings.state_folder / f"revisions-{partition}.sqlite"
        return RevisionIndex(path, log=f"{self._cluster}/{RECORDS}/{partition}", lanes=lanes)

    async def _catch_up(self) -> None:
        """Read each lane's partition of the log from where its index ends."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.broker,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        async with started(consumer):
            tps = {TopicPartition(RECORDS, number): number for number in self._indexes}
            consumer.assign(list(tps))
            # The last transaction of a former owner may be decided, and its end not yet be written
            # here: reading up to what is written waits for that.
            ends = await ends_of(self._settings.broker, tps)
            for tp, number in tps.items():
                index = self._indexes[number]
                if index.next_offset > ends[tp]:
                    index.reset()
                consumer.seek(tp, index.next_offset)
            behind = {tp for tp in tps if self._indexes[tp.partition].next_offset < ends[tp]}
            moved = time.monotonic()
            while behind:
                fetched = await consumer.getmany(
                    *behind, timeout_ms=_CATCH_UP_POLL_MS, max_records=_CATCH_UP_RECORDS_MAX
                )
                if fetched:
                    moved = time.monotonic()
                elif time.monotonic() - moved > self._settings.catch_up_wait_seconds_max:
                    raise TimeoutError(f"{RECORDS} gave nothing while an index was behind it")
                for tp, records in fetched.items():
                    self._take_in(tp.partition, [message_of(record) for record in records])
                await asyncio.sleep(0)  # what lies ready comes without a pause to be cut short in
                for tp in list(behind):
                    if await consumer.position(tp) >= ends[tp]:
                        behind.discard(tp)

    def _take_in(self, partition: int, messages: Sequence[Message]) -> None:
        changes: dict[bytes, Known] = {}
        for message in messages:
            event = read_event(message, self._codec).event
            if event is None:
                raise UnreadableRecordError(
                    f"{message.topic}/{partition}@{message.offset} cannot be read: this release"
                    " lacks a schema that an earlier one wrote with"
                )
            changes[document_key(event)] = Known(
                revision=event.revision, digest=digest_of(message.value)
            )
        self._indexes[partition].advance(changes, next_offset=messages[-1].offset + 1)
