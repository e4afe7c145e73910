"""Outputs and positions in one transaction, and nothing of a former owner's comes through."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.structs import TopicPartition

from credit_bus.contracts.wire import Wire
from credit_bus.operations.scan import scan
from credit_bus.runtime.transactions.batches import RECORD_BATCH_BYTES, rounds_of_batches
from credit_bus.runtime.transactions.errors import FencedError, RefusedError
from credit_bus.runtime.transactions.producer import Membership, Producer

PARTITIONS = 2
WAIT_SECONDS_MAX = 20.0
SHORT_WAIT_SECONDS_MAX = 2.0
MANY = 12
Topics = Callable[..., str]


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 3 * WAIT_SECONDS_MAX))


def wire(text: str, size: int = 0) -> Wire:
    return Wire(key=b"k", headers=[("said", text.encode())], value=text.encode().ljust(size))


def seen(broker: str, topic: str) -> list[tuple[int, int, str]]:
    """What a reader of committed records finds: partition, offset, text."""
    return sorted((r.partition, r.offset, r.text("said")) for r in scan(broker, [topic]))


class Case:
    """A group that reads one topic and writes another."""

    def __init__(self, broker: str, topic_of: Topics, group: str) -> None:
        self.broker = broker
        self.group = group
        self.topic_of = topic_of
        self.source = topic_of("in", partitions=PARTITIONS)
        self.target = topic_of("out", partitions=PARTITIONS)

    def inputs(self, *numbers: int) -> list[TopicPartition]:
        return [TopicPartition(self.source, number) for number in numbers]

    def outputs(self, number: int, *wires: Wire) -> dict[TopicPartition, list[Wire]]:
        return {TopicPartition(self.target, number): list(wires)}

    @asynccontextmanager
    async def member(self) -> AsyncIterator[AIOKafkaConsumer]:
        """Somebody who has joined the group."""
        consumer = AIOKafkaConsumer(
            self.source,
            bootstrap_servers=self.broker,
            group_id=self.group,
            enable_auto_commit=False,
            partition_assignment_strategy=[RangePartitionAssignor],
            session_timeout_ms=6_000,
            heartbeat_interval_ms=500,
        )
        await consumer.start()
        while not consumer.assignment():
            await consumer.getmany(timeout_ms=100)
        try:
            yield consumer
        finally:
            await consumer.stop()

    @asynccontextmanager
    async def producer(self, wait_seconds_max: float = WAIT_SECONDS_MAX) -> AsyncIterator[Producer]:
        producer = Producer(
            broker=self.broker,
            group=self.group,
            transaction_timeout_seconds=30.0,
            wait_seconds_max=wait_seconds_max,
        )
        await producer.start()
        try:
            yield producer
        finally:
            await producer.stop()

    async def committed(self, producer: Producer, consumer: Any, number: int) -> int | None:
        """The position, once no transaction can move it any more."""
        await producer._until_stable(self.inputs(number))
        found: int | None = await consumer.committed(TopicPartition(self.source, number))
        return found


def membership(consumer: AIOKafkaConsumer) -> Membership:
    coordinator = consumer._coordinator
    return Membership(generation=coordinator.generation, member_id=coordinator.member_id)


@pytest.fixture
def case(broker: str, fresh_topic: Topics, unique_name: Callable[[str], str]) -> Case:
    return Case(broker, fresh_topic, unique_name("group"))


def test_outputs_and_offsets_are_seen_together_and_the_next_offsets_are_told(case: Case) -> None:
    async def work() -> None:
        async with case.member() as member, case.producer() as producer:
            await producer.take_over([0, 1], case.inputs(0, 1), membership(member))
            for number in range(3):
                ends = await producer.commit(
                    case.outputs(1, wire(f"{number}a"), wire(f"{number}b")),
                    {TopicPartition(case.source, 1): 10 * (number + 1)},
                )
            told.append(ends)
            offsets.append(await case.committed(producer, member, 1))

    told: list[dict[TopicPartition, int]] = []
    offsets: list[int | None] = []
    run(work())
    written = seen(case.broker, case.target)

    assert ["0a", "0b", "1a", "1b", "2a", "2b"] == [text for _, _, text in written]
    assert [{TopicPartition(case.target, 1): written[-1][1] + 1}] == told
    assert [30] == offsets


def test_offsets_alone_are_a_transaction_too(case: Case) -> None:
    async def work() -> None:
        async with case.member() as member, case.producer() as producer:
            await producer.take_over([0, 1], case.inputs(0, 1), membership(member))
            await producer.commit({}, {TopicPartition(case.source, 0): 5})
            offsets.append(await case.committed(producer, member, 0))

    offsets: list[int | None] = []
    run(work())

    assert [5] == offsets


def test_topics_younger_than_the_producer_are_looked_up_together(case: Case) -> None:
    async def work() -> None:
        async with case.member() as member, case.producer() as producer:
            await producer.take_over([0, 1], case.inputs(0, 1), membership(member))
            look = producer._client._metadata_update

            async def counted(*arguments: Any) -> Any:
                looks.append(1)
                return await look(*arguments)

            producer._client._metadata_update = counted
            targets = [case.topic_of(f"out-{number}", partitions=1) for number in range(MANY)]
            outputs = {TopicPartition(topic, 0): [wire(topic)] for topic in targets}
            written.append((set(outputs), set(await producer.commit(outputs, {}))))

    looks: list[int] = []
    written: list[tuple[set[TopicPartition], set[TopicPartition]]] = []
    run(work())

    assert written[0][0] == written[0][1]
    assert 0 < len(looks) < MANY, "a look for each topic, and a longer pause before each"


def test_what_fits_no_single_record_batch_is_written_in_order(case: Case) -> None:
    size = RECORD_BATCH_BYTES // 3
    wires = [wire(str(number), size) for number in range(8)]

    async def work() -> None:
        async with case.member() as member, case.producer() as producer:
            await producer.take_over([0, 1], case.inputs(0, 1), membership(member))
            told.append(await producer.commit(case.outputs(0, *wires), {}))
            told.append(await producer.commit(case.outputs(0, wire("last")), {}))

    told: list[dict[TopicPartition, int]] = []
    run(work())
    written = seen(case.broker, case.target)

    assert [*map(str, range(8)), "last"] == [text for _, _, text in written]
    assert [written[-2][1] + 1, written[-1][1] + 1] == [next(iter(e.values())) for e in told]


def test_a_record_that_the_broker_will_not_take_is_an_error_that_says_so(case: Case) -> None:
    async def work() -> None:
        async with case.member() as member, case.producer() as producer:
            await producer.take_over([0, 1], case.inputs(0, 1), membership(member))
            with pytest.raises(RefusedError, match=r"10, (MessageSizeTooLarge|RecordTooLarge)"):
                await producer.commit(case.outputs(0, wire("big", 7 * 1024 * 1024)), {})

    run(work())

    assert [] == seen(case.broker, case.target)


def test_a_former_members_transaction_is_refused(case: Case) -> None:
    """Its producer's id is nobody else's: the group's generation alone stands against it."""

    async def work() -> None:
        async with case.producer() as former:
            async with case.member() as first:
                await former.take_over([0, 1], case.inputs(0, 1), membership(first))
            async with case.member():
                with pytest.raises(FencedError, match=r"UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION"):
                    await former.commit(
                        case.outputs(0, wire("late")), {TopicPartition(case.source, 0): 1}
                    )

    run(work())

    assert [] == seen(case.broker, case.target)


def test_who_takes_a_partition_over_ends_what_its_former_owner_had_in_work(case: Case) -> None:
    async def work() -> None:
        async with case.member() as member, case.producer() as former, case.producer() as next_:
            await former.take_over([0, 1], case.inputs(0, 1), membership(member))
            await begin(former, case)
            await next_.take_over([0, 1], case.inputs(0, 1), membership(member))
            offsets.append(await case.committed(next_, member, 0))
            with pytest.raises(FencedError):
                await former._end()

    offsets: list[int | None] = []
    run(work())

    assert [None] == offsets
    assert [] == seen(case.broker, case.target)


def test_a_position_that_an_open_transaction_may_move_is_waited_for(case: Case) -> None:
    """The id of the former owner is started by whoever has its lowest partition, not by us."""

    async def work() -> None:
        async with (
            case.member() as member,
            case.producer() as former,
            case.producer(SHORT_WAIT_SECONDS_MAX) as hasty,
            case.producer() as ours,
            case.producer() as other,
        ):
            await former.take_over([0, 1], case.inputs(0, 1), membership(member))
            await begin(former, case, number=1)
            with pytest.raises(TimeoutError):
                await hasty.take_over([1], case.inputs(1), membership(member))
            waiting = asyncio.create_task(ours.take_over([1], case.inputs(1), membership(member)))
            await other.take_over([0], case.inputs(0), membership(member))
            await waiting
            offsets.append(await case.committed(ours, member, 1))

    offsets: list[int | None] = []
    run(work())

    assert [None] == offsets


async def begin(producer: Producer, case: Case, number: int = 0) -> None:
    """Do all of a transaction but its end."""
    outputs = case.outputs(number, wire("open"))
    (batches,) = rounds_of_batches(
        outputs, producer_id=producer._producer_id, epoch=producer._epoch
    )
    await producer._produce(batches)
    await producer._commit_offsets({TopicPartition(case.source, number): 1})
