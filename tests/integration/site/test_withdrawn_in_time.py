"""A withdrawn penalty is shown no longer than two seconds after its withdrawal was accepted."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

import httpx
import pytest
from tests import pace, samples
from tests.bus import Bus, flowing_bus, run_site
from tests.integration.site.conftest import address

from credit_bus.domain.channels import RECORDS, outbox
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import RECORD_WITHDRAWN
from credit_bus_deploy.database import apply_database

pytestmark = pytest.mark.broker

WITHDRAWALS = 10
SHOWN_SECONDS_MAX = 2.0
WAIT_SECONDS_MAX = 60.0
POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Whole:
    """A bus with its site."""

    bus: Bus
    url: str

    def say(self, event: Event) -> None:
        """Say it into its party's outbox."""
        self.bus.say([samples.message(event, topic=outbox(event.source))])

    def is_shown(self, event: Event) -> bool:
        """Return whether the record has a page."""
        status = httpx.get(self.url + address(event), timeout=WAIT_SECONDS_MAX).status_code
        assert status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}, status
        return status == HTTPStatus.OK

    def seen(self, event: Event, *, shown: bool) -> float:
        """Return when the page was first seen to be there, or gone; seconds since 1970."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while self.is_shown(event) != shown:
            assert time.monotonic() < deadline, f"the page is not {'there' if shown else 'gone'}"
            time.sleep(POLL_SECONDS)
        return time.time()


@pytest.fixture
def whole(database: str) -> Iterator[Whole]:
    apply_database(database)
    with flowing_bus() as bus:
        yield Whole(bus, run_site(bus, database))


def test_a_withdrawn_penalty_is_gone_within_two_seconds_of_its_acceptance(whole: Whole) -> None:
    gone: dict[str, float] = {}
    with pace.measured() as machine:
        for number in range(WITHDRAWALS):
            record = samples.penalty(number)
            withdrawal = samples.of_standing(RECORD_WITHDRAWN, number)
            whole.say(record)
            whole.seen(record, shown=True)
            whole.say(withdrawal)
            gone[withdrawal.id] = whole.seen(record, shown=False)
    accepted = {
        record.text("ce_id"): record.timestamp_ms / 1000 for record in whole.bus.read(RECORDS)
    }
    shown_seconds = [moment - accepted[event_id] for event_id, moment in gone.items()]

    assert WITHDRAWALS == len(shown_seconds)
    assert machine.bound(SHOWN_SECONDS_MAX) > max(shown_seconds), shown_seconds
