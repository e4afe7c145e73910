"""Legal time: by whose duty, from which day, and how bad."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests import samples

from credit_bus.casework.owed import Owed
from credit_bus.domain.time_rules import OBLIGATION_TERMS, Obligation
from credit_bus.reports.as_json import legal_time_json
from credit_bus.reports.legal_time import STANDINGS, LegalTime, Standing, legal_time, who_answers

REGISTRY = samples.registry()
TODAY = date(2026, 6, 10)  # a Wednesday
FINANCE = "finance"
SITE = "public-site"
PROVINCE = "provincial-platform"


def owed(**changes: Any) -> Owed:
    """Finance has to respond by Friday, five working days later, and is reminded on Thursday."""
    given: dict[str, Any] = {
        "party": FINANCE,
        "obligation": Obligation.RESPOND,
        "began_on": date(2026, 6, 5),
        "rests": False,
        "lies_with": (),
        "events": ("a" * 32,),
        "number": 1,
    }
    return Owed(**{**given, **changes})


def published(decided_on: date, **changes: Any) -> Owed:
    """A penalty of market regulation that two platforms have not confirmed."""
    given = {
        "party": samples.PENALISING,
        "obligation": Obligation.PUBLISH,
        "began_on": decided_on,
        "lies_with": (PROVINCE, SITE),
    }
    return owed(**{**given, **changes})


def found(*rows: Owed, day: date = TODAY) -> LegalTime:
    return legal_time(rows, REGISTRY, day)


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2026, 6, 10), Standing.IN_TIME),
        (date(2026, 6, 11), Standing.AT_RISK),
        (date(2026, 6, 12), Standing.AT_RISK),
        (date(2026, 6, 13), Standing.OVERDUE),
    ],
)
def test_at_risk_from_the_day_of_the_reminder_and_overdue_after_the_last_day(
    day: date, standing: Standing
) -> None:
    [line] = found(owed(), day=day).lines

    assert (standing, {standing: 1}) == (line.worst, line.counts)
    assert date(2026, 6, 12) == line.first


def test_a_penalty_stands_once_under_who_decided_with_the_platforms_it_lies_with() -> None:
    late = found(published(date(2026, 5, 20)))
    fresh = found(published(TODAY))
    [urgent] = late.urgent

    assert [{Standing.OVERDUE: 1}] == [line.counts for line in late.lines]
    assert [{Standing.IN_TIME: 1}] == [line.counts for line in fresh.lines]
    assert (samples.PENALISING, {PROVINCE, SITE}) == (urgent.party, set(urgent.lies_with))
    assert REGISTRY.parties[SITE].name == urgent.lies_with[SITE]
    assert REGISTRY.working_days.after(date(2026, 5, 20), 7) == urgent.due_on


def test_the_most_overdue_comes_first_however_much_else_is_urgent_and_all_is_counted() -> None:
    """A penalty reported late in an outage is due before what the log took earlier."""
    outage = [published(date(2026, 5, 25), lies_with=(code,), number=400) for code in "abcd"]
    answers = [owed(began_on=date(2026, 5, 1), number=900)]
    late = published(date(2026, 4, 20), events=("b" * 32,))
    result = found(*outage, *answers, late)

    assert ("b" * 32,) == result.urgent[0].events
    assert [1, 900] + [400] * 4 == [each.number for each in result.urgent]
    assert 2_501 == result.number(Standing.OVERDUE) == sum(each.number for each in result.urgent)


def test_what_rests_is_not_late_and_has_no_first_day() -> None:
    result = found(owed(rests=True, began_on=date(2026, 1, 5)))
    [line] = result.lines

    assert (Standing.RESTING, None) == (line.worst, line.first)
    assert [] == list(result.urgent)


def test_a_year_whose_working_days_are_not_announced_has_no_day_and_is_told_so() -> None:
    result = found(owed(began_on=date(2099, 1, 5)), published(date(2099, 1, 5)))

    assert {Standing.UNDATED} == {line.worst for line in result.lines}
    assert [] == list(result.urgent)


def test_what_was_decided_before_the_first_year_known_is_overdue_all_the_same() -> None:
    first_year = min(REGISTRY.working_days.years)
    [line] = found(published(date(first_year - 3, 5, 4))).lines

    assert Standing.OVERDUE is line.worst
    assert line.first is not None
    assert first_year == line.first.year


def test_alike_are_counted_together_and_the_worst_department_comes_first() -> None:
    overdue = owed(party="justice", began_on=date(2026, 5, 25), number=2)
    result = found(owed(number=7), owed(began_on=date(2026, 6, 8), number=3), overdue)

    assert ["justice", FINANCE] == [line.party for line in result.lines]
    assert [{Standing.OVERDUE: 2}, {Standing.IN_TIME: 10}] == [
        dict(line.counts) for line in result.lines
    ]


def test_a_department_that_is_gone_leaves_its_duties_to_its_successor() -> None:
    old = REGISTRY.parties[FINANCE]
    gone = replace(old, until=date(2026, 6, 1), successors=("justice",))
    changed = replace(REGISTRY, parties={**REGISTRY.parties, FINANCE: gone})
    [line] = legal_time([owed()], changed, TODAY).lines

    assert "justice" == line.party == who_answers(FINANCE, changed, TODAY)


def test_what_two_departments_owed_that_are_one_now_is_one_row() -> None:
    gone = replace(REGISTRY.parties[FINANCE], until=date(2026, 6, 1), successors=("justice",))
    changed = replace(REGISTRY, parties={**REGISTRY.parties, FINANCE: gone})
    began = date(2026, 5, 20)
    rows = [owed(began_on=began, number=2), owed(party="justice", began_on=began, events=("b",))]
    [urgent] = legal_time(rows, changed, TODAY).urgent

    assert ("justice", 3, ("a" * 32, "b")) == (urgent.party, urgent.number, urgent.events)


def test_who_is_not_there_yet_or_in_no_registry_answers_for_itself() -> None:
    to_come = replace(REGISTRY.parties[FINANCE], since=date(2027, 1, 1))
    changed = replace(REGISTRY, parties={**REGISTRY.parties, FINANCE: to_come})

    assert [FINANCE, "nobody"] == [
        who_answers(each, changed, TODAY) for each in (FINANCE, "nobody")
    ]


def test_one_department_s_view_holds_nothing_of_another_s() -> None:
    result = found(owed(began_on=date(2026, 5, 25)), published(date(2026, 5, 20))).of(FINANCE)

    assert {FINANCE} == {each.party for each in (*result.lines, *result.urgent)}


def test_a_platform_s_view_shows_what_lies_with_it_and_that_it_owes_nothing_itself() -> None:
    result = found(owed(began_on=date(2026, 5, 25)), published(date(2026, 5, 20))).of(SITE)

    assert [] == list(result.lines)
    assert [samples.PENALISING] == [each.party for each in result.urgent]


def test_every_obligation_and_every_standing_has_a_word() -> None:
    assert set(Obligation) == set(OBLIGATION_TERMS)
    assert set(Standing) == set(STANDINGS)


def test_machines_read_the_same() -> None:
    told = legal_time_json(found(published(date(2026, 5, 20))))

    assert ("2026-06-10", 1, 0) == (
        told["day"],
        told["lines"][0]["overdue"],
        told["lines"][0]["at_risk"],
    )
    assert ([PROVINCE, SITE], "publish", 1, ["a" * 32]) == tuple(
        told["urgent"][0][name] for name in ("lies_with", "obligation", "number", "events")
    )
