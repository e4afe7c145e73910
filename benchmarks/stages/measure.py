"""How long stages take, and what they leave in memory. Knows no stage."""

import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 9

Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Work to measure, over how many events, and which other stage it is compared with."""

    work: Work
    events: int
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an event cost: microseconds by round; blocks that it leaves; bytes that it needs.

    Blocks left are those of Python's small objects that live on while the stage's result is held.
    Bytes needed are the most that were held at once during the stage, beyond what was held before.
    """

    microseconds: tuple[float, ...]
    blocks_left: float
    bytes_needed: float


def costs(stages: Mapping[str, Stage], *, rounds: int = ROUNDS) -> dict[str, Cost]:
    """Return the cost of each stage; the stages take turns, so that a slow moment meets all."""
    memory = {name: (_blocks(each), _bytes(each)) for name, each in stages.items()}  # warms up
    taken: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(rounds):
        for name, stage in stages.items():
            began = time.perf_counter()
            stage.work()
            taken[name].append((time.perf_counter() - began) / stage.events * 1e6)
    return {
        name: Cost(
            microseconds=tuple(taken[name]),
            blocks_left=memory[name][0],
            bytes_needed=memory[name][1],
        )
        for name in stages
    }


def table(stages: Mapping[str, Stage], found: Mapping[str, Cost]) -> list[str]:
    """Return the lines of a Markdown table; the ratios are of the shortest rounds."""
    lines = [
        "| stage | min µs | median µs | max µs | blocks left | bytes needed | ratio | to |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, stage in stages.items():
        cost, base = found[name], found[stage.base]
        took = cost.microseconds
        ratio = min(took) / min(base.microseconds)
        lines.append(
            f"| {name} | {min(took):.1f} | {statistics.median(took):.1f} | {max(took):.1f}"
            f" | {cost.blocks_left:.1f} | {cost.bytes_needed:.0f} | {ratio:.2f} | {stage.base} |"
        )
    return lines


def _blocks(stage: Stage) -> float:
    """Return the blocks an event leaves; run twice, since the first run fills memories."""
    stage.work()
    gc.collect()
    before = sys.getallocatedblocks()
    result = stage.work()
    after = sys.getallocatedblocks()
    del result
    return (after - before) / stage.events


def _bytes(stage: Stage) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        stage.work()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (most - before) / stage.events
