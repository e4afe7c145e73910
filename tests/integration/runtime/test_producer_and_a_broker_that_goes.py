"""The broker ends and comes back in the midst of transactions: each is there once, in order."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from aiokafka.structs import TopicPartition
from kafka.admin import KafkaAdminClient
from tests.bus import fresh_node

from credit_bus.contracts.wire import Wire
from credit_bus.operations.scan import scan
from credit_bus.runtime.transactions.producer import Membership, Producer
from credit_bus_deploy import kafka, processes, ready

TRANSACTIONS = 200
RESTART_AT = 100
WAIT_SECONDS_MAX = 60.0
TARGET = TopicPartition("target", 0)
SOURCE = TopicPartition("source", 0)

# An offset can be committed for a group that nobody has joined: by no member, in no generation.
NO_MEMBER = Membership(generation=-1, member_id="")


class Node:
    """A broker that can be ended without a word and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.node = fresh_node(home)
        kafka.prepare_storage(self.node)
        self.spec = kafka.process_spec(self.node)
        self.child: Any = None

    @property
    def address(self) -> str:
        return self.node.address

    def start(self) -> None:
        self.child = processes.spawn(self.spec, log_folder=self.home)

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()

    def stop(self) -> None:
        processes.stop(self.child, self.spec.stop_signal)


@pytest.fixture
def node() -> Iterator[Node]:
    with TemporaryDirectory(prefix="credit-bus-") as home:
        node = Node(Path(home))
        node.start()
        ready.wait_for_broker(node.address, alive=lambda: node.child.poll() is None)
        with KafkaAdminClient(bootstrap_servers=node.address) as admin:
            one = {"num_partitions": 1, "replication_factor": 1}
            admin.create_topics({TARGET.topic: one, SOURCE.topic: one})
            admin.wait_for_topics([TARGET.topic, SOURCE.topic], timeout_ms=20_000)
        yield node
        node.stop()


@pytest.mark.timeout(240)
def test_a_broker_that_ends_and_comes_back_costs_no_transaction_and_doubles_none(
    node: Node,
) -> None:
    async def work() -> None:
        producer = Producer(
            broker=node.address,
            group="g",
            transaction_timeout_seconds=30.0,
            wait_seconds_max=WAIT_SECONDS_MAX,
        )
        await producer.start()
        await producer.take_over([0], [SOURCE], NO_MEMBER)
        for number in range(TRANSACTIONS):
            if number == RESTART_AT:
                node.kill()
                node.start()
            text = str(number).encode()
            wires = [Wire(key=text, headers=[("n", text)], value=text) for _ in range(3)]
            await producer.commit({TARGET: wires}, {SOURCE: number + 1})
        await producer.stop()

    asyncio.run(work())
    written = [record.text("n") for record in scan(node.address, [TARGET.topic])]

    assert [str(number) for number in range(TRANSACTIONS) for _ in range(3)] == written
