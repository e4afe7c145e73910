"""What lag asks a cluster, in Kafka's own requests: each kind is one request a broker.

The admin client asks for metadata before each look at offsets and names no partition that failed;
here its connections carry requests made once for all partitions of a broker. Everything raises
KafkaError. The client's time-outs, named here, bound every answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.protocol.admin import DescribeGroupsRequest, ListGroupsRequest
from kafka.protocol.consumer import OffsetFetchRequest
from kafka.protocol.metadata import MetadataRequest

from credit_bus_connectors.monitor import lag_wire as wire
from credit_bus_connectors.monitor.lag_wire import Fetch, Fetched, Group, Place, Topology
from credit_bus_connectors.monitor.reach import require_listening

BOOTSTRAP_MILLISECONDS_MAX = 10_000
REQUEST_MILLISECONDS_MAX = 15_000
TOPICS_PER_CONFIG_REQUEST = 200


class Requests:
    """A client of a cluster that counts what it asks. Not thread-safe."""

    def __init__(self, admin: Any) -> None:
        """Use the client's connections."""
        self._admin = admin
        self._manager = admin._manager
        self.count = 0

    def topology(self, prefix: str) -> Topology:
        """Return brokers and leaders of the topics whose names begin so."""
        (answer,) = self._ask([(None, MetadataRequest(topics=None))])
        led = {
            (topic.name, partition.partition_index): partition.leader_id
            for topic in answer.topics
            if topic.name.startswith(prefix)
            for partition in topic.partitions
        }
        return Topology(
            brokers=tuple(each.node_id for each in answer.brokers),
            leaders={place: leader for place, leader in led.items() if leader >= 0},
            leaderless=frozenset(place for place, leader in led.items() if leader < 0),
        )

    def groups(self, brokers: Iterable[int]) -> dict[str, Group]:
        """Return the consumer groups by name, not yet described."""
        asked = [(broker, ListGroupsRequest()) for broker in brokers]
        found: dict[str, Group] = {}
        for (broker, _), answer in zip(asked, self._ask(asked), strict=True):
            wire.require(answer.error_code)
            for each in answer.groups:
                state = getattr(each, "group_state", "") or "Unknown"
                found[each.group_id] = Group(name=each.group_id, coordinator=broker, state=state)
        return found

    def committed(self, groups: Mapping[str, Group]) -> dict[str, dict[Place, int]]:
        """Return every offset that each group committed."""
        asked = [
            (broker, OffsetFetchRequest(groups=specs, min_version=8, max_version=8))
            for broker, specs in wire.by_coordinator(groups, wire.all_offsets)
        ]
        return {
            group.group_id: wire.offsets_of(group)
            for answer in self._ask(asked)
            for group in answer.groups
        }

    def described(self, groups: Mapping[str, Group]) -> dict[str, Group]:
        """Return the groups with their members and what each holds."""
        asked = [
            (broker, DescribeGroupsRequest(groups=names))
            for broker, names in wire.by_coordinator(groups, lambda group: group.name)
        ]
        found = dict(groups)
        for answer in self._ask(asked):
            for each in answer.groups:
                if not each.error_code:  # a group of the newer protocol is not described here
                    found[each.group_id] = wire.described(groups[each.group_id], each)
        return found

    def offsets(self, leaders: Mapping[Place, int], which: int) -> dict[Place, int]:
        """Return the earliest or latest offset of each partition that its leader answers for."""
        asked = [
            (broker, wire.list_offsets(places, which)) for broker, places in wire.by_leader(leaders)
        ]
        return {
            (topic.name, each.partition_index): each.offset
            for answer in self._ask(asked)
            for topic in answer.topics
            for each in topic.partitions
            if not each.error_code
        }

    def fetched(self, asked: Sequence[Fetch]) -> list[dict[Place, Fetched]]:
        """Return what each request brought, without waiting for anything to come.

        A partition whose first batch is larger than its bytes comes with nothing, unless it is the
        first in its request.
        """
        answers = self._ask([(each.leader, wire.fetch(each)) for each in asked])
        return [wire.fetched(answer) for answer in answers]

    def retention_ms(self, topics: Iterable[str]) -> dict[str, int | None]:
        """Return how long each topic that is there keeps a record; None: for ever."""
        names = sorted(topics)
        found: dict[str, int | None] = {}
        for start in range(0, len(names), TOPICS_PER_CONFIG_REQUEST):
            wanted = {"retention.ms": None, "cleanup.policy": None}
            batch = [
                ConfigResource(ConfigResourceType.TOPIC, name, wanted)
                for name in names[start : start + TOPICS_PER_CONFIG_REQUEST]
            ]
            self.count += 1
            told = self._admin.describe_configs(batch, config_filter="all")["topic"]
            found |= {name: wire.retention(config) for name, config in told.items() if config}
        return found

    def _ask(self, asked: Sequence[tuple[int | None, Any]]) -> list[Any]:
        """Send every request, then wait for every answer."""
        self.count += len(asked)
        answers: list[Any] = self._manager.run(self._all_answers, asked)
        return answers

    async def _all_answers(self, asked: Sequence[tuple[int | None, Any]]) -> list[Any]:
        under_way = [self._manager.send(request, node_id=broker) for broker, request in asked]
        return [await each for each in under_way]


@contextmanager
def requests_to(broker: str) -> Iterator[Requests]:
    """Yield a client of the cluster. Raises KafkaError when none of the addresses answers."""
    require_listening(broker)
    with KafkaAdminClient(
        bootstrap_servers=broker.split(","),
        bootstrap_timeout_ms=BOOTSTRAP_MILLISECONDS_MAX,
        request_timeout_ms=REQUEST_MILLISECONDS_MAX,
    ) as admin:
        yield Requests(admin)
