"""A receipt after a pattern is, byte for byte, the receipt written anew."""

import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st
from tests import samples

from credit_bus.contracts.receipts import _PATTERNS_MAX, ReceiptWriter
from credit_bus.contracts.wire import write_event
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import EVENT_ACCEPTED

LATER = datetime(2026, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))

moments = st.sampled_from([samples.NOW, LATER]) | st.builds(
    datetime.fromtimestamp,
    st.integers(0, 250_000_000_000_000).map(lambda microseconds: microseconds / 1000),
    st.sampled_from([UTC, CHINA]),
)
digits = st.text("0123456789abcdef", min_size=32, max_size=32)
# Made here: made by `st.characters` it is made within the first draw, which is then too slow.
letters = [each for each in map(chr, range(sys.maxunicode + 1)) if category(each)[0] in "LNP"]
texts = st.lists(st.sampled_from(letters), min_size=1, max_size=30).map("".join)


@st.composite
def receipts(draw: st.DrawFn) -> Event:
    event_id = draw(digits | texts)
    body: dict[str, Any] = {
        "event_id": event_id,
        "event_type": draw(st.sampled_from(["penalty.decided", "licence.granted"])),
        "event_revision": draw(st.integers(1, 3)),
        "duplicate": draw(st.booleans()),
        "accepted_at": draw(moments),
        "rule_version": draw(st.sampled_from(["a" * 12, "b" * 12])),
    }
    return Event(
        id=draw(digits),
        source="hub",
        type=EVENT_ACCEPTED,
        time=draw(moments),
        subject=draw(texts),
        revision=draw(st.integers(1, 2)),
        correlation_id=draw(st.none() | texts),
        causation_id=event_id,
        traceparent=draw(st.none() | texts),
        body=body,
    )


@given(st.lists(receipts(), min_size=1, max_size=8))
def test_it_is_what_would_be_written_anew(said: list[Event]) -> None:
    writer = ReceiptWriter(samples.codec())

    for receipt in said:
        assert write_event(receipt, samples.codec()) == writer.write(receipt)


def test_what_is_no_receipt_is_written_as_it_is() -> None:
    event = samples.penalty()

    assert write_event(event, samples.codec()) == ReceiptWriter(samples.codec()).write(event)


def test_patterns_are_bounded() -> None:
    writer = ReceiptWriter(samples.codec())
    body = {
        "event_id": "0" * 32,
        "event_type": "penalty.decided",
        "duplicate": False,
        "accepted_at": samples.NOW,
        "rule_version": "a" * 12,
    }

    for revision in range(1, _PATTERNS_MAX + 3):
        said = Event(
            id="1" * 32,
            source="hub",
            type=EVENT_ACCEPTED,
            time=samples.NOW,
            subject="s",
            revision=1,
            causation_id="0" * 32,
            body={**body, "event_revision": revision},
        )
        assert write_event(said, samples.codec()) == writer.write(said)

    assert 2 == len(writer._patterns)
