"""What lies in quarantine is read whole, and judged again as the gate would judge it today."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import samples

from credit_bus.contracts.headers import HEADERS_BYTES_MAX
from credit_bus.contracts.wire import Message, digest_of
from credit_bus.domain.channels import QUARANTINE
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus.flows.outcome import Known
from credit_bus.flows.refusals import refusal
from credit_bus.operations.quarantine.kept import BODY_BYTES_SHOWN_MAX, Kept, kept_of, plain
from credit_bus.operations.quarantine.rejudged import (
    CANARY,
    REDRIVEN_HEADER,
    SAID_BEFORE,
    Bench,
    Judgement,
    Verdict,
    document_of,
    rejudge,
    to_send,
)
from credit_bus.operations.quarantine.tally import tally_of
from credit_bus.runtime.batch import quarantined
from credit_bus_connectors.monitor.canaries import canary_of

BENCH = Bench(codec=samples.codec(), registry=samples.registry())
THEN = (refusal("time-in-future", "ce_time"),)


def in_quarantine(message: Message, *codes: str) -> Message:
    """The record that the gate writes of a message that it refuses for these reasons."""
    reasons = [refusal(code, "") for code in codes] or THEN
    wire = quarantined(message, "gate", reasons)
    return Message(
        topic=QUARANTINE,
        partition=3,
        offset=17,
        timestamp_ms=samples.NOW_MS,
        key=wire.key,
        headers=tuple(wire.headers),
        value=wire.value,
    )


def kept(message: Message, *codes: str) -> Kept:
    found = kept_of(in_quarantine(message, *codes))
    assert found is not None
    return found


def judged(found: Kept, known: Known | None = None, home: int | None = None) -> Judgement:
    return rejudge(found, known, BENCH, home=home, now=samples.NOW)


def test_what_no_stage_wrote_is_nothing() -> None:
    message = samples.message(samples.penalty(1))

    assert kept_of(message) is None
    assert kept_of(replace(in_quarantine(message), headers=message.headers)) is None


@given(
    key=st.none() | st.binary(max_size=20),
    value=st.none() | st.binary(max_size=50),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["ce_id", "x", "quarantine-topic", "quarantine-offset"]),
            st.none() | st.binary(max_size=10),
        ),
        max_size=6,
    ),
)
def test_the_original_comes_back_byte_for_byte_whatever_its_sender_wrote(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
) -> None:
    message = replace(
        samples.message(samples.penalty(1), partition=2, offset=9),
        key=key,
        value=value,
        headers=tuple(headers),
    )

    assert message == kept(message).message


@pytest.mark.parametrize(
    ("message", "known", "home", "verdict"),
    [
        (samples.message(samples.penalty(1)), None, 0, Verdict.ACCEPTED),
        (samples.message(samples.penalty(1)), None, 1, Verdict.REJECTED),
        (samples.message(samples.penalty(1, violation="")), None, 0, Verdict.REJECTED),
        (
            samples.message(samples.penalty(1)),
            Known(revision=1, digest=digest_of(samples.message(samples.penalty(1)).value)),
            0,
            Verdict.SAID_BEFORE,
        ),
        (
            samples.message(samples.penalty(1)),
            Known(revision=2, digest=b"x" * 16),
            0,
            Verdict.REJECTED,
        ),
    ],
)
def test_it_is_judged_as_the_gate_would_judge_it_today(
    message: Message, known: Known | None, home: int, verdict: Verdict
) -> None:
    found = judged(kept(message), known, home)

    assert verdict is found.verdict
    assert (verdict is Verdict.ACCEPTED) == found.is_worth_sending
    assert samples.registry().version == found.rule


def test_the_difference_names_what_went_what_stays_and_what_is_new() -> None:
    bad = samples.message(samples.penalty(1, violation="", facts=""))
    then = kept(bad, "time-in-future").reasons
    first = judged(kept(bad))
    again = judged(replace(kept(bad), reasons=(*then, first.new[0])))

    assert ["time-in-future"] == [each.code for each in again.gone]
    assert [first.new[0]] == list(again.stay)
    assert list(first.new[1:]) == list(again.new)
    assert again.new


def test_it_is_sent_as_it_came_with_one_mark() -> None:
    message = samples.message(samples.penalty(1), partition=2, offset=9)
    found = to_send(kept(message), None, BENCH, home=2, now=samples.NOW)

    assert replace(found, headers=message.headers) == message
    assert (*message.headers, (REDRIVEN_HEADER, b"3@17")) == found.headers


def test_the_mark_is_left_out_where_it_would_change_what_the_gate_says() -> None:
    message = samples.message(samples.penalty(1))
    room = HEADERS_BYTES_MAX - sum(len(name) + len(value) for name, value in message.headers)
    full = replace(message, headers=(*message.headers, ("x", b"x" * (room - 1))))
    marked = replace(message, headers=(*message.headers, (REDRIVEN_HEADER, b"1@1")))

    assert judged(kept(full)).is_worth_sending
    for each in (full, marked):
        assert each == to_send(kept(each), None, BENCH, home=0, now=samples.NOW)


def test_it_is_shown_whole_and_its_body_as_far_as_it_decodes() -> None:
    good = samples.message(samples.penalty(1))
    broken = replace(good, value=b"\x00\x00")
    told = plain(kept(good), samples.codec())

    assert json.dumps(told)
    assert (True, "penalty.decided") == (told["body"]["decodes"], told["body"]["type"])
    assert ("3@17", samples.PENALISING) == (told["place"], told["party"])
    assert ["time-in-future"] == [each["code"] for each in told["reasons"]]
    assert not plain(kept(broken), samples.codec())["body"]["decodes"]
    assert document_of(kept(broken), samples.codec()) is None
    assert document_of(kept(good), samples.codec())
    assert timedelta() == kept(good).kept_at - samples.NOW


def test_a_canary_is_judged_and_never_sent_once_more() -> None:
    found = judged(kept(samples.message(canary_of("finance", samples.NOW))))

    assert Verdict.ACCEPTED is found.verdict
    assert (CANARY,) == found.hindrances


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": None}, "key-missing"),
        ({"value": None}, "body-missing"),
        ({"value": b"\x00" + b"\xff" * 40}, "unknown-schema"),
    ],
)
def test_what_has_no_key_no_body_or_no_schema_of_today_is_left_with_the_reason(
    changes: dict[str, bytes | None], code: str
) -> None:
    found = judged(kept(replace(samples.message(samples.penalty(1)), **changes)))

    assert code in found.hindrances


def test_of_a_party_that_is_none_any_more_nothing_is_sent() -> None:
    registry = samples.registry()
    parties = {code: each for code, each in registry.parties.items() if code != samples.PENALISING}
    bench = Bench(codec=samples.codec(), registry=replace(registry, parties=parties))
    message = kept(samples.message(samples.penalty(1)))
    found = rejudge(message, None, bench, home=None, now=samples.NOW)

    assert "no-right" in found.hindrances


def test_once_accepted_a_document_is_known_so_that_the_next_is_judged_behind_it() -> None:
    first = judged(kept(samples.message(samples.penalty(1))))
    second = judged(kept(samples.message(samples.penalty(1))), first.known)
    older = judged(kept(samples.message(samples.penalty(1))), Known(revision=2, digest=b"x" * 16))

    assert (SAID_BEFORE,) == second.hindrances
    assert ("stale-revision",) == older.hindrances
    assert older.known is None


def test_many_are_counted_by_what_speaks_against_them() -> None:
    found = tally_of([(), (), ("text-missing", "no-right"), ("text-missing",)])

    assert (2, 2) == (found.taken, found.left)
    assert [("text-missing", 2), ("no-right", 1)] == list(found.codes.items())


@pytest.mark.parametrize("number", [synthetic_resident_id(7), "13800138000"])
def test_a_number_in_a_text_of_it_is_shown_to_nobody(number: str) -> None:
    good = samples.message(samples.penalty(1, content=f"罚款，电话或者证件 {number}"))
    headed = replace(good, headers=(*good.headers, ("x", f"电话 {number}".encode())))
    broken = replace(good, value=f'{{"id":"{number}"}}'.encode())
    cut = replace(good, value=b"." * (BODY_BYTES_SHOWN_MAX - 9) + number.encode())

    for each in (headed, broken, cut):
        told = json.dumps(plain(kept(each), samples.codec()), ensure_ascii=False)
        for part in (number, number[:9], number.encode().hex(), number[:9].encode().hex()):
            assert part not in told
    assert (
        "罚款，电话或者证件 *" in plain(kept(good), samples.codec())["body"]["content"]["content"]
    )
