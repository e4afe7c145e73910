"""Lists, registrations, corrections, withdrawals and ends of publicity through gate and router.

Each reaches everybody who must hold it or act on it, and the auditor finds nothing wrong, but does
when any one delivery is left out.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import samples
from tests.bus import Bus, own_bus

from credit_bus.domain.channels import RECORDS, inbox, replies
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    EVENT_REJECTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus.operations.audit import body_of
from credit_bus.operations.conservation import conserve, needs_body, topics_of
from credit_bus.operations.findings import Conservation, place
from credit_bus.operations.scan import Seen

DISTRICT, MUNICIPAL, PROVINCIAL = (
    inbox(f"{name}-platform") for name in ("district", "municipal", "provincial")
)
SITE = inbox("public-site")
BACK = replies(samples.LISTING)


@pytest.fixture(scope="module")
def bus() -> Iterator[Bus]:
    with tempfile.TemporaryDirectory(prefix="credit-bus-") as home, own_bus(Path(home)) as running:
        for stage in ("gate", "router"):
            running.start(stage)
        yield running


def look(seen: list[Seen]) -> Conservation:
    bodies = {
        place(record): body_of(record, samples.codec()) for record in seen if needs_body(record)
    }
    return conserve(seen, registry=samples.registry(), bodies=bodies, connectors=False)


def person_listed() -> list[Event]:
    """A person among the models of honesty, and off the list again: the district's and public."""
    person = {**samples.reference(), "category": "natural_person", "uscc": None}
    honour = {
        "list": "honesty-models",
        "document_number": "甘区文明〔2026〕1号",
        "subject": {**person, "person_id": samples.person(1)["person_id"]},
    }
    party = "civilisation-office"
    instrument = {**samples.listing_body()["instrument"], "type": "honour-decision"}
    entry = samples.listing_body(
        **honour, field="honesty-model", instrument=instrument, decided_by="甘州区文明办"
    )
    removal = samples.removal_body(**honour, entered_by=party, cause="term_over")
    return [
        samples.said(LISTING_ENTERED, entry, party=party),
        samples.said(LISTING_REMOVED, removal, party=samples.HUB),
    ]


def said() -> dict[str, tuple[Event, set[str]]]:
    """Everything that is said, by a name, with every topic that it must come to stand in."""
    entered, left = person_listed()
    withdrawn_entry = samples.said(
        RECORD_WITHDRAWN,
        samples.withdrawal_body(
            2,
            record={
                "provider": samples.LISTING,
                "type": LISTING_ENTERED,
                "document_number": samples.listing_body(2)["document_number"],
            },
        ),
        party=samples.LISTING,
    )
    entry = {"provider": entered.source, "type": LISTING_ENTERED}
    of_person = samples.said(
        PUBLICITY_ENDED,
        samples.publicity_end_body(
            record={**entry, "document_number": entered.body["document_number"]},
            subject=entered.body["subject"],
        ),
        party=samples.HUB,
    )
    about_entry = {**entry, "document_number": entered.body["document_number"]}
    of_persons_entry = samples.said(
        OBJECTION_RAISED,
        samples.objection_body(
            about={"record": about_entry, "action_id": None}, subject=entered.body["subject"]
        ),
        party=samples.WINDOW,
    )
    verifier, window = inbox(samples.PENALISING), replies(samples.WINDOW)
    everywhere = {DISTRICT, MUNICIPAL, PROVINCIAL, SITE}
    return {
        "penalty": (samples.penalty(1), everywhere),
        "penalty corrected": (samples.penalty(1, revision=2, remark="更正"), everywhere),
        "correction": (samples.of_standing(RECORD_CORRECTED, 1), everywhere),
        "withdrawal": (samples.of_standing(RECORD_WITHDRAWN, 1, record_revision=2), everywhere),
        "publicity": (samples.of_standing(PUBLICITY_ENDED, 1, record_revision=2), everywhere),
        "objection": (samples.of_course(OBJECTION_RAISED, 1), {*everywhere, verifier}),
        "decision": (samples.of_course(OBJECTION_DECIDED, 1), {*everywhere, window}),
        "objection to an action": (
            samples.of_course(
                OBJECTION_RAISED, 1, about=samples.about_action(1), objection_number="政务异9号"
            ),
            {DISTRICT, inbox(samples.COURT)},
        ),
        "person's objection": (of_persons_entry, {DISTRICT, SITE, inbox(entered.source)}),
        "person's publicity": (of_person, {DISTRICT, SITE}),
        "registration": (samples.of_standing("subject.registered", 1), {DISTRICT}),
        "entry": (samples.of_standing(LISTING_ENTERED, 1), {DISTRICT, MUNICIPAL, SITE}),
        "removal": (samples.of_standing(LISTING_REMOVED, 1), {DISTRICT, MUNICIPAL, SITE, BACK}),
        "second entry": (samples.of_standing(LISTING_ENTERED, 2), {DISTRICT, MUNICIPAL, SITE}),
        "entry withdrawn": (withdrawn_entry, {DISTRICT, MUNICIPAL, SITE}),
        "person entered": (entered, {DISTRICT, SITE}),
        "person removed": (left, {DISTRICT, SITE, replies("civilisation-office")}),
    }


@pytest.fixture(scope="module")
def history(bus: Bus) -> list[Seen]:
    """Everything in every topic, once all that was said has come to rest."""
    told = said()
    bus.say([samples.message(event) for event, _ in told.values()])
    expected = Counter(topic for _, topics in told.values() for topic in topics)
    for topic, number in expected.items():
        bus.read_until([topic], lambda seen, number=number: len(arrived(seen)) >= number)
    return bus.read(*topics_of(samples.registry()))


def arrived(seen: list[Seen]) -> list[Seen]:
    """What was forwarded, without the bus's own receipts."""
    return [record for record in seen if not record.text("ce_type").startswith("event.")]


@pytest.mark.parametrize("name", list(said()))
def test_each_stands_once_with_everybody_who_must_hold_it_and_with_nobody_else(
    history: list[Seen], name: str
) -> None:
    event, topics = said()[name]
    came = Counter(
        record.topic
        for record in history
        if record.text("ce_id") == event.id
        and record.topic.startswith((inbox(""), replies(""), RECORDS))
    )

    assert dict.fromkeys({RECORDS, *topics}, 1) == came


def test_the_auditor_finds_nothing_wrong(history: list[Seen]) -> None:
    found = look(history)

    assert [] == found.differences
    assert len(said()) == sum(found.accepted.values())
    assert {
        "district-platform": 17,
        "municipal-platform": 11,
        "provincial-platform": 7,
        "public-site": 15,
    } == dict(found.routed)


@pytest.mark.parametrize(
    ("name", "topic"),
    [(name, topic) for name, (_, topics) in said().items() for topic in sorted(topics)],
)
def test_the_auditor_finds_a_delivery_that_is_left_out(
    history: list[Seen], name: str, topic: str
) -> None:
    event, _ = said()[name]
    less = [
        record for record in history if (record.topic, record.text("ce_id")) != (topic, event.id)
    ]

    assert len(history) - 1 == len(less)
    assert [] != look(less).differences


def test_what_a_stranger_says_of_anothers_record_is_refused_and_reaches_nobody(bus: Bus) -> None:
    strangers = [
        samples.said(RECORD_WITHDRAWN, samples.withdrawal_body(7), party="finance"),
        samples.said(RECORD_CORRECTED, samples.correction_body(7), party="finance"),
        samples.said(PUBLICITY_ENDED, samples.publicity_end_body(7), party="finance"),
        samples.said(LISTING_REMOVED, samples.removal_body(7), party="civilisation-office"),
        samples.said(LISTING_ENTERED, samples.listing_body(7), party="civilisation-office"),
        samples.said("subject.registered", samples.registration_body(7), party="finance"),
    ]
    bus.say([samples.message(event) for event in strangers])
    ids = {event.id for event in strangers}

    refused = bus.read_until(
        [replies("finance"), replies("civilisation-office")],
        lambda seen: ids <= {record.text("ce_causationid") for record in seen},
    )

    assert {EVENT_REJECTED} == {
        record.text("ce_type") for record in refused if record.text("ce_causationid") in ids
    }
    assert [] == [
        record
        for record in bus.read(RECORDS, DISTRICT, MUNICIPAL, PROVINCIAL, BACK)
        if record.text("ce_id") in ids
    ]
