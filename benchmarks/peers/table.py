"""The figures of a comparison as a Markdown table."""

import statistics
from collections.abc import Iterable, Sequence
from itertools import product

from benchmarks.peers.measure import Figure

_HEADINGS = (
    "peer",
    "workers",
    "events",
    "events/s min",
    "median",
    "max",
    "second half",
    "CPU µs",
    "by stage",
    "ours / it: min",
    "median",
    "max",
)


def line(figure: Figure) -> str:
    """Return one run in one line."""
    equal = "equal" if not figure.differences else "NOT EQUAL: " + "; ".join(figure.differences)
    return (
        f"{figure.peer}, {figure.workers} workers, {figure.events} events, round {figure.number}: "
        f"{figure.rate:,.0f}/s, second half {figure.late_rate:,.0f}/s, "
        f"{_by_stage(figure.cpu_us)} µs CPU an event, {equal}"
    )


def table(figures: Sequence[Figure], not_run: dict[str, str], *, ours: str) -> list[str]:
    """Return the lines of the table; a peer that differs or was not run has no figures.

    The ratios are those of each round by itself, so that a change of the machine's load between
    rounds does not enter them.
    """
    lines = [f"| {' | '.join(_HEADINGS)} |", "|" + "---|" * len(_HEADINGS)]
    places = dict.fromkeys((f.workers, f.events, f.peer) for f in figures)
    for workers, events, peer in sorted(places, key=lambda place: (-place[1], place[0])):
        these = _of(figures, workers, events, peer)
        mine = {f.number: f.rate for f in _of(figures, workers, events, ours)}
        told = _differing(these) or _told(these, mine)
        lines.append(f"| {peer} | {workers} | {events} | {told} |")
    empty = " |" * (len(_HEADINGS) - 2)
    return [*lines, *(f"| {peer} | not run: {why} |{empty}" for peer, why in not_run.items())]


def floor_table(figures: Sequence[Figure], stages: Iterable[str]) -> list[str]:
    """Return a table of what our workers' CPU is to the floor of the same round, by stage."""
    lines = ["| stage | workers | events | CPU µs | floor µs | ratio: min | median | max |"]
    lines.append("|" + "---|" * lines[0].count(" | ") + "---|")
    places = dict.fromkeys((f.workers, f.events) for f in figures if f.floor_us)
    for (workers, events), (at, stage) in product(places, enumerate(stages)):
        these = [
            (f.cpu_us[at], f.floor_us[at])
            for f in figures
            if f.floor_us and (f.workers, f.events) == (workers, events)
        ]
        ratios = [cpu / floor for cpu, floor in these]
        cells = [
            *(f"{statistics.median(column):.1f}" for column in zip(*these, strict=True)),
            *(f"{pick(ratios):.2f}" for pick in (min, statistics.median, max)),
        ]
        lines.append(f"| {stage} | {workers} | {events} | {' | '.join(cells)} |")
    return lines


def _of(figures: Sequence[Figure], workers: int, events: int, peer: str) -> list[Figure]:
    return [f for f in figures if (f.workers, f.events, f.peer) == (workers, events, peer)]


def _differing(figures: Sequence[Figure]) -> str:
    differing = [f for f in figures if f.differences]
    empty = " |" * (len(_HEADINGS) - 4)
    return f"not counted: {len(differing)} runs differ{empty}" if differing else ""


def _told(figures: Sequence[Figure], mine: dict[int, float]) -> str:
    rates = [f.rate for f in figures]
    ratios = [mine[f.number] / f.rate for f in figures if f.number in mine]
    cells = [
        *(f"{pick(rates):,.0f}" for pick in (min, statistics.median, max)),
        f"{statistics.median([f.late_rate for f in figures]):,.0f}",
        f"{statistics.median([sum(f.cpu_us) for f in figures]):.0f}",
        _by_stage([*map(statistics.median, zip(*(f.cpu_us for f in figures), strict=True))]),
        *(f"{pick(ratios):.2f}" if ratios else "–" for pick in (min, statistics.median, max)),
    ]
    return " | ".join(cells)


def _by_stage(cpu_us: Sequence[float]) -> str:
    return " + ".join(f"{each:.0f}" for each in cpu_us)
