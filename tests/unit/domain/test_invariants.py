"""What protects the person listed, for every measure of the catalogue, by name."""

from datetime import date, timedelta
from itertools import product

import pytest
from tests.unit.domain import world
from tests.unit.domain.district import REGISTRY, TODAY

from credit_bus.domain.actions import check_initiation
from credit_bus.domain.checks import CHECKS
from credit_bus.domain.course import STAYS, check_suspension
from credit_bus.domain.event import action_id
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    ENQUIRY_ANSWERED,
    LISTING_ENTERED,
    OBJECTION_DECIDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
)
from credit_bus.domain.registry import MeasureKind, Role

CONSTRAINTS = [
    measure.code for measure in REGISTRY.measures.values() if measure.kind is MeasureKind.CONSTRAINT
]
PARTIES = list(REGISTRY.parties)
BURDENS = [
    each.code for each in REGISTRY.lists.values() if each.kind.bears is MeasureKind.CONSTRAINT
]


def codes(
    changes: dict[str, object], *, source: str = "court", subject: str = world.COMPANY
) -> set[str]:
    """Return the codes of the rules that an initiation with these changes breaks."""
    told = check_initiation(
        world.body(ACTION_INITIATED, changes),
        world.context(ACTION_INITIATED, source=source, subject=subject),
    )
    return {one.code for one in told}


@pytest.mark.parametrize("measure", CONSTRAINTS)
def test_no_constraint_is_without_an_end(measure: str) -> None:
    assert "term-missing" in codes({"measures": [measure], "term.ends_on": None})
    assert "term-without-end" in codes({"measures": [measure], "term.ends_on": date(2099, 12, 31)})


@pytest.mark.parametrize(
    ("measure", "instrument"), list(product(CONSTRAINTS, ["memorandum", "honour", "no-such-type"]))
)
def test_no_constraint_stands_on_a_paper_without_legal_effect(
    measure: str, instrument: str
) -> None:
    told = codes({"measures": [measure], "instrument.type": instrument})

    assert told & {"instrument-may-not-found", "instrument-type-unknown"}


@pytest.mark.parametrize("days_late", [1, 2, 28])
def test_notice_comes_before_the_term_begins(days_late: int) -> None:
    begins = world.VALID[ACTION_INITIATED]["term"]["begins_on"]

    assert "notice-after-begin" in codes({"notice.given_on": begins + timedelta(days=days_late)})


@pytest.mark.parametrize("party", PARTIES)
def test_nobody_orders_what_the_catalogue_does_not_have(party: str) -> None:
    assert "measure-unknown" in codes({"measures": ["no-assembly"]}, source=party)


@pytest.mark.parametrize("measure", CONSTRAINTS)
def test_nothing_spreads_from_a_company_to_a_person(measure: str) -> None:
    through_the_key = codes({"measures": [measure]}, subject=world.PERSON)
    through_the_category = codes({"measures": [measure], "subject.category": "natural_person"})
    along_with_the_company = codes({"measures": [measure], "subject.person_id": world.SEALED})

    assert "subject-key-mismatch" in through_the_key
    assert "organisation-field-of-person" in through_the_category
    assert "person-field-of-organisation" in along_with_the_company


@pytest.mark.parametrize("party", [party for party in PARTIES if party != "court"])
def test_nobody_starts_an_action_in_the_name_of_another(party: str) -> None:
    of_the_court = action_id(initiator="court", instrument=world.NUMBER, subject=world.COMPANY)

    assert "action-id-mismatch" in codes({"action_id": of_the_court}, source=party)


@pytest.mark.parametrize(
    ("kind", "party"),
    [
        (kind, code)
        for kind in (ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED, ACTION_CLOSED)
        for code, party in REGISTRY.parties.items()
        if party.role is not Role.HUB and code != "court"
    ],
)
def test_nobody_changes_the_course_of_anothers_action(kind: str, party: str) -> None:
    told = CHECKS[kind](world.body(kind), world.context(kind, source=party))

    assert {one.code for one in told} & {
        "action-of-another",
        "cause-not-for-reviewer",
        "not-the-hub",
    }


@pytest.mark.parametrize("cause", sorted(STAYS))
def test_a_stay_suspends_only_on_its_document(cause: str) -> None:
    kind = ACTION_RESUMED if cause == "stay_lifted" else ACTION_SUSPENDED
    told = CHECKS[kind](world.body(kind, {"cause": cause, "because_of": None}), world.context(kind))

    assert ["basis-missing"] == [one.code for one in told]


def test_an_objection_suspends_without_anybodys_leave() -> None:
    """The hub alone says it, on the id of the objection: no document, no decision is needed."""
    body = world.body(ACTION_SUSPENDED)

    assert () == check_suspension(body, world.context(ACTION_SUSPENDED, source="hub"))


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("kind", [OBJECTION_DECIDED, REPAIR_ACCEPTED, REPAIR_DECIDED])
def test_only_who_provided_a_record_decides_on_it(kind: str, party: str) -> None:
    told = {one.code for one in CHECKS[kind](world.body(kind), world.context(kind, source=party))}

    assert (party == "market") == ("not-the-owner" not in told)


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("kind", [RECORD_CORRECTED, RECORD_WITHDRAWN])
def test_only_who_provided_a_record_corrects_or_withdraws_it(kind: str, party: str) -> None:
    told = {one.code for one in CHECKS[kind](world.body(kind), world.context(kind, source=party))}

    assert (party == "market") == ("not-the-owner" not in told)


def listing_codes(changes: dict[str, object], **context: str) -> set[str]:
    """Return the codes of the rules that an entry on a list with these changes breaks."""
    told = CHECKS[LISTING_ENTERED](
        world.body(LISTING_ENTERED, changes), world.context(LISTING_ENTERED, **context)
    )
    return {one.code for one in told}


@pytest.mark.parametrize("burden", BURDENS)
def test_no_entry_that_burdens_is_without_notice_rights_and_end(burden: str) -> None:
    bare = {"notice": None, "removal_conditions": None, "remedies": None, "term.ends_on": None}

    assert {"notice-missing", "listing-incomplete", "term-missing"} <= listing_codes(
        {"list": burden, **bare}
    )
    assert "term-without-end" in listing_codes({"list": burden, "term.ends_on": date(2099, 12, 31)})


@pytest.mark.parametrize(("burden", "paper"), list(product(BURDENS, ["memorandum", "honour"])))
def test_no_entry_that_burdens_stands_on_a_paper_without_legal_effect(
    burden: str, paper: str
) -> None:
    assert "instrument-may-not-found" in listing_codes({"list": burden, "instrument.type": paper})


@pytest.mark.parametrize(("entered", "party"), list(product(REGISTRY.lists, PARTIES)))
def test_nobody_enters_whom_a_list_does_not_name(entered: str, party: str) -> None:
    """Of those that are gone, the successor speaks: here market for quality."""
    named = REGISTRY.lists[entered].enterers
    told = listing_codes({"list": entered}, source=party)

    assert (party in named or (party == "market" and "quality" in named)) == (
        "list-not-for-party" not in told
    )


@pytest.mark.parametrize("burden", BURDENS)
def test_no_entry_spreads_from_a_company_to_a_person(burden: str) -> None:
    assert "subject-key-mismatch" in listing_codes({"list": burden}, subject=world.PERSON)
    assert "person-field-of-organisation" in listing_codes(
        {"list": burden, "subject.person_id": world.SEALED}
    )


def test_the_courts_defaulters_come_in_through_no_list() -> None:
    assert "list-not-on-instrument" in listing_codes({"instrument.type": "court-decision"})


@pytest.mark.parametrize("measure", CONSTRAINTS)
def test_an_answer_tells_when_each_constraint_ends(measure: str) -> None:
    lasts = REGISTRY.measures[measure].until_performance
    changes = {"measures.0.measure": measure, "measures.0.ends_on": None}
    told = CHECKS[ENQUIRY_ANSWERED](
        world.body(ENQUIRY_ANSWERED, changes), world.context(ENQUIRY_ANSWERED)
    )

    assert lasts == ("measure-without-end" not in {one.code for one in told})


@pytest.mark.parametrize("days", [0, 1, 365])
def test_nobody_is_called_overdue_before_the_day_is_over(days: int) -> None:
    due = {"due_on": TODAY + timedelta(days=days)}
    told = CHECKS[REMINDER_DUE](world.body(REMINDER_DUE, due), world.context(REMINDER_DUE))

    assert ["not-overdue-yet"] == [one.code for one in told]
