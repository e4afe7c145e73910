"""Canaries: what came of those of a time, for each party and each platform. Pure.

A canary of a party is said into its outbox, and its way back is a platform's confirmation in the
log of record. One that is not back within a bound is missing, whatever holds it up. Parties take
turns; when none was seen for too long, nothing is known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle

EVERY_SECONDS = 1_800  # between two canaries of one party; every platform sees all parties'
GAP_SECONDS_MAX = 300.0  # between any two, however few parties there are
MISSING_SECONDS = 60.0
SILENT_SECONDS = 2 * GAP_SECONDS_MAX
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
    silent_since: datetime | None = None  # when the newest was said, if that is too long ago

    @property
    def missing(self) -> int:
        """How many are not back in time."""
        return sum(each.missing for each in (*self.parties, *self.platforms))

    @property
    def is_amiss(self) -> bool:
        """Whether one is missing, or nothing is known."""
        return bool(self.missing) or self.silent_since is not None


def gap_seconds(every_seconds: float, parties: int) -> float:
    """Return the time from one party's canary to the next party's."""
    return min(every_seconds / max(1, parties), GAP_SECONDS_MAX)


def turns_from(parties: Sequence[str], now: datetime, gap: float) -> Iterator[str]:
    """Yield parties in their order, for ever; the clock says whose turn is first.

    So one that is started again and again favours nobody.
    """
    first = int(now.timestamp() / gap) % len(parties)
    return cycle((*parties[first:], *parties[:first]))


def canaries_of(found: Iterable[Canary], platforms: Iterable[str], *, now: datetime) -> Canaries:
    """Return how these canaries fared; `platforms` are those that every canary must reach."""
    told = list(found)
    newest = max((each.said_at for each in told), default=None)
    is_silent = newest is not None and (now - newest).total_seconds() > SILENT_SECONDS
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
        silent_since=newest if is_silent else None,
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
