"""The receipts of a batch, written after a pattern: they differ only in whose they are.

All of a batch have one time and one rule version, most a type and a revision in common. Each
written anew took 12 of a gate's 80 µs an event; after a pattern it takes 3.
"""

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.wire import Wire, write_event
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import EVENT_ACCEPTED
from credit_bus.domain.value import value

# As long as an accepted event's id, which is made from its content; no other value contains it.
_PLACE = "0123456789abcdef" * 2
_ID_BYTES = len(_PLACE)

Header = tuple[str, bytes]


@value
class _Pattern:
    before: bytes  # the body, as far as the event's id
    after: bytes
    first: Header  # headers in their order; between them stand those that are the receipt's own
    middle: list[Header]
    last: list[Header]


class ReceiptWriter:
    """Writes what the bus says in one batch: receipts after a pattern, all else as it is."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._patterns: dict[tuple[object, ...], _Pattern] = {}

    def write(self, event: Event) -> Wire:
        """Return what `write_event` returns, and raise what it raises.

        The values that a receipt repeats were read from headers, so they fit headers.
        """
        causation = (event.causation_id or "").encode()
        if event.type != EVENT_ACCEPTED or len(causation) != _ID_BYTES:
            return write_event(event, self._codec)
        body = event.body
        common = (
            event.source,
            event.time,
            event.revision,
            body["event_type"],
            body["event_revision"],
            body["duplicate"],
            body["accepted_at"],
            body["rule_version"],
        )
        pattern = self._patterns.get(common)
        if pattern is None:
            pattern = self._patterns[common] = self._pattern(event)
        subject = event.subject.encode()
        headers = [
            pattern.first,
            ("ce_id", event.id.encode()),
            *pattern.middle,
            ("ce_subject", subject),
            *pattern.last,
        ]
        if event.correlation_id is not None:
            headers.append(("ce_correlationid", event.correlation_id.encode()))
        headers.append(("ce_causationid", causation))
        if event.traceparent is not None:
            headers.append(("traceparent", event.traceparent.encode()))
        return Wire(key=subject, headers=headers, value=pattern.before + causation + pattern.after)

    def _pattern(self, event: Event) -> _Pattern:
        """Return the pattern of receipts that have all but their own in common with this one."""
        model = Event(
            id=_PLACE,
            source=event.source,
            type=event.type,
            time=event.time,
            subject=_PLACE,
            revision=event.revision,
            body={**event.body, "event_id": _PLACE},
        )
        wire = write_event(model, self._codec)
        before, after = wire.value.split(_PLACE.encode())
        first, _, *middle = wire.headers
        own = [name for name, _ in middle].index("ce_subject")
        return _Pattern(
            before=before,
            after=after,
            first=first,
            middle=middle[:own],
            last=middle[own + 1 :],
        )
