"""How canaries fare: what is not back in time is missing, and nothing else is."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from tests import samples

from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.operations.canaries import (
    GAP_SECONDS_MAX,
    MISSING_SECONDS,
    SILENT_SECONDS,
    Canary,
    canaries_of,
    gap_seconds,
    quantile,
    turns_from,
)
from credit_bus_connectors.monitor.canaries import canary_of

NOW = datetime(2026, 6, 10, 2, tzinfo=UTC)


def canary(
    party: str = "finance",
    *,
    ago: float = 10.0,
    logged: float | None = 0.2,
    confirmed: float | None = 0.5,
) -> Canary:
    said_at = NOW - timedelta(seconds=ago)
    return Canary(
        party=party,
        said_at=said_at,
        logged_at=None if logged is None else said_at + timedelta(seconds=logged),
        confirmed_at={}
        if confirmed is None
        else {"district-platform": said_at + timedelta(seconds=confirmed)},
    )


def test_round_trips_by_party_and_by_platform() -> None:
    found = canaries_of(
        [canary(logged=0.1 * n, confirmed=0.2 * n) for n in range(1, 11)],
        ["district-platform"],
        now=NOW,
    )
    [party], [platform] = found.parties, found.platforms

    assert (10, 0) == (party.sent, found.missing)
    assert (pytest.approx(0.6), pytest.approx(1.0)) == (party.p50, party.p99)
    assert (pytest.approx(1.2), pytest.approx(2.0)) == (platform.p50, platform.p99)


@pytest.mark.parametrize(
    ("ago", "missing"), [(MISSING_SECONDS - 1, 0), (MISSING_SECONDS + 1, 1), (600, 1)]
)
def test_one_on_its_way_is_not_missing_until_the_bound(ago: float, missing: int) -> None:
    found = canaries_of([canary(ago=ago, confirmed=None)], ["district-platform"], now=NOW)

    assert missing == found.platforms[0].missing
    assert 0 == found.parties[0].missing
    assert found.platforms[0].p50 is None


def test_the_slowest_party_and_the_one_that_misses_come_first() -> None:
    found = canaries_of(
        [canary("a"), canary("b", logged=3.0), canary("c", ago=100, logged=None)], [], now=NOW
    )

    assert ["c", "b", "a"] == [each.name for each in found.parties]


def test_a_quantile_of_nothing_is_nothing() -> None:
    assert quantile([], 0.5) is None


@pytest.mark.parametrize(
    ("every", "parties", "gap"), [(1800.0, 45, 40.0), (3600.0, 2, GAP_SECONDS_MAX)]
)
def test_parties_share_the_time_and_the_silence_between_two_is_bounded(
    every: float, parties: int, gap: float
) -> None:
    assert gap == gap_seconds(every, parties)
    assert gap + MISSING_SECONDS < SILENT_SECONDS


def test_each_party_has_its_turn_and_the_clock_says_whose_is_first() -> None:
    codes, gap = ("a", "b", "c"), 40.0
    at = NOW.timestamp() // (3 * gap) * (3 * gap)
    from_second = turns_from(codes, datetime.fromtimestamp(at + gap + 1, UTC), gap)

    assert ["b", "c", "a", "b"] == list(islice(from_second, 4))


def test_nothing_new_for_too_long_is_told_with_the_last_moment_known() -> None:
    late = canaries_of([canary(ago=SILENT_SECONDS + 1)], [], now=NOW)
    fresh = canaries_of([canary(ago=SILENT_SECONDS - 1), canary(ago=2000)], [], now=NOW)

    assert NOW - timedelta(seconds=SILENT_SECONDS + 1) == late.silent_since
    assert (None, False) == (fresh.silent_since, fresh.is_amiss)
    assert (0, True) == (late.missing, late.is_amiss)
    assert canaries_of([], [], now=NOW).silent_since is None


def test_every_party_has_a_lawful_canary_about_nobody() -> None:
    registry = samples.registry()
    today = local_day(NOW)
    events = [canary_of(c, NOW) for c, party in registry.parties.items() if party.exists_on(today)]

    for event in events:
        context = Context(
            registry=registry, today=local_day(NOW), source=event.source, subject=event.subject
        )
        assert () == check_event(event, context)
        assert CANARY_SENT == event.type
    assert len(events) == len({each.subject for each in events}) == len({e.id for e in events})
