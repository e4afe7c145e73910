"""Legal time: by whose duty, from which day, and how bad."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests import samples

from credit_bus.casework.owed import Owed
from credit_bus.domain.time_rules import OBLIGATION_TERMS, Obligation
from credit_bus.reports.as_json import legal_time_json
from credit_bus.reports.legal_time import STANDINGS, LegalTime, Standing, legal_time

REGISTRY = samples.registry()
TODAY = date(2026, 6, 10)  # a Wednesday
FINANCE = "finance"
SITE = "public-site"


def owed(**changes: Any) -> Owed:
    """Finance has to respond by Friday, and is reminded on Thursday."""
    given: dict[str, Any] = {
        "party": FINANCE,
        "obligation": Obligation.RESPOND,
        "began_on": date(2026, 6, 5),
        "remind_on": date(2026, 6, 11),
        "due_on": date(2026, 6, 12),
        "source": None,
        "decided_on": None,
        "rests": False,
        "because_of": "a" * 32,
    }
    return Owed(**{**given, **changes})


def published(decided_on: date | None, **changes: Any) -> Owed:
    """A penalty of market regulation that the site has not confirmed: logged today."""
    return owed(
        party=SITE,
        obligation=Obligation.PUBLISH,
        began_on=TODAY,
        remind_on=date(2026, 6, 16),
        due_on=date(2026, 6, 22),
        source=samples.PENALISING,
        decided_on=decided_on,
        **changes,
    )


def found(*rows: Owed, day: date = TODAY) -> LegalTime:
    return legal_time(rows, rows, REGISTRY, day)


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


def test_a_penalty_is_published_within_seven_working_days_of_its_decision_not_of_its_arrival() -> (
    None
):
    late = found(published(date(2026, 5, 20)))
    fresh = found(published(TODAY))
    [case] = late.urgent

    assert [Standing.OVERDUE] == [line.worst for line in late.lines]
    assert [Standing.IN_TIME] == [line.worst for line in fresh.lines]
    assert (samples.PENALISING, SITE) == (case.party, case.lies_with)
    assert REGISTRY.working_days.after(date(2026, 5, 20), 7) == case.due_on


def test_what_is_no_licence_and_no_penalty_is_due_as_casework_keeps_it() -> None:
    [line] = found(published(None)).lines

    assert (Standing.IN_TIME, date(2026, 6, 22)) == (line.worst, line.first)


def test_what_rests_is_not_late_and_has_no_first_day() -> None:
    result = found(owed(rests=True, due_on=date(2026, 1, 5)))
    [line] = result.lines

    assert (Standing.RESTING, None) == (line.worst, line.first)
    assert [] == list(result.urgent)


def test_a_year_whose_working_days_are_not_announced_has_no_day_and_is_told_so() -> None:
    rows = (owed(due_on=None, remind_on=None), published(date(2099, 1, 5)))
    result = found(*rows)

    assert {Standing.UNDATED} == {line.worst for line in result.lines}
    assert [] == list(result.urgent)


def test_alike_are_counted_together_and_the_worst_department_comes_first() -> None:
    overdue = owed(party="justice", due_on=date(2026, 6, 1), number=2)
    result = found(owed(number=7), owed(due_on=date(2026, 6, 15), number=3), overdue)

    assert ["justice", FINANCE] == [line.party for line in result.lines]
    assert [{Standing.OVERDUE: 2}, {Standing.IN_TIME: 10}] == [
        dict(line.counts) for line in result.lines
    ]


def test_a_department_that_is_gone_leaves_its_duties_to_its_successor() -> None:
    old = REGISTRY.parties[FINANCE]
    gone = replace(old, until=date(2026, 6, 1), successors=("justice",))
    changed = replace(REGISTRY, parties={**REGISTRY.parties, FINANCE: gone})
    [line] = legal_time([owed()], [], changed, TODAY).lines

    assert "justice" == line.party


def test_one_department_s_view_holds_nothing_of_another_s() -> None:
    result = found(owed(due_on=date(2026, 6, 1)), published(date(2026, 5, 20))).of(FINANCE)

    assert {FINANCE} == {each.party for each in (*result.lines, *result.urgent)}


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
    assert (SITE, "publish") == (told["urgent"][0]["lies_with"], told["urgent"][0]["obligation"])
