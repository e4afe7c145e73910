"""Where accepted events go: the routing table over the example registry."""

from dataclasses import replace
from typing import Any

import pytest
from tests import samples

from credit_bus.domain.channels import inbox, replies
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    DEFAULTER_LISTED,
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    ENQUIRY_ANSWERED,
    ENQUIRY_MADE,
    EVENT_TYPES,
    LISTING_ENTERED,
    LISTING_REMOVED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
    REPUTATION_RESTORED,
    SUBJECT_REGISTERED,
)
from credit_bus.flows.outcome import Forward, Output, Say
from credit_bus.flows.routing import ROUTES, route

PLATFORMS = ("district-platform", "municipal-platform", "provincial-platform", "public-site")


def follow(event: Any) -> tuple[Output, ...]:
    return route(event, registry=samples.registry(), now=samples.NOW).outputs


def delivery(kind: str) -> Any:
    body = {
        "event_id": "e",
        "event_type": "penalty.decided",
        "provider": samples.PENALISING,
        "event_revision": 1,
    }
    return samples.said(kind, body, party="municipal-platform", subject="s")


def test_every_type_a_party_may_say_has_a_row() -> None:
    assert {row.name for row in EVENT_TYPES.values() if not row.said_by_bus} == set(ROUTES)


def test_a_type_without_a_row_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        follow(replace(samples.penalty(), type=MEASURE_ORDERED))


def test_a_penalty_goes_to_all_four_platforms_as_it_came() -> None:
    assert {Forward(topic=inbox(platform)) for platform in PLATFORMS} == set(
        follow(samples.penalty())
    )


def test_a_platform_named_by_two_routes_gets_the_event_once() -> None:
    routes = samples.registry().routes
    twice = replace(
        samples.registry(), routes=(*routes, *(replace(r, id=r.id + "2") for r in routes))
    )
    outputs = route(samples.penalty(), registry=twice, now=samples.NOW).outputs

    assert len(PLATFORMS) == len(outputs)


def test_an_initiation_becomes_one_order_for_each_measure_and_implementer() -> None:
    orders = [output for output in follow(samples.initiation()) if isinstance(output, Say)]
    asked = {(say.event.body["measure"], say.event.body["implementer"]) for say in orders}
    measures = samples.registry().measures

    assert {
        (code, implementer)
        for code in samples.COURT_MEASURES
        for implementer in measures[code].implementers
    } == asked
    assert len(asked) == len(orders) == 6
    assert all(say.topic == inbox(say.event.body["implementer"]) for say in orders)
    assert len({say.event.id for say in orders}) == len(orders)


def test_the_recipient_list_is_frozen_into_every_order() -> None:
    orders = [output for output in follow(samples.initiation()) if isinstance(output, Say)]
    lists = {
        tuple((r["measure"], r["implementer"]) for r in say.event.body["recipients"])
        for say in orders
    }

    assert 1 == len(lists)
    assert {(say.event.body["measure"], say.event.body["implementer"]) for say in orders} == set(
        next(iter(lists))
    )


def test_an_order_can_be_written_and_names_what_it_stands_on() -> None:
    initiation = samples.initiation()
    order = next(o for o in follow(initiation) if isinstance(o, Say)).event
    read = samples.message(order, topic="t")

    assert read.value
    assert (initiation.correlation_id, initiation.id) == (order.correlation_id, order.causation_id)
    assert initiation.body["instrument"] == order.body["instrument"]
    assert initiation.body["term"] == order.body["term"]


def test_an_answer_goes_back_to_the_initiator_and_to_the_district() -> None:
    assert {
        Forward(topic=replies(samples.COURT)),
        Forward(topic=inbox("district-platform")),
    } == set(follow(samples.response()))


def test_a_lifting_goes_back_to_the_initiator_and_to_the_district() -> None:
    assert {replies(samples.COURT), inbox("district-platform")} == topics(
        samples.of_course(MEASURE_LIFTED)
    )


def test_a_platform_s_refusal_goes_back_to_the_provider() -> None:
    assert (Forward(topic=replies(samples.PENALISING)),) == follow(delivery(DELIVERY_REFUSED))


def topics(event: Any) -> set[str]:
    """The topics that an event is forwarded to, each once, and as it came."""
    outputs = follow(event)
    found = {output.topic for output in outputs if isinstance(output, Forward)}
    assert len(outputs) == len(found)
    return found


STOPPING = (ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED)


@pytest.mark.parametrize("kind", STOPPING)
def test_who_must_stop_or_may_go_on_is_told_once_each_and_so_is_the_initiator(kind: str) -> None:
    told = {each["implementer"] for each in samples.recipients()}

    assert len(told) == 6
    assert {
        inbox("district-platform"),
        replies(samples.COURT),
        *(inbox(party) for party in told),
    } == topics(samples.of_course(kind))


@pytest.mark.parametrize("kind", STOPPING)
def test_one_department_with_two_measures_is_told_once(kind: str) -> None:
    two = [{"measure": code, "implementer": "finance"} for code in samples.COURT_MEASURES]

    assert {inbox("district-platform"), inbox("finance"), replies(samples.COURT)} == topics(
        samples.of_course(kind, implementers=two)
    )


def test_an_implementer_that_is_gone_is_told_through_its_successor() -> None:
    gone = [{"measure": samples.COURT_MEASURES[0], "implementer": "food-drug"}]

    assert inbox("market-regulation") in topics(
        samples.of_course(ACTION_SUSPENDED, implementers=gone)
    )


def test_the_closing_goes_to_the_initiator_and_to_no_implementer() -> None:
    assert {inbox("district-platform"), replies(samples.COURT)} == topics(
        samples.of_course(ACTION_CLOSED)
    )


@pytest.mark.parametrize(
    ("about", "verifier"),
    [
        (samples.about_penalty(), samples.PENALISING),
        (samples.about_action(), samples.COURT),
        (
            {"record": {**samples.about_penalty()["record"], "provider": "food-drug"},
             "action_id": None},
            "market-regulation",
        ),
    ],
    ids=["provider", "initiator", "successor"],
)  # fmt: skip
def test_an_objection_goes_to_whoever_must_verify_it(about: Any, verifier: str) -> None:
    event = samples.of_course(OBJECTION_RAISED, about=about)
    showing = PLATFORMS if about["record"] else {"district-platform"}

    assert {inbox(party) for party in (*showing, verifier)} == topics(event)


def test_a_request_for_repair_goes_to_whoever_recognised_it() -> None:
    assert {inbox("district-platform"), inbox(samples.PENALISING)} == topics(
        samples.of_course(REPAIR_REQUESTED)
    )


@pytest.mark.parametrize(
    ("kind", "waiting"),
    [
        (REPAIR_ACCEPTED, samples.WINDOW),
        (REPAIR_DECIDED, samples.WINDOW),
        (ENQUIRY_ANSWERED, "finance"),
    ],
)
def test_a_decision_or_answer_comes_back_to_who_asked(kind: str, waiting: str) -> None:
    assert {inbox("district-platform"), replies(waiting)} == topics(samples.of_course(kind))


@pytest.mark.parametrize(
    ("about", "showing"),
    [
        (samples.about_penalty(), set(PLATFORMS)),
        (samples.about_action(), {"district-platform"}),
    ],
    ids=["record", "action"],
)
def test_a_decision_on_an_objection_comes_back_and_goes_wherever_what_it_is_about_is_shown(
    about: Any, showing: set[str]
) -> None:
    assert {replies(samples.WINDOW), *map(inbox, showing)} == topics(
        samples.of_course(OBJECTION_DECIDED, about=about)
    )


def test_an_enquiry_goes_to_the_hub() -> None:
    assert {inbox("district-platform"), inbox(samples.HUB)} == topics(
        samples.of_course(ENQUIRY_MADE)
    )


def test_a_public_word_goes_to_the_platforms_alone() -> None:
    assert {inbox("district-platform"), inbox("public-site")} == topics(
        samples.of_course(REPUTATION_RESTORED)
    )


@pytest.mark.parametrize(
    ("changes", "also"),
    [
        ({}, {replies(samples.COURT)}),
        ({"state": "due"}, set()),
        ({"about": samples.about_penalty(), "obligation": "publish"}, set()),
    ],
    ids=["overdue", "due", "overdue-record"],
)
def test_a_reminder_goes_to_who_owes_and_when_overdue_to_the_initiator(
    changes: Any, also: set[str]
) -> None:
    assert {inbox("district-platform"), inbox("finance"), *also} == topics(
        samples.of_course(REMINDER_DUE, **changes)
    )


ABOUT: dict[str, tuple[Any, set[str]]] = {
    PENALTY_DECIDED: (samples.reference(), set(PLATFORMS)),
    DEFAULTER_LISTED: (samples.reference(), set(PLATFORMS) - {"provincial-platform"}),
    LISTING_ENTERED: (samples.reference(), set(PLATFORMS) - {"provincial-platform"}),
    SUBJECT_REGISTERED: (samples.reference(), {"district-platform"}),
}
PERSON = {**samples.person(1), "uscc": None}


@pytest.mark.parametrize("kind", [RECORD_CORRECTED, RECORD_WITHDRAWN, PUBLICITY_ENDED])
@pytest.mark.parametrize("about", ABOUT)
def test_what_changes_how_a_record_stands_goes_wherever_the_record_went(
    kind: str, about: str
) -> None:
    subject, platforms = ABOUT[about]
    record = {"provider": "x", "type": about, "document_number": "1"}
    event = samples.of_standing(kind, record=record, subject=subject)

    assert set(map(inbox, platforms)) == topics(event)


@pytest.mark.parametrize("kind", [RECORD_CORRECTED, RECORD_WITHDRAWN, PUBLICITY_ENDED])
def test_a_withdrawal_about_a_person_goes_no_further_than_the_persons_record(kind: str) -> None:
    record = {"provider": "x", "type": DEFAULTER_LISTED, "document_number": "1"}

    assert {inbox("district-platform")} == topics(
        samples.of_standing(kind, record=record, subject=PERSON)
    )


DISPUTES = pytest.mark.parametrize("kind", [OBJECTION_RAISED, OBJECTION_DECIDED])


def disputed(kind: str, about: str) -> Any:
    """What disputes a record of this type."""
    record = {"provider": samples.PENALISING, "type": about, "document_number": "1"}
    return samples.of_course(kind, about={"record": record, "action_id": None})


def inboxes(event: Any) -> set[str]:
    """The platforms that the event is forwarded to."""
    return topics(event) & set(map(inbox, PLATFORMS))


@DISPUTES
@pytest.mark.parametrize("about", ABOUT)
def test_what_disputes_a_record_goes_wherever_the_record_went(kind: str, about: str) -> None:
    assert set(map(inbox, ABOUT[about][1])) == inboxes(disputed(kind, about))


@DISPUTES
@pytest.mark.parametrize(
    ("about", "also"), [(DEFAULTER_LISTED, set()), (LISTING_ENTERED, {"public-site"})]
)
def test_a_dispute_about_a_person_goes_no_further_than_the_persons_record(
    kind: str, about: str, also: set[str]
) -> None:
    event = replace(disputed(kind, about), subject="f" * 64)

    assert set(map(inbox, {"district-platform", *also})) == inboxes(event)


def test_a_removal_goes_where_the_entry_went_and_back_to_who_entered() -> None:
    back = replies(samples.LISTING)
    entry, removal = (samples.of_standing(kind) for kind in (LISTING_ENTERED, LISTING_REMOVED))

    assert topics(removal) == {*topics(entry), back}
    assert {inbox("district-platform"), inbox("public-site"), back} == topics(
        samples.of_standing(LISTING_REMOVED, subject=PERSON)
    )


def test_a_removal_by_the_hub_is_told_to_the_successor_of_who_entered() -> None:
    body = samples.removal_body(entered_by="food-drug")

    assert replies("market-regulation") in topics(
        samples.said(LISTING_REMOVED, body, party=samples.HUB)
    )


def test_a_registration_goes_to_the_district_alone() -> None:
    assert {inbox("district-platform")} == topics(samples.of_standing(SUBJECT_REGISTERED))


def test_a_confirmation_leads_to_nothing_new() -> None:
    assert () == follow(delivery(DELIVERY_CONFIRMED))
