"""A trace has the form of the standard, is begun once and then kept."""

from dataclasses import replace

import pytest
from tests import samples

from credit_bus.contracts.trace import new_trace, trace_id, traced

TRACE, SPAN = "4b" * 16, "00f067aa0ba902b7"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "00-a-b-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_what_has_not_the_form_of_the_standard_is_no_trace(text: str | None) -> None:
    assert trace_id(text) is None


def test_a_trace_is_found_in_its_place() -> None:
    assert trace_id(f"00-{TRACE}-{SPAN}-00") == TRACE


def test_new_traces_have_the_form_and_differ() -> None:
    made = {trace_id(new_trace()) for _ in range(100)}

    assert 100 == len(made)
    assert None not in made


def test_a_trace_that_was_begun_goes_on() -> None:
    said = replace(samples.penalty(), traceparent=f"00-{TRACE}-{SPAN}-01")

    assert said is traced(said)


def test_who_says_something_without_a_trace_begins_one() -> None:
    said = replace(samples.penalty(), traceparent=None)
    found = traced(said)

    assert trace_id(found.traceparent) is not None
    assert said == replace(found, traceparent=None)


def test_the_same_statement_begins_the_same_trace_and_another_another() -> None:
    """What is sent once more is byte for byte what was sent first."""
    first, again, other = (replace(samples.penalty(n), traceparent=None) for n in (1, 1, 2))

    assert traced(first) == traced(again)
    assert trace_id(traced(first).traceparent) != trace_id(traced(other).traceparent)
