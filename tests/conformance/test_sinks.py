"""What every platform's sink must do alike, on the real thing."""

from typing import Any

import pytest
from tests import samples
from tests.conformance.delivering import ORDERS, deliver
from tests.conformance.platforms import (
    NUMBER,
    Platform,
    keys,
    natural_person,
)

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import RECORD_CORRECTED, RECORD_WITHDRAWN
from credit_bus_connectors.contract import Result, Sink, UnreachableError


def test_a_platform_that_does_not_answer_is_unreachable(platform: Platform) -> None:
    nowhere = platform.connect_nowhere()

    with pytest.raises(UnreachableError) as raised:
        nowhere.deliver([samples.penalty(subject=samples.subject(name="不得入日志"))])
    nowhere.close()

    assert "不得入日志" not in str(raised.value)


def test_whether_a_platform_is_there_is_asked_without_an_event(
    platform: Platform, sink: Sink
) -> None:
    nowhere = platform.connect_nowhere()
    with pytest.raises(UnreachableError):
        nowhere.reach()
    nowhere.close()
    sink.reach()
    platform.disturb()
    with pytest.raises(UnreachableError):
        sink.reach()
    sink.reach()

    assert 0 == platform.held(samples.penalty(1))


def test_a_platform_that_comes_back_is_delivered_to_once(platform: Platform, sink: Sink) -> None:
    sink.deliver([samples.penalty(1)])
    platform.disturb()
    batch = [samples.penalty(1), samples.penalty(2)]

    with pytest.raises(UnreachableError):
        sink.deliver(batch)
    answers = sink.deliver(batch)

    assert [Result.DELIVERED] * 2 == [answer.result for answer in answers]
    assert [1, 1] == [platform.held(event) for event in batch]


def test_what_is_invalid_is_told_with_reasons_and_stops_nobody(
    platform: Platform, sink: Sink
) -> None:
    batch = [samples.penalty(1), platform.invalid, samples.penalty(2)]

    first = sink.deliver(batch)
    again = sink.deliver(batch)

    assert [Result.DELIVERED, Result.INVALID, Result.DELIVERED] == [a.result for a in first]
    assert all(reason.rule and reason.remedy for reason in first[1].reasons)
    assert first == again
    assert [1, 0, 1] == [platform.held(event) for event in batch]


def test_a_duplicate_gets_the_same_answer_and_has_no_effect(platform: Platform, sink: Sink) -> None:
    event = samples.penalty(1)

    first = sink.deliver([event])
    twice = sink.deliver([event, event])
    restarted = platform.connect()
    afterwards = restarted.deliver([event])
    restarted.close()

    assert [*first] * 2 == [*twice]
    assert first == afterwards
    assert first[0].acknowledgement
    assert 1 == platform.held(event)


def test_a_duplicate_within_the_first_batch_has_no_effect(platform: Platform, sink: Sink) -> None:
    event = samples.penalty(1)

    answers = sink.deliver([event, samples.penalty(2), event])

    assert answers[0] == answers[2]
    assert answers[0] != answers[1]
    assert 1 == platform.held(event)


@pytest.mark.parametrize("apart", [True, False], ids=["two-batches", "one-batch"])
def test_a_newer_revision_replaces_the_current_one(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    first, second = samples.penalty(1), samples.penalty(1, revision=2, remark="更正")

    for batch in ([first], [second]) if apart else ([first, second],):
        sink.deliver(batch)

    assert [2] == platform.current(second)
    assert [1, 1] == [platform.held(event) for event in (first, second)]


@pytest.mark.parametrize("apart", [True, False], ids=["two-batches", "one-batch"])
def test_a_stale_revision_never_overwrites_a_newer_one(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    first, second = samples.penalty(1), samples.penalty(1, revision=2, remark="更正")

    answers = []
    for batch in ([second], [first]) if apart else ([second, first],):
        answers += sink.deliver(batch)

    assert [Result.DELIVERED] * 2 == [answer.result for answer in answers]
    assert [2] == platform.current(first)


def test_documents_of_one_number_but_two_subjects_do_not_replace_each_other(
    platform: Platform, sink: Sink
) -> None:
    same = {"document_number": "甘区市监罚〔2026〕1号"}
    batch = [samples.penalty(1, **same), samples.penalty(2, revision=2, **same)]

    answers = sink.deliver(batch)

    assert 2 == len({answer.acknowledgement for answer in answers})
    assert [1, 1] == [platform.held(event) for event in batch]


def test_answers_come_in_the_order_of_a_full_batch(platform: Platform, sink: Sink) -> None:
    batch = [samples.penalty(n % 40, document_number=f"第{n}号") for n in range(500)]

    answers = sink.deliver(batch)

    assert 500 == len({answer.acknowledgement for answer in answers})
    for at in (0, 250, 499):
        assert [answers[at]] == list(sink.deliver([batch[at]]))


def test_a_persons_number_is_in_clear_at_the_province_alone(
    platform: Platform, sink: Sink, database: str
) -> None:
    answers = sink.deliver([natural_person(database)])

    assert Result.DELIVERED is answers[0].result
    assert (platform.name == "provincial") == (NUMBER in platform.everything())


def test_an_empty_batch_is_no_trouble(sink: Sink) -> None:
    assert [] == list(sink.deliver([]))


def test_records_of_both_generations_are_delivered_once(
    platform: Platform, sink: Sink, database: str
) -> None:
    batch = [
        event for event in samples.records_of_both_generations() if event.body["subject"]["uscc"]
    ]
    for body in (samples.licence_body, samples.licence_body_2016, samples.penalty_body_2016):
        for category in ("natural_person", "individual_business"):
            number = f"{body.__name__} {category}"
            batch.append(
                natural_person(database, body=body, category=category, document_number=number)
            )
    assert {"2016", "2018"} == {event.body["generation"] for event in batch}

    first, again = sink.deliver(batch), sink.deliver(batch)

    assert {Result.DELIVERED} == {answer.result for answer in first}
    assert first == again
    assert [1] * len(batch) == [platform.held(event) for event in batch]


def withdrawal(number: int = 1, *, up_to: int = 1, **changes: Any) -> Event:
    """The withdrawal of that penalty up to a revision of it."""
    return samples.of_standing(RECORD_WITHDRAWN, number, record_revision=up_to, **changes)


@ORDERS
def test_what_is_withdrawn_is_current_no_more(platform: Platform, sink: Sink, apart: bool) -> None:
    other = samples.penalty(2)
    deliver(sink, [samples.penalty(1), other, withdrawal()], apart=apart)

    assert [] == platform.current(samples.penalty(1))
    assert [1] == platform.current(other)


@ORDERS
def test_a_withdrawal_that_comes_twice_is_answered_the_same_and_has_one_effect(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    first, again = withdrawal(), withdrawal()
    answers = deliver(sink, [samples.penalty(1), first, again], apart=apart)

    assert answers[1] == answers[2]
    assert [answers[1]] == list(sink.deliver([first]))
    assert 1 == platform.held(first)
    assert [] == platform.current(samples.penalty(1))


@ORDERS
def test_a_withdrawal_may_come_before_the_record(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    late = samples.penalty(1)
    deliver(sink, [withdrawal(), late, samples.penalty(2)], apart=apart)

    assert [] == platform.current(late)
    assert 1 == platform.held(late)
    assert [1] == platform.current(samples.penalty(2))


@ORDERS
def test_a_newer_revision_stands_again_after_a_withdrawal_and_an_older_one_does_not(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    first, second, third = (samples.penalty(1, revision=number) for number in (1, 2, 3))
    deliver(sink, [second, withdrawal(up_to=2), third, first], apart=apart)

    assert [3] == platform.current(third)


@ORDERS
def test_a_withdrawal_up_to_an_older_revision_leaves_the_newer_one(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    newer = samples.penalty(1, revision=2)
    deliver(sink, [samples.penalty(1), newer, withdrawal(up_to=1)], apart=apart)

    assert [2] == platform.current(newer)


@ORDERS
def test_the_furthest_of_two_withdrawals_holds_whatever_their_order(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    newer = samples.penalty(1, revision=2)
    deliver(sink, [withdrawal(up_to=2), withdrawal(up_to=1), newer], apart=apart)

    assert [] == platform.current(newer)


def test_a_withdrawal_of_an_unknown_record_is_taken_and_touches_nothing(
    platform: Platform, sink: Sink
) -> None:
    """It may be of a record that is still on its way."""
    same_number = samples.penalty(2, document_number=samples.penalty(1).body["document_number"])
    deliver(sink, [same_number, withdrawal()], apart=True)

    assert [1] == platform.current(same_number)
    assert 1 == platform.held(withdrawal())


@ORDERS
@pytest.mark.parametrize("early", [True, False], ids=["before-its-revision", "after-it"])
def test_a_correction_is_taken_once_and_its_revision_stands(
    platform: Platform, sink: Sink, apart: bool, early: bool
) -> None:
    correction = samples.of_standing(RECORD_CORRECTED, 1)
    corrected = samples.penalty(1, revision=2, content="罚款人民币一万元")
    last = [correction, corrected] if early else [corrected, correction]
    deliver(sink, [samples.penalty(1), *last], apart=apart)

    assert [2] == platform.current(corrected)
    assert list(sink.deliver([correction])) == list(sink.deliver([correction]))
    assert 1 == platform.held(correction)


def test_a_withdrawal_about_a_person_is_taken_though_the_number_is_erased(
    platform: Platform, sink: Sink, database: str
) -> None:
    record = natural_person(database)
    told = {**samples.reference(), "uscc": None, "category": "natural_person"}
    subject = {**told, "person_id": record.body["subject"]["person_id"]}
    deliver(sink, [record], apart=True)
    store = keys(database)
    store.destroy(record.subject)
    store.close()

    deliver(sink, [withdrawal(0, subject=subject)], apart=True)

    assert [] == platform.current(record)
