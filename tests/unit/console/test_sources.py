"""Legal time is read once a minute however many look, and a new day is read at once."""

from datetime import date, timedelta

import pytest
from tests import samples

from credit_bus.reports.legal_time import LegalTime, legal_time
from credit_bus_connectors.console.sources import LEGAL_KEPT_SECONDS, LegalSource

TODAY = date(2026, 6, 10)


@pytest.mark.parametrize("is_away", [False, True])
def test_what_was_read_is_kept_for_a_minute_and_that_nothing_could_be_read_as_well(
    is_away: bool,
) -> None:
    read: list[date] = []
    moment = 100.0

    def legal(day: date) -> LegalTime | None:
        read.append(day)
        return None if is_away else legal_time([], samples.registry(), day)

    source = LegalSource(legal, clock=lambda: moment)
    found = [source.on(TODAY) for _ in range(5)]
    moment += LEGAL_KEPT_SECONDS - 1
    found.append(source.on(TODAY))

    assert [TODAY] == read
    assert all(each is found[0] for each in found)
    moment += 1
    source.on(TODAY)
    assert [TODAY] * 2 == read
    assert is_away == (found[0] is None)


def test_a_new_day_is_not_told_the_day_before() -> None:
    source = LegalSource(lambda day: legal_time([], samples.registry(), day), clock=lambda: 100.0)
    days = [source.on(day) for day in (TODAY, TODAY + timedelta(days=1))]

    assert [TODAY, TODAY + timedelta(days=1)] == [each.day for each in days if each is not None]
