"""A request over HTTP to statements, and verdicts to an answer."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.http.request import (
    BATCH,
    JSON,
    REASONS_PER_ANSWER_MAX,
    SINGLE,
    Item,
    Response,
    State,
    Verdict,
    answer,
    read_request,
)
from credit_bus_connectors.departments.json_form.statement import Refused, Statement

NOW = datetime(2026, 7, 27, tzinfo=UTC)
REASON = Reason(code="some-rule", field="data.facts", rule="规则", remedy="办法")


def read(document: Any) -> Statement | Refused:
    """Stand in for reading: a text is what it is, a number is so many reasons against it."""
    if isinstance(document, int):
        return Refused(reasons=(REASON,) * document)
    return Statement(
        party="p",
        type="t",
        subject="s",
        revision=1,
        time=NOW,
        body={},
        causation_id=None,
        given_id=document,
        pseudonyms=(),
    )


def taken(
    document: Any, media_type: str = JSON, *, strict: bool = False
) -> tuple[Statement | Refused, ...] | Response:
    content = json.dumps(document).encode()
    return read_request(content, media_type, strict=strict, read=read)


def reasons_of(response: Any) -> list[tuple[str, str]]:
    assert isinstance(response, Response)
    return [(each["code"], each["field"]) for each in json.loads(response.content)["reasons"]]


@pytest.mark.parametrize("document", [3, [1, 2], [3]])
def test_a_request_none_of_whose_events_has_form_is_refused_whole(document: Any) -> None:
    refused = taken(document)

    assert isinstance(refused, Response)
    assert 400 == refused.status
    assert 3 == len(reasons_of(refused))


def test_the_reasons_of_a_refused_batch_say_which_event() -> None:
    assert [("some-rule", "[1].data.facts")] == reasons_of(taken(["a", 1], strict=True))


def test_a_batch_with_a_good_event_is_taken_unless_it_is_strict() -> None:
    found = taken(["a", 1])

    assert isinstance(found, tuple)
    assert [Statement, Refused] == [type(each) for each in found]
    assert isinstance(taken(["a", "b"], strict=True), tuple)


@pytest.mark.parametrize(("document", "media_type"), [(["a"], SINGLE), ("a", BATCH), ([], JSON)])
def test_what_does_not_fit_its_media_type_or_says_nothing_is_refused(
    document: Any, media_type: str
) -> None:
    refused = taken(document, media_type)

    assert isinstance(refused, Response)
    assert 400 == refused.status


def test_an_answer_has_room_for_so_many_reasons_and_says_when_there_are_more() -> None:
    found = taken(["a", *[100] * 499])

    assert isinstance(found, tuple)
    refused = found[1]
    assert isinstance(refused, Refused)
    assert REASONS_PER_ANSWER_MAX // 500 + 1 == len(refused.reasons)
    assert "json-more-reasons" == refused.reasons[-1].code


def test_an_answer_tells_each_event_in_its_order() -> None:
    items = [
        Item(trace="t2", given_id="mine"),
        Item(trace=None, reasons=(REASON,)),
        Item(trace="t1"),
    ]
    verdicts = {
        "t1": Verdict(event_id="e1", state=State.REJECTED, reasons=(REASON,), judged_at=NOW),
        "t2": Verdict(event_id="e2", state=State.ACCEPTED, judged_at=NOW),
    }

    response = answer(items, verdicts, base_path="/api")
    events = json.loads(response.content)["events"]

    assert 200 == response.status
    assert ["accepted", "rejected", "rejected"] == [event["state"] for event in events]
    assert ["e2", None, "e1"] == [event["event"] for event in events]
    assert ["/api/events/e2", None, "/api/events/e1"] == [event["link"] for event in events]
    assert ["mine", None, None] == [event["id"] for event in events]


def test_an_answer_with_an_event_that_is_not_judged_is_not_the_last_word() -> None:
    response = answer(
        [Item(trace="t")], {"t": Verdict(event_id="e", state=State.PENDING)}, base_path=""
    )

    assert 202 == response.status
