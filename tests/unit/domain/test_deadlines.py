"""When something is due: in working days, by the deadline of the day on which it began."""

from dataclasses import replace
from datetime import date

import pytest
from tests import samples

from credit_bus.domain.calendar import BeyondTableError
from credit_bus.domain.deadlines import due_on, remind_on
from credit_bus.domain.registry import Registry
from credit_bus.domain.time_rules import Obligation

REGISTRY = samples.registry()


def with_longer_response_from(day: date) -> Registry:
    (first,) = REGISTRY.deadlines[Obligation.RESPOND]
    later = replace(first, working_days=9, valid_from=day)
    return replace(REGISTRY, deadlines={Obligation.RESPOND: (first, later)})


def test_a_year_that_is_not_announced_has_no_due_day() -> None:
    with pytest.raises(BeyondTableError):
        due_on(REGISTRY, "publish", date(2026, 12, 28))


def test_a_word_that_is_no_obligation_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="applaud"):
        due_on(REGISTRY, "applaud", date(2026, 1, 5))


@pytest.mark.parametrize(
    ("obligation", "began", "due"),
    [
        # The vectors of the calendar, with the plan's seven days and the law's three and ten.
        ("publish", "2018-03-28", "2018-04-09"),
        ("publish", "2018-09-28", "2018-10-12"),
        ("publish", "2020-01-23", "2020-02-11"),
        ("publish", "2025-09-30", "2025-10-16"),
        ("withdraw", "2026-02-13", "2026-02-25"),
        ("share", "2026-02-13", "2026-02-25"),
        ("decide_acceptance", "2026-02-13", "2026-02-25"),
        ("decide_repair", "2026-02-13", "2026-03-05"),
        ("verify_objection", "2024-02-08", "2024-02-23"),
        ("respond", "2026-06-05", "2026-06-12"),
        ("feed_back", "2026-06-05", "2026-06-22"),
    ],
)
def test_a_due_day_is_counted_in_working_days(obligation: str, began: str, due: str) -> None:
    assert date.fromisoformat(due) == due_on(REGISTRY, obligation, date.fromisoformat(began))


def test_what_began_before_the_plan_is_bound_by_the_first_deadline() -> None:
    assert date(2018, 1, 11) == due_on(REGISTRY, "publish", date(2018, 1, 2))


def test_a_later_deadline_does_not_touch_what_has_begun() -> None:
    registry = with_longer_response_from(date(2026, 6, 5))

    assert date(2026, 6, 11) == due_on(registry, "respond", date(2026, 6, 4))
    assert date(2026, 6, 18) == due_on(registry, "respond", date(2026, 6, 5))


@pytest.mark.parametrize("obligation", list(Obligation))
def test_a_reminder_comes_after_the_beginning_and_before_the_due_day(
    obligation: Obligation,
) -> None:
    began = date(2026, 2, 13)
    days = REGISTRY.working_days
    reminded, due = (f(REGISTRY, obligation, began) for f in (remind_on, due_on))

    assert began < reminded < due
    assert days.is_working(reminded)
    assert due == days.after(reminded, REGISTRY.deadline_of(obligation, began).remind_before)
