"""What every platform must do alike when the public display of a record is over."""

from itertools import permutations
from typing import Any

import pytest
from tests import samples
from tests.conformance.delivering import ORDERS, deliver
from tests.conformance.platforms import (
    Platform,
    keys,
    natural_person,
)

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import PUBLICITY_ENDED, RECORD_WITHDRAWN
from credit_bus_connectors.contract import Sink


def end(number: int = 1, *, up_to: int = 1, **changes: Any) -> Event:
    """The end of that penalty's publicity up to a revision of it."""
    return samples.of_standing(PUBLICITY_ENDED, number, record_revision=up_to, **changes)


@ORDERS
def test_what_is_shown_no_more_is_kept(platform: Platform, sink: Sink, apart: bool) -> None:
    record, other = samples.penalty(1), samples.penalty(2)
    deliver(sink, [record, other, end()], apart=apart)

    assert ([], [1]) == (platform.shown(record), platform.current(record))
    assert ([1], [1]) == (platform.shown(other), platform.current(other))


@ORDERS
def test_an_end_of_publicity_that_comes_twice_is_answered_the_same(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    answers = deliver(sink, [samples.penalty(1), end(), end()], apart=apart)

    assert answers[1] == answers[2]
    assert [answers[1]] == list(sink.deliver([end()]))
    assert 1 == platform.held(end())
    assert ([], [1]) == (platform.shown(samples.penalty(1)), platform.current(samples.penalty(1)))


@ORDERS
def test_an_end_of_publicity_may_come_before_the_record(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    late = samples.penalty(1)
    deliver(sink, [end(), late, samples.penalty(2)], apart=apart)

    assert ([], [1]) == (platform.shown(late), platform.current(late))
    assert [1] == platform.shown(samples.penalty(2))


@ORDERS
@pytest.mark.parametrize("up_to", [1, 2])
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_newer_revision_is_shown_until_its_own_publicity_ends_whatever_the_order(
    platform: Platform, sink: Sink, order: tuple[int, ...], up_to: int, apart: bool
) -> None:
    first, second = (samples.penalty(1, revision=number) for number in (1, 2))
    said = [first, second, end(up_to=up_to)]
    deliver(sink, [said[place] for place in order], apart=apart)

    assert ([2] if up_to == 1 else []) == platform.shown(second)
    assert [2] == platform.current(second)


@ORDERS
def test_what_is_shown_again_is_hidden_again_by_an_end_of_its_own(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    first, second, third = (samples.penalty(1, revision=number) for number in (1, 2, 3))
    deliver(sink, [first, end(), second, end(up_to=2)], apart=apart)
    hidden = platform.shown(second)
    deliver(sink, [third], apart=apart)

    assert ([], [3]) == (hidden, platform.shown(third))


@ORDERS
def test_the_furthest_of_two_ends_holds_whatever_their_order(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    newer = samples.penalty(1, revision=2)
    deliver(sink, [end(up_to=2), end(up_to=1), newer], apart=apart)

    assert ([], [2]) == (platform.shown(newer), platform.current(newer))


@ORDERS
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_what_is_withdrawn_too_is_neither_shown_nor_current_whatever_the_order(
    platform: Platform, sink: Sink, order: tuple[int, ...], apart: bool
) -> None:
    record = samples.penalty(1)
    said = [record, end(), samples.of_standing(RECORD_WITHDRAWN, 1)]
    deliver(sink, [said[place] for place in order], apart=apart)

    assert ([], []) == (platform.shown(record), platform.current(record))


def test_an_end_of_the_publicity_of_an_unknown_record_touches_nothing(
    platform: Platform, sink: Sink
) -> None:
    same_number = samples.penalty(2, document_number=samples.penalty(1).body["document_number"])
    deliver(sink, [same_number, end()], apart=True)

    assert [1] == platform.shown(same_number)
    assert 1 == platform.held(end())


def test_an_end_of_publicity_about_a_person_is_taken_though_the_number_is_erased(
    platform: Platform, sink: Sink, database: str
) -> None:
    record = natural_person(database)
    told = {**samples.reference(), "uscc": None, "category": "natural_person"}
    subject = {**told, "person_id": record.body["subject"]["person_id"]}
    deliver(sink, [record], apart=True)
    store = keys(database)
    store.destroy(record.subject)
    store.close()

    deliver(sink, [end(0, subject=subject)], apart=True)

    assert ([], [1]) == (platform.shown(record), platform.current(record))
