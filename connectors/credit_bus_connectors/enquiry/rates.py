"""How often a key may ask: a bucket of tokens each, filled at a steady rate.

Knows no clock: seconds are given, of any clock that never goes back.
"""

from collections import OrderedDict
from dataclasses import dataclass

PER_SECOND_DEFAULT = 20.0
BURST_DEFAULT = 100
KEYS_MAX = 10_000  # the one unused for longest goes first, and begins anew with a full bucket


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many tokens there were, and when (seconds)."""

    tokens: float
    at: float


def take(
    bucket: Bucket | None, now: float, *, per_second: float, burst: int
) -> tuple[Bucket, float]:
    """Return the bucket after taking a token, and 0; or, when there is none, how long until one is.

    None is the bucket of whoever comes for the first time: full.
    """
    held = bucket or Bucket(float(burst), now)
    filled = min(float(burst), held.tokens + max(0.0, now - held.at) * per_second)
    if filled >= 1.0:
        return Bucket(filled - 1.0, now), 0.0
    return Bucket(filled, now), (1.0 - filled) / per_second


class Rates:
    """The buckets of all keys. For one thread."""

    def __init__(
        self, *, per_second: float = PER_SECOND_DEFAULT, burst: int = BURST_DEFAULT
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait_seconds(self, key: str, now: float) -> float:
        """Take a token of the key's; return 0, or how long it must wait for one."""
        bucket, wait = take(
            self._buckets.get(key), now, per_second=self._per_second, burst=self._burst
        )
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        while len(self._buckets) > KEYS_MAX:
            self._buckets.popitem(last=False)
        return wait
