"""What every platform must do alike when a record is objected to (标注异议)."""

from collections.abc import Iterator
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
from credit_bus.domain.event_types import (
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_WITHDRAWN,
)
from credit_bus_connectors.contract import Sink
from credit_bus_connectors.platforms.provincial_standin import take_rows


def objection(number: int = 1, **changes: Any) -> Event:
    """The window raises that subject's objection to its penalty."""
    return samples.of_course(OBJECTION_RAISED, number, **changes)


def decision(number: int = 1, *, upheld: bool = False, **changes: Any) -> Event:
    """The provider decides it."""
    word = {"decision": "upheld"} if upheld else {"decision": "dismissed", "remedy": None}
    return samples.of_course(OBJECTION_DECIDED, number, **word, **changes)


def every_order(events: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each order in which so many events can come, each for a subject of its own."""
    return enumerate(permutations(range(events)), start=1)


@ORDERS
def test_what_is_objected_to_is_marked_and_still_shown_whatever_comes_first(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    for number, order in every_order(2):
        record, other = samples.penalty(number), samples.penalty(100 + number)
        said = [record, objection(number)]
        deliver(sink, [other, *(said[place] for place in order)], apart=apart)

        found = (platform.disputed(record), platform.shown(record), platform.current(record))
        assert ([1],) * 3 == found, order
        assert ([], [1]) == (platform.disputed(other), platform.shown(other)), order


@ORDERS
@pytest.mark.parametrize("upheld", [True, False], ids=["upheld", "dismissed"])
def test_a_decision_takes_the_mark_away_whatever_the_order(
    platform: Platform, sink: Sink, upheld: bool, apart: bool
) -> None:
    for number, order in every_order(3):
        record = samples.penalty(number)
        said = [record, objection(number), decision(number, upheld=upheld)]
        deliver(sink, [said[place] for place in order], apart=apart)

        assert ([], [1]) == (platform.disputed(record), platform.shown(record)), order


@ORDERS
def test_a_newer_revision_is_disputed_as_the_older_was_and_a_decision_ends_it(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    for number, order in every_order(4):
        first, second, third = (samples.penalty(number, revision=each) for each in (1, 2, 3))
        other = objection(number, objection_number="政务异〔2026〕900号")
        said = [first, second, objection(number), decision(number)]
        deliver(sink, [said[place] for place in order], apart=apart)
        settled = platform.disputed(second)
        deliver(sink, [other, third], apart=apart)

        assert ([], [3]) == (settled, platform.disputed(third)), order


@ORDERS
def test_a_mark_stays_until_every_objection_is_decided(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    for number, order in every_order(3):
        record, other = samples.penalty(number), {"objection_number": "政务异〔2026〕900号"}
        said = [objection(number), objection(number, **other), decision(number)]
        deliver(sink, [record, *(said[place] for place in order)], apart=apart)
        marked = platform.disputed(record)
        deliver(sink, [decision(number, **other)], apart=apart)

        assert ([1], []) == (marked, platform.disputed(record)), order


@ORDERS
def test_an_objection_and_its_decision_that_come_twice_are_answered_the_same(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    said = [samples.penalty(1), objection(), objection()]
    answers = deliver(sink, said, apart=apart)
    marked = platform.disputed(said[0])
    decided = deliver(sink, [decision(), decision(), objection()], apart=apart)

    assert answers[1] == answers[2] == decided[2]
    assert decided[0] == decided[1]
    assert (1, 1) == (platform.held(objection()), platform.held(decision()))
    assert ([1], []) == (marked, platform.disputed(said[0]))


@ORDERS
def test_a_second_revision_of_an_objection_is_the_same_objection(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    record = samples.penalty(1)
    again = objection(revision=2, scope=["period"])
    deliver(sink, [again, record, objection()], apart=apart)
    marked = platform.disputed(record)
    deliver(sink, [decision(), again], apart=apart)

    assert ([1], []) == (marked, platform.disputed(record))


@ORDERS
def test_what_is_withdrawn_is_not_shown_as_disputed_whatever_the_order(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    for number, order in every_order(3):
        record = samples.penalty(number)
        said = [record, objection(number), samples.of_standing(RECORD_WITHDRAWN, number)]
        deliver(sink, [said[place] for place in order], apart=apart)

        assert ([], []) == (platform.disputed(record), platform.current(record)), order


@ORDERS
def test_what_is_shown_no_more_can_be_disputed_whatever_the_order(
    platform: Platform, sink: Sink, apart: bool
) -> None:
    for number, order in every_order(3):
        record = samples.penalty(number)
        said = [record, objection(number), samples.of_standing(PUBLICITY_ENDED, number)]
        deliver(sink, [said[place] for place in order], apart=apart)

        assert ([], [1]) == (platform.shown(record), platform.disputed(record)), order


def test_what_two_parties_call_alike_are_two_objections(platform: Platform, sink: Sink) -> None:
    record = samples.penalty(1)
    deliver(sink, [record, objection(), decision(raised_by="finance")], apart=True)

    assert [1] == platform.disputed(record)


def test_a_decision_about_another_record_leaves_the_mark(platform: Platform, sink: Sink) -> None:
    record = samples.penalty(1)
    elsewhere = decision(about=samples.about_penalty(9))
    deliver(sink, [record, objection(), elsewhere], apart=True)

    assert [1] == platform.disputed(record)


def test_an_objection_to_an_unknown_record_touches_nothing(platform: Platform, sink: Sink) -> None:
    same_number = samples.penalty(2, document_number=samples.penalty(1).body["document_number"])
    deliver(sink, [same_number, objection()], apart=True)

    assert [] == platform.disputed(same_number)
    assert 1 == platform.held(objection())


def test_a_record_already_taken_by_whoever_fetches_is_marked_and_unmarked(
    platform: Platform, sink: Sink, database: str
) -> None:
    record, found = samples.penalty(1), []
    for event in (record, objection(), decision(), objection(objection_number="政务异〔2026〕9号")):
        deliver(sink, [event], apart=True)
        found.append(platform.disputed(record))
        if platform.name == "provincial":
            take_rows(database)

    assert [[], [1], [], [1]] == found


@ORDERS
def test_what_a_person_says_reaches_no_platform_but_the_district(
    platform: Platform, sink: Sink, database: str, apart: bool
) -> None:
    deliver(sink, [samples.penalty(1), objection(), decision()], apart=apart)
    kept = platform.everything()

    for words in (objection().body["statement"], decision().body["findings"]):
        assert (platform.name == "district") == (words in kept)


def test_an_objection_of_a_person_is_taken_though_the_number_is_erased(
    platform: Platform, sink: Sink, database: str
) -> None:
    record = natural_person(database)
    told = {**samples.reference(), "uscc": None, "category": "natural_person"}
    subject = {**told, "person_id": record.body["subject"]["person_id"]}
    deliver(sink, [record], apart=True)
    store = keys(database)
    store.destroy(record.subject)
    store.close()
    number = {"provider": record.source, "type": record.type}
    about = {**number, "document_number": record.body["document_number"]}
    body = samples.objection_body(0, subject=subject, about={"record": about, "action_id": None})

    deliver(sink, [samples.said(OBJECTION_RAISED, body, party=samples.WINDOW)], apart=True)

    assert [1] == platform.disputed(record)
