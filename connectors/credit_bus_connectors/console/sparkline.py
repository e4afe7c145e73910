"""A small curve of the last hours as a path of SVG: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 160.0, 32.0
_PAD = 1.5  # half the line's width: the highest point is drawn whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """A path within WIDTH and HEIGHT, and the values it stands for. Empty without a point."""

    path: str
    highest: float
    newest: float | None


def sparkline(
    points: Sequence[tuple[datetime, float | None]], *, since: datetime, until: datetime
) -> Spark:
    """Return the curve of these points, oldest first, from `since` to `until`.

    It begins at zero, so that curves can be compared; where nothing is known it is broken.
    """
    known = [value for _, value in points if value is not None]
    highest = max(known, default=0.0)
    span = (until - since).total_seconds()
    assert span > 0, "the curve has a width"
    parts: list[str] = []
    is_on = False
    for at, value in points:
        if value is None or not since <= at <= until:
            is_on = False
            continue
        x = (at - since).total_seconds() / span * WIDTH
        y = HEIGHT - _PAD - (value / highest if highest else 0.0) * (HEIGHT - 2 * _PAD)
        parts.append(f"{'L' if is_on else 'M'}{x:.1f} {y:.1f}")
        is_on = True
    newest = points[-1][1] if points else None
    return Spark(path=" ".join(parts), highest=highest, newest=newest)
