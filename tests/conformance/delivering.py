"""Events given to a sink, one by one or in one batch: what follows must be the same."""

import pytest

from credit_bus.domain.event import Event
from credit_bus_connectors.contract import Answer, Result, Sink

ORDERS = pytest.mark.parametrize("apart", [True, False], ids=["two-batches", "one-batch"])


def deliver(sink: Sink, events: list[Event], *, apart: bool) -> list[Answer]:
    """Deliver the events one by one, or in one batch; everything is taken."""
    answers = []
    for batch in [[event] for event in events] if apart else [events]:
        answers += sink.deliver(batch)

    assert [Result.DELIVERED] * len(events) == [answer.result for answer in answers]
    return answers
