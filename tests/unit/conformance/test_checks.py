"""What the checks make of an exchange that no adapter needs to be started for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests import samples

from credit_bus.conformance import checks_of_course, checks_of_form, checks_of_orders
from credit_bus.conformance import checks_of_statements as statements
from credit_bus.conformance.catalogue import CHECKS, ELSEWHERE
from credit_bus.conformance.history import Deed, Did, Entry, Overdue, Record, Transaction
from credit_bus.conformance.judge import Judge
from credit_bus.conformance.look import Evidence, Look
from credit_bus.conformance.orders import end_id
from credit_bus.conformance.plan import ENDED, PLAIN, SUSPENDED, make_plan
from credit_bus.conformance.verdict import Status, Verdict, conclude
from credit_bus.contracts.refusals import WIRE_RULES
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import MEASURE_EXECUTED, MEASURE_LIFTED, MEASURE_RESPONDED
from credit_bus.domain.rules import RULES
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus.flows.refusals import GATE_RULES

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
TODAY = date(2026, 6, 1)
REGISTRY = samples.registry()
PLAN = make_plan(REGISTRY.parties[samples.PENALISING], registry=REGISTRY, now=NOW)


def statement(number: int, **changes: object) -> Event:
    told = PLAN.statements[number - 1]
    return samples.said(
        told.kind, {**told.body, **changes}, party=samples.PENALISING, subject=told.subject
    )


def response(name: str) -> Event:
    case = PLAN.case(name)
    body = samples.response_body(case.action, case.measure)
    return samples.said(
        MEASURE_RESPONDED, body, party=samples.PENALISING, subject=case.order.subject
    )


def execution(name: str, *, revision: int = 1, **changes: object) -> Event:
    case = PLAN.case(name)
    body = samples.execution_body(case.action, case.measure, **changes)
    return samples.said(
        MEASURE_EXECUTED,
        body,
        party=samples.PENALISING,
        subject=case.order.subject,
        revision=revision,
    )


def lifting(name: str, **changes: object) -> Event:
    case = PLAN.case(name)
    told = {"action_id": case.action, "measure": case.measure, "because_of": end_id(case)}
    body = samples.lifting_body(**told | changes)
    return samples.said(MEASURE_LIFTED, body, party=samples.PENALISING, subject=case.order.subject)


def put(name: str) -> Did:
    return Did(deed=Deed.PUT, what=name)


def evidence(*told: Event | Record | Entry) -> Evidence:
    """The history of these, in this order; events lie in committed transactions."""
    judge = Judge(plan=PLAN, codec=samples.codec(), registry=REGISTRY)
    history: list[Entry] = []
    for offset, each in enumerate(told):
        known = record(each, offset) if isinstance(each, Event) else each
        history.append(judge.see(known, NOW) if isinstance(known, Record) else known)
    return Evidence(plan=PLAN, history=history)


def record(
    event: Event, offset: int = 0, transaction: Transaction = Transaction.COMMITTED
) -> Record:
    return Record(message=samples.message(event, offset=offset), transaction=transaction, home=0)


def unreadable(event: Event) -> Record:
    whole = record(event)
    return replace(whole, message=replace(whole.message, value=b"\x00\x00\x00\x03\xe7"))


def found(look: Look) -> list[str]:
    return [each.seen for each in look.findings]


def verdict_of(history: Sequence[Entry]) -> Verdict:
    return conclude(
        PLAN, history, registry_version=REGISTRY.version, started_at=NOW, ended_at=NOW
    ).verdict


def test_every_rule_of_the_gate_has_its_one_check() -> None:
    told = [code for check in CHECKS for code in check.codes]

    assert sorted({*WIRE_RULES, *GATE_RULES, *RULES} - ELSEWHERE) == sorted(told)


def test_every_check_has_a_code_and_texts_of_its_own() -> None:
    assert len(CHECKS) == len({check.code for check in CHECKS}) == len({c.title for c in CHECKS})
    assert all(c.does and c.must and c.source and c.remedy for c in CHECKS)


def test_an_exchange_that_brought_nothing_passes_nothing() -> None:
    outcome = conclude(PLAN, [], registry_version="", started_at=NOW, ended_at=NOW)

    assert Verdict.PASSED is not outcome.verdict
    assert () == outcome.of(Status.PASSED)


def test_what_may_be_among_the_unreadable_is_not_called_missing() -> None:
    seen = [statement(n) for n in (1, 2, 3)]
    look = statements.arrivals(evidence(*seen, unreadable(statement(5)), unreadable(statement(1))))

    assert [] == found(look)
    assert look.untested is not None


def test_more_missing_than_unreadable_are_called_missing() -> None:
    assert 5 == len(statements.arrivals(evidence()).findings)


def test_an_aborted_statement_that_was_said_again_is_no_fault() -> None:
    event = statement(1)
    look = checks_of_form.left_in_aborted(
        evidence(record(event, 0, Transaction.ABORTED), record(event, 2))
    )

    assert [] == found(look)
    assert 2 == look.examined


@pytest.mark.parametrize("state", [Transaction.ABORTED, Transaction.OPEN])
def test_a_statement_left_in_no_committed_transaction_is_lost(state: Transaction) -> None:
    assert 1 == len(
        checks_of_form.left_in_aborted(evidence(record(statement(1), 0, state))).findings
    )


def test_a_correction_that_the_kit_asked_for_is_no_other_content() -> None:
    correction = PLAN.corrections[0]
    event = samples.said(
        correction.kind,
        correction.body,
        party=samples.PENALISING,
        subject=correction.subject,
        revision=2,
    )

    assert [] == found(statements.contents(evidence(statement(1), event)))


def test_a_number_in_clear_is_found_and_not_repeated() -> None:
    number = next(each.identity for each in PLAN.statements if each.identity)
    look = checks_of_form.clear_numbers(evidence(statement(1, remark=f"证件 {number}")))

    assert 1 == len(look.findings)
    assert number not in look.findings[0].seen


def test_not_executed_is_no_execution() -> None:
    case = evidence(
        put(SUSPENDED),
        response(SUSPENDED),
        execution(SUSPENDED, outcome="not_executed"),
        put("resumed-1"),
    )

    assert [] == found(checks_of_course.nothing_while_suspended(case))


def test_an_execution_after_the_end_is_found_though_the_action_was_resumed() -> None:
    case = evidence(
        put(SUSPENDED),
        put(ENDED),
        response(ENDED),
        put("resumed-1"),
        put("over"),
        put("resumed-3"),
        execution(ENDED),
    )

    assert 1 == len(checks_of_course.nothing_after_end(case).findings)
    assert [] == found(checks_of_course.nothing_while_suspended(case))


ENDED_BOTH = (response(ENDED), response(PLAIN), execution(PLAIN), put("over"), put("over-plain"))


def test_a_measure_that_nobody_lifted_is_found_whether_it_ran_or_not() -> None:
    assert 2 == len(checks_of_course.lifted_when_ended(evidence(*ENDED_BOTH)).findings)
    for name in (ENDED, PLAIN):
        case = evidence(*ENDED_BOTH, lifting(name))

        assert 1 == len(checks_of_course.lifted_when_ended(case).findings)


def test_a_lifting_that_names_another_event_than_the_end_is_found() -> None:
    case = evidence(*ENDED_BOTH, lifting(ENDED, because_of="0" * 32), lifting(PLAIN))

    assert ["起因事件 " + "0" * 32] == found(checks_of_course.lifted_when_ended(case))


def test_a_lifting_before_the_end_is_found() -> None:
    early = evidence(lifting(ENDED), *ENDED_BOTH, lifting(PLAIN))

    assert [f"行动 {PLAN.case(ENDED).action} 终止之前报送了解除"] == found(
        checks_of_course.lifted_when_ended(early)
    )


def test_each_measure_lifted_because_of_its_end_is_right() -> None:
    look = checks_of_course.lifted_when_ended(evidence(*ENDED_BOTH, lifting(ENDED), lifting(PLAIN)))

    assert (2, [], None) == (look.examined, found(look), look.untested)


def test_who_was_told_of_no_end_or_took_nothing_on_is_not_tried() -> None:
    assert checks_of_course.lifted_when_ended(evidence(response(ENDED))).untested
    assert checks_of_course.REFUSED_ALL == (
        checks_of_course.lifted_when_ended(evidence(put("over"))).untested
    )


def test_a_lifting_under_another_subject_s_key_is_found() -> None:
    stray = samples.said(
        MEASURE_LIFTED, lifting(PLAIN).body, party=samples.PENALISING, subject=synthetic_uscc(9)
    )

    assert 1 == len(checks_of_orders.about_its_subject(evidence(response(PLAIN), stray)).findings)


def test_feedback_in_a_new_revision_is_no_second_answer() -> None:
    case = evidence(
        put(PLAIN),
        response(PLAIN),
        execution(PLAIN, outcome="not_executed"),
        put(PLAIN),
        execution(PLAIN, revision=2),
    )

    assert [] == found(checks_of_orders.same_answer_again(case))


def test_an_answer_that_came_too_late_is_found() -> None:
    case = evidence(put(PLAIN), Overdue(step="order"), response(PLAIN))

    assert 3 == len(checks_of_orders.answered(case).findings)  # the other two never came


def test_a_refused_order_need_not_be_carried_out() -> None:
    case = PLAN.case(PLAIN)
    body = samples.response_body(
        case.action, case.measure, decision="refused", refusal_reason="无", refusal_basis="法"
    )
    refusal = samples.said(
        MEASURE_RESPONDED, body, party=samples.PENALISING, subject=case.order.subject
    )
    look = checks_of_orders.executed(evidence(put(PLAIN), refusal))

    assert [] == found(look)


def test_a_check_that_could_not_look_keeps_the_verdict_open() -> None:
    assert Verdict.FAILED is verdict_of(evidence(statement(1)).history)
    outcome = conclude(
        replace(PLAN, statements=(), corrections=(), cases=()),
        [],
        registry_version="",
        started_at=NOW,
        ended_at=NOW,
    )

    assert Verdict.INCOMPLETE is outcome.verdict
