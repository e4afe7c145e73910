"""The pump, driven turn by turn against an inbox and a platform in memory."""

from dataclasses import replace

import pytest
from tests import samples
from tests.unit.connectors.inbox import (
    PLATFORM,
    REASON,
    START,
    Clock,
    Inbox,
    LatePlatform,
    Platform,
    Silence,
    make_pump,
)

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.wire import write_event
from credit_bus.domain.event import Event, document_of, event_id
from credit_bus.domain.event_types import CANARY_SENT
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.contract import Answer, Result, UnreachableError
from credit_bus_connectors.deliveries import statement
from credit_bus_connectors.parking import PARKED_EVENTS_MAX
from credit_bus_connectors.pump import (
    BATCH_EVENTS_MAX,
    LATE_EVERY_SECONDS,
    PLATFORM_UNREACHABLE,
    PROBE_WAIT_SECONDS_MAX,
)

STUBBORN = synthetic_uscc(0)


def events(*subjects: int) -> list[Event]:
    return [samples.penalty(s, document_number=f"{s}-{n}") for n, s in enumerate(subjects)]


def later_while(condition: list[bool]) -> Platform:
    """A platform that puts the stubborn subject off as long as the list says so."""
    return Platform(
        judge=lambda event: (
            Result.TRY_LATER if event.subject == STUBBORN and condition[0] else Result.DELIVERED
        )
    )


def turns(pump: object, count: int, clock: Clock, seconds: float = 0.0) -> None:
    for _ in range(count):
        pump.turn()  # type: ignore[attr-defined]
        clock.pass_(seconds)


@pytest.mark.parametrize(
    "answer",
    [
        {"result": Result.DELIVERED, "acknowledgement": "row-1"},
        {"result": Result.DELIVERED, "answered_at": START},
        {"result": Result.INVALID, "answered_at": START},
        {"result": Result.INVALID, "reasons": (REASON,)},
        {
            "result": Result.DELIVERED,
            "acknowledgement": "row-1",
            "answered_at": START.replace(tzinfo=None),
        },
    ],
)
def test_an_answer_without_what_its_statement_needs_cannot_be_built(answer: dict) -> None:
    with pytest.raises(ValueError, match="correct the sink"):
        Answer(**answer)


def test_an_event_to_be_tried_later_makes_no_statement() -> None:
    with pytest.raises(ValueError, match="settles nothing"):
        statement(PLATFORM, samples.penalty(), Answer(result=Result.TRY_LATER))


def test_nothing_is_saved_or_said_when_the_sink_breaks() -> None:
    inbox = Inbox(events(0, 1))
    pump = make_pump(inbox, Platform(trouble=[RuntimeError("broken")]), Clock())

    with pytest.raises(RuntimeError):
        pump.turn()

    assert (0, []) == (inbox.position, inbox.said)


def test_an_unreachable_platform_is_probed_with_the_same_batch_and_nothing_new_is_read() -> None:
    clock, log = Clock(), Silence()
    inbox = Inbox(events(0, 1))
    platform = Platform(trouble=[UnreachableError("gone")] * 3)
    pump = make_pump(inbox, platform, clock, log)

    pump.turn()
    pump.turn()

    assert 1 == platform.tries  # not before the probe is due
    assert [BATCH_EVENTS_MAX, 0] == inbox.asked
    assert PLATFORM_UNREACHABLE == log.lines[0][0]
    assert (0, 0) == (inbox.position, pump._parking.events)

    turns(pump, 10, clock, seconds=1.0)

    assert 4 == platform.tries
    assert 2 == inbox.position
    assert [event.id for event in inbox.events] == platform.order


def test_a_probe_waits_as_long_as_the_platform_asks_within_a_bound() -> None:
    clock = Clock()
    trouble = UnreachableError("busy", retry_after_seconds=20)
    endless = UnreachableError("busy", retry_after_seconds=1e9)
    platform = Platform(trouble=[trouble, endless])
    pump = make_pump(Inbox(events(0)), platform, clock)

    pump.turn()
    clock.pass_(19)
    pump.turn()

    assert 1 == platform.tries

    clock.pass_(1)
    pump.turn()
    clock.pass_(PROBE_WAIT_SECONDS_MAX)
    pump.turn()

    assert 3 == platform.tries


def test_a_parked_subject_keeps_its_order_while_others_go_on() -> None:
    clock, condition = Clock(), [True]
    inbox = Inbox(events(0, 1, 0, 2, 0))
    platform = later_while(condition)
    pump = make_pump(inbox, platform, clock)

    pump.turn()

    assert [inbox.events[1].id, inbox.events[3].id] == platform.order
    assert 0 == inbox.position  # below the earliest parked event

    condition[0] = False
    clock.pass_(2)
    pump.turn()

    assert [inbox.events[at].id for at in (1, 3, 0, 2, 4)] == platform.order
    assert 5 == inbox.position
    assert 5 == len({said.id for said in inbox.said})


def test_what_was_delivered_beyond_the_position_comes_again_and_is_said_the_same() -> None:
    clock, condition = Clock(), [True]
    inbox = Inbox(events(0, 1))
    platform = later_while(condition)
    turns(make_pump(inbox, platform, clock), 1, clock)
    first = inbox.said[0]

    inbox.reading_at = inbox.position  # a new process starts at the saved position
    condition[0] = False
    turns(make_pump(inbox, platform, clock), 1, clock)

    assert [first, first] == [said for said in inbox.said if said.id == first.id]
    assert 2 == len(platform.order)


def test_reading_pauses_while_parking_is_full_and_goes_on_afterwards() -> None:
    clock, condition = Clock(), [True]
    inbox = Inbox(events(*[0] * (PARKED_EVENTS_MAX + 10)))
    platform = later_while(condition)
    pump = make_pump(inbox, platform, clock)

    turns(pump, PARKED_EVENTS_MAX // BATCH_EVENTS_MAX + 2, clock)

    assert PARKED_EVENTS_MAX == inbox.reading_at
    assert 0 == inbox.asked[-1]

    condition[0] = False
    turns(pump, 2 * PARKED_EVENTS_MAX // BATCH_EVENTS_MAX, clock, seconds=1.0)

    assert PARKED_EVENTS_MAX + 10 == inbox.position
    assert [event.id for event in inbox.events] == platform.order


def test_a_lost_partition_is_forgotten_and_read_again_from_the_saved_position() -> None:
    clock, condition = Clock(), [True]
    inbox = Inbox(events(0, 1))
    platform = later_while(condition)
    pump = make_pump(inbox, platform, clock)
    pump.turn()

    inbox.lose_next, condition[0] = True, False
    turns(pump, 2, clock)

    assert 2 == inbox.position
    assert [inbox.events[1].id, inbox.events[0].id] == platform.order


def test_a_held_batch_of_a_lost_partition_is_not_tried_again_from_memory() -> None:
    clock = Clock()
    inbox = Inbox(events(0))
    platform = Platform(trouble=[UnreachableError("gone")])
    pump = make_pump(inbox, platform, clock)
    pump.turn()

    inbox.lose_next = True
    turns(pump, 2, clock)

    assert 1 == inbox.position
    assert 1 == len(inbox.said)


def test_a_poll_waits_only_until_something_is_due() -> None:
    clock, condition = Clock(), [True]
    inbox = Inbox(events(0))
    pump = make_pump(inbox, later_while(condition), clock)

    pump.turn()
    clock.pass_(0.75)
    pump.turn()
    clock.pass_(0.25)
    pump.turn()

    assert [1.0, 0.25, 0.0] == inbox.patience


def test_a_refusal_is_said_with_all_its_reasons() -> None:
    inbox = Inbox([samples.penalty()])
    make_pump(inbox, Platform(judge=lambda _: Result.INVALID), Clock()).turn()

    told = inbox.said[0]
    assert ("delivery.refused", samples.penalty().id) == (told.type, told.causation_id)
    assert [{"code": REASON.code, "field": "content", "rule": "太长", "remedy": "请缩短"}] == (
        told.body["reasons"]
    )
    assert 1 == inbox.position


def test_what_a_platform_refuses_later_is_said_after_its_confirmation_and_once() -> None:
    event, clock, platform = samples.penalty(), Clock(), LatePlatform()
    inbox = Inbox([event])
    pump = make_pump(inbox, platform, clock)
    pump.turn()
    platform.refuse(event)
    turns(pump, 3, clock, LATE_EVERY_SECONDS)

    assert ["delivery.confirmed", "delivery.refused"] == [told.type for told in inbox.said]
    late = inbox.said[1]
    assert (event.id, event.subject, event.source) == (
        late.causation_id,
        late.subject,
        late.body["provider"],
    )
    assert 1 == inbox.position


def test_a_late_refusal_that_could_not_be_noted_is_said_again_in_the_same_words() -> None:
    clock, platform = Clock(), LatePlatform(noting=[UnreachableError("gone")])
    inbox, log = Inbox([]), Silence()
    platform.refuse(samples.penalty())
    turns(make_pump(inbox, platform, clock, log), 3, clock, LATE_EVERY_SECONDS)

    first, again = inbox.said
    assert first == again
    assert PLATFORM_UNREACHABLE in [event for event, _ in log.lines]


def test_a_platform_is_asked_for_late_refusals_now_and_then_and_not_while_it_is_away() -> None:
    clock, platform = Clock(), LatePlatform()
    pump = make_pump(Inbox(events(0, 1)), platform, clock)
    turns(pump, 10, clock, LATE_EVERY_SECONDS / 10)
    often = platform.asked_late
    platform.trouble.append(UnreachableError("gone", retry_after_seconds=30))
    away = make_pump(Inbox(events(0)), platform, clock)
    turns(away, 3, clock, LATE_EVERY_SECONDS)

    assert (1, 1) == (often, platform.asked_late)


@pytest.mark.parametrize("result", [Result.DELIVERED, Result.INVALID])
def test_a_statement_is_what_the_gate_takes(result: Result) -> None:
    about = replace(samples.penalty(), correlation_id="a-correlation", traceparent="00-a-b-01")
    answer = Platform(judge=lambda _: result).deliver([about])[0]
    told = statement(PLATFORM, about, answer)

    assert told.id == event_id(
        source=PLATFORM,
        kind=told.type,
        document=document_of(told.type, told.body),
        subject=about.subject,
        revision=1,
    )
    assert ("a-correlation", about.id, "00-a-b-01") == (
        told.correlation_id,
        told.causation_id,
        told.traceparent,
    )
    assert about.subject.encode() == write_event(told, Codec(load_catalogue())).key


def test_the_log_holds_counts_and_no_content() -> None:
    log = Silence()
    make_pump(Inbox(events(0, 1)), Platform(), Clock(), log).turn()

    assert ["batch.settled"] == [event for event, _ in log.lines]
    assert STUBBORN not in str(log.lines)
    assert 2 == log.lines[0][1]["delivered"]


def test_a_canary_is_answered_in_its_place_and_no_platform_sees_it() -> None:
    canary = samples.of_upkeep(CANARY_SENT)
    first, last = events(1, 2)
    inbox, platform = Inbox([first, canary, last]), Platform()
    make_pump(inbox, platform, Clock()).turn()

    assert [first.id, last.id] == platform.order
    assert [first.id, canary.id, last.id] == [each.causation_id for each in inbox.said]
    assert {"delivery.confirmed"} == {each.type for each in inbox.said}
    assert (3, canary.id) == (inbox.position, inbox.said[1].body["acknowledgement"])


def test_a_canary_waits_while_the_platform_is_away_and_is_answered_alike_after_it() -> None:
    canary = samples.of_upkeep(CANARY_SENT)
    inbox, clock = Inbox([canary]), Clock()
    platform = Platform(trouble=[UnreachableError("away")])
    pump = make_pump(inbox, platform, clock)
    pump.turn()
    assert ([], 0) == (inbox.said, inbox.position)
    clock.pass_(PROBE_WAIT_SECONDS_MAX)
    pump.turn()
    again = Inbox([canary])
    make_pump(again, Platform(), Clock()).turn()

    assert [1, 1] == [len(inbox.said), inbox.position]
    assert inbox.said == again.said
