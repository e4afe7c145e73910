"""What an official enters becomes one event, or every reason at its field."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests import samples
from tests.unit.desk.cases import (
    NOW,
    ORDER,
    PARTY,
    action,
    case,
    execution,
    named,
    of,
    order,
    response,
    said,
    told,
)

from credit_bus.contracts.wire import write_event
from credit_bus.domain.event_types import ACTION_ENDED, OBJECTION_RAISED, REPAIR_REQUESTED
from credit_bus_connectors.departments.desk.acts import Answer, answer_to
from credit_bus_connectors.departments.desk.cases import Case, State
from credit_bus_connectors.departments.desk.tasks import Kind

DAY = date(2026, 6, 1)
ENTERED: dict[Kind, dict[str, Any]] = {
    Kind.RESPOND: {
        "decision": "accepted",
        "refusal_reason": None,
        "refusal_basis": None,
        "responded_on": DAY,
        "remark": None,
    },
    Kind.FEED_BACK: {
        "outcome": "executed",
        "executed_on": DAY,
        "result": "已列入",
        **dict.fromkeys(
            ("amount_10k", "legal_basis", "document_number", "batch_number", "operator", "remark")
        ),
    },
    Kind.LIFT: {
        "lifted_on": DAY,
        "result": "已移出",
        **dict.fromkeys(("document_number", "operator", "remark")),
    },
    Kind.VERIFY: {
        "decision": "upheld",
        "findings": "金额有误",
        "remedy": "corrected",
        "basis": "处罚决定书",
        "decided_on": DAY,
    },
    Kind.WITHDRAW: {"record_revision": 1, "explanation": "经核实有误，现予撤回", "decided_on": DAY},
    Kind.ACCEPT_REPAIR: {"decision": "accepted", "reason": None, "decided_on": DAY},
}


def cases() -> dict[Kind, Case]:
    end = samples.end_body(implementers=[])
    objection = told(
        OBJECTION_RAISED,
        samples.objection_body(about=about(PARTY)),
        id_="7" * 32,
        source=samples.WINDOW,
    )
    repair = told(
        REPAIR_REQUESTED,
        samples.repair_body(about=about(PARTY), recogniser=PARTY),
        id_="8" * 32,
        source=samples.WINDOW,
    )
    return {
        Kind.RESPOND: action(order()),
        Kind.FEED_BACK: action(order(), response()),
        Kind.LIFT: action(order(), told(ACTION_ENDED, end, id_="e" * 32)),
        Kind.VERIFY: case(named(objection), objection),
        Kind.WITHDRAW: case(
            named(objection),
            objection,
            said(
                "objection.decided",
                samples.verification_body(
                    about=about(PARTY), decision="upheld", remedy="withdrawn"
                ),
                "7" * 32,
            ),
        ),
        Kind.ACCEPT_REPAIR: case(named(repair), repair),
    }


def about(provider: str) -> dict[str, Any]:
    record = {"provider": provider, "type": "licence.granted", "document_number": "甲1号"}
    return {"record": record, "action_id": None}


def answered(kind: Kind, whole: Case, **changes: Any) -> Answer:
    task = of(whole, kind)
    assert task is not None
    return answer_to(
        task, whole, {**ENTERED[kind], **changes}, registry=samples.registry(), now=NOW
    )


@pytest.mark.parametrize("kind", list(ENTERED))
def test_each_answer_may_stand_and_can_be_written(kind):
    answer = answered(kind, cases()[kind])

    assert () == answer.reasons
    assert PARTY == answer.event.source
    assert write_event(answer.event, samples.codec()).value


@pytest.mark.parametrize("kind", list(ENTERED))
def test_said_twice_it_is_one_event(kind):
    assert answered(kind, cases()[kind]).event == answered(kind, cases()[kind]).event


def test_after_a_refusal_it_is_the_same_document_and_after_acceptance_its_next_revision():
    before = action(order(), response(state=State.REJECTED))
    first = answered(Kind.RESPOND, before).event
    newer = action(order(), response(), order(id_="1" * 32))
    second = answered(Kind.RESPOND, newer).event

    assert (1, 2) == (first.revision, second.revision)
    assert (ORDER, "1" * 32) == (first.causation_id, second.causation_id)


def test_a_refusal_needs_its_reason_and_its_basis_and_both_are_told():
    answer = answered(Kind.RESPOND, action(order()), decision="refused")

    assert {"refusal_reason", "refusal_basis"} == {each.field for each in answer.reasons}


def test_reasons_of_a_refusal_are_not_said_with_an_acceptance():
    body = answered(Kind.RESPOND, action(order()), refusal_reason="多余").event.body

    assert body["refusal_reason"] is None


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (Kind.RESPOND, {"responded_on": date(2026, 6, 2)}, "responded_on"),
        (Kind.FEED_BACK, {"operator": "示例人名"}, "operator"),
        (Kind.FEED_BACK, {"result": " "}, "result"),
        (Kind.LIFT, {"lifted_on": date(2027, 1, 1)}, "lifted_on"),
        (Kind.VERIFY, {"remedy": None}, "remedy"),
        (Kind.VERIFY, {"remedy": "ended"}, "remedy"),
        (Kind.ACCEPT_REPAIR, {"decision": "not_accepted"}, "reason"),
    ],
)
def test_what_the_gate_would_refuse_is_told_at_its_field(kind, changes, field):
    answer = answered(kind, cases()[kind], **changes)

    assert [field] == [each.field for each in answer.reasons]


def test_a_request_that_is_not_taken_in_is_decided_so():
    answer = answered(
        Kind.ACCEPT_REPAIR,
        cases()[Kind.ACCEPT_REPAIR],
        decision="not_accepted",
        reason="未届满",
    )

    assert () == answer.reasons
    assert ("repair.decided", "not_accepted") == (
        answer.event.type,
        answer.event.body["decision"],
    )


def test_feedback_of_a_resting_action_can_still_tell_what_was_done_before():
    assert () == answered(Kind.FEED_BACK, action(order(), response())).reasons
    assert execution().holds


def test_a_withdrawal_names_the_decision_that_asks_for_it_and_keeps_a_sealed_number_sealed():
    whole = cases()[Kind.WITHDRAW]
    sealed = {"pseudonym": "1" * 64, "box": (b"x" * 46).hex()}
    person = {
        "name": "示例自然人1",
        "category": "natural_person",
        "uscc": None,
        "person_id": sealed,
    }
    [objection] = whole.heard
    body = {**objection.body, "subject": person}
    private = replace(objection, subject="1" * 64, body=body)
    decided = [replace(each, subject="1" * 64) for each in whole.said]
    answer = answered(Kind.WITHDRAW, replace(whole, heard=[private], said=decided))

    assert () == answer.reasons
    assert ("objection_upheld", "a" * 32) == (
        answer.event.body["cause"],
        answer.event.body["because_of"],
    )
    assert b"x" * 46 == answer.event.body["subject"]["person_id"]["box"]
