"""What an alert counts of enquiries stands at 0 before it happens: its first increase is one."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from tests import samples
from tests.unit.connectors.inbox import Inbox

from credit_bus.metrics import table
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.enquiry.office import EnquirySettings, Office
from credit_bus_connectors.enquiry.replies import Replies

NOW = datetime(2026, 6, 10, tzinfo=UTC)


def over_http(vitals: Vitals) -> None:
    settings = EnquirySettings(database="", registry=samples.registry(), secret=b"")
    Office(settings, now=lambda: NOW, meter=vitals.meter)


def over_topics(vitals: Vitals) -> None:
    nothing: Any = nullcontext
    Replies(
        ends=Inbox([]),
        transaction=nothing,
        registry=samples.registry(),
        clock=lambda: NOW,
        log=None,
        vitals=vitals,
    )


@pytest.mark.parametrize(("begin", "way"), [(over_http, "http"), (over_topics, "topic")])
@pytest.mark.parametrize("outcome", ["answered", "unanswered"])
def test_an_outcome_is_0_before_it_happens(begin: Any, way: str, outcome: str) -> None:
    vitals = Vitals()
    begin(vitals)

    assert 0 == vitals.meter.value(table.ENQUIRIES, way=way, outcome=outcome)
