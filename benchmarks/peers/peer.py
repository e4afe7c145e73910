"""What a peer is to the harness: a name, and how one of its workers is started.

And what a peer in Python is told on its command line.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class NotHereError(Exception):
    """This machine lacks what the peer runs on: it is not run, and the table says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What one worker process is told."""

    stage: str
    broker: str
    group: str
    state: Path  # a folder of its own
    partitions: int
    registry: Path

    def options(self) -> list[str]:
        """Return all of it as options of a command line."""
        return [
            *("--stage", self.stage, "--broker", self.broker, "--group", self.group),
            *("--state", str(self.state), "--partitions", str(self.partitions)),
            *("--registry", str(self.registry)),
        ]


def told() -> Any:
    """Return what the command line says: `Worker.options`."""
    parser = argparse.ArgumentParser()
    for name in ("--stage", "--broker", "--group"):
        parser.add_argument(name, required=True)
    for name in ("--state", "--registry"):
        parser.add_argument(name, required=True, type=Path)
    parser.add_argument("--partitions", required=True, type=int)
    return parser.parse_args()


Command = Callable[[Worker], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A peer, and the share of the events that it is given: the slow ones need fewer."""

    name: str
    prepare: Callable[[Path], Command]  # in a folder of its own; raises NotHereError
    share: float = 1.0
