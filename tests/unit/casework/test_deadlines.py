"""Deadlines in working days: reminded before, overdue after, each once; none lost by a restart."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.samples import PENALISING, WINDOW, registry
from tests.unit.casework.play import play, tick
from tests.unit.casework.story import (
    ACTION,
    BEFORE,
    SUBJECT,
    Told,
    casework,
    confirmations,
    go_on,
    settle,
)

from credit_bus.casework.counts import ANSWERED, ON_TIME
from credit_bus.casework.desk import row_name
from credit_bus.casework.step import DistrictCasework
from credit_bus.casework.things import Action
from credit_bus.domain.calendar import WorkingDays, local_day
from credit_bus.domain.deadlines import due_on
from credit_bus.domain.event_types import REMINDER_DUE

CORE = casework()
BEGAN = local_day(BEFORE)


def told(*symbols: str, core: DistrictCasework = CORE) -> Told:
    """A story in which the log takes at once what the hub says."""
    story = Told()
    for symbol in symbols:
        story = settle(go_on(story, symbol, core), core)
    return story


def on(story: Told, day: date, core: DistrictCasework = CORE) -> Told:
    """The story after the clock has looked on that day; its `log` is what the hub then said."""
    now = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return replace(story, now=now, kept=tick(core, story.kept, now), log=())


def reminders(story: Told) -> list[tuple[str, str, str]]:
    """What the hub has to say and the log has not taken: party, obligation, state."""
    return [
        (event.body["party"], event.body["obligation"], event.body["state"])
        for event in story.kept.waiting
        if event.type == REMINDER_DUE
    ]


def count(story: Told, what: str) -> int:
    """How often it was counted, over all days and parties."""
    return sum(times for (_, _, counted), times in story.kept.counts.items() if counted == what)


def test_an_answer_is_reminded_before_its_day_and_called_overdue_after_it() -> None:
    story = told("state", "initiate")
    last_day = due_on(registry(), "respond", BEGAN)
    seen = {}
    day = BEGAN
    while day <= last_day + timedelta(days=1):
        story = on(story, day)
        for _, obligation, state in reminders(story):
            if obligation == "respond":
                seen[state] = day
        story = settle(story, CORE)
        day += timedelta(days=1)

    assert BEGAN < seen["due"] < last_day
    assert last_day + timedelta(days=1) == seen["overdue"]


def test_a_clock_that_stood_still_calls_overdue_once_and_reminds_no_more() -> None:
    late = due_on(registry(), "respond", BEGAN) + timedelta(days=3)
    story = on(told("state", "initiate"), late)

    assert (PENALISING, "respond", "overdue") in reminders(story)
    assert (PENALISING, "respond", "due") not in reminders(story)
    assert [] == reminders(on(settle(story, CORE), late))
    assert [] == reminders(on(settle(story, CORE), late + timedelta(days=1)))


def test_who_has_answered_in_time_is_counted_so_and_not_reminded() -> None:
    story = told("state", "initiate", "refuse")
    late = on(story, due_on(registry(), "respond", BEGAN) + timedelta(days=1))

    assert (1, 1) == (count(story, ANSWERED), count(story, ANSWERED + ON_TIME))
    assert (PENALISING, "respond", "overdue") not in reminders(late)


def test_a_late_answer_is_counted_and_not_as_in_time() -> None:
    late = due_on(registry(), "respond", BEGAN) + timedelta(days=1)
    story = settle(go_on(settle(on(told("state", "initiate"), late), CORE), "accept", CORE), CORE)

    assert (1, 0) == (count(story, ANSWERED), count(story, ANSWERED + ON_TIME))


def test_nobody_is_asked_for_feedback_while_the_action_rests() -> None:
    last_day = due_on(registry(), "feed_back", BEGAN)
    story = on(told("state", "initiate", "accept", "stay"), last_day + timedelta(days=1))

    assert (PENALISING, "feed_back", "overdue") not in reminders(story)


def test_feedback_has_its_time_anew_when_the_action_goes_on() -> None:
    last_day = due_on(registry(), "feed_back", BEGAN)
    story = settle(on(told("state", "initiate", "accept", "stay"), last_day), CORE)
    story = settle(go_on(story, "lift stay", CORE), CORE)
    (owed,) = [each for each in action(story).duties if each.obligation == "feed_back"]

    assert due_on(registry(), "feed_back", last_day) == owed.due_on


def test_verification_and_decisions_on_repair_are_reminded_to_their_owner() -> None:
    story = told("state", "doubt record", "ask repair")
    days = (due_on(registry(), each, BEGAN) for each in ("verify_objection", "decide_acceptance"))
    asked = reminders(on(story, max(days) + timedelta(days=1)))

    assert (PENALISING, "verify_objection", "overdue") in asked
    assert (PENALISING, "decide_acceptance", "overdue") in asked
    assert WINDOW not in {party for party, _, _ in asked}


def test_who_has_accepted_a_repair_owes_a_decision() -> None:
    story = told("state", "ask repair", "accept repair")
    late = on(story, due_on(registry(), "decide_repair", BEGAN) + timedelta(days=1))

    assert {("decide_repair", "overdue")} == {
        (obligation, state) for party, obligation, state in reminders(late) if party == PENALISING
    }


def test_what_ended_must_be_lifted_within_the_time_of_feedback() -> None:
    story = told("state", "initiate", "accept", "end")
    late = on(story, due_on(registry(), "feed_back", BEGAN) + timedelta(days=1))

    assert (PENALISING, "feed_back", "overdue") in reminders(late)


def test_a_platform_that_does_not_confirm_a_record_is_reminded() -> None:
    story = told("state")
    late = on(story, due_on(registry(), "publish", BEGAN) + timedelta(days=1))

    assert {("publish", "overdue")} == {
        (obligation, state) for _, obligation, state in reminders(late)
    }
    assert [] == reminders(on(told("state", "confirm"), local_day(late.now)))


def test_a_platform_that_holds_a_newer_revision_owes_nothing_of_one_that_it_returned() -> None:
    story = told("state")
    for event in confirmations(story):
        if event.source != "public-site":
            story = replace(story, kept=play(CORE, story.kept, event, story.now))
    story = settle(go_on(story, "state", CORE), CORE)
    late = due_on(registry(), "publish", BEGAN) + timedelta(days=1)
    before = reminders(on(story, late))
    for event in confirmations(story):
        if event.body["event_revision"] == 2:
            story = replace(story, kept=play(CORE, story.kept, event, story.now))

    assert ("public-site", "publish", "overdue") in before
    assert [] == reminders(on(story, late))


def test_a_deadline_in_a_year_not_announced_is_asked_for_again_each_day() -> None:
    known = registry().working_days
    until_september = replace(known, years=frozenset({2025}))
    blind = DistrictCasework(replace(registry(), working_days=until_september))
    story = told("state", "initiate", core=blind)
    (owed,) = action(story).duties

    assert owed.due_on is None
    assert BEGAN + timedelta(days=1) == owed.look_on
    late = due_on(registry(), "respond", BEGAN) + timedelta(days=1)
    assert [] == reminders(on(story, late, blind))
    assert (PENALISING, "respond", "overdue") in reminders(on(story, late))
    assert isinstance(known, WorkingDays)


def action(story: Told) -> Action:
    """The story's action."""
    return Action.model_validate(story.kept.rows[(Action.kind, row_name(ACTION, SUBJECT))].state)


def test_nothing_is_overdue_on_its_last_day() -> None:
    last_day = due_on(registry(), "respond", BEGAN)

    assert [(PENALISING, "respond", "due")] == [
        each for each in reminders(on(told("state", "initiate"), last_day)) if each[1] == "respond"
    ]
