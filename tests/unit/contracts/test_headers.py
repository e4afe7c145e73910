"""Headers of CloudEvents in Kafka's binary mode: every mistake is named, all at once."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import samples

from credit_bus.contracts import headers as module
from credit_bus.contracts.headers import (
    HEADERS_BYTES_MAX,
    Claims,
    Envelope,
    format_time,
    read_claims,
    read_headers,
    to_headers,
)

REQUIRED = (
    "ce_specversion",
    "ce_id",
    "ce_source",
    "ce_type",
    "ce_time",
    "ce_subject",
    "content-type",
    "ce_revision",
)
OPTIONAL = ("ce_correlationid", "ce_causationid", "traceparent")
OPTIONAL_FIELDS = ("correlation_id", "causation_id", "traceparent")


def changed(event, **changes):
    """Return good headers with some values changed; None takes the header away."""
    values = dict(to_headers(event)) | {
        name.replace("__", "-"): value for name, value in changes.items()
    }
    return [(name, value) for name, value in values.items() if value is not None]


def check(headers, *expected):
    result = read_headers(headers)

    assert isinstance(result, tuple)
    assert list(expected) == [(reason.code, reason.field) for reason in result]
    assert all(reason.rule and reason.remedy for reason in result)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_header_must_be_there(event, name):
    check(changed(event, **{name: None}), ("header-missing", name))


@pytest.mark.parametrize("name", REQUIRED + OPTIONAL)
def test_a_header_may_not_be_repeated(event, name):
    headers = to_headers(event)
    check([*headers, (name, dict(headers)[name])], ("header-repeated", name))


def test_any_other_repeated_headers_are_named_once(event):
    other = [("x-trace", b"1"), ("x-trace", b"2"), ("x-hop", b"1"), ("x-hop", b"2")]
    check([*to_headers(event), *other], ("header-repeated", ""))


@pytest.mark.parametrize("name", REQUIRED + OPTIONAL)
@pytest.mark.parametrize("value", [b"", b"\xff\xfe", b"a\x00b", b"a\nb", "a\u202eb".encode()])
def test_a_header_must_be_text(event, name, value):
    check(changed(event, **{name: value}), ("header-not-text", name))


def test_a_header_with_a_null_value_is_not_text(event):
    headers = [(name, None if name == "ce_id" else value) for name, value in to_headers(event)]
    check(headers, ("header-not-text", "ce_id"))


@pytest.mark.parametrize("name", REQUIRED + OPTIONAL)
def test_a_header_has_a_longest_length(event, name):
    check(changed(event, **{name: b"1" * 200}), ("header-too-long", name))


def test_all_headers_together_have_a_largest_size(event):
    check([*to_headers(event), ("x", bytes(HEADERS_BYTES_MAX))], ("headers-too-large", ""))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("ce_specversion", b"0.3", "wrong-specversion"),
        ("content-type", b"application/json", "wrong-content-type"),
        ("ce_type", b"tax.paid", "unknown-type"),
        ("ce_revision", b"0", "bad-revision"),
        ("ce_revision", b"-1", "bad-revision"),
        ("ce_revision", b"01", "bad-revision"),
        ("ce_revision", b"1.0", "bad-revision"),
        ("ce_revision", "１".encode(), "bad-revision"),
        ("ce_revision", b"1000000000", "bad-revision"),
        ("ce_time", b"2024-03-01T01:02:03Z", "bad-time"),
        ("ce_time", b"2024-03-01T01:02:03.000004Z", "bad-time"),
        ("ce_time", b"2024-03-01T09:02:03.004+08:00", "bad-time"),
        ("ce_time", b"2024-03-01 01:02:03.004Z", "bad-time"),
        ("ce_time", b"2024-02-30T01:02:03.004Z", "bad-time"),
        ("ce_time", b"2024-03-01T24:00:00.000Z", "bad-time"),
        ("ce_time", b"0000-03-01T01:02:03.004Z", "bad-time"),
        ("ce_time", "２０２４-03-01T01:02:03.004Z".encode(), "bad-time"),
    ],
)
def test_an_odd_value_is_refused(event, name, value, code):
    check(changed(event, **{name: value}), (code, name))


def test_every_mistake_is_named_at_once(event):
    headers = changed(
        event,
        ce_id=None,
        ce_source=b"\xff",
        ce_type=b"tax.paid",
        ce_time=b"now",
        ce_revision=b"0",
        traceparent=b"",
    )
    check(
        [*headers, ("ce_subject", b"x")],
        ("header-missing", "ce_id"),
        ("header-not-text", "ce_source"),
        ("header-not-text", "traceparent"),
        ("unknown-type", "ce_type"),
        ("bad-time", "ce_time"),
        ("bad-revision", "ce_revision"),
        ("header-repeated", "ce_subject"),
    )


def test_no_headers_at_all_name_every_required_one():
    check([], *(("header-missing", name) for name in REQUIRED))


@pytest.mark.parametrize(
    ("headers", "claims"),
    [
        ([], Claims(id=None, type=None, correlation_id=None)),
        (
            [("ce_id", b"1"), ("ce_type", b"tax.paid"), ("ce_correlationid", b"a")],
            Claims(id="1", type="tax.paid", correlation_id="a"),
        ),
        (
            [("ce_id", b"1"), ("ce_id", b"2"), ("ce_type", b"\xff"), ("ce_correlationid", None)],
            Claims(id=None, type=None, correlation_id=None),
        ),
        ([("ce_id", b"1" * 129)], Claims(id=None, type=None, correlation_id=None)),
    ],
)
def test_only_what_is_safe_to_repeat_is_claimed(headers, claims):
    assert claims == read_claims(headers)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": "1" * 129},
        {"subject": ""},
        {"subject": "a\nb"},
        {"type": "tax.paid"},
        {"revision": 0},
        {"revision": 10**9},
        {"causation_id": ""},
    ],
)
def test_headers_that_would_be_refused_are_not_written(event, changes):
    with pytest.raises(ValueError, match="correct what builds the event"):
        to_headers(replace(event, **changes))


def test_headers_are_read_as_they_were_written(event):
    envelope = read_headers(to_headers(event))

    assert isinstance(envelope, Envelope)
    assert [getattr(event, name) for name in Envelope.__dataclass_fields__] == [
        getattr(envelope, name) for name in Envelope.__dataclass_fields__
    ]


def test_optional_headers_are_left_out(event):
    bare = replace(event, correlation_id=None, causation_id=None, traceparent=None)

    assert list(REQUIRED) == [name for name, _ in to_headers(bare)]
    assert isinstance(read_headers(to_headers(bare)), Envelope)


def test_other_extensions_are_no_mistake(event):
    assert isinstance(read_headers([*to_headers(event), ("ce_partitionkey", b"x")]), Envelope)


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (datetime(2024, 3, 1, 1, 2, 3, tzinfo=UTC), "2024-03-01T01:02:03.000Z"),
        (datetime(2024, 3, 1, 1, 2, 3, 999_999, tzinfo=UTC), "2024-03-01T01:02:03.999Z"),
        (
            datetime(2024, 3, 1, 7, 2, 3, tzinfo=timezone(timedelta(hours=8))),
            "2024-02-29T23:02:03.000Z",
        ),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_time_has_one_form(time, text):
    assert text == format_time(time)


ODD_VALUES = st.sampled_from(
    [b"", None, b"\xff", b"a\nb", b"x" * 65, b"x" * 129, "é".encode(), b"1.0", b"0", b"1234567890"]
)


@st.composite
def nearly_good(draw):
    """Headers as they are written, with up to three of them changed, moved, doubled or gone."""
    said = samples.penalty()
    full = replace(said, correlation_id="a.b", causation_id="c", traceparent="00-ab-cd-01")
    headers = to_headers(draw(st.sampled_from([said, full])))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(headers) - 1))
        match draw(st.sampled_from(["change", "drop", "double", "move", "rename", "add"])):
            case "change":
                headers[place] = (headers[place][0], draw(ODD_VALUES))
            case "drop" if len(headers) > 1:
                headers.pop(place)
            case "double":
                headers.append(headers[place])
            case "move":
                headers.insert(0, headers.pop(place))
            case "rename":
                headers[place] = (draw(st.sampled_from([*REQUIRED, *OPTIONAL, "x"])), b"1.0")
            case _:
                headers.append((draw(st.sampled_from([*OPTIONAL, "own", "odd name"])), b"v"))
    return headers


@settings(max_examples=500)
@given(nearly_good())
def test_the_short_way_says_what_the_long_way_says_or_nothing(headers):
    short = module._read_usual(headers)

    assert short is None or module._read_any(headers) == short


@pytest.mark.parametrize("count", range(4))
def test_what_we_write_is_read_the_short_way(count):
    for optional in itertools.combinations(OPTIONAL_FIELDS, count):
        headers = to_headers(replace(samples.penalty(), **dict.fromkeys(optional, "a.b")))

        assert isinstance(module._read_usual(headers), Envelope)
        assert module._read_any(headers) == module._read_usual(headers)
