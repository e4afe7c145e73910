"""Whatever dies, every enquiry over the topics is answered once, and has one line in the log."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests import samples
from tests.bus import Bus, own_bus

from credit_bus.domain.channels import RECORDS, inbox, replies
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import ENQUIRY_ANSWERED, ENQUIRY_MADE, EVENT_REJECTED
from credit_bus_connectors.enquiry.provision import provision_enquiry
from credit_bus_connectors.platforms.district import DistrictSink

pytestmark = pytest.mark.broker

ENQUIRIES = 400
CHUNK = 25
KILLS = 5
REST_SECONDS_MAX = 90.0


@pytest.fixture
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        yield running


def enquiry(number: int) -> Event:
    now = datetime.now(UTC).replace(microsecond=0)
    return samples.said(
        ENQUIRY_MADE,
        samples.enquiry_body(number, asked_at=now, answer_by=now + timedelta(hours=1)),
        party="finance",
        subject=samples.subject(number % 50)["uscc"],
        time=now,
    )


@pytest.mark.timeout(280)
def test_whatever_dies_every_enquiry_is_answered_once(bus: Bus, database: str) -> None:
    provision_enquiry(database)
    sink = DistrictSink(database)
    sink.deliver([samples.penalty(number) for number in range(50)])
    sink.close()
    dice = random.Random(7)
    environment = {"CREDIT_BUS_DATABASE": database}
    bus.start("gate")
    bus.start("router")
    answerer = bus.run("enquiries", "enquiries", **environment)
    asked = [enquiry(number) for number in range(ENQUIRIES)]
    kills = 0
    for first in range(0, ENQUIRIES, CHUNK):
        bus.say([samples.message(each) for each in asked[first : first + CHUNK]])
        time.sleep(dice.uniform(0.2, 1.0))
        if kills < KILLS and first >= CHUNK * 2 * (kills + 1):
            answerer.kill()
            kills += 1
            answerer = bus.run("enquiries", "enquiries", **environment)
    deadline = time.monotonic() + REST_SECONDS_MAX
    answered: Counter[str] = Counter()
    while len(answered) < ENQUIRIES and time.monotonic() < deadline:
        time.sleep(1.0)
        answered = Counter(
            each.text("ce_correlationid")
            for each in bus.read(replies("finance"))
            if each.text("ce_type") == ENQUIRY_ANSWERED
        )

    assert KILLS == kills
    assert {each.id: 1 for each in asked} == answered, answerer.log.read_text()[-2000:]
    assert ENQUIRIES == sum(each.text("ce_type") == ENQUIRY_ANSWERED for each in bus.read(RECORDS))
    assert not [
        each for each in bus.read(replies(samples.HUB)) if each.text("ce_type") == EVENT_REJECTED
    ]
    assert ENQUIRIES <= len(bus.read(inbox(samples.HUB)))
    with psycopg.connect(database) as connection:
        lines = connection.execute(
            "SELECT count(*), count(DISTINCT event_id), sum(records) FROM enquiry.log"
        ).fetchone()
    assert (ENQUIRIES, ENQUIRIES, ENQUIRIES) == lines
