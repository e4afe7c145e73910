"""One run of one peer: workers started, watched until nothing more is written, output compared."""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from tests import samples

from benchmarks.peers import outputs
from benchmarks.peers.outputs import Digests, Normaliser
from benchmarks.peers.peer import Command, Worker
from benchmarks.peers.step import GateStep
from benchmarks.peers.work import PARTITIONS
from credit_bus.domain.channels import QUARANTINE, RECORDS
from credit_bus_deploy.provision import apply_topics

QUIET_SECONDS = 3.0
STALL_SECONDS_MAX = 240.0  # while verdicts are missing: a second worker may be minutes in starting
RUN_SECONDS_MAX = 900.0
DELETE_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1
LOG_CHARACTERS_SHOWN_MAX = 3_000
ROOT = Path(__file__).parents[2]
_PEER_GROUP = "peer-"
_OUR_GROUP = "credit-bus."


class UnfinishedError(Exception):
    """A worker ended by itself, or the output did not: what the workers logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What all peers of a comparison are given, and what must come out."""

    broker: str
    step: GateStep
    events: int
    normaliser: Normaliser
    expected: Digests

    @property
    def verdicts(self) -> int:
        """How many records and quarantined messages must come out."""
        topics = (RECORDS, QUARANTINE)
        return sum(len(each) for (topic, _), each in self.expected.items() if topic in topics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one run of a peer showed. Rates and CPU count only when nothing differs."""

    peer: str
    workers: int
    number: int  # of the round
    events: int
    rate: float  # events/s, all but the first moment
    late_rate: float  # of the second half: whatever warms up has warmed up
    cpu_us: float  # of all processes, from the first output to the last, per event
    differences: tuple[str, ...]


def measure(
    task: Task, name: str, command: Command, *, workers: int, number: int, home: Path
) -> Figure:
    """Run a peer once on empty outputs. Raises UnfinishedError."""
    empty_outputs(task.broker, task.step.outputs)
    group = f"{_PEER_GROUP}{time.time_ns()}"
    with _running(command, task.broker, group, workers, home) as processes:
        cpu = _watch(task, processes, home)
    written = outputs.read(task.broker, task.step.outputs, task.normaliser)
    times = written.verdict_times_ms
    return Figure(
        peer=name,
        workers=workers,
        number=number,
        events=task.events,
        rate=outputs.events_per_second(times),
        late_rate=outputs.events_per_second(times[len(times) // 2 :]),
        cpu_us=cpu / task.events * 1e6,
        differences=tuple(outputs.differences(task.expected, written.digests)),
    )


def unfinished(name: str, workers: int, number: int, events: int) -> Figure:
    """Return the figure of a run that raised UnfinishedError: it differs."""
    return Figure(
        peer=name,
        workers=workers,
        number=number,
        events=events,
        rate=0.0,
        late_rate=0.0,
        cpu_us=0.0,
        differences=("a worker ended or did not finish",),
    )


def empty_outputs(broker: str, topics: Sequence[str]) -> None:
    """Make the output topics anew, and forget what earlier peers kept on the broker."""
    with KafkaAdminClient(bootstrap_servers=broker) as admin:
        kept = [name for name in admin.list_topics() if _PEER_GROUP in name]
        gone = {*topics, *kept}
        admin.delete_topics(list(gone))
        deadline = time.monotonic() + DELETE_SECONDS_MAX
        while gone & set(admin.list_topics()):
            if time.monotonic() > deadline:
                raise TimeoutError("topics are not deleted")
            time.sleep(POLL_SECONDS)
        groups = [
            row["group_id"] if isinstance(row, dict) else row[0] for row in admin.list_groups()
        ]
        ours = [name for name in groups if name.startswith(_OUR_GROUP)]
        if ours:
            admin.delete_groups(ours)
    apply_topics(broker, samples.registry(), partitions=PARTITIONS, replication=1)


@contextmanager
def _running(
    command: Command, broker: str, group: str, workers: int, home: Path
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Yield the peer's worker processes; end them without a word."""
    path = os.pathsep.join(str(ROOT / each) for each in ("streams", "connectors", "deploy", "."))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(workers):
            state = home / f"state-{number}"
            state.mkdir(parents=True)
            worker = Worker(broker=broker, group=group, state=state, partitions=PARTITIONS)
            with (home / f"{number}.log").open("wb") as log:
                process = subprocess.Popen(
                    command(worker),
                    stdout=log,
                    stderr=log,
                    env={**os.environ, "PYTHONPATH": path},
                    cwd=ROOT,
                )
            processes.append(process)
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _watch(task: Task, processes: Sequence[subprocess.Popen[bytes]], home: Path) -> float:
    """Wait until nothing more is written; return the CPU seconds from the first output on."""
    consumer = KafkaConsumer(bootstrap_servers=task.broker)
    tps = [TopicPartition(t, n) for t in (RECORDS, QUARANTINE) for n in range(PARTITIONS)]
    deadline = time.monotonic() + RUN_SECONDS_MAX
    first_cpu = last_cpu = 0.0
    seen, changed = 0, time.monotonic()
    try:
        while True:
            if time.monotonic() > deadline or any(p.poll() is not None for p in processes):
                logs = "\n".join(
                    path.read_text(errors="replace")[-LOG_CHARACTERS_SHOWN_MAX:]
                    for path in home.glob("*.log")
                )
                raise UnfinishedError(f"a worker ended or did not finish:\n{logs}")
            now_seen = sum(consumer.end_offsets(tps).values())
            cpu = _cpu_seconds(processes)
            if now_seen > seen:
                first_cpu = first_cpu or cpu
                seen, last_cpu, changed = now_seen, cpu, time.monotonic()
            elif seen:
                wait = QUIET_SECONDS if seen >= task.verdicts else STALL_SECONDS_MAX
                if time.monotonic() - changed > wait:
                    return last_cpu - first_cpu
            time.sleep(POLL_SECONDS)
    finally:
        consumer.close()


def _cpu_seconds(processes: Sequence[subprocess.Popen[bytes]]) -> float:
    """Return the CPU time of the processes and all their children."""
    total = 0.0
    for process in processes:
        parent = psutil.Process(process.pid)
        for each in (parent, *parent.children(recursive=True)):
            try:
                used = each.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += used.user + used.system
    return total
