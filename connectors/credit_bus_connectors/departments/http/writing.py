"""Statements to the records that say them, each under a trace of its own.

The trace is a W3C traceparent that the gate repeats in its receipt: it tells apart two statements
of one event, as the event's id cannot.
"""

from collections.abc import Sequence
from dataclasses import replace

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.trace import new_trace
from credit_bus.contracts.wire import write_event
from credit_bus_connectors.departments.http.request import Item
from credit_bus_connectors.departments.http.store import Written
from credit_bus_connectors.departments.json_form.statement import Refused, Seal, Statement, event_of


def write(
    found: Sequence[Statement | Refused], seal: Seal, codec: Codec
) -> tuple[tuple[Item, ...], tuple[Written, ...]]:
    """Return the items of a request, in its order, and the records of those that are said."""
    items: list[Item] = []
    written: list[Written] = []
    for position, each in enumerate(found):
        if isinstance(each, Refused):
            items.append(Item(trace=None, given_id=each.given_id, reasons=each.reasons))
            continue
        trace = new_trace()
        event = replace(event_of(each, seal), traceparent=trace)
        wire = write_event(event, codec)
        items.append(Item(trace=trace, given_id=each.given_id))
        written.append(Written(trace=trace, position=position, event_id=event.id, wire=wire))
    return tuple(items), tuple(written)
