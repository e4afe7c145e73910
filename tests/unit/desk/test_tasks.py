"""What a department has to do, from what it heard and said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests import samples
from tests.unit.desk.cases import (
    ACTION,
    INITIATION,
    MEASURE,
    NOW,
    ORDER,
    PARTY,
    action,
    case,
    execution,
    named,
    of,
    order,
    reminder,
    response,
    said,
    standing,
    told,
)

from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    OBJECTION_RAISED,
    REPAIR_REQUESTED,
)
from credit_bus_connectors.departments.desk.cases import State
from credit_bus_connectors.departments.desk.tasks import Kind, Standing, tasks_of

ENDED = "e" * 32
OWN = [{"measure": MEASURE, "implementer": PARTY}]


def suspended(**changes):
    body = samples.suspension_body(implementers=OWN, **changes)
    return told(ACTION_SUSPENDED, body, id_="5" * 32)


def resumed(**changes):
    return told(ACTION_RESUMED, samples.resumption_body(implementers=OWN, **changes), id_="6" * 32)


def ended(**changes):
    return told(
        ACTION_ENDED, samples.end_body(**{"implementers": OWN, **changes}), id_=ENDED, days=3
    )


def objection():
    return told(OBJECTION_RAISED, samples.objection_body(), id_="7" * 32, source=samples.WINDOW)


def repair():
    return told(REPAIR_REQUESTED, samples.repair_body(), id_="8" * 32, source=samples.WINDOW)


def test_an_order_is_to_be_answered_within_the_registry_s_working_days():
    task = of(action(order()), Kind.RESPOND)

    assert task is not None
    assert (Standing.OPEN, date(2026, 6, 8)) == (task.standing, task.due_on)
    assert not task.is_overdue(date(2026, 6, 8))
    assert task.is_overdue(date(2026, 6, 9))
    assert ("court" in task.asked_by, "示例商贸0号有限公司") == (True, task.subject_name)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.PENDING, Standing.WAITING),
        (State.ACCEPTED, Standing.DONE),
        (State.DUPLICATE, Standing.DONE),
        (State.REJECTED, Standing.OPEN),
    ],
)
def test_a_task_is_done_once_the_gate_took_the_answer(state, expected):
    assert expected == standing(action(order(), response(state=state)), Kind.RESPOND)


def test_only_what_was_accepted_and_taken_is_to_be_fed_back():
    refused = response(decision="refused", refusal_reason="理由", refusal_basis="依据")

    assert standing(action(order()), Kind.FEED_BACK) is None
    assert standing(action(order(), response(state=State.PENDING)), Kind.FEED_BACK) is None
    assert standing(action(order(), refused), Kind.FEED_BACK) is None
    assert Standing.OPEN == standing(action(order(), response()), Kind.FEED_BACK)
    assert Standing.DONE == standing(action(order(), response(), execution()), Kind.FEED_BACK)


def test_while_an_objection_is_verified_nothing_is_carried_out():
    resting = action(order(), response(), suspended())

    assert Standing.RESTING == standing(resting, Kind.FEED_BACK)
    assert not of(resting, Kind.FEED_BACK).is_overdue(date(2030, 1, 1))


def test_each_ground_of_rest_must_be_gone_before_a_measure_goes_on():
    two = (suspended(), suspended(reference="另一理由"), resumed())
    one = (*two, resumed(reference="另一理由"))

    assert Standing.RESTING == standing(action(order(), response(), *two), Kind.FEED_BACK)
    assert Standing.OPEN == standing(action(order(), response(), *one), Kind.FEED_BACK)


def test_what_ended_is_lifted_and_nothing_else_is_left_to_do():
    over = action(order(), ended())

    assert Standing.VOID == standing(over, Kind.RESPOND)
    assert Standing.OPEN == standing(over, Kind.LIFT)
    assert ENDED == of(over, Kind.LIFT).because_of
    lifting = said("measure.lifted", samples.lifting_body(), ENDED, id_="c" * 32)
    assert Standing.DONE == standing(action(order(), ended(), lifting), Kind.LIFT)


def test_what_was_refused_needs_no_lifting():
    refused = response(decision="refused", refusal_reason="理由", refusal_basis="依据")

    assert standing(action(order(), refused, ended()), Kind.LIFT) is None


def test_an_end_is_lifted_by_whoever_it_names_though_its_order_never_came():
    assert Standing.OPEN == standing(action(ended()), Kind.LIFT)
    other = [{"measure": MEASURE, "implementer": "housing"}]
    assert standing(action(ended(implementers=other)), Kind.LIFT) is None


def test_an_order_that_a_newer_one_replaced_is_answered_anew():
    newer = order(id_="1" * 32, days=5)
    again = action(order(), response(), newer)

    assert Standing.OPEN == standing(again, Kind.RESPOND)
    assert "1" * 32 == of(again, Kind.RESPOND).because_of


def test_the_hub_s_reminder_names_the_day_that_holds():
    said_by_hub = reminder("respond", INITIATION, date(2026, 6, 3))
    of_other = reminder("feed_back", INITIATION, date(2026, 6, 2))

    assert date(2026, 6, 3) == of(action(order(), said_by_hub), Kind.RESPOND).due_on
    assert date(2026, 6, 8) == of(action(order(), of_other), Kind.RESPOND).due_on


def test_a_year_without_announced_working_days_gives_no_day_and_no_overdue_mark():
    far = order(days=365 * 20)
    task = of(action(far), Kind.RESPOND)

    assert task.due_on is None
    assert not task.is_overdue(date(2099, 1, 1))


def test_an_objection_is_verified_once_however_often_it_is_said():
    event = objection()
    again = told(
        OBJECTION_RAISED, samples.objection_body(), id_="9" * 32, source=samples.WINDOW, revision=2
    )
    tasks = tasks_of(case(named(event), event, again), samples.registry())

    assert [(Kind.VERIFY, "7" * 32)] == [(each.kind, each.because_of) for each in tasks]
    decided = said("objection.decided", samples.verification_body(), "7" * 32)
    assert Standing.DONE == standing(case(named(event), event, decided), Kind.VERIFY)


def test_a_repair_is_taken_in_then_decided_or_not_taken_in_at_all():
    event = repair()
    name = named(event)
    accepted = said("repair.accepted", samples.repair_acceptance_body(), "8" * 32)
    refused = said(
        "repair.decided", samples.repair_decision_body(decision="not_accepted"), "8" * 32
    )

    assert Standing.OPEN == standing(case(name, event), Kind.ACCEPT_REPAIR)
    assert standing(case(name, event), Kind.DECIDE_REPAIR) is None
    assert Standing.OPEN == standing(case(name, event, accepted), Kind.DECIDE_REPAIR)
    assert Standing.DONE == standing(case(name, event, refused), Kind.ACCEPT_REPAIR)
    assert standing(case(name, event, refused), Kind.DECIDE_REPAIR) is None


def test_the_fold_says_the_same_however_often_it_is_made_and_names_each_task_once():
    whole = action(order(), response(), suspended(), resumed(), ended())
    once = tasks_of(whole, samples.registry())

    assert once == tasks_of(whole, samples.registry())
    assert len(once) == len({each.name for each in once})
    assert {ACTION in each.name for each in once} == {False}
    assert all(each.opened_at - NOW <= timedelta(days=3) for each in once)
    assert ORDER in once[0].name


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"decision": "upheld", "remedy": "withdrawn"}, Standing.OPEN),
        ({"decision": "upheld", "remedy": "corrected"}, None),
        ({"decision": "dismissed", "remedy": None}, None),
    ],
)
def test_what_was_found_wrong_is_to_be_withdrawn(changes, expected):
    event = objection()
    decided = said("objection.decided", samples.verification_body(**changes), "7" * 32)

    assert expected == standing(case(named(event), event, decided), Kind.WITHDRAW)


def corrected(state: State = State.ACCEPTED, **changes):
    """A newer revision of the response."""
    return replace(response(state=state, **changes), event_id="f" * 32, revision=2)


def test_what_was_taken_holds_while_its_correction_waits_and_when_that_is_refused():
    first = response()
    waiting = action(order(), first, corrected(State.PENDING))
    refused = action(order(), first, corrected(State.REJECTED))

    assert Standing.WAITING is standing(waiting, Kind.RESPOND)
    assert Standing.DONE is standing(refused, Kind.RESPOND)
    assert Standing.OPEN is standing(waiting, Kind.FEED_BACK)
    assert Standing.OPEN is standing(refused, Kind.FEED_BACK)


def test_a_correction_of_the_response_asks_for_no_feedback_anew():
    done = action(order(), response(), execution(), corrected())

    assert Standing.DONE is standing(done, Kind.FEED_BACK)
    assert "feed_back:" + "a" * 32 + ":" + MEASURE == of(done, Kind.FEED_BACK).name


def test_whoever_corrects_itself_to_a_refusal_has_nothing_to_feed_back():
    refusal = corrected(decision="refused", refusal_reason="无此职责", refusal_basis="三定规定")

    assert standing(action(order(), response(), refusal), Kind.FEED_BACK) is None


def test_reports_can_be_corrected_and_decisions_cannot():
    reported = of(action(order(), response()), Kind.RESPOND)
    decided = replace(reported, kind=Kind.VERIFY)
    waiting = of(action(order(), response(state=State.PENDING)), Kind.RESPOND)

    assert reported.can_be_corrected
    assert not decided.can_be_corrected
    assert not waiting.can_be_corrected
    assert not waiting.can_be_answered
