"""The OpenAPI document of `/events` is kept: whatever is sent is answered as it says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from tests import samples
from tests.integration.departments.intakes import penalty

from credit_bus.contracts.schemas import load_catalogue
from credit_bus_connectors.departments.http.intake import Intake
from credit_bus_connectors.departments.http.request import (
    Item,
    Request,
    Response,
    State,
    Verdict,
    answer,
    event_answer,
    read_request,
    refused,
)
from credit_bus_connectors.departments.http.routes import intake_router
from credit_bus_connectors.departments.json_form.statement import (
    Refused,
    read_statement,
    shapes_of,
)

EXAMPLES = 60
PENDING = Verdict(event_id="a" * 32, state=State.PENDING)
JUDGED = replace(
    PENDING, state=State.ACCEPTED, judged_at=datetime(2026, 6, 1, tzinfo=UTC), rule_version="0"
)
CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_headers_conformance,
    schemathesis.checks.response_schema_conformance,
)


class ReadingIntake:
    """Reads what is said as the intake does, and says that all of it is pending, or accepted."""

    def __init__(self) -> None:
        self.shapes = shapes_of(load_catalogue())
        self.verdict = PENDING

    def party_of(self, headers: Mapping[str, str]) -> str | None:
        return samples.PENALISING if headers.get("authorization") == "Bearer good" else None

    def event(self, _party: str, event_id: str) -> Response:
        known = event_id == JUDGED.event_id
        return event_answer(JUDGED, base_path="") if known else refused("http-no-such-event")

    def take(self, request: Request) -> Response:
        found = read_request(
            request.content,
            request.media_type,
            strict=request.strict,
            read=lambda document: read_statement(
                document,
                party=request.name.party,
                now=datetime(2026, 6, 1, tzinfo=UTC),
                shapes=self.shapes,
                pseudonym=lambda _: "ab" * 32,
            ),
        )
        if isinstance(found, Response):
            return found
        items = [
            Item(trace=None, given_id=each.given_id, reasons=each.reasons)
            if isinstance(each, Refused)
            else Item(trace=str(at), given_id=each.given_id)
            for at, each in enumerate(found)
        ]
        verdicts = {item.trace: self.verdict for item in items if item.trace is not None}
        return answer(items, verdicts, base_path="")


@pytest.fixture
def intake() -> ReadingIntake:
    return ReadingIntake()


@pytest.fixture
def operations(intake: ReadingIntake) -> dict[str, Any]:
    application = FastAPI()
    application.include_router(intake_router(cast("Intake", intake)))
    schema = schemathesis.openapi.from_asgi("/openapi.json", application)
    return {each.path: each for each in (one.ok() for one in schema.get_all_operations())}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", ["/events", "/events/{event_id}"])
def test_whatever_is_sent_is_answered_as_the_document_says(
    operations: dict[str, Any], path: str, mode: GenerationMode
) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations[path].as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        answer = case.call(headers={"authorization": "Bearer good"})
        case.validate_response(answer, checks=CHECKS)

    asked()


def test_both_operations_and_no_other_are_in_the_document(operations: dict[str, Any]) -> None:
    assert {"/events", "/events/{event_id}"} == set(operations)


@pytest.mark.parametrize(("verdict", "status"), [(PENDING, 202), (JUDGED, 200)])
def test_a_verdict_is_as_the_document_says(
    intake: ReadingIntake, operations: dict[str, Any], verdict: Verdict, status: int
) -> None:
    intake.verdict = verdict
    case = operations["/events"].Case(
        body=[penalty(1), {"type": "penalty.decided", "data": {}}], media_type="application/json"
    )
    headers = {"authorization": "Bearer good", "idempotency-key": "1"}

    answer = case.call(headers=headers)

    case.validate_response(answer, checks=CHECKS)
    assert status == answer.status_code
    assert 401 == case.call(headers={"idempotency-key": "1"}).status_code
