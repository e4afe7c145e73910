"""Bounds in seconds on whatever machine the tests run: promised on one, in proportion elsewhere.

A promise such as "the day takes under 30 s" was measured on a certain machine with nothing else
running. Elsewhere, or beside other work, it says nothing; so the machine is measured in the same
run, by work whose cost on the former is in benchmarks/results.md.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests import samples

from credit_bus.contracts.wire import read_event

# "read_event: headers, body, key" of 2026-11-25, two cores, nothing else running.
REFERENCE_MICROSECONDS = 15.7
SLOWNESS_MAX = 4.0  # beyond it a promise is not measured but guessed
EVENTS = 500
ROUNDS = 60  # about a second: neighbours of a virtual machine come and go


@dataclass(slots=True)
class Pace:
    """How many times slower than the reference the machine was; at least 1."""

    slowness: float = 1.0

    def bound(self, seconds: float) -> float:
        """Return what the promised seconds are here."""
        return seconds * self.slowness


@contextmanager
def measured() -> Iterator[Pace]:
    """Measure the machine before and after the block; the pace is known once it has ended."""
    before = slowness()
    pace = Pace()
    yield pace
    pace.slowness = statistics.mean((before, slowness()))


def slowness() -> float:
    """Return how many times slower the machine is now than the reference, from 1 to the bound."""
    codec = samples.codec()
    messages = [samples.message(samples.penalty(number)) for number in range(EVENTS)]
    rounds: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for message in messages:
            read_event(message, codec)
        rounds.append((time.perf_counter() - began) / EVENTS * 1e6)
    return min(max(statistics.mean(rounds) / REFERENCE_MICROSECONDS, 1.0), SLOWNESS_MAX)
