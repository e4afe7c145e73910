"""The OpenAPI document is kept: whatever it lets one send is answered as it says, and never 500.

What it does not let one send is refused. Cases are made by schemathesis, a bounded number of each
kind for each operation, the same in every run.
"""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from tests import samples
from tests.integration.departments.intakes import new_key
from tests.integration.enquiry.conftest import ASKER, WINDOW, Web, enquiry

from credit_bus.domain.event_types import LISTING_ENTERED
from credit_bus.domain.synthetic import synthetic_uscc

EXAMPLES = 60
KEYS = {"/enquiries": ASKER, "/enquiries/about": WINDOW}
CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_headers_conformance,
    schemathesis.checks.response_schema_conformance,
)


def operations(web: Web) -> dict[str, Any]:
    """Return the operations of the application's own document, by path."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", web.application)
    found = [each.ok() for each in schema.get_all_operations()]
    return {each.path: each for each in found}


@pytest.fixture
def free_web(office: Any, district: str) -> Web:
    """An application whose keys may ask as often as they like."""
    web = Web(office, district, burst=1_000_000)
    web.keys = {party: new_key(district, party)[0] for party in KEYS.values()}
    return web


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", list(KEYS))
def test_whatever_is_sent_is_answered_as_the_document_says(
    free_web: Web, path: str, mode: GenerationMode
) -> None:
    statuses = set()
    key = {"authorization": f"Bearer {free_web.keys[KEYS[path]]}"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations(free_web)[path].as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        answer = case.call(headers=key)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    asked()

    if mode is GenerationMode.NEGATIVE:
        assert 200 not in statuses


def test_every_operation_of_the_document_is_tried(free_web: Web) -> None:
    assert set(KEYS) == set(operations(free_web))


def test_answers_that_tell_something_are_as_the_document_says(
    free_web: Web, deliver: Callable[..., None]
) -> None:
    deliver(
        samples.penalty(1),
        samples.of_standing(LISTING_ENTERED, 1),
        samples.initiation(1),
        samples.response(1),
    )
    asked = {
        "/enquiries": [
            enquiry(),
            enquiry(enquiry_number="2", purpose="green-channel"),
            enquiry(procedure="同一编号，别的事项"),
            enquiry(enquiry_number="3", purpose="tendering"),
        ],
        "/enquiries/about": [{"subject": synthetic_uscc(1), "case_reference": "窗1号"}],
    }
    statuses = []
    for path, bodies in asked.items():
        for body in bodies:
            case = operations(free_web)[path].Case(body=body, media_type="application/json")
            answer = case.call(headers={"authorization": f"Bearer {free_web.keys[KEYS[path]]}"})
            case.validate_response(answer, checks=CHECKS)
            statuses.append(answer.status_code)

    assert [200, 200, 409, 403, 200] == statuses
