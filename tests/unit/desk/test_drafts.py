"""Two persons stand behind an initiation, and what it says is lawful on the day of the second."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests import samples
from tests.unit.desk.cases import NOW, said, told

from credit_bus.domain.registry import MeasureKind
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.departments.desk.access import Account, Role
from credit_bus_connectors.departments.desk.cases import Case
from credit_bus_connectors.departments.desk.drafts import (
    DECIDED,
    NO_REVIEWER,
    OWN,
    Draft,
    Stage,
    body_of,
    field_of,
    initiation_of,
    measures_for,
    refusal_to_review,
    with_days,
)
from credit_bus_connectors.departments.desk.progress import lines_of, steps_of
from credit_bus_connectors.departments.desk.rows import json_of

PARTY = samples.COURT
BODY = samples.initiation_body(1)
ENTERED = {
    "kind": BODY["kind"],
    "field": BODY["field"],
    "cause": BODY["cause"],
    "measures": BODY["measures"],
    "remark": "",
    "subject_number": "",
    **{
        f"{part}_{name}": value
        for part in ("subject", "instrument", "notice", "term")
        for name, value in BODY[part].items()
    },
}


def draft(**changes: Any) -> Draft:
    given = {
        "number": 1,
        "party": PARTY,
        "subject": BODY["subject"]["uscc"],
        "stage": Stage.WAITING,
        "drafted_by": "li.si",
        "drafted_at": NOW,
        "decided_by": None,
        "decided_at": None,
        "remark": None,
        "body": BODY,
    }
    return Draft(**{**given, **changes})


def no_seal(_: str) -> dict[str, Any]:
    raise AssertionError("there is no number to seal")


def account(name: str, *roles: Role, party: str = PARTY) -> Account:
    return Account(name=name, party=party, roles=frozenset(roles))


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (account("wang.wu", Role.REVIEWER), None),
        (account("wang.wu", Role.REVIEWER, Role.CLERK), None),
        (account("li.si", Role.REVIEWER, Role.CLERK), OWN),
        (account("wang.wu", Role.CLERK), NO_REVIEWER),
        (account("wang.wu", Role.ADMINISTRATOR), NO_REVIEWER),
        (account("wang.wu", Role.REVIEWER, party="finance"), NO_REVIEWER),
    ],
)
def test_a_reviewer_of_the_department_who_did_not_draft_it_and_nobody_else(who, expected):
    assert expected == refusal_to_review(draft(), who)


@pytest.mark.parametrize("stage", [Stage.APPROVED, Stage.RETURNED, Stage.DROPPED])
def test_what_is_decided_is_decided(stage):
    assert DECIDED == refusal_to_review(draft(stage=stage), account("wang.wu", Role.REVIEWER))


def test_what_was_entered_is_the_body_and_comes_back_from_its_kept_form():

    body = body_of(ENTERED, PARTY, no_seal)

    assert BODY == body
    assert BODY == with_days(json.loads(json_of(body)))


def test_a_person_s_number_is_sealed_before_the_draft_is_kept_and_names_the_action():
    sealed = {"pseudonym": "ab" * 32, "box": bytes(range(47))}
    number = synthetic_resident_id(4)
    entered = {
        **ENTERED,
        "subject_category": "natural_person",
        "subject_uscc": "",
        "subject_number": number,
    }
    body = body_of(entered, PARTY, lambda _: sealed)
    kept = json_of(body)
    event, _ = initiation_of(
        json.loads(kept),
        party=PARTY,
        case=Case(name="", party=PARTY),
        registry=samples.registry(),
        now=NOW,
    )

    assert number not in kept
    assert (sealed["pseudonym"], sealed) == (event.subject, event.body["subject"]["person_id"])
    assert BODY["action_id"] != body["action_id"]


def test_the_event_is_lawful_on_the_day_on_which_it_is_said_or_every_reason_is_told():
    empty = Case(name="", party=PARTY)
    given: dict[str, Any] = {"party": PARTY, "case": empty, "registry": samples.registry()}
    event, reasons = initiation_of(BODY, now=NOW, **given)

    assert ((), 1, PARTY) == (reasons, event.revision, event.source)
    before = datetime(2026, 5, 11, tzinfo=UTC)
    _, early = initiation_of(BODY, now=before, **given)
    assert {"notice_given_on"} == {field_of(each) for each in early}


def test_what_was_said_before_is_followed_by_the_next_revision():
    first = said("action.initiated", BODY, "")
    case = Case(name="", party=PARTY, said=[first])
    event, _ = initiation_of(BODY, party=PARTY, case=case, registry=samples.registry(), now=NOW)

    assert 2 == event.revision


def test_a_department_is_offered_what_it_may_initiate_on_that_day_alone():
    day = date(2026, 6, 1)
    offered = measures_for(samples.registry(), "finance", day)

    assert offered
    assert all(each.in_force_on(day) for each in offered)
    assert all(not each.initiators or "finance" in each.initiators for each in offered)
    assert {MeasureKind.CONSTRAINT, MeasureKind.INCENTIVE} >= {each.kind for each in offered}


def test_the_initiator_sees_each_order_and_what_was_answered():
    initiated = said("action.initiated", BODY, "")
    response = told(
        "measure.responded",
        samples.response_body(BODY["action_id"], BODY["measures"][0]),
        id_="9" * 32,
        source="finance",
    )
    case = Case(name="", party=PARTY, said=[initiated], heard=[response])
    lines = lines_of(case, initiated, samples.registry())

    answered = [line for line in lines if line.answers["measure.responded"]]
    assert ["finance"] == [line.implementer for line in answered]
    steps = steps_of(case, initiated, lines)
    assert f"1/{len(lines)}" == steps[1].note
    assert ["done", "now", "now", "ahead", "ahead", "ahead"] == [each.mark for each in steps]
