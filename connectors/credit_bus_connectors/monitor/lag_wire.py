"""Kafka's words for lag: requests made of values, and values read out of answers. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kafka import errors
from kafka.protocol.consumer import (
    FetchRequest,
    IsolationLevel,
    ListOffsetsRequest,
    OffsetFetchRequest,
    OffsetSpec,
)
from kafka.protocol.consumer.metadata import ConsumerProtocolAssignment

FETCH_BYTES_MAX = 32 * 1024 * 1024
FETCH_VERSION_MAX = 12  # later ones name topics by id alone

EARLIEST, LATEST = int(OffsetSpec.EARLIEST), int(OffsetSpec.LATEST)

Place = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """The brokers, and who leads which partition."""

    brokers: tuple[int, ...]
    leaders: Mapping[Place, int]
    leaderless: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A consumer group as its coordinator describes it."""

    name: str
    coordinator: int
    state: str
    members: int | None = None  # a group of the newer protocol is not described to us
    owners: Mapping[Place, tuple[str, str]] | None = None  # client and host; None: nobody told

    def holds(self, place: Place) -> bool:
        """Whether a member has the partition, or who has it is just being settled."""
        if self.state in {"Empty", "Dead"}:
            return False
        if self.owners is None or self.state != "Stable":
            return True
        return place in self.owners

    def owner(self, place: Place) -> tuple[str | None, str | None]:
        """Return client and host of who has the partition, as far as somebody told."""
        return (self.owners or {}).get(place, (None, None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What one request asks of one leader: what lies at these offsets now."""

    leader: int
    wanted: Mapping[Place, int]
    bytes_max: int  # of each partition
    is_committed: bool  # only what is decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a fetch brought of one partition."""

    stable_end: int  # before it, every transaction is decided
    aborted: tuple[tuple[int, int], ...]
    records: bytes


def require(error_code: int) -> None:
    """Raise the KafkaError of an answer that failed as a whole."""
    if error_code:
        raise errors.for_code(error_code)()


def all_offsets(group: Group) -> Any:
    """Return what asks for every offset of the group."""
    return OffsetFetchRequest.OffsetFetchRequestGroup(group_id=group.name, topics=None)


def offsets_of(group: Any) -> dict[Place, int]:
    """Return a group's offsets; one for which it has none is left out."""
    require(group.error_code)
    return {
        (topic.name, each.partition_index): each.committed_offset
        for topic in group.topics
        for each in topic.partitions
        if not each.error_code and each.committed_offset >= 0
    }


def described(group: Group, told: Any) -> Group:
    """Return the group with its members, and what each holds."""
    owners: dict[Place, tuple[str, str]] = {}
    for member in told.members:
        if member.member_assignment and told.protocol_type == "consumer":
            held = ConsumerProtocolAssignment.decode(member.member_assignment)
            owner = member.client_id, member.client_host.lstrip("/")
            owners |= {(tp.topic, tp.partition): owner for tp in held.partitions()}
    return Group(
        name=group.name,
        coordinator=group.coordinator,
        state=told.group_state,
        members=len(told.members),
        owners=owners,
    )


def list_offsets(places: Iterable[Place], which: int) -> Any:
    """Return the request for the earliest or latest offsets of partitions of one leader."""
    topic = ListOffsetsRequest.ListOffsetsTopic
    return ListOffsetsRequest(
        replica_id=-1,
        isolation_level=int(IsolationLevel.READ_UNCOMMITTED),
        topics=[
            topic(
                name=name,
                partitions=[
                    topic.ListOffsetsPartition(
                        partition_index=number, current_leader_epoch=-1, timestamp=which
                    )
                    for number in numbers
                ],
            )
            for name, numbers in by_topic(places)
        ],
        min_version=2,
    )


def fetch(asked: Fetch) -> Any:
    """Return the request for what lies at these offsets, answered at once whatever lies there."""
    topic, partition = FetchRequest.FetchTopic, FetchRequest.FetchTopic.FetchPartition
    level = IsolationLevel.READ_COMMITTED if asked.is_committed else IsolationLevel.READ_UNCOMMITTED
    return FetchRequest(
        replica_id=-1,
        max_wait_ms=0,
        min_bytes=0,
        max_bytes=FETCH_BYTES_MAX,
        isolation_level=int(level),
        session_id=0,
        session_epoch=-1,
        topics=[
            topic(
                topic=name,
                partitions=[
                    partition(
                        partition=number,
                        current_leader_epoch=-1,
                        fetch_offset=asked.wanted[name, number],
                        last_fetched_epoch=-1,
                        log_start_offset=-1,
                        partition_max_bytes=asked.bytes_max,
                    )
                    for number in numbers
                ],
            )
            for name, numbers in by_topic(asked.wanted)
        ],
        forgotten_topics_data=[],
        rack_id="",
        min_version=7,
        max_version=FETCH_VERSION_MAX,
    )


def fetched(answer: Any) -> dict[Place, Fetched]:
    """Return what a fetch brought of each partition that its leader answered for."""
    require(answer.error_code)
    return {
        (topic.topic, each.partition_index): Fetched(
            stable_end=each.last_stable_offset,
            aborted=tuple(
                (one.producer_id, one.first_offset) for one in each.aborted_transactions or ()
            ),
            records=bytes(each.records or b""),
        )
        for topic in answer.responses
        for each in topic.partitions
        if not each.error_code
    }


def retention(config: Mapping[str, Any]) -> int | None:
    """Return for how long a topic of this configuration keeps a record; None: for ever."""
    milliseconds = int(config["retention.ms"]["value"])
    is_deleted = "delete" in config["cleanup.policy"]["value"]
    return milliseconds if is_deleted and milliseconds >= 0 else None


def by_topic(places: Iterable[Place]) -> Iterable[tuple[str, list[int]]]:
    """Return the numbers of the partitions of each topic."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for name, number in places:
        found[name].append(number)
    return found.items()


def by_leader(leaders: Mapping[Place, int]) -> Iterable[tuple[int, list[Place]]]:
    """Return the partitions of each leader."""
    found: defaultdict[int, list[Place]] = defaultdict(list)
    for place, leader in leaders.items():
        found[leader].append(place)
    return found.items()


def by_coordinator(
    groups: Mapping[str, Group], made: Callable[[Group], Any]
) -> Iterable[tuple[int, list[Any]]]:
    """Return what is made of the groups of each coordinator."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for group in groups.values():
        found[group.coordinator].append(made(group))
    return found.items()
