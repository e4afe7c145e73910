"""What a row of an outbox becomes, and which answer a receipt settles."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests import samples
from tests.unit.departments.outbox_rows import payload_of

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc
from credit_bus_connectors.departments.json_form.statement import Refused, Statement, shapes_of
from credit_bus_connectors.departments.receipts import Answer, Receipt
from credit_bus_connectors.departments.rules import form_reason
from credit_bus_connectors.departments.table.rows import (
    PAYLOAD_BYTES_MAX,
    Answered,
    Row,
    State,
    booked,
    pending,
    read_row,
)

SHAPES = shapes_of(load_catalogue())
NOW = datetime(2026, 7, 27, 8, 0, tzinfo=UTC)
SAID_AT = "2026-07-20T09:30:00.25+00:00"
PENALTY = json.dumps(payload_of(samples.penalty_body(1)), ensure_ascii=False)
RESPONSE = json.dumps(
    payload_of(samples.response_body(samples.initiation_body(1)["action_id"], "procurement"))
)
ROW = Row(
    id=UUID(int=1),
    position=7,
    type="penalty.decided",
    aggregateid="case-4711",
    revision=1,
    causationid=None,
    said_at=SAID_AT,
    payload=PENALTY,
    too_large=False,
)
ANSWER = replace(
    ROW, type="measure.responded", payload=RESPONSE, aggregateid=synthetic_uscc(1), causationid="e1"
)


def read(row: Row) -> Statement | Refused:
    return read_row(row, party="finance", now=NOW, shapes=SHAPES, pseudonym=lambda _: "0" * 64)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (replace(ROW, payload=None), [("json-missing", "payload")]),
        (replace(ROW, payload="null"), [("json-missing", "payload")]),
        (replace(ROW, payload="[]"), [("json-type", "payload")]),
        (replace(ROW, payload='"text"'), [("json-type", "payload")]),
        (replace(ROW, payload="[" * 400 + "]" * 400), [("json-too-deep", "payload")]),
        (replace(ROW, payload=None, too_large=True), [("json-too-large", "payload")]),
        (replace(ROW, type="tax.paid"), [("json-event-type", "type")]),
        (replace(ROW, type=""), [("json-event-type", "type")]),
        (replace(ROW, type="event.accepted"), [("json-event-type", "type")]),
        (replace(ROW, type="delivery.confirmed"), [("json-event-type", "type")]),
        (replace(ROW, revision=0), [("json-integer", "revision")]),
        (replace(ROW, said_at="infinity"), [("json-time", "said_at")]),
        (replace(ROW, causationid="x" * 129), [("json-header", "causationid")]),
        (replace(ANSWER, aggregateid=None), [("json-subject-missing", "aggregateid")]),
        (replace(ANSWER, aggregateid="\n"), [("json-header", "aggregateid")]),
        (
            replace(ROW, revision=-1, said_at="-infinity", payload='{"score": 1, "score": 2}'),
            [("json-name-repeated", "payload.score"), ("json-integer", "revision")],
        ),
    ],
)
def test_a_row_that_is_no_event_is_told_every_reason_in_the_words_of_its_columns(
    row: Row, expected: list[tuple[str, str]]
) -> None:
    outcome = read(row)

    assert isinstance(outcome, Refused)
    found = [(reason.code, reason.field) for reason in outcome.reasons]
    assert set(expected) <= set(found)
    if len(expected) == 1:
        assert expected == found[:1]


def test_a_reason_names_a_field_of_the_payload_by_its_path() -> None:
    outcome = read(replace(ROW, payload=PENALTY.replace("2026-05-20", "2026/05/20", 1)))

    assert isinstance(outcome, Refused)
    assert [("json-date", "payload.decided_on")] == [(r.code, r.field) for r in outcome.reasons]


def test_a_reason_holds_nothing_of_a_number_in_clear() -> None:
    number = synthetic_resident_id(20_000)[:-1] + "?"
    body = payload_of(samples.penalty_body(1, subject=samples.person(1)))
    body["subject"]["person_id"] = number
    outcome = read(replace(ROW, payload=json.dumps(body)))

    assert isinstance(outcome, Refused)
    assert number not in repr(outcome)
    assert number not in repr(replace(ROW, payload=json.dumps(body)))


def test_the_payload_is_the_data_and_the_columns_are_the_envelope() -> None:
    outcome = read(replace(ROW, revision=3, causationid="e1"))

    assert isinstance(outcome, Statement)
    assert "penalty.decided" == outcome.type
    assert synthetic_uscc(1) == outcome.subject  # as the body states it, whatever aggregateid is
    assert (3, "e1") == (outcome.revision, outcome.causation_id)
    assert datetime(2026, 7, 20, 9, 30, 0, 250_000, UTC) == outcome.time


def test_aggregateid_is_the_subject_key_of_an_event_whose_data_states_none() -> None:
    outcome = read(ANSWER)

    assert isinstance(outcome, Statement)
    assert synthetic_uscc(1) == outcome.subject


def test_a_payload_just_within_the_bound_is_read() -> None:
    large = '{"facts": "' + "x" * (PAYLOAD_BYTES_MAX - 13) + '"}'
    outcome = read(replace(ROW, payload=large))

    assert PAYLOAD_BYTES_MAX == len(large)
    assert isinstance(outcome, Refused)
    assert "json-missing" in {reason.code for reason in outcome.reasons}


def receipt(event_id: str, answer: Answer = Answer.ACCEPTED, **changes: Any) -> Receipt:
    given = {"reasons": (), "answered_at": NOW, "rule_version": "0" * 12, **changes}
    return Receipt(event_id=event_id, answer=answer, **given)


def waiting(*event_ids: str) -> dict[str, list[Answered]]:
    found: dict[str, list[Answered]] = {}
    for at, event_id in enumerate(event_ids, start=1):
        row = replace(ROW, id=UUID(int=at), position=at)
        found.setdefault(event_id, []).append(pending(row, event_id, now=NOW))
    return found


def states(answers: Sequence[Answered]) -> list[tuple[int, State]]:
    return [(each.position, each.state) for each in answers]


def test_a_receipt_that_no_row_waits_for_settles_nothing() -> None:
    assert [] == booked([receipt("e9")], waiting("e1"))
    assert [] == booked([receipt("e9")], {})


def test_rows_that_say_the_same_event_are_answered_in_the_order_of_their_positions() -> None:
    reasons = (form_reason("row-too-long", ""),)
    receipts = [
        receipt("e1", Answer.REJECTED, reasons=reasons),
        receipt("e2"),
        receipt("e1"),
        receipt("e1", Answer.DUPLICATE),
        receipt("e1", Answer.DUPLICATE),  # for what another adapter said
    ]
    answers = booked(receipts, waiting("e1", "e2", "e1", "e1"))

    assert [
        (1, State.REJECTED),
        (2, State.ACCEPTED),
        (3, State.ACCEPTED),
        (4, State.DUPLICATE),
    ] == states(answers)
    assert [reasons, (), (), ()] == [each.reasons for each in answers]
    assert {NOW} == {each.answered_at for each in answers}
