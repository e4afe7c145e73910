"""What may be read in public of a record, and of whom."""

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from tests import samples

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    EVENT_TYPES,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.public_text import masked_name, without_numbers
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.platforms.public_record import PUBLIC_KINDS, PublicRecord, public_record

NUMBER = synthetic_resident_id(3)


def licence(**changes: Any) -> Event:
    return samples.said(LICENCE_GRANTED, samples.licence_body(1, **changes), party="x")


def penalty(**changes: Any) -> Event:
    return samples.said(PENALTY_DECIDED, samples.penalty_body(1, **changes), party="x")


def entry(**changes: Any) -> Event:
    return samples.said(LISTING_ENTERED, samples.listing_body(1, **changes), party="x")


def shown(event: Event) -> PublicRecord:
    record = public_record(event)
    assert record is not None
    return record


def reference_of_person() -> dict[str, Any]:
    return {**samples.person(1), "uscc": None}


def test_a_person_is_masked_wherever_the_name_stands() -> None:
    event = licence(
        subject=samples.person(1, name="示例甲乙"),
        content="准予示例甲乙从事经营",
        document_title="示例甲乙许可决定书",
    )
    record = shown(event)

    assert ("示***", None) == (record.name, record.uscc)
    assert "示例甲乙" not in str(asdict(record))
    assert "准予示***从事经营" == record.matter


@pytest.mark.parametrize("uscc", [None, "00000000000000000X"])
def test_a_business_without_a_code_is_shown_as_a_person(uscc: str | None) -> None:
    """Its name may be its operator's."""
    named = samples.individual(1, name="示例丙", uscc=uscc)
    named["representative_id"] = samples.person(1)["person_id"]
    key = {"subject": "0" * 64}

    body = samples.licence_body(1, subject=named)
    record = shown(samples.said(LICENCE_GRANTED, body, party="x", **key))
    assert ("示**", None) == (record.name, record.uscc)
    body = samples.penalty_body(1, subject=named)
    assert public_record(samples.said(PENALTY_DECIDED, body, party="x", **key)) is None


def test_a_business_with_a_code_is_shown_by_its_name() -> None:
    record = shown(penalty(subject=samples.individual(1)))

    assert (samples.individual(1)["name"], samples.individual(1)["uscc"]) == (
        record.name,
        record.uscc,
    )


def test_a_persons_penalty_is_not_published() -> None:
    assert public_record(penalty(subject=samples.person(1))) is None


def test_a_person_is_on_a_list_only_where_the_decision_says_that_it_is_published() -> None:
    person = {"subject": reference_of_person()}

    assert public_record(entry(publish=False, **person)) is None
    assert public_record(entry(publish=False)) is None
    assert masked_name(samples.person(1)["name"]) == shown(entry(**person)).name


def test_a_listing_has_its_instrument_and_its_term() -> None:
    record, body = shown(entry()), samples.listing_body(1)

    assert body["instrument"]["number"] == record.instrument_number
    assert body["instrument"]["article"] == record.instrument_article
    assert (body["term"]["begins_on"], body["term"]["ends_on"]) == (
        record.shown_from,
        record.shown_until,
    )
    assert body["remedies"] == record.remedies


def test_a_penalty_is_shown_three_years_at_the_longest_and_no_longer_than_it_says() -> None:
    assert date(2029, 5, 20) == shown(penalty()).shown_until
    assert date(2027, 1, 1) == shown(penalty(publish_until=date(2027, 1, 1))).shown_until
    assert date(2029, 5, 20) == shown(penalty(publish_until=date(2040, 1, 1))).shown_until


def test_a_licence_is_shown_as_long_as_it_holds() -> None:
    assert date(2029, 5, 19) == shown(licence()).shown_until
    assert shown(licence(valid_to=date(2099, 12, 31))).shown_until is None


@pytest.mark.parametrize(
    ("changes", "is_shown"),
    [
        ({}, True),
        ({"usage_scope": "1"}, False),
        ({"usage_scope": "2"}, False),
        ({"publicity_state": "1"}, False),
        ({"publicity_state": "3"}, False),
        ({"publicity_state": "2"}, True),
    ],
)
def test_what_the_standard_of_2016_keeps_from_the_public_is_not_shown(
    changes: dict[str, str], is_shown: bool
) -> None:
    body = samples.penalty_body_2016(1, **changes)
    record = public_record(samples.said(PENALTY_DECIDED, body, party="x"))

    assert is_shown == (record is not None)
    assert (changes == {"publicity_state": "2"}) == (record is not None and record.said_disputed)


@pytest.mark.parametrize("where", ["facts", "content", "violation", "legal_basis"])
def test_nobodys_number_stands_in_a_text(where: str) -> None:
    record = shown(penalty(**{where: f"当事人{NUMBER}，电话13900000000。"}))

    assert NUMBER not in str(asdict(record))
    assert "13900000000" not in str(asdict(record))
    assert without_numbers(f"当事人{NUMBER}") in str(asdict(record))


def test_the_number_of_a_certificate_is_nobodys() -> None:
    assert "13900000000" in str(shown(licence(licence_number="13900000000")).certificate)


def test_there_is_no_place_for_a_number_a_representative_or_an_address() -> None:
    event = penalty(
        subject=samples.subject(
            1,
            representative_name="示例法人代表",
            representative_id=samples.person(2)["person_id"],
            registration_number="620702000000000",
        )
    )

    told = str(asdict(shown(event)))
    assert "示例法人代表" not in told
    assert samples.person(2)["person_id"]["pseudonym"] not in told
    assert "620702000000000" not in told


def test_every_type_that_the_routes_lead_to_the_site_can_be_read_in_public() -> None:
    led = {
        kind
        for route in samples.registry().routes
        if route.to == "public-site"
        for kind in route.types
        if not EVENT_TYPES[kind].for_all  # its connector answers a canary itself
    }

    assert (
        {*PUBLIC_KINDS}
        == led
        == {
            LICENCE_GRANTED,
            PENALTY_DECIDED,
            LISTING_ENTERED,
            DEFAULTER_LISTED,
            REPUTATION_RESTORED,
        }
    )


@pytest.mark.parametrize(("name", "masked"), [("甲", "*"), ("甲乙", "甲*"), ("甲乙丙丁", "甲***")])
def test_a_name_is_masked_but_for_its_first_character(name: str, masked: str) -> None:
    assert masked == masked_name(name)
