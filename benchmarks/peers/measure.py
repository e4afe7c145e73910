"""One run of one peer: workers started, watched until nothing more is written, output compared.

A worker here is one process for each stage of the work.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path

import psutil
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import CoordinatorLoadInProgressError

from benchmarks.peers import outputs
from benchmarks.peers.peer import Command, Worker
from benchmarks.peers.step import GATE
from benchmarks.peers.task import Task
from benchmarks.peers.work import PARTITIONS
from credit_bus_deploy.provision import apply_topics

QUIET_SECONDS = 3.0
STALL_SECONDS_MAX = 240.0  # while verdicts are missing: a second worker may be minutes in starting
RUN_SECONDS_MAX = 900.0
DELETE_SECONDS_MAX = 60.0
JOIN_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1
TELL_SECONDS = 15.0
LOG_CHARACTERS_SHOWN_MAX = 3_000
ROOT = Path(__file__).parents[2]
_PEER_GROUP = "peer-"
_OUR_GROUP = "credit-bus."


class UnfinishedError(Exception):
    """A worker ended by itself, or the output did not: what the workers logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one run of a peer showed. Rates and CPU count only when nothing differs."""

    peer: str
    workers: int
    number: int  # of the round
    events: int
    rate: float  # events/s, all but the first moment
    late_rate: float  # of the second half: whatever warms up has warmed up
    cpu_us: tuple[float, ...]  # per event, by stage: from the first output to the last
    differences: tuple[str, ...]
    floor_us: tuple[float, ...] = ()  # of ours alone: the least that each stage's records cost


def measure(
    task: Task, name: str, command: Command, *, workers: int, number: int, home: Path
) -> Figure:
    """Run a peer once on empty outputs. Raises UnfinishedError."""
    empty_outputs(task)
    with _running(task, command, workers, home) as processes:
        cpu = _watch(task, name, processes, home)
    written = outputs.read(task.broker, task.outputs, task.normaliser, finals=task.finals)
    times = written.done_ms
    return Figure(
        peer=name,
        workers=workers,
        number=number,
        events=task.events,
        rate=outputs.events_per_second(times),
        late_rate=outputs.events_per_second(times[len(times) // 2 :]),
        cpu_us=tuple(seconds / task.events * 1e6 for seconds in cpu),
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
        cpu_us=(),
        differences=("a worker ended or did not finish",),
    )


def empty_outputs(task: Task) -> None:
    """Make the output topics anew, and forget what earlier peers kept on the broker."""
    with KafkaAdminClient(bootstrap_servers=task.broker) as admin:
        kept = [name for name in admin.list_topics() if _PEER_GROUP in name]
        gone = {*task.outputs, *kept}
        admin.delete_topics(list(gone))
        deadline = time.monotonic() + DELETE_SECONDS_MAX
        while gone & set(admin.list_topics()):
            if time.monotonic() > deadline:
                raise TimeoutError("topics are not deleted")
            time.sleep(POLL_SECONDS)
        while earlier := _groups(admin):  # one whose killed members are not yet missed stays
            if time.monotonic() > deadline:
                raise TimeoutError(f"groups are not deleted: {', '.join(earlier)}")
            admin.delete_groups(earlier)
            time.sleep(POLL_SECONDS)
    apply_topics(task.broker, task.registry, partitions=PARTITIONS, replication=1)


def _groups(admin: KafkaAdminClient) -> list[str]:
    groups = [row["group_id"] for row in admin.list_groups()]
    return [name for name in groups if name.startswith((_OUR_GROUP, _PEER_GROUP))]


Processes = Mapping[str, Sequence[subprocess.Popen[bytes]]]  # by stage


@contextmanager
def _running(task: Task, command: Command, workers: int, home: Path) -> Iterator[Processes]:
    """Yield the peer's worker processes by stage; end them without a word."""
    path = os.pathsep.join(str(ROOT / each) for each in ("streams", "connectors", "deploy", "."))
    run = f"{_PEER_GROUP}{time.time_ns()}"
    processes: dict[str, list[subprocess.Popen[bytes]]] = {stage: [] for stage in task.steps}
    try:
        for stage, number in product(reversed(task.steps), range(workers)):
            if stage == GATE and not number:
                _await_members(task, workers)
            state = home / f"{stage}-{number}"
            state.mkdir(parents=True)
            worker = Worker(
                stage=stage,
                broker=task.broker,
                group=f"{run}-{stage}",
                state=state,
                partitions=PARTITIONS,
                registry=task.registry_folder,
            )
            with (home / f"{stage}-{number}.log").open("wb") as log:
                process = subprocess.Popen(
                    command(worker),
                    stdout=log,
                    stderr=log,
                    env={**os.environ, "PYTHONPATH": path},
                    cwd=ROOT,
                )
            processes[stage].append(process)
        yield processes
    finally:
        for process in chain.from_iterable(processes.values()):
            process.kill()
            process.wait()


def _await_members(task: Task, workers: int) -> None:
    """Return once every worker of the stages behind the gate has its partitions.

    A router that still started while the gate wrote would be counted for its start.
    """
    behind = [stage for stage in task.steps if stage != GATE]
    deadline = time.monotonic() + JOIN_SECONDS_MAX
    with KafkaAdminClient(bootstrap_servers=task.broker) as admin:
        while not all(_joined(admin, stage, workers) for stage in behind):
            if time.monotonic() > deadline:
                raise UnfinishedError("the workers behind the gate did not join their group")
            time.sleep(POLL_SECONDS)


def _joined(admin: KafkaAdminClient, stage: str, workers: int) -> bool:
    try:
        listed = admin.list_groups()
    except CoordinatorLoadInProgressError:  # the broker's first group: its topic is being made
        return False
    stable = [
        row["group_id"]
        for row in listed
        if row["group_id"].endswith(stage) and row["group_state"] == "Stable"
    ]
    groups = admin.describe_groups(stable).values() if stable else ()
    return any(len(group["members"]) == workers for group in groups)


def _watch(task: Task, name: str, processes: Processes, home: Path) -> list[float]:
    """Wait until nothing more is written; return each stage's CPU seconds from the first output.

    Records are counted by offsets, which transactions' markers take part in: so the count may be
    full a little early, and the quiet after it is what ends the wait.
    """
    consumer = KafkaConsumer(bootstrap_servers=task.broker)
    tps = [TopicPartition(topic, n) for topic in task.counts for n in range(PARTITIONS)]
    wanted = sum(task.counts.values())
    began = changed = told = time.monotonic()
    first = last = [0.0] * len(processes)
    seen = 0
    try:
        while True:
            now = time.monotonic()
            ended = any(p.poll() is not None for p in chain.from_iterable(processes.values()))
            if ended or now > began + RUN_SECONDS_MAX:
                raise UnfinishedError(f"a worker ended or did not finish:\n{_logs(home)}")
            now_seen = sum(consumer.end_offsets(tps).values())
            if now_seen > seen:
                last = [_cpu_seconds(each) for each in processes.values()]
                first = first if seen else last
                seen, changed = now_seen, now
            elif seen and now - changed > (QUIET_SECONDS if seen >= wanted else STALL_SECONDS_MAX):
                return [after - before for after, before in zip(last, first, strict=True)]
            if now > told + TELL_SECONDS:
                told = now
                print(f"  {name}: {seen} of {wanted} after {now - began:.0f} s", flush=True)
            time.sleep(POLL_SECONDS)
    finally:
        consumer.close()


def _logs(home: Path) -> str:
    """Return the ends of what the workers logged."""
    return "\n".join(
        path.read_text(errors="replace")[-LOG_CHARACTERS_SHOWN_MAX:] for path in home.glob("*.log")
    )


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
