"""The arithmetic of the figures: quantiles, a slope, gaps. Pure; times are seconds of one clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

QUANTILES: Mapping[str, float] = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999, "max": 1.0}


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the least value that this share of all does not exceed. `ordered` is sorted."""
    assert ordered, "nothing has no quantile"
    return ordered[max(0, ceil(len(ordered) * share) - 1)]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return how much y grows with x, by least squares; 0 when x does not change."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    if not spread:
        return 0.0
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread


def second_half(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Return the points whose x lies beyond the middle of all x: what warms up has warmed up."""
    if not points:
        return points
    middle = (points[0][0] + points[-1][0]) / 2
    return [point for point in points if point[0] >= middle]


def lows(points: Sequence[tuple[float, float]], windows: int) -> Sequence[tuple[float, float]]:
    """Return the point with the least y of each of so many equal stretches of x.

    What is taken for a moment and given back does not show in them; what is kept does.
    """
    if not points:
        return points
    first, last = points[0][0], points[-1][0]
    found: dict[int, tuple[float, float]] = {}
    for x, y in points:
        place = min(windows - 1, int((x - first) / ((last - first) or 1) * windows))
        if place not in found or y < found[place][1]:
            found[place] = (x, y)
    return [found[place] for place in sorted(found)]


def longest_gap(moments: Iterable[float], *, since: float, until: float) -> float:
    """Return the longest time between since and until in which nothing came."""
    inside = [since, *sorted(each for each in moments if since < each < until), until]
    return max(later - earlier for earlier, later in pairwise(inside))


def caught_up_at(events: Iterable[tuple[float, float]], *, delay_max: float) -> float | None:
    """Return when the last event came that was later than `delay_max`; None when none was.

    An event is the moment at which it was due and the moment at which it came.
    """
    return max((came for due, came in events if came - due > delay_max), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When each event of a range is due, whatever becomes of those before it."""

    begins: float
    rate: float  # events a second
    numbers: range

    def due(self, number: int) -> float:
        """Return the moment at which the event of that number is to be published."""
        return self.begins + (number - self.numbers.start) / self.rate
