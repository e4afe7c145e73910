"""Bodies and bytes: what cannot be written, what cannot be read, and what it costs to find out."""

import io
import json
import time
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType

import fastavro
import pytest

from credit_bus.contracts.codec import Codec, EncodeError
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.shape import without_decimals
from credit_bus.domain.reason import Reason

TYPE = "penalty.decided"
HUGE = 2**40
MEMORY_BYTES_MAX = 4_000_000
REFUSAL_SECONDS_MAX = 1.0


def zigzag(number):
    """Return an Avro int or long."""
    rest, out = (number << 1) ^ (number >> 63), bytearray()
    rest &= 2**64 - 1
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([*out, rest])


def value_of(event_type, avro_body):
    schema = load_catalogue().latest(event_type)
    return b"\x00" + schema.id.to_bytes(4, "big") + avro_body


def written(event_type, body):
    """Return what a careless writer would send: decimals as the bytes given, nothing checked."""
    schema = without_decimals(json.loads(load_catalogue().latest(event_type).raw))
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, fastavro.parse_schema(schema), body)
    return value_of(event_type, stream.getvalue())


def check(codec, value, *, code, field="", expected_type=TYPE):
    tracemalloc.start()
    before = time.perf_counter()
    result = codec.decode(value, expected_type=expected_type)
    seconds = time.perf_counter() - before
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert isinstance(result, Reason)
    assert (code, field) == (result.code, result.field)
    assert seconds < REFUSAL_SECONDS_MAX
    assert peak < MEMORY_BYTES_MAX


@pytest.mark.parametrize("value", [None, b""])
def test_a_tombstone_is_refused(codec, value):
    check(codec, value, code="body-missing")


@pytest.mark.parametrize("value", [b"\x00", b"\x00\x00\x00\x00", b"\x01\x00\x00\x00\x0b{}", b"{}"])
def test_what_is_not_the_wire_format_is_refused(codec, value):
    check(codec, value, code="not-wire-format")


@pytest.mark.parametrize("schema_id", [0, 9999, 2**32 - 1])
def test_an_unknown_schema_id_is_refused(codec, schema_id):
    check(codec, b"\x00" + schema_id.to_bytes(4, "big") + b"abc", code="unknown-schema")


def test_a_schema_of_another_type_is_refused(codec, body):
    check(
        codec,
        codec.encode(TYPE, body),
        code="schema-of-other-type",
        expected_type="licence.granted",
    )


def test_bytes_after_the_body_are_refused(codec, body):
    check(codec, codec.encode(TYPE, body) + b"\x00", code="body-trailing-bytes")


def test_a_body_cut_short_anywhere_is_refused(codec, body):
    value = codec.encode(TYPE, body)
    results = [codec.decode(value[:size], expected_type=TYPE) for size in range(5, len(value))]

    assert {"body-undecodable"} == {
        result.code if isinstance(result, Reason) else "read" for result in results
    }


@pytest.mark.parametrize(
    "avro_body",
    [
        pytest.param(zigzag(HUGE) + b"abc", id="text of 2^40 bytes"),
        pytest.param(zigzag(2**62) + b"abc", id="text of 2^62 bytes"),
        pytest.param(zigzag(-1) + b"abc", id="text of minus one byte"),
        pytest.param(zigzag(-(2**63)) + b"abc", id="text of the least length"),
        pytest.param(zigzag(2) + b"\xff\xfe", id="text that is not UTF-8"),
        pytest.param(b"\xff" * 20, id="a number without an end"),
        pytest.param(zigzag(1) + b"a" + zigzag(3), id="a symbol that is none"),
        pytest.param(zigzag(1) + b"a" + zigzag(HUGE), id="a symbol far off"),
        pytest.param(zigzag(1) + b"a" + zigzag(0) + zigzag(2), id="a branch that is none"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_crafted_body_is_refused_at_little_cost(codec, avro_body):
    check(codec, value_of(TYPE, avro_body), code="body-undecodable")


def delivery_refused(tail):
    texts = b"".join(zigzag(len(text)) + text for text in (b"id", b"type", b"tax"))
    return value_of("delivery.refused", texts + zigzag(1) + tail)


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(zigzag(HUGE), id="2^40 items"),
        pytest.param(zigzag(2**62), id="2^62 items"),
        pytest.param(zigzag(-HUGE) + zigzag(4), id="2^40 items in a block of 4 bytes"),
    ],
)
@pytest.mark.parametrize("items", [b"", bytes(4), bytes(4_000)])
def test_an_array_of_a_huge_count_is_refused_at_little_cost(codec, count, items):
    check(
        codec,
        delivery_refused(count + items),
        code="body-undecodable",
        expected_type="delivery.refused",
    )


@pytest.mark.parametrize(
    ("items", "code"), [(b"", "body-undecodable"), (bytes(4_000), "body-trailing-bytes")]
)
def test_an_array_whose_count_has_no_opposite_is_refused(codec, items, code):
    check(
        codec,
        delivery_refused(zigzag(-(2**63)) + zigzag(0) + items),
        code=code,
        expected_type="delivery.refused",
    )


@pytest.mark.parametrize(
    ("event_type", "changes", "field"),
    [
        pytest.param(TYPE, {"fine_10k": b"\x7f" * 17}, "fine_10k", id="17 bytes"),
        pytest.param(TYPE, {"fine_10k": b"\x7f" * 900_000}, "fine_10k", id="900000 bytes"),
        pytest.param(
            TYPE,
            {"confiscated_10k": (10**18).to_bytes(9, "big")},
            "confiscated_10k",
            id="one digit too many",
        ),
        pytest.param(
            TYPE,
            {"fine_10k": (-(10**18)).to_bytes(9, "big", signed=True)},
            "fine_10k",
            id="one digit too many below zero",
        ),
    ],
)
def test_a_decimal_beyond_its_precision_is_refused_not_rounded(
    codec, body, event_type, changes, field
):
    plain = body | {"fine_10k": None, "confiscated_10k": None} | changes
    check(codec, written(event_type, plain), code="body-number-out-of-range", field=field)


def test_an_int_beyond_32_bits_is_refused(codec):
    body = {
        "event_id": "a",
        "event_type": TYPE,
        "provider": "tax",
        "event_revision": HUGE,
        "acknowledgement": "",
        "delivered_at": 0,
    }
    check(
        codec,
        written("delivery.confirmed", body),
        code="body-number-out-of-range",
        field="event_revision",
        expected_type="delivery.confirmed",
    )


@pytest.mark.parametrize("day", [HUGE, -(2**31), 2**31 - 1, -719_163])
def test_a_day_beyond_the_calendar_is_refused(codec, body, day):
    plain = body | {"fine_10k": None, "confiscated_10k": None, "decided_on": day}
    check(codec, written(TYPE, plain), code="body-undecodable")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"decided_on": datetime(2024, 3, 1, tzinfo=UTC)}, "decided_on"),
        ({"decided_on": "2024-03-01"}, "decided_on"),
        ({"decided_on": 19_783}, "decided_on"),
        ({"fine_10k": 0.5}, "fine_10k"),
        ({"fine_10k": b"\x01"}, "fine_10k"),
        ({"fine_10k": Decimal("NaN")}, "fine_10k"),
        ({"fine_10k": Decimal("1E+12")}, "fine_10k"),
        ({"fine_10k": Decimal("0.0000001")}, "fine_10k"),
        ({"categories": "罚款"}, "categories"),
        ({"categories": [1]}, "categories"),
        ({"content": None}, "content"),
        ({"content": "\ud800"}, "surrogates"),
        ({"subject": {}}, "subject.name"),
        ({"subject": None}, "subject"),
        ({"grade": "A"}, "grade"),
    ],
)
def test_a_body_that_does_not_fit_its_schema_is_not_written(codec, body, changes, named):
    with pytest.raises(EncodeError, match=named):
        codec.encode(TYPE, body | changes)


def test_a_naive_time_is_not_written(codec):
    body = {
        "event_id": "a",
        "event_type": TYPE,
        "event_revision": 1,
        "duplicate": False,
        "accepted_at": datetime(2024, 3, 1),  # noqa: DTZ001 naive is the point
        "rule_version": "0",
    }

    with pytest.raises(EncodeError, match="accepted_at"):
        codec.encode("event.accepted", body)


def test_a_body_is_read_as_it_was_written(codec, body):
    assert body == codec.decode(codec.encode(TYPE, body), expected_type=TYPE)


def test_the_type_is_the_schemas_when_the_headers_say_none(codec, body):
    value = codec.encode(TYPE, body)

    assert TYPE == codec.type_of(value)
    assert body == codec.decode(value, expected_type=None)


def test_a_read_only_mapping_is_written_like_a_dict(codec, body):
    frozen = MappingProxyType(body | {"categories": tuple(body["categories"])})

    assert codec.encode(TYPE, body) == codec.encode(TYPE, frozen)


@pytest.mark.parametrize(
    "amount", ["0", "-0.000001", "0.000001", "12.3", "999999999999.999999", "-999999999999.999999"]
)
def test_an_amount_is_exact(codec, body, amount):
    value = codec.encode(TYPE, body | {"fine_10k": Decimal(amount)})
    decoded = codec.decode(value, expected_type=TYPE)

    assert not isinstance(decoded, Reason)
    assert Decimal(amount) == decoded["fine_10k"]
    assert -6 == decoded["fine_10k"].as_tuple().exponent


@pytest.mark.parametrize("day", [date.min, date(1900, 2, 28), date(2099, 12, 31), date.max])
def test_a_day_is_exact(codec, body, day):
    decoded = codec.decode(codec.encode(TYPE, body | {"decided_on": day}), expected_type=TYPE)

    assert not isinstance(decoded, Reason)
    assert day == decoded["decided_on"]


def test_an_older_version_is_read_in_the_newest_shape(released, schema_file):
    folder = released()
    old = Codec(load_catalogue(folder))
    value = old.encode("measure.responded", schema_file.RESPONSE)
    schema_file.add_field(
        folder, "measure.responded", {"name": "a", "type": ["null", "string"], "default": None}
    )
    new = Codec(load_catalogue(folder))

    assert schema_file.RESPONSE | {"a": None} == new.decode(
        value, expected_type="measure.responded"
    )
