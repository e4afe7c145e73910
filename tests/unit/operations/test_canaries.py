"""How canaries fare: what is not back in time is missing, and nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest
from tests import samples

from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.operations.canaries import MISSING_SECONDS, Canary, canaries_of, quantile
from credit_bus_connectors.monitor.canaries import round_of

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


def test_a_round_has_a_lawful_canary_for_each_party_and_is_about_nobody() -> None:
    registry = samples.registry()
    events = round_of(registry, NOW)

    assert {each.source for each in events} == {
        code for code, party in registry.parties.items() if party.exists_on(local_day(NOW))
    }
    for event in events:
        context = Context(
            registry=registry, today=local_day(NOW), source=event.source, subject=event.subject
        )
        assert () == check_event(event, context)
        assert CANARY_SENT == event.type
    assert len(events) == len({each.subject for each in events}) == len({e.id for e in events})
