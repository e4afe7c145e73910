"""A bus on a broker of its own with a made-up district, to say events to and to watch."""

import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path

import psutil
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)
from tests.bus import Bus, Worker, own_bus

from benchmarks.figures import bare, publisher, reader
from benchmarks.figures.district import PLATFORM, write_district
from benchmarks.figures.patience import patiently
from benchmarks.figures.publisher import Publishing
from benchmarks.figures.reader import Arrivals, NumberBy, by_body
from benchmarks.figures.stamped import NUMBER_FIRST, Stamps
from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import RECORDS, inbox
from credit_bus.runtime.batch import partition_of
from credit_bus.runtime.settings import group_of
from credit_bus_deploy.provision import PREFIX

PARTITIONS = 4
PARTIES = 51  # as many as the example district has
START_SECONDS_MAX = 60.0
CATCH_UP_RATE_MIN = 2_000.0  # records a second that a gate takes in, at the least, when it starts
END_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1
LOG_CHARACTERS_SHOWN_MAX = 3_000
STAGES = ("gate", "router")

# Of a partition: far more than what may wait in it, since what is said is never far ahead.
LITTLE = {"retention.bytes": 64 * 1024 * 1024, "segment.bytes": 16 * 1024 * 1024}


class WorkerEndedError(Exception):
    """A worker ended by itself: what it logged."""


@dataclass(slots=True, kw_only=True)
class Rig:
    """A bus, the events to be said to it, and its workers."""

    bus: Bus
    stamps: Stamps
    partitions: int
    departments: Sequence[str]
    workers: list[Worker]
    next_number: int = NUMBER_FIRST
    filled: int = 0  # records that no gate wrote

    def take(self, count: int) -> range:
        """Return the next so many numbers."""
        numbers = range(self.next_number, self.next_number + count)
        self.next_number = numbers.stop
        return numbers

    def messages(self, numbers: range) -> Iterator[Message]:
        """Yield the messages of these numbers."""
        return (self.stamps.message(number) for number in numbers)

    def partition(self, number: int) -> int:
        """Return the partition of that number's message."""
        return partition_of(self.stamps.key(number), self.partitions)

    def start(self, *stages: str) -> list[Worker]:
        """Start a worker of each of these stages."""
        started = [self.bus.start(stage, "--log-level", "WARNING") for stage in stages]
        self.workers += started
        return started

    def start_bare(self) -> None:
        """Start, in the place of our workers, the least that carries events exactly once."""
        for stage in STAGES:
            options = ("--broker", self.bus.broker, "--registry", str(self.bus.registry))
            worker = self.bus.run_module(stage, bare.__name__, *options, "--stage", stage)
            self.workers.append(worker)

    def end(self, *workers: Worker) -> None:
        """Ask these workers to end, and see that they do."""
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.process.wait(END_SECONDS_MAX)
            self.workers.remove(worker)

    def kill(self, worker: Worker) -> None:
        """End the worker without a word."""
        worker.kill()
        self.workers.remove(worker)

    def alive(self) -> None:
        """Raise WorkerEndedError when a worker ended that nobody asked to."""
        for worker in self.workers:
            if worker.process.poll() is not None:
                said = worker.log.read_text(errors="replace")[-LOG_CHARACTERS_SHOWN_MAX:]
                raise WorkerEndedError(f"{worker.stage}, {worker.process.returncode}:\n{said}")

    def pour(self, messages: Iterable[Message]) -> None:
        """Say all of these as fast as may be."""
        publisher.pour(self.bus.broker, messages)

    @contextmanager
    def publishing(
        self, numbers: range, *, rate: float, messages: Iterable[Message] | None = None
    ) -> Iterator[Publishing]:
        """Say the events of these numbers, each at its moment; other messages when given.

        They are made before the first is due, unless they are given as an iterator: a publisher
        at a high rate has no time to lose.
        """
        made = list(self.messages(numbers)) if messages is None else messages
        with publisher.publishing(self.bus.broker, made, numbers, rate=rate) as found:
            yield found

    @contextmanager
    def streaming(self, numbers: range, arrivals: Arrivals) -> Iterator[Publishing]:
        """Say the events of these numbers as fast as they come out, and never far ahead."""
        with publisher.publishing(
            self.bus.broker, self.messages(numbers), numbers, rate=inf, arrived=arrivals.seen
        ) as found:
            yield found

    @contextmanager
    def reading(
        self,
        numbers: range,
        *,
        topics: Sequence[str] = (inbox(PLATFORM),),
        copies: int = 1,
        number_by: NumberBy = by_body,
    ) -> Iterator[Arrivals]:
        """Note when the events of these numbers come."""
        arrivals = Arrivals(numbers, copies=copies)
        with reader.reading(self.bus.broker, topics, arrivals, number_by=number_by):
            yield arrivals

    @property
    def start_seconds_max(self) -> float:
        """How long workers may take until the first event comes out."""
        return START_SECONDS_MAX + self.filled / CATCH_UP_RATE_MIN

    def cpu_seconds(self) -> Counter[str]:
        """Return the processor time that the broker and each stage's workers have used so far."""
        used: Counter[str] = Counter()
        processes = [(worker.stage, worker.process.pid) for worker in self.workers]
        for name, pid in (("broker", self.bus.broker_pid), *processes):
            times = psutil.Process(pid).cpu_times()
            used[name] += times.user + times.system
        return used

    def await_flow(self) -> None:
        """Return once what is said now comes out. TimeoutError if it never does."""
        numbers = self.take(1)
        with self.reading(numbers) as arrivals:
            self.pour(self.messages(numbers))
            arrivals.wait(numbers, alive=self.alive, seconds_max=self.start_seconds_max)
            if arrivals.lost(numbers):
                raise TimeoutError("nothing came out of the bus")

    def await_members(self, stage: str, count: int) -> None:
        """Return once that many workers of the stage have partitions. TimeoutError if not."""
        admin = AdminClient({"bootstrap.servers": self.bus.broker, "log_level": 3})
        group = group_of(stage)
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            self.alive()
            found = patiently(
                lambda: admin.describe_consumer_groups([group])[group].result(START_SECONDS_MAX)
            )
            having = [m for m in found.members if m.assignment and m.assignment.topic_partitions]
            if len(having) == count:
                return
            time.sleep(POLL_SECONDS)
        raise TimeoutError(f"there are not {count} workers of {stage} with partitions")

    def fill(self, records: int) -> None:
        """Write records straight into the log, as if routed long ago. No worker may run."""
        assert not self.workers
        numbers = self.take(records)
        self.pour(self.stamps.message(number, topic=RECORDS) for number in numbers)
        self.filled += records
        consumer = Consumer({"bootstrap.servers": self.bus.broker, "group.id": group_of("router")})
        ends = []
        for number in range(self.partitions):
            tp = TopicPartition(RECORDS, number)
            _, high = reader.watermarks(consumer, tp)
            ends.append(TopicPartition(RECORDS, number, high))
        patiently(lambda: consumer.commit(offsets=ends, asynchronous=False))
        consumer.close()

    def keep_little(self) -> None:
        """Let the broker delete what was read long ago, so that no disk is too small."""
        admin = AdminClient({"bootstrap.servers": self.bus.broker, "log_level": 3})
        topics = [
            name
            for name in admin.list_topics(timeout=START_SECONDS_MAX).topics
            if name.startswith(PREFIX)
        ]
        told = [
            ConfigEntry(name, str(value), incremental_operation=AlterConfigOpType.SET)
            for name, value in LITTLE.items()
        ]
        changes = [
            ConfigResource(ResourceType.TOPIC, topic, incremental_configs=told) for topic in topics
        ]
        for done in admin.incremental_alter_configs(changes).values():
            done.result(START_SECONDS_MAX)

    @property
    def state_folder(self) -> Path:
        """What the workers keep on disk."""
        return self.bus.home / "state"

    def forget(self) -> None:
        """Throw away what the workers keep on disk. No worker may run."""
        assert not self.workers
        shutil.rmtree(self.state_folder)


@contextmanager
def rig(
    *, parties: int = PARTIES, partitions: int = PARTITIONS, implementers: int = 1
) -> Iterator[Rig]:
    """Yield a bus without workers."""
    with tempfile.TemporaryDirectory(prefix="cb-figures-") as folder:
        home = Path(folder)
        registry = home / "registry"
        departments = write_district(registry, parties=parties, implementers=implementers)
        with own_bus(home, partitions=partitions, registry=registry) as bus:
            yield Rig(
                bus=bus,
                stamps=Stamps(departments),
                partitions=partitions,
                departments=departments,
                workers=[],
            )


def progress(text: str) -> None:
    """Say how far a measurement is, beside its figures."""
    print(text, file=sys.stderr, flush=True)
