"""W3C Trace Context on the bus: one trace from a statement to the last confirmation of it.

Whoever says something first begins a trace; whatever follows carries its `traceparent` as it came.
No hop makes a span of its own: the hops are events, with ids, causes and times, and say more.
"""

import hashlib
import re
import secrets
from dataclasses import replace

from credit_bus.domain.event import Event

TRACE_BYTES = 16
SPAN_BYTES = 8

_FORM = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def new_trace() -> str:
    """Return the traceparent of a new trace."""
    return f"00-{secrets.token_hex(TRACE_BYTES)}-{secrets.token_hex(SPAN_BYTES)}-01"


def trace_id(traceparent: str | None) -> str | None:
    """Return the 32 hex digits of the trace; None for what has not the form of the standard."""
    match = _FORM.fullmatch(traceparent or "")
    return match[1] if match else None


def traced(event: Event) -> Event:
    """Return the event in the trace that it has, or in the one that its id begins.

    Made from the id, not drawn: what is sent once more must be byte for byte what was sent first.
    """
    if event.traceparent is not None:
        return event
    digest = hashlib.blake2b(event.id.encode(), digest_size=TRACE_BYTES + SPAN_BYTES).hexdigest()
    trace, span = digest[: 2 * TRACE_BYTES], digest[2 * TRACE_BYTES :]
    return replace(event, traceparent=f"00-{trace}-{span}-01")
