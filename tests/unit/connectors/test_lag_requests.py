"""What a cluster says of its topics: who leads a partition, and which nobody leads."""

from types import SimpleNamespace
from typing import Any

from credit_bus_connectors.monitor.lag_requests import Requests
from credit_bus_connectors.monitor.lag_wire import Topology


def topic(name: str, *leaders: int) -> Any:
    partitions = [
        SimpleNamespace(partition_index=number, leader_id=leader)
        for number, leader in enumerate(leaders)
    ]
    return SimpleNamespace(name=name, partitions=partitions)


def test_a_partition_without_a_leader_is_kept_apart() -> None:
    answer = SimpleNamespace(
        brokers=[SimpleNamespace(node_id=1), SimpleNamespace(node_id=2)],
        topics=[topic("credit.records", 2, -1), topic("other", -1)],
    )
    manager = SimpleNamespace(run=lambda _send, _asked: [answer])
    requests = Requests(SimpleNamespace(_manager=manager))

    assert Topology(
        brokers=(1, 2),
        leaders={("credit.records", 0): 2},
        leaderless=frozenset({("credit.records", 1)}),
    ) == requests.topology("credit.")
