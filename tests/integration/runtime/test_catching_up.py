"""A gate that takes a lane over knows all that its former owner decided, or waits until it does.

The end of a transaction reaches the group's offsets and the log of record one after the other.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from aiokafka.structs import TopicPartition
from tests import samples
from tests.bus import own_bus

from credit_bus.contracts.wire import write_event
from credit_bus.domain.channels import RECORDS
from credit_bus.domain.event import document_key
from credit_bus.runtime.settings import WorkerSettings
from credit_bus.runtime.stages import GateStage
from credit_bus.runtime.transactions.batches import rounds_of_batches
from credit_bus.runtime.transactions.producer import Membership, Producer

QUIET_SECONDS = 2.0
WAIT_SECONDS_MAX = 30.0
TARGET = TopicPartition(RECORDS, 0)
NO_MEMBER = Membership(generation=-1, member_id="")


def gate(broker: str, folder: Path) -> GateStage:
    return GateStage(
        codec=samples.codec(),
        registry=samples.registry(),
        settings=WorkerSettings(
            stage="gate",
            broker=broker,
            registry_folder=samples.REGISTRY_FOLDER,
            state_folder=folder,
        ),
        cluster="c",
        partitions=1,
    )


async def begun(producer: Producer, *events: Any) -> None:
    """Write the events into the log in a transaction that does not end yet."""
    outputs = {TARGET: [write_event(event, samples.codec()) for event in events]}
    (batches,) = rounds_of_batches(
        outputs, producer_id=producer._producer_id, epoch=producer._epoch
    )
    await producer._produce(batches)


@pytest.mark.timeout(120)
def test_what_is_written_and_not_yet_ended_is_waited_for() -> None:
    events = [samples.penalty(number) for number in range(3)]

    async def story(broker: str, folder: Path) -> None:
        producer = Producer(
            broker=broker,
            group="former",
            transaction_timeout_seconds=30.0,
            wait_seconds_max=WAIT_SECONDS_MAX,
        )
        await producer.start()
        await producer.take_over([0], [TARGET], NO_MEMBER)
        await begun(producer, *events)
        stage = gate(broker, folder)
        opening = asyncio.create_task(stage.open(frozenset({0})))
        done, _ = await asyncio.wait({opening}, timeout=QUIET_SECONDS)
        waited.append(not done)
        await producer._end()
        await asyncio.wait_for(opening, WAIT_SECONDS_MAX)
        keys = [document_key(event) for event in events]
        known.append(set(stage._indexes[0].known(keys)) == set(keys))
        await producer.stop()

    waited: list[bool] = []
    known: list[bool] = []
    with (
        tempfile.TemporaryDirectory(prefix="credit-bus-") as home,
        own_bus(Path(home), partitions=1) as bus,
    ):
        asyncio.run(story(bus.broker, Path(home)))

    assert [True] == waited
    assert [True] == known
