"""Canaries: what came of those of a time, for each party and each platform. Pure.

A canary of a party is said into its outbox, and its way back is a platform's confirmation in the
log of record. One that is not back within a bound is missing, whatever holds it up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

MISSING_SECONDS = 60.0
QUANTILES = (0.5, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """One canary: when the outbox had it, when the log, and when each platform confirmed it."""

    party: str
    said_at: datetime
    logged_at: datetime | None
    confirmed_at: Mapping[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Round trips over one part of the way, in seconds; None without any."""

    name: str
    sent: int
    missing: int
    p50: float | None
    p99: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Canaries:
    """How canaries fare: to the log by party, and back from each platform."""

    parties: Sequence[Trip]  # from the outbox to the log, the slowest first
    platforms: Sequence[Trip]  # from the outbox to the platform's confirmation

    @property
    def missing(self) -> int:
        """How many are not back in time."""
        return sum(each.missing for each in (*self.parties, *self.platforms))


def canaries_of(found: Iterable[Canary], platforms: Iterable[str], *, now: datetime) -> Canaries:
    """Return how these canaries fared; `platforms` are those that every canary must reach."""
    told = list(found)
    parties = sorted({each.party for each in told})
    return Canaries(
        parties=sorted(
            (
                _trip(
                    party,
                    [(each, each.logged_at) for each in told if each.party == party],
                    now,
                )
                for party in parties
            ),
            key=_slowest,
        ),
        platforms=[
            _trip(platform, [(each, each.confirmed_at.get(platform)) for each in told], now)
            for platform in sorted(platforms)
        ],
    )


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return the value below which that share of them lies; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _trip(name: str, pairs: Sequence[tuple[Canary, datetime | None]], now: datetime) -> Trip:
    seconds = [max(0.0, (back - each.said_at).total_seconds()) for each, back in pairs if back]
    missing = sum(
        back is None and (now - each.said_at).total_seconds() > MISSING_SECONDS
        for each, back in pairs
    )
    p50, p99 = (quantile(seconds, share) for share in QUANTILES)
    return Trip(name=name, sent=len(pairs), missing=missing, p50=p50, p99=p99)


def _slowest(trip: Trip) -> tuple[int, float, str]:
    return (-trip.missing, -(trip.p99 or 0.0), trip.name)
