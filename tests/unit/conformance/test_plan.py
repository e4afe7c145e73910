"""What the kit makes up is lawful, so that a right adapter is never refused for it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests import samples

from credit_bus.conformance.orders import end, end_id, resume, suspend
from credit_bus.conformance.plan import CASES, OBJECTIONS, STRAY, SUSPENDED, Plan, make_plan
from credit_bus.conformance.script import script
from credit_bus.conformance.statements import Statement
from credit_bus.contracts.plain import from_plain, to_plain
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.shape import shape_of
from credit_bus.domain.calendar import local_day
from credit_bus.domain.checks import check_event
from credit_bus.domain.context import Context
from credit_bus.domain.registry import Role

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
DEPARTMENTS = [
    party.code
    for party in samples.registry().parties.values()
    if party.role is Role.DEPARTMENT and party.exists_on(local_day(NOW))
]


def plan_of(code: str) -> Plan:
    registry = samples.registry()
    return make_plan(registry.parties[code], registry=registry, now=NOW)


def sealed(statement: Statement) -> dict[str, object]:
    """The body as a right adapter says it."""
    if statement.identity is None:
        return dict(statement.body)
    box = {"pseudonym": statement.subject, "box": bytes(46)}
    return {**statement.body, "subject": {**statement.body["subject"], "person_id": box}}


def test_who_may_say_nothing_is_asked_for_nothing() -> None:
    party = replace(samples.registry().parties[samples.PENALISING], publishes=frozenset())
    plan = make_plan(party, registry=samples.registry(), now=NOW)

    assert ((), (), ()) == (plan.statements, plan.corrections, plan.cases)
    assert ["start"] == [step.code for step in script(plan, NOW)]


def test_who_may_not_answer_gets_no_order() -> None:
    assert () == plan_of(samples.COURT).cases
    assert plan_of(samples.COURT).statements


@pytest.mark.parametrize("code", DEPARTMENTS)
def test_every_statement_and_correction_would_be_accepted(code: str) -> None:
    plan = plan_of(code)
    context = Context(registry=samples.registry(), today=local_day(NOW), source=code, subject="")
    refused = {
        each.number: reasons
        for each in (*plan.statements, *plan.corrections)
        if (
            reasons := check_event(
                samples.said(each.kind, sealed(each), party=code, subject=each.subject),
                replace(context, subject=each.subject),
            )
        )
    }

    assert {} == refused


@pytest.mark.parametrize("code", DEPARTMENTS)
def test_every_order_and_what_follows_it_could_come_from_the_bus(code: str) -> None:
    plan = plan_of(code)
    told = [case.order for case in plan.cases]
    if plan.cases:
        case = plan.case(SUSPENDED)
        told += [suspend(case, each, NOW) for each in OBJECTIONS]
        told += [resume(case, OBJECTIONS[0], NOW), end(case, NOW)]
    refused = {
        event.type: reasons
        for event in told
        if (
            reasons := check_event(
                event,
                Context(
                    registry=samples.registry(),
                    today=local_day(NOW),
                    source=event.source,
                    subject=event.subject,
                ),
            )
        )
    }

    assert {} == refused
    assert len({event.id for event in told}) == len(told)
    assert [end(case, NOW).id for case in plan.cases] == [end_id(case) for case in plan.cases]
    assert [code] * len(plan.cases) == [
        code if (case.order.body["implementer"] == code) is not (case.name == STRAY) else "wrong"
        for case in plan.cases
    ]


def test_the_kit_reaches_records_and_orders_somewhere() -> None:
    plans = [plan_of(code) for code in DEPARTMENTS]

    assert any(plan.statements for plan in plans)
    assert list(CASES) in [[case.name for case in plan.cases] for plan in plans]


@pytest.mark.parametrize("statement", plan_of(samples.PENALISING).statements, ids=str)
def test_the_json_of_a_statement_reads_back_as_its_body(statement: Statement) -> None:
    schema = load_catalogue().latest(statement.kind)
    body = sealed(statement)

    assert body == from_plain(shape_of(schema.parsed)[0], to_plain(body))
