"""Events without end: made once by the peers' work, then stamped with another document number.

To encode each of ten million bodies anew would take longer than the bus takes to carry them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests import samples

from benchmarks.figures.district import MEASURE
from benchmarks.peers import work
from credit_bus.contracts.wire import Headers, Message, read_event
from credit_bus.domain.event import action_id, document_of, event_id
from credit_bus.domain.event_types import ACTION_INITIATED
from credit_bus.domain.synthetic import SYNTHETIC_CODES_MAX, synthetic_uscc

NUMBER_FIRST = 100_000_000  # nine digits each, so that a stamp does not change a length
NUMBER_LAST = 999_999_999
TEMPLATES = 10_000  # each of another subject

Text = TypeVar("Text", str, bytes)

_NUMBER = re.compile(rb"([1-9][0-9]{8})\xe5\x8f\xb7")  # 号


def number_of(value: bytes | None) -> int | None:
    """Return the number that was stamped into a body, or made into it; None when it has none."""
    found = _NUMBER.search(value or b"")
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Template:
    message: Message
    kind: str
    source: str
    subject: str
    document: tuple[str, str]  # before and after the number
    value: tuple[bytes, bytes]
    headers: tuple[Headers, Headers]  # before and after the id


class Stamps:
    """Messages by number: the same number is always the same message."""

    def __init__(self, parties: Sequence[str], *, templates: int = TEMPLATES) -> None:
        made = work.messages(
            templates, bad_share=0.0, repeated_share=0.0, parties=parties, first=NUMBER_FIRST
        )
        self._templates = [
            _template(message, NUMBER_FIRST + place) for place, message in enumerate(made)
        ]

    def key(self, number: int) -> bytes:
        """Return the subject key of the message of that number."""
        return self._template(number).message.key or b""

    def message(self, number: int, *, topic: str | None = None) -> Message:
        """Return the message of that number, in its outbox unless another topic is given."""
        template = self._template(number)
        assert NUMBER_FIRST <= number <= NUMBER_LAST, f"{number} has no nine digits"
        digits = str(number)
        named = event_id(
            source=template.source,
            kind=template.kind,
            document=digits.join(template.document),
            subject=template.subject,
            revision=1,
        )
        before, after = template.headers
        original = template.message
        return Message(
            topic=topic or original.topic,
            partition=original.partition,
            offset=original.offset,
            timestamp_ms=original.timestamp_ms,
            key=original.key,
            headers=(*before, ("ce_id", named.encode()), *after),
            value=digits.encode().join(template.value),
        )

    def _template(self, number: int) -> _Template:
        return self._templates[number % len(self._templates)]


def initiation(number: int, party: str) -> Message:
    """Return the party's order of the made-up measure, on a document of that number."""
    subject = synthetic_uscc(number % SYNTHETIC_CODES_MAX)
    body = samples.initiation_body(number % SYNTHETIC_CODES_MAX, measures=[MEASURE])
    document = f"（2026）甘0702执{number}号"
    body["instrument"] = {**body["instrument"], "number": document}
    body["action_id"] = action_id(initiator=party, instrument=document, subject=subject)
    return samples.message(samples.said(ACTION_INITIATED, body, party=party, subject=subject))


def _template(message: Message, number: int) -> _Template:
    event = read_event(message, samples.codec()).event
    assert event is not None, "the peers' work was asked for good messages"
    names = [name for name, _ in message.headers]
    place = names.index("ce_id")
    return _Template(
        message=message,
        kind=event.type,
        source=event.source,
        subject=event.subject,
        document=_around(document_of(event.type, event.body), str(number)),
        value=_around(message.value or b"", str(number).encode()),
        headers=(message.headers[:place], message.headers[place + 1 :]),
    )


def _around(text: Text, number: Text) -> tuple[Text, Text]:
    """Return what stands before and after the number, which stands there once."""
    before, after = text.split(number)
    return before, after
