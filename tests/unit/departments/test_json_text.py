"""JSON text: exact, bounded, and refused with the place where it breaks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.json_form.text import DEPTH_MAX, JsonValue, read_json

BYTES_MAX = 1_000_000


def value_of(text: str) -> object:
    read = read_json(text.encode(), bytes_max=BYTES_MAX)
    assert isinstance(read, JsonValue)
    return read.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "json-broken"),
        (b"{", "json-broken"),
        (b'{"a": 1} x', "json-broken"),
        (b"{'a': 1}", "json-broken"),
        (b'{"a": NaN}', "json-constant"),
        (b"[-Infinity]", "json-constant"),
        ('{"a": "甲"}'.encode("gb18030"), "json-encoding"),
        (b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1), "json-too-deep"),
        (b"[" * 400_000, "json-too-deep"),
        (b'{"a":' * 100_000, "json-too-deep"),
        (b'"' + b'\\"' * 400_000, "json-broken"),
        (b" " * (BYTES_MAX + 1), "json-too-large"),
    ],
)
def test_a_text_that_is_no_json_or_beyond_a_bound_is_refused(content: bytes, code: str) -> None:
    read = read_json(content, bytes_max=BYTES_MAX)

    assert isinstance(read, Reason)
    assert code == read.code


def test_a_broken_text_is_refused_with_the_place() -> None:
    read = read_json(b'{"a": 1,\n "b": }', bytes_max=BYTES_MAX)

    assert isinstance(read, Reason)
    assert "第 2 行第 7 列" in read.rule


def test_brackets_within_a_text_are_not_depth() -> None:
    assert ["[" * 1_000 + '"' + "{" * 1_000] == value_of(f'["{"[" * 1_000}\\"{"{" * 1_000}"]')


def test_what_is_as_deep_as_allowed_is_read() -> None:
    assert isinstance(value_of("[" * DEPTH_MAX + "]" * DEPTH_MAX), list)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert [] == value_of("\ufeff[]")


def test_numbers_keep_their_digits() -> None:
    assert [Decimal("0.1"), Decimal("1e2"), 2**70, Decimal("0.123456789012345678901")] == value_of(
        f"[0.1, 1e2, {2**70}, 0.123456789012345678901]"
    )


@pytest.mark.parametrize("digits", ["9" * 100_000, "0." + "1" * 100, "1e" + "9" * 40])
def test_a_number_longer_than_any_field_takes_fits_nowhere(digits: str) -> None:
    (number,) = value_of(f"[{digits}]")  # type: ignore[misc]

    assert isinstance(number, Decimal)
    assert number.is_nan()


def test_a_name_given_twice_is_remembered() -> None:
    read = value_of('{"b": 1, "a": 1, "a": 2, "b": 2, "c": 3}')

    assert ("a", "b") == read.repeated  # type: ignore[attr-defined]


@given(st.binary(max_size=300) | st.text(alphabet='[]{}",:\\1eN.-"', max_size=300).map(str.encode))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    assert isinstance(read_json(content, bytes_max=BYTES_MAX), JsonValue | Reason)
