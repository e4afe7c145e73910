"""The feed keeps its own description, whatever is asked; what that does not allow is refused."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from tests import samples
from tests.integration.site.conftest import Running, application

from credit_bus.domain.event_types import LISTING_ENTERED, RECORD_WITHDRAWN

EXAMPLES = 60
CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_headers_conformance,
    schemathesis.checks.response_schema_conformance,
)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_asked_is_answered_as_the_description_says(
    running: Running, mode: GenerationMode
) -> None:
    running.show(samples.penalty(1), samples.penalty(2), samples.of_standing(LISTING_ENTERED, 1))
    running.show(samples.of_standing(RECORD_WITHDRAWN, 2))
    schema = schemathesis.openapi.from_asgi("/openapi.json", application(running))
    (operation,) = [each.ok() for each in schema.get_all_operations()]
    statuses = set()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        answer = case.call()
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    asked()

    if mode is GenerationMode.POSITIVE:
        assert {200} == statuses
    else:  # of a number that stands twice the last one counts, and 0.0 is read as 0
        assert {422} <= statuses <= {200, 422}
