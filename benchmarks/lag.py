"""What one sample of lag costs: requests and seconds, for thousands of partitions.

`python -m benchmarks.lag` starts a broker and a PostgreSQL of its own, makes topics and groups, and
samples: for the first time, while nothing moves, after every offset of every group has moved while
events wait behind each (each of them is then looked for in the log), and with nothing remembered.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from tests.bus import fresh_node
from tests.offsets import set_offsets

from benchmarks.commit import commit
from credit_bus.operations.lag.rollup import by_topic
from credit_bus.operations.lag.windows import Windows, moved
from credit_bus_connectors.monitor.database import Connections, apply_schema
from credit_bus_connectors.monitor.lag_requests import requests_to
from credit_bus_connectors.monitor.lag_sampling import Sample, Sampler
from credit_bus_connectors.monitor.lag_store import LagStore
from credit_bus_deploy import kafka, postgres, processes, ready

PREFIX = "credit.bench-"
EVENT = b"e" * 600
GOAL_SECONDS = 2.0
TOPICS_READY_MILLISECONDS_MAX = 120_000
TOPICS_PER_REQUEST = 10
SETTINGS = {"message.timestamp.type": "LogAppendTime", "retention.ms": "7776000000"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is: every group reads its share of the topics."""

    topics: int
    partitions: int
    groups: int
    events: int

    def names(self) -> list[str]:
        """Return the topics."""
        return [f"{PREFIX}{number:04d}" for number in range(self.topics)]

    def read_by(self, group: int) -> list[TopicPartition]:
        """Return the partitions that a group reads."""
        return [
            TopicPartition(name, number)
            for name in self.names()[group :: self.groups]
            for number in range(self.partitions)
        ]


def main() -> None:
    """Make it, sample it, print what that cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--topics", type=int, default=100)
    parser.add_argument("--partitions", type=int, default=50, help="of each topic")
    parser.add_argument("--groups", type=int, default=20)
    parser.add_argument("--events", type=int, default=20, help="in each partition")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    size = Size(
        topics=given.topics, partitions=given.partitions, groups=given.groups, events=given.events
    )
    with _servers() as (broker, database), KafkaAdminClient(bootstrap_servers=broker) as admin:
        _fill(broker, admin, size)
        told = _measured(broker, database, admin, size, rounds=given.rounds)
    print(json.dumps({"commit": commit(), **told}, indent=1))


@contextmanager
def _servers() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as name, ExitStack() as stack:
        home = Path(name)
        node = fresh_node(home)
        kafka.prepare_storage(node)
        server = postgres.server_in(home / "postgres")
        postgres.prepare_storage(server)
        for spec in (kafka.process_spec(node), postgres.process_spec(server)):
            child = processes.spawn(spec, log_folder=home)
            stack.callback(processes.stop, child, spec.stop_signal)
        ready.wait_for_broker(node.address)
        ready.wait_for_database(server.url("postgres"))
        apply_schema(server.url("postgres"))
        yield node.address, server.url("postgres")


def _fill(broker: str, admin: KafkaAdminClient, size: Size) -> None:
    """Make topics with so many events in each partition; every group has read one of each."""
    names = size.names()
    for start in range(0, len(names), TOPICS_PER_REQUEST):
        batch = names[start : start + TOPICS_PER_REQUEST]
        wanted = {
            "num_partitions": size.partitions,
            "replication_factor": 1,
            "configs": SETTINGS,
        }
        admin.create_topics(dict.fromkeys(batch, wanted))
        admin.wait_for_topics(batch, timeout_ms=TOPICS_READY_MILLISECONDS_MAX)
    producer = KafkaProducer(bootstrap_servers=broker, linger_ms=50, batch_size=64 * 1024)
    for name in names:
        for number in range(size.partitions):
            for _ in range(size.events):
                producer.send(name, EVENT, partition=number)
        producer.flush()
    producer.close()
    _commit(admin, size, 1)


def _commit(admin: KafkaAdminClient, size: Size, offset: int) -> None:
    for group in range(size.groups):
        set_offsets(admin, f"bench-{group}", dict.fromkeys(size.read_by(group), offset))


def _measured(
    broker: str, database: str, admin: KafkaAdminClient, size: Size, *, rounds: int
) -> dict[str, object]:
    store = LagStore(Connections(database, connections_max=1))
    windows: Windows = {}
    own: list[tuple[float, float]] = []
    busy: list[float] = []

    def judged() -> Sample:
        nonlocal windows
        before = time.process_time()
        sample = sampler.sample()
        busy.append(time.process_time() - before)
        began = time.perf_counter()
        windows, states = moved(windows, sample.partitions, at=sample.at)
        rows = by_topic(states, sample.at)
        between = time.perf_counter()
        store.keep(states, rows, at=sample.at, seconds=sample.seconds, requests=sample.requests)
        own.append((between - began, time.perf_counter() - between))
        return sample

    with requests_to(broker) as requests:
        sampler = Sampler(requests=requests, prefix=PREFIX)
        first = judged()
        still = [judged() for _ in range(rounds)]
        after_moves = []
        for number in range(rounds):
            _commit(admin, size, 2 + number % (size.events - 2))
            after_moves.append(judged())
        windows, sampler = {}, Sampler(requests=requests, prefix=PREFIX)
        anew = judged()
    rows = first.partitions
    assert len(rows) == size.topics * size.partitions, "every partition is read by one group"
    assert all(row.waiting_ms is not None for row in after_moves[-1].partitions)
    worst = max(each.seconds for each in (first, *still, *after_moves, anew))
    return {
        "partitions": len(rows),
        "groups": size.groups,
        "first": _told([first]),
        "nothing moved": _told(still),
        "every offset moved, events behind each": _told(after_moves),
        "anew, as after a start of the monitor": _told([anew]),
        "own processor seconds of a sample, most": round(max(busy), 3),
        "judging, seconds": round(median(each for each, _ in own), 3),
        "keeping, seconds": round(median(each for _, each in own), 3),
        "goal": f"under {GOAL_SECONDS:g} s",
        "is_reached": worst < GOAL_SECONDS,
    }


def _told(samples: list[Sample]) -> dict[str, object]:
    return {
        "requests": sorted({sample.requests for sample in samples}),
        "seconds, median": round(median(sample.seconds for sample in samples), 3),
        "seconds, most": round(max(sample.seconds for sample in samples), 3),
    }


if __name__ == "__main__":
    main()
