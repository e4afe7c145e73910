"""Runs the peers one after another on one broker, compares what they wrote, prints the ratios.

`python -m benchmarks.peers.run --events 40000`. Each peer gets the same input, its own consumer
group and empty output topics; its time counts only when its output equals the reference. First
come messages that break every rule, without timing: a peer that judges by checks of its own must
refuse them for the very same reasons.
"""

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
from tests import samples
from tests.bus import own_bus

from benchmarks.commit import commit
from benchmarks.peers import odd, outputs, work
from benchmarks.peers.district import write_district
from benchmarks.peers.live_floor import floors
from benchmarks.peers.measure import ROOT, Figure, UnfinishedError, measure, unfinished
from benchmarks.peers.peer import Command, NotHereError, Peer
from benchmarks.peers.roster import OURS, roster
from benchmarks.peers.step import GATE
from benchmarks.peers.table import floor_table, line, table
from benchmarks.peers.task import WORKS, Steps, Task, followed, steps_of
from benchmarks.peers.work import PARTITIONS
from credit_bus.contracts.wire import Message
from credit_bus_deploy.provision import apply_topics

Commands = dict[str, Command]

# Kafka's own default: workers that start together share the partitions from the first, so there is
# no rebalance in the figures, and none for a peer without exactly-once to say things twice in.
TOGETHER = "group.initial.rebalance.delay.ms=3000"
# What a party's topics of ours have, for the topics that peers make for themselves.
SMALL_INDEXES = "log.index.size.max.bytes=262144"


def main() -> None:
    """Run from the command line."""
    given = _arguments()
    peers = roster(
        peers_python=given.peers_python, threads=given.threads, commit_ms=given.commit_ms
    )
    unknown = set(given.only) - {peer.name for peer in peers}
    if unknown:
        raise SystemExit(f"no such peer: {', '.join(sorted(unknown))}")
    chosen = [peer for peer in peers if not given.only or peer.name in given.only]
    where = _where(given)
    with tempfile.TemporaryDirectory(prefix="cb-bench-") as folder:
        home = Path(folder)
        registry = write_district(home / "registry")
        steps = steps_of(given.work, registry)
        commands, not_run = _prepared(chosen, home)
        if given.odd:
            with _task(home / "odd", registry, steps, list(odd.messages(given.odd))) as task:
                not_run |= _judging_otherwise(task, commands, home / "odd")
            commands = {name: commands[name] for name in commands if name not in not_run}
        figures: list[Figure] = []
        for share in sorted({peer.share for peer in chosen}, reverse=True):
            names = [
                peer.name
                for peer in chosen
                if peer.name in commands and (peer.share == share or peer.name == OURS)
            ]
            events = int(given.events * share)
            messages = [work.placed(each) for each in work.messages(events)]
            with _task(home / f"share-{share}", registry, steps, messages) as task:
                figures += _rounds(task, {name: commands[name] for name in names}, given, home)
    print(f"\n{where}\n")
    print("\n".join(table(figures, not_run, ours=OURS)))
    print("\n" + "\n".join(floor_table(figures, steps)))


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", choices=list(WORKS), default="both", help="the stages to do")
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--odd", type=int, default=2_000, help="messages that break every rule")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", type=int, nargs="+", default=[1])
    parser.add_argument("--threads", type=int, default=1, help="of a Kafka Streams worker")
    parser.add_argument("--commit-ms", type=int, default=100, help="of Kafka Streams")
    parser.add_argument("--peers-python", type=Path, default=ROOT / ".venv-peers/bin/python")
    parser.add_argument("--only", nargs="*", default=[], help="peers by name")
    return parser.parse_args()


def _prepared(peers: Sequence[Peer], home: Path) -> tuple[Commands, dict[str, str]]:
    """Return how to start each peer, and why some are not run."""
    commands: Commands = {}
    not_run: dict[str, str] = {}
    for peer in peers:
        folder = home / "prepared" / peer.name
        folder.mkdir(parents=True)
        try:
            commands[peer.name] = peer.prepare(folder)
        except NotHereError as error:
            not_run[peer.name] = str(error)
            print(f"{peer.name}: not run: {error}", flush=True)
    return commands, not_run


@contextmanager
def _task(home: Path, registry: Path, steps: Steps, messages: Sequence[Message]) -> Iterator[Task]:
    """Yield a broker on which these messages lie in their outboxes, and what must follow."""
    home.mkdir()
    normaliser = outputs.Normaliser(samples.codec())
    expected = outputs.reference(followed(steps, messages), normaliser)
    with own_bus(home, partitions=PARTITIONS, settings=[TOGETHER, SMALL_INDEXES]) as bus:
        apply_topics(bus.broker, steps[GATE].registry, partitions=PARTITIONS, replication=1)
        for number in range(PARTITIONS):
            bus.say([each for each in messages if each.partition == number], partition=number)
        yield Task(
            broker=bus.broker,
            registry_folder=registry,
            steps=steps,
            events=len(messages),
            normaliser=normaliser,
            expected=expected,
        )


def _judging_otherwise(task: Task, commands: Commands, home: Path) -> dict[str, str]:
    """Return which peers do not treat the odd messages as they must be, and how they differ."""
    found = {}
    for name, command in commands.items():
        figure = _measured(task, name, command, workers=1, number=0, home=home / name)
        if figure.differences:
            found[name] = f"judges otherwise: {'; '.join(figure.differences)}"
        told = found.get(name, f"equal over {task.events} messages that break every rule")
        print(f"{name}: {told}", flush=True)
    return found


def _rounds(task: Task, commands: Commands, given: Any, home: Path) -> list[Figure]:
    """Return the figures of all rounds; the peers take turns within each.

    First comes a run that does not count: the broker compiles what is hot, for all of them.
    """
    figures = []
    name, command = next(iter(commands.items()))
    _measured(task, name, command, workers=1, number=0, home=home / f"{task.events}-warm")
    for workers in given.workers:
        for number in range(given.rounds):
            for name, command in commands.items():
                folder = home / f"{task.events}-{workers}-{number}" / name
                figure = _measured(task, name, command, workers=workers, number=number, home=folder)
                print(line(figure), flush=True)
                if name == OURS and not figure.differences:
                    figure = replace(figure, floor_us=floors(task))
                figures.append(figure)
    return figures


def _measured(
    task: Task, name: str, command: Command, *, workers: int, number: int, home: Path
) -> Figure:
    try:
        return measure(task, name, command, workers=workers, number=number, home=home)
    except UnfinishedError as error:
        print(error, file=sys.stderr)
        return unfinished(name, workers, number, task.events)


def _where(given: Any) -> str:
    """Return what the figures belong to."""
    return (
        f"commit {commit()}, {platform.platform()}, {psutil.cpu_count()} cores, "
        f"Python {platform.python_version()}; Kafka Streams: {given.threads} threads a worker, "
        f"a commit each {given.commit_ms} ms"
    )


if __name__ == "__main__":
    main()
