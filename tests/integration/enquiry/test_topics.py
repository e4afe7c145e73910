"""Enquiries over the topics: each answered once, in time or not at all, whatever goes away."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests import samples
from tests.integration.enquiry.conftest import Silent, Web, enquiry
from tests.unit.connectors.inbox import Clock, Inbox

from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import ENQUIRY_ANSWERED, ENQUIRY_MADE, OBJECTION_RAISED
from credit_bus_connectors.enquiry.replies import Replies
from credit_bus_connectors.enquiry.store import Store

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # the samples' own day
Rows = Callable[[str], list[tuple[Any, ...]]]


def made(number: int = 1, **changes: Any) -> Event:
    """Return an enquiry of finance about the subject of that number, asked now."""
    told = {"asked_at": NOW, "answer_by": NOW + timedelta(hours=1), **changes}
    return samples.of_course(ENQUIRY_MADE, number, **told)


@pytest.fixture
def store(district: str) -> Iterator[Store]:
    with closing(Store(district, connections_max=1)) as opened:
        yield opened


def answering(store: Store, *events: Event, clock: Clock | None = None) -> tuple[Replies, Inbox]:
    inbox = Inbox(events)
    replies = Replies(
        ends=inbox,
        transaction=store.transaction,
        registry=samples.registry(),
        clock=clock or Clock(NOW),
        log=Silent(),
    )
    return replies, inbox


def test_an_enquiry_is_answered_with_its_own_correlation_as_the_gate_takes_it(
    store: Store, deliver: Callable[..., None], rows: Rows
) -> None:
    deliver(samples.penalty(1))
    asked = made()
    replies, inbox = answering(store, asked)
    replies.turn()

    (said,) = inbox.said
    context = Context(
        registry=samples.registry(), today=NOW.date(), source=said.source, subject=said.subject
    )
    assert () == check_event(said, context)
    assert (ENQUIRY_ANSWERED, samples.HUB, asked.id, asked.id, asked.subject) == (
        said.type,
        said.source,
        said.correlation_id,
        said.causation_id,
        said.subject,
    )
    assert ["penalty.decided"] == [each["type"] for each in said.body["records"]]
    assert [("finance", "topic", None, asked.id)] == rows(
        "SELECT asker, way, key_id, event_id FROM enquiry.log"
    )


def test_what_is_objected_to_is_marked_over_the_topics_too(
    store: Store, deliver: Callable[..., None]
) -> None:
    deliver(samples.penalty(1), samples.of_course(OBJECTION_RAISED, 1))
    replies, inbox = answering(store, made())
    replies.turn()

    assert [True] == [each["disputed"] for each in inbox.said[0].body["records"]]
    assert samples.message(inbox.said[0]).value


def test_other_events_of_the_inbox_are_passed_over(store: Store) -> None:
    replies, inbox = answering(store, samples.penalty(1), made(), samples.licence(2))
    replies.turn()

    assert (1, 3) == (len(inbox.said), inbox.position)


def test_one_that_comes_after_its_time_is_logged_and_not_answered(store: Store, rows: Rows) -> None:
    late = made(answer_by=NOW - timedelta(seconds=1), asked_at=NOW - timedelta(hours=1))
    replies, inbox = answering(store, late)
    replies.turn()

    assert ([], 1) == (inbox.said, inbox.position)
    assert [("late", None)] == rows("SELECT outcome, answer::text FROM enquiry.log")


def test_one_whose_purpose_is_no_more_is_logged_and_not_answered(store: Store, rows: Rows) -> None:
    replies, inbox = answering(store, made(purpose="gone"))
    replies.turn()

    assert ([], 1) == (inbox.said, inbox.position)
    assert [("void",)] == rows("SELECT outcome FROM enquiry.log")


def test_what_comes_again_is_answered_to_the_last_byte_as_before(
    store: Store, deliver: Callable[..., None], rows: Rows
) -> None:
    asked = made()
    first, inbox = answering(store, asked)
    first.turn()
    deliver(samples.penalty(1))
    later = Clock(NOW + timedelta(days=1))  # after its time, but it has its answer
    again, second_inbox = answering(store, asked, clock=later)
    again.turn()

    assert inbox.said == second_inbox.said
    assert samples.message(inbox.said[0]) == samples.message(second_inbox.said[0])
    assert [(1,)] == rows("SELECT count(*) FROM enquiry.log")


def test_an_enquiry_asked_in_both_ways_is_one(store: Store, web: Web, rows: Rows) -> None:
    body = samples.enquiry_body(1)
    told = {name: body[name] for name in ("purpose", "procedure", "case_reference")}
    over_http = web.post(
        "/enquiries", enquiry(enquiry_number=body["enquiry_number"], **told)
    ).json()
    replies, inbox = answering(store, made(), clock=Clock(datetime.now(UTC)))
    replies.turn()

    assert over_http["enquiry"] == inbox.said[0].correlation_id
    assert over_http["as_of"] == inbox.said[0].body["as_of"].isoformat()
    assert [("http",)] == rows("SELECT way FROM enquiry.log")


def test_a_number_that_was_used_for_something_else_is_not_answered(store: Store) -> None:
    replies, inbox = answering(store, made(), made(procedure="别的事项"))
    replies.turn()

    assert 1 == len(inbox.said)


def test_while_the_database_is_away_nothing_is_lost_and_nothing_more_is_read(
    store: Store, rows: Rows
) -> None:
    clock = Clock(NOW)
    replies, inbox = answering(store, made(), clock=clock)
    rows("UPDATE enquiry.migration SET version = version + 100")
    replies.turn()
    replies.turn()
    assert ([], 0) == (inbox.said, inbox.position)
    assert 0 == inbox.asked[-1]

    rows("UPDATE enquiry.migration SET version = version - 100")
    clock.pass_(60)
    replies.turn()

    assert (1, 1) == (len(inbox.said), inbox.position)


def test_what_was_held_of_a_lost_partition_is_read_again_by_whoever_has_it(
    store: Store, rows: Rows
) -> None:
    clock = Clock(NOW)
    replies, inbox = answering(store, made(), clock=clock)
    rows("UPDATE enquiry.migration SET version = version + 100")
    replies.turn()
    inbox.lose_next = True
    rows("UPDATE enquiry.migration SET version = version - 100")
    clock.pass_(60)
    replies.turn()
    assert [] == inbox.said

    replies.turn()

    assert (1, 1) == (len(inbox.said), inbox.position)


def test_a_second_revision_is_a_question_of_its_own(store: Store) -> None:
    second = samples.of_course(
        ENQUIRY_MADE, 1, revision=2, asked_at=NOW, answer_by=NOW + timedelta(hours=1)
    )
    replies, inbox = answering(store, made(), replace(second))
    replies.turn()

    assert [1, 2] == [each.revision for each in inbox.said]
