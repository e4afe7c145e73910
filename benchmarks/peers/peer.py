"""What a peer is to the harness: a name, and how one of its workers is started."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class NotHereError(Exception):
    """This machine lacks what the peer runs on: it is not run, and the table says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """What one worker process is told."""

    broker: str
    group: str
    state: Path  # a folder of its own
    partitions: int


Command = Callable[[Worker], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A peer, and the share of the events that it is given: the slow ones need fewer."""

    name: str
    prepare: Callable[[Path], Command]  # in a folder of its own; raises NotHereError
    share: float = 1.0
