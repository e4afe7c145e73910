"""Faust at the rim: a transport that hands the agent one message a fetch, and never commits.

A lane is one partition number across all input topics of a stage (Kafka Streams calls it a task):
the topics are co-partitioned and the range assignor gives all of a number to one member. Faust's
cost for an event is then paid once a fetch, and offsets move only in our own transaction, which
closes the windows in which Faust as shipped loses or doubles events.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import aiokafka
import faust
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from faust.transport.drivers import aiokafka as driver

from credit_bus.runtime.fetch_plan import FetchPlan
from credit_bus.runtime.fetch_sessions import FetchSessions
from credit_bus.runtime.transactions.producer import Membership

# What the code below relies on, in exactly these releases; a test compares.
PINNED = {"faust-streaming": "0.15.3", "aiokafka": "0.14.0", "mode-streaming": "0.7.1"}

_FETCH_WAIT_MS = 250
_FETCH_BYTES_MAX = 8 * 1024 * 1024
# A member may read a long log before its first step. Whether it is stuck the watchdog sees, and
# the bound on how long a gate reads without getting on.
_POLL_INTERVAL_SECONDS_MAX = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """All records of one fetch by partition number, in order within each topic."""

    generation: int  # of the consumer group: a fetch of an earlier one is void
    records: Mapping[int, Sequence[Any]]  # aiokafka's ConsumerRecord

    @property
    def count(self) -> int:
        """Return how many records there are."""
        return sum(map(len, self.records.values()))


class _Consumer(aiokafka.AIOKafkaConsumer):  # type: ignore[misc]
    """aiokafka's consumer, whose fetches name and look at what moved alone."""

    def __init__(self, *, fetch_pace_seconds: float, **settings: Any) -> None:
        super().__init__(**settings)
        self._sessions = FetchSessions(self._client.send, pace_seconds=fetch_pace_seconds)
        self._client.send = self._sessions.send

    async def start(self) -> None:
        await super().start()
        FetchPlan(self._fetcher, self._sessions)


class BatchConsumerThread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]
    """Faust's consumer thread, reading only what is committed, with the range assignor."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        conf = self.app.conf
        return _Consumer(
            fetch_pace_seconds=self.app.fetch_pace_seconds,
            client_id=conf.broker_client_id,
            group_id=conf.id,
            bootstrap_servers=driver.server_list(transport.url, transport.default_port),
            partition_assignment_strategy=[RangePartitionAssignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_poll_records=conf.broker_max_poll_records,
            max_partition_fetch_bytes=_FETCH_BYTES_MAX,
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            request_timeout_ms=int(conf.broker_request_timeout * 1000),
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            max_poll_interval_ms=int(conf.broker_max_poll_interval * 1000),
            check_crcs=True,
        )

    async def seek_to_committed(self) -> dict[Any, int | None]:
        """Seek every partition, in one request; one without a committed offset to its beginning.

        aiokafka's own leaves a partition without a committed offset where an earlier fetch had
        moved it, and asks for each partition by itself.
        """
        return cast("dict[Any, int | None]", await self.call_thread(self._seek_all))

    async def _seek_all(self) -> dict[Any, int | None]:
        consumer = self._ensure_consumer()
        tps = consumer.assignment()
        found = await consumer._coordinator.fetch_committed_offsets(list(tps))
        known = {tp: found[tp].offset for tp in tps if tp in found and found[tp].offset >= 0}
        for tp, offset in known.items():
            consumer.seek(tp, offset)
        fresh = [tp for tp in tps if tp not in known]
        if fresh:
            await consumer.seek_to_beginning(*fresh)
        return {tp: known.get(tp) for tp in tps}


class BatchConsumer(driver.Consumer):  # type: ignore[misc]
    """Yields one message a fetch, its value a `Fetch`; tells the lanes of each rebalance.

    A fetch that is under way when partitions change hands must not be taken for one of the new
    assignment: a fetch carries the generation in which it began, and positions are sought only
    while no fetch is under way.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fetching = asyncio.Lock()

    def _new_consumer_thread(self) -> BatchConsumerThread:
        return BatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(  # the signature is Faust's
        self,
        timeout: float,  # noqa: ASYNC109
    ) -> AsyncIterator[tuple[Any, Any]]:
        """Yield what one fetch brought, as one message."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        async with self._fetching:
            if not self.flow_active:
                return
            generation = self.app.consumer_generation_id
            fetched, active = await self._wait_next_records(timeout)
        if fetched is None or self.should_stop:
            return
        lanes: dict[int, list[Any]] = defaultdict(list)
        last: tuple[Any, Any] | None = None
        for tp, records in fetched.items():
            if records and (active is None or tp in active):
                lanes[tp.partition].extend(records)
                last = (tp, records[-1])
        if last is None or generation != self.app.consumer_generation_id or not self.flow_active:
            return  # nothing, or void: the rebalance seeks back to what is committed
        message = self._to_message(*last)
        message.key = None
        message.value = Fetch(generation=generation, records=lanes)
        yield last[0], message

    async def perform_seek(self) -> None:
        """Seek to what is committed; never while a fetch is under way, which would move on."""
        async with self._fetching:
            await super().perform_seek()

    async def on_partitions_revoked(self, revoked: set[Any]) -> None:
        """Stop the flow and the lanes: nothing may be in work when another owner starts.

        Faust stops the flow only of a member that has partitions; one without may be given some
        next, and must not fetch them before their former owners are fenced.
        """
        self.stop_flow()
        self.app.flow_control.suspend()
        await self.app.lanes_revoked()
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[Any], generation_id: int = 0) -> None:
        """Have the lanes fence their former owners, before a position is read."""
        coordinator = self._thread._ensure_consumer()._coordinator
        membership = Membership(generation=coordinator.generation, member_id=coordinator.member_id)
        await self.app.lanes_assigned(frozenset(assigned), membership)
        await super().on_partitions_assigned(assigned, generation_id)

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002 - Faust's signature
        """Do nothing: the lane's transaction commits offsets."""
        return False

    def track_message(self, message: Any) -> None:
        """Do nothing: Faust keeps no list of what is in work."""

    def ack(self, message: Any) -> bool:  # noqa: ARG002 - Faust's signature
        """Do nothing: an acknowledged offset is one that was committed."""
        return False

    async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
        """Do nothing: Faust would keep every gap for ever, since nothing is acknowledged."""

    def verify_event_path(self, now: float, tp: Any) -> None:
        """Do nothing: the watchdog asks the broker instead."""


class BatchTransport(driver.Transport):  # type: ignore[misc]
    """Faust's Kafka transport with the consumer above."""

    Consumer = BatchConsumer


class BatchApp(faust.App):  # type: ignore[misc]
    """A Faust app whose consumer hands over batches and reports rebalances to its lanes."""

    lanes_assigned: Callable[[frozenset[Any], Membership], Awaitable[None]]
    lanes_revoked: Callable[[], Awaitable[None]]
    fetch_pace_seconds: float = 0.0

    def _new_transport(self) -> BatchTransport:
        return BatchTransport(self.conf.broker_consumer, self)


def batch_app(
    *,
    group: str,
    broker: str,
    session_timeout_seconds: float,
    records_per_fetch_max: int,
    fetch_pace_seconds: float,
    data_folder: Path,
) -> BatchApp:
    """Return an app with every Faust feature off that the lanes do not need."""
    app = BatchApp(
        group,
        broker=[f"kafka://{address}" for address in broker.split(",")],
        store="memory://",
        datadir=str(data_folder / "faust"),
        autodiscover=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        table_standby_replicas=0,
        stream_wait_empty=False,  # safe only because Faust commits nothing
        stream_buffer_maxsize=4,  # fetches, not events
        broker_max_poll_records=records_per_fetch_max,
        broker_session_timeout=session_timeout_seconds,
        broker_heartbeat_interval=session_timeout_seconds / 4,
        broker_request_timeout=40.0,
        broker_rebalance_timeout=60.0,
        broker_max_poll_interval=_POLL_INTERVAL_SECONDS_MAX,
        broker_commit_interval=3600.0,
        worker_redirect_stdouts=False,
        web_enabled=False,
        loop=asyncio.get_running_loop(),
    )
    app.fetch_pace_seconds = fetch_pace_seconds
    return app
