"""The way of an event holds every record that is its own, and each once."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from tests import samples
from tests.unit.operations.histories import PLATFORMS, READER, MemoryBus, read_whole, usual
from tests.unit.operations.test_adding_up import histories

from credit_bus.domain.channels import RECORDS, inbox, outbox, replies
from credit_bus.operations.trace import way as way_module
from credit_bus.operations.trace.hops import DELIVERY_TYPES, Kind, name_of, name_of_place
from credit_bus.operations.trace.way import Delivery, Way, plain, way


def ways_of(history, event_id: str, **more) -> Way | None:  # type: ignore[no-untyped-def]
    return way(name_of(event_id), [READER.hop(each) for each in history], **more)


def test_an_unknown_event_has_no_way() -> None:
    assert ways_of(usual(), "0" * 32) is None


def test_a_refused_message_is_told_with_its_reasons_and_lies_in_quarantine() -> None:
    bus = MemoryBus()
    bad = samples.penalty(3, violation="")
    bus.say(bad)
    found = ways_of(bus.history, bad.id)

    assert found is not None
    assert [Kind.SAID, Kind.REJECTED, Kind.QUARANTINED] == [
        each.hop.kind for each in sorted(found.steps, key=lambda each: each.hop.kind)
    ]
    assert {("text-missing",)} == {each.hop.codes for each in found.steps if each.hop.codes}
    assert not found.deliveries


def test_a_penalty_is_said_logged_told_and_given_and_each_platform_answers() -> None:
    bus = MemoryBus()
    event = samples.penalty(1)
    bus.say(event)
    bus.answer("municipal-platform", twice=True)
    bus.answer("public-site", refuses=True)
    found = ways_of(bus.history, event.id)

    assert found is not None
    assert (event.id, event.type, event.source) == (found.name.hex(), found.type, found.source)
    assert {outbox(samples.PENALISING), RECORDS, replies(samples.PENALISING)} == {
        each.hop.topic for each in found.steps[:3]
    }
    assert {*map(inbox, PLATFORMS)} == {each.hop.topic for each in found.steps[3:]}
    assert {samples.registry().version} == {s.hop.rule for s in found.steps if s.hop.rule}
    assert all(each.after is None or each.after > timedelta() for each in found.steps)
    assert {
        "municipal-platform": (Delivery.DELIVERED, 2),
        "public-site": (Delivery.REFUSED, 1),
    } == {each.platform: (each.state, each.said_times) for each in found.deliveries}


def test_what_a_platform_passed_over_is_parked_and_what_it_has_not_reached_is_in_flight() -> None:
    bus = MemoryBus()
    one, two = samples.penalty(1), samples.penalty(1, revision=2)
    bus.say(one, two)
    given = [each for each in bus.history if each.topic == inbox("public-site")]
    reached = {(inbox("public-site"), given[0].partition): given[1].offset}
    first = ways_of(bus.history, one.id, answered=reached)
    second = ways_of(bus.history, two.id, answered=reached)

    assert first is not None
    assert second is not None
    assert [Delivery.PARKED] == [each.state for each in first.deliveries]
    assert [Delivery.IN_FLIGHT] == [each.state for each in second.deliveries]


def test_what_a_connector_has_passed_without_a_word_is_passed_over() -> None:
    bus = MemoryBus()
    one, two = samples.penalty(1), samples.penalty(1, revision=2)
    bus.say(one, two)
    given = [each for each in bus.history if each.topic == inbox("public-site")]
    place = (inbox("public-site"), given[0].partition)
    known = {"answered": {place: given[1].offset}, "passed": {place: given[1].offset}}
    first, second = (ways_of(bus.history, each.id, **known) for each in (one, two))

    assert first is not None
    assert second is not None
    assert [Delivery.PASSED_OVER] == [each.state for each in first.deliveries]
    assert [Delivery.IN_FLIGHT] == [each.state for each in second.deliveries]


def test_a_way_that_is_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = MemoryBus()
    bus.say(samples.initiation(1))
    whole = ways_of(bus.history, samples.initiation(1).id)
    monkeypatch.setattr(way_module, "WAYS_MAX", 3)
    cut = ways_of(bus.history, samples.initiation(1).id)

    assert whole is not None
    assert cut is not None
    assert (True, False) == (whole.is_whole, cut.is_whole)
    assert (6, 2) == (len(whole.caused), len(cut.caused))
    assert plain(cut)["is_whole"] is False


def test_a_platform_that_never_answered_is_known_to_owe_an_answer() -> None:
    bus = MemoryBus()
    event = samples.penalty(1)
    bus.say(event)
    found = ways_of(bus.history, event.id, answered={(inbox("public-site"), -1): -1})

    assert found is not None
    assert [("public-site", Delivery.IN_FLIGHT)] == [
        (each.platform, each.state) for each in found.deliveries
    ]


def test_orders_and_answers_hang_on_the_initiation_that_caused_them() -> None:
    bus = MemoryBus()
    initiation = samples.initiation(1)
    bus.say(initiation)
    order = next(
        each for each in map(READER.hop, bus.history)
        if each.kind is Kind.ORDERED and each.party == "finance"
    )  # fmt: skip
    body = samples.response_body(initiation.body["action_id"], samples.COURT_MEASURES[0])
    response = samples.said(
        "measure.responded",
        body,
        party="finance",
        subject=initiation.subject,
        causation_id=order.name.hex(),
    )
    bus.say(response)
    found = ways_of(bus.history, initiation.id)

    assert found is not None
    orders = {each.name: each for each in found.caused}
    assert 6 == len(orders)
    assert [response.id] == [each.name.hex() for each in orders[order.name].caused]


def test_a_way_is_plain_json_without_anybody_s_key() -> None:
    history = usual()
    event = samples.initiation(1)
    found = ways_of(history, event.id)
    assert found is not None
    told = plain(found)

    assert (event.id, "said") == (told["event"], told["hops"][0]["kind"])
    assert event.subject not in str(told)
    assert len(PLATFORMS) >= len(told["deliveries"]) > 0


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories())
def test_each_record_lies_on_exactly_one_way(history) -> None:  # type: ignore[no-untyped-def]
    """Words of platforms are told with what they are about, all else as a hop."""
    hops = read_whole(history).hops
    names = {hop.name if hop.kind is Kind.ORDERED else hop.of for hop in hops}
    found = [way(name, hops) for name in names]
    places = [step.hop.place for each in found if each for step in each.steps]

    assert sorted(hop.place for hop in hops) == sorted(places)
    assert DELIVERY_TYPES
    assert name_of_place("a", 0, 1) != name_of_place("a", 0, 2)
