"""How an event comes by its id, and what cannot be said at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from credit_bus.domain.event import Event, event_id
from credit_bus_connectors.departments.statement import make_event

GOOD: dict[str, Any] = {
    "party": "market-regulation",
    "type_": "penalty.decided",
    "body": {"document_number": "甘罚〔2018〕1号"},
    "subject": "91620702999999998Q",
    "time": datetime(2026, 7, 27, tzinfo=UTC),
}


def made(**changes: object) -> Event:
    return make_event(**{**GOOD, **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"type_": "penalty.decide"}, "is no event type"),
        ({"revision": 0}, "count from 1"),
        ({"step": "x"}, "give no step"),
        ({"type_": "measure.ordered"}, "give a step"),
        ({"body": {}}, "lacks document_number"),
        ({"type_": "subject.registered", "body": {"subject": None}}, "lacks subject.uscc, which"),
        (
            {"type_": "record.withdrawn", "body": {"record": {"provider": "x"}}},
            "lacks record.type, record.document_number, record_revision, which",
        ),
        ({"time": datetime(2026, 7, 27)}, "aware"),  # noqa: DTZ001
    ],
)
def test_what_makes_no_event_is_an_error_that_says_the_rule(
    changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        made(**changes)


def test_the_id_is_made_from_content() -> None:
    expected = event_id(
        source="market-regulation",
        kind="penalty.decided",
        document="甘罚〔2018〕1号",
        subject="91620702999999998Q",
        revision=1,
    )

    assert expected == made().id
    assert expected == made(time=datetime(2027, 1, 1, tzinfo=UTC)).id
    assert expected != made(revision=2).id


def test_what_is_about_an_action_carries_its_id_as_correlation() -> None:
    body = {"action_id": "district-court.000000000000000000000000", "measure": "m1"}

    assert body["action_id"] == made(type_="measure.responded", body=body).correlation_id
    assert made().correlation_id is None


def test_what_disputes_an_action_carries_its_id_as_correlation_too() -> None:
    action = "district-court.000000000000000000000000"
    body = {"objection_number": "异1号", "about": {"record": None, "action_id": action}}

    assert action == made(type_="objection.raised", body=body).correlation_id


def test_a_document_may_be_named_within_the_body() -> None:
    record = {"provider": "x", "type": "penalty.decided", "document_number": "1"}
    expected = event_id(
        source="market-regulation",
        kind="record.withdrawn",
        document="x|penalty.decided|1|2",
        subject="91620702999999998Q",
        revision=1,
    )

    body = {"record": record, "record_revision": 2}

    assert expected == made(type_="record.withdrawn", body=body).id
