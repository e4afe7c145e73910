"""A whole message: nothing that others write can raise, and every refusal can be answered."""

import io
from dataclasses import replace

import fastavro
import pytest
from fastavro.utils import generate_many
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bus.contracts.codec import EncodeError
from credit_bus.contracts.refusals import WIRE_RULES
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import (
    SUBJECT_UNREADABLE,
    VALUE_BYTES_MAX,
    Message,
    read_event,
    write_event,
)
from credit_bus.domain.rules import RULES
from credit_bus.flows.refusals import GATE_RULES

mutations = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def codes(reading):
    return [reason.code for reason in reading.reasons]


def with_header(message, name, value):
    headers = tuple((each, value if each == name else old) for each, old in message.headers)
    return replace(message, headers=headers)


def hold(reading):
    """Assert what holds of every reading, whatever was read."""
    assert (reading.event is None) == bool(reading.reasons)
    assert set(codes(reading)) <= set(WIRE_RULES)
    assert len(reading.reasons) == len(set(reading.reasons))
    assert 0 < len(reading.subject.encode()) <= 128
    for claim in (reading.claimed_id, reading.claimed_type, reading.claimed_correlation):
        assert claim is None or (claim.isprintable() and 0 < len(claim.encode()) <= 128)
    assert reading.claimed_document is None or 0 < len(reading.claimed_document) <= 256


def written(schema, body):
    """Return the value that a careless writer would send."""
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, schema.parsed, body)
    return b"\x00" + schema.id.to_bytes(4, "big") + stream.getvalue()


@pytest.mark.parametrize("key", [None, b""])
def test_a_message_without_a_key_is_refused(codec, message, key):
    reading = read_event(replace(message, key=key), codec)

    assert ["key-missing"] == codes(reading)
    assert SUBJECT_UNREADABLE == reading.subject


@pytest.mark.parametrize("key", [b"91620702999999998q", b"\xff", b"x" * 129, b"other"])
def test_a_key_that_is_not_the_subject_is_refused(codec, message, key):
    assert ["key-not-subject"] == codes(read_event(replace(message, key=key), codec))


def test_a_value_too_large_is_refused_unread(codec, message):
    reading = read_event(replace(message, value=message.value + bytes(VALUE_BYTES_MAX)), codec)

    assert ["value-too-large"] == codes(reading)
    assert reading.claimed_document is None


def test_a_value_of_the_largest_size_is_read(codec, event):
    size = len(write_event(event, codec).value)
    body = dict(event.body) | {"facts": event.body["facts"] + "x" * (VALUE_BYTES_MAX - size - 2)}
    wire = write_event(replace(event, body=body), codec)

    assert VALUE_BYTES_MAX - 2 <= len(wire.value) <= VALUE_BYTES_MAX
    with pytest.raises(ValueError, match="shorten"):
        write_event(replace(event, body=body | {"violation": "x" * 100}), codec)


def test_every_mistake_of_headers_key_and_body_is_named_at_once(codec, message):
    broken = replace(with_header(message, "ce_revision", b"0"), key=None, value=message.value[:-1])

    assert ["bad-revision", "key-missing", "body-undecodable"] == codes(read_event(broken, codec))


def test_a_tombstone_is_refused(codec, message):
    assert ["body-missing"] == codes(read_event(replace(message, value=None), codec))


def test_a_refusal_still_says_which_document_it_was(codec, message, event):
    reading = read_event(with_header(message, "ce_time", b"today"), codec)

    assert ["bad-time"] == codes(reading)
    assert event.body["document_number"] == reading.claimed_document
    assert (event.id, event.type, event.correlation_id) == (
        reading.claimed_id,
        reading.claimed_type,
        reading.claimed_correlation,
    )


def test_the_claimed_document_is_cut(codec, event, message):
    body = dict(event.body) | {"document_number": "x" * 5_000}
    odd = with_header(message, "ce_time", b"today")
    reading = read_event(replace(odd, value=codec.encode(event.type, body)), codec)

    assert "x" * 256 == reading.claimed_document


def test_a_body_that_does_not_fit_is_not_written(codec, event):
    with pytest.raises(EncodeError):
        write_event(replace(event, body={}), codec)


def test_an_event_is_read_as_it_was_written(codec, event, message):
    reading = read_event(message, codec)

    assert event == reading.event
    assert () == reading.reasons
    assert event.subject == reading.subject


@mutations
@given(data=st.data())
def test_flipped_bytes_never_raise(codec, message, data):
    value = bytearray(message.value)
    for _ in range(data.draw(st.integers(1, 4))):
        value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))

    hold(read_event(replace(message, value=bytes(value)), codec))


@mutations
@given(schema_id=st.integers(0, 20), tail=st.binary(max_size=200))
def test_any_bytes_for_any_schema_never_raise(codec, message, schema_id, tail):
    value = b"\x00" + schema_id.to_bytes(4, "big") + tail

    hold(read_event(replace(message, value=value), codec))


@mutations
@given(data=st.data())
def test_a_body_with_a_piece_cut_out_never_raises(codec, message, data):
    start = data.draw(st.integers(0, len(message.value)))
    end = data.draw(st.integers(start, len(message.value)))

    hold(read_event(replace(message, value=message.value[:start] + message.value[end:]), codec))


@mutations
@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from(["ce_id", "ce_type", "ce_time", "ce_subject", "ce_revision", "x"]),
            st.none() | st.binary(max_size=140),
        ),
        max_size=6,
    ),
    drop=st.integers(0, 11),
    key=st.none() | st.binary(max_size=140),
)
def test_any_headers_and_key_never_raise(codec, message, headers, drop, key):
    kept = message.headers[drop:]

    hold(read_event(replace(message, headers=(*kept, *headers), key=key), codec))


@pytest.mark.parametrize("schema", load_catalogue().all, ids=lambda schema: schema.type)
def test_every_generated_body_is_read_as_it_was_written(codec, event, schema):
    decimals = {"fine_10k", "confiscated_10k", "amount_10k", "capital_10k"}
    absent = dict.fromkeys(decimals & {field["name"] for field in schema.parsed["fields"]})
    for generated in generate_many(schema.parsed, 5):
        once = codec.decode(written(schema, generated | absent), expected_type=schema.type)
        wire = write_event(replace(event, type=schema.type, body=once), codec)
        message = Message(
            topic="t",
            partition=0,
            offset=0,
            timestamp_ms=0,
            key=wire.key,
            headers=tuple(wire.headers),
            value=wire.value,
        )
        reading = read_event(message, codec)

        assert () == reading.reasons
        assert once == reading.event.body


def test_a_code_names_one_rule_in_all_tables():
    tables = (WIRE_RULES, GATE_RULES, RULES)

    assert sum(map(len, tables)) == len({code for table in tables for code in table})
