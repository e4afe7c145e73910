"""What takes effect by itself for the one listed: display ends, repair ends all, errors go."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests import samples
from tests.samples import LISTING, PENALISING, WINDOW, registry, said
from tests.unit.casework.play import Kept, play, tick
from tests.unit.casework.story import (
    ABOUT_ACTION,
    ABOUT_RECORD,
    ACTION,
    BEFORE,
    NUMBER,
    RECORD,
    SUBJECT,
    Told,
    casework,
    go_on,
    settle,
)

from credit_bus.casework.counts import REPAIR_EARLY, UNMATCHED
from credit_bus.casework.desk import row_name
from credit_bus.casework.things import Action, Entry, Objection, Record
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_INITIATED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    PUBLICITY_ENDED,
    RECORD_WITHDRAWN,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.terms import publicity_of

CORE = casework()


def told(*symbols: str) -> Told:
    """A story in which the log takes at once what the hub says."""
    story = Told()
    for symbol in symbols:
        story = settle(go_on(story, symbol, CORE), CORE)
    return story


def hear(story: Told, kind: str, body: dict[str, Any], party: str, revision: int = 1) -> Told:
    """The story after a party's event; what the hub says to it is still waiting."""
    event = said(kind, body, party=party, subject=SUBJECT, revision=revision, time=story.now)
    return replace(story, kept=play(CORE, story.kept, event, story.now))


def on(story: Told, day: date) -> Told:
    """The story after the clock has looked on that day."""
    now = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return replace(story, now=now, kept=tick(CORE, story.kept, now))


def words(story: Told, *kinds: str) -> list[Event]:
    """What the hub has to say of these types."""
    return [event for event in story.kept.waiting if event.type in kinds]


def shown_until() -> date:
    """The last day on which the story's penalty is shown."""
    publicity = publicity_of(PENALTY_DECIDED, samples.penalty_body(1), registry())
    assert publicity is not None
    assert publicity.maximum_until is not None
    return publicity.maximum_until


def action(story: Told) -> Action:
    """The story's action."""
    return Action.model_validate(story.kept.rows[(Action.kind, row_name(ACTION, SUBJECT))].state)


def record(kept: Kept) -> Record:
    """The only record."""
    (row,) = [row for row in kept.rows.values() if row.kind == Record.kind]
    return Record.model_validate(row.state)


# --- display ends by itself ---


def test_display_lasts_up_to_and_including_its_last_day() -> None:
    assert [] == words(on(told("state"), shown_until()), PUBLICITY_ENDED)


def test_display_ends_by_itself_the_day_after_once() -> None:
    story = on(told("state"), shown_until() + timedelta(days=1))
    (ended,) = words(story, PUBLICITY_ENDED)

    assert "maximum_reached" == ended.body["cause"]
    assert RECORD == ended.body["record"]
    assert [] == words(on(settle(story, CORE), shown_until() + timedelta(days=2)), PUBLICITY_ENDED)


def test_a_newer_revision_of_what_is_shown_no_more_is_not_shown_again() -> None:
    story = settle(on(told("state"), shown_until() + timedelta(days=1)), CORE)
    (ended,) = words(
        hear(story, PENALTY_DECIDED, samples.penalty_body(1), PENALISING, 2), PUBLICITY_ENDED
    )

    assert 2 == ended.body["record_revision"]


def test_what_the_decision_itself_ends_earlier_ends_earlier() -> None:
    early = samples.penalty_body(1, publish_until=date(2026, 9, 10))
    story = hear(Told(), PENALTY_DECIDED, early, PENALISING)

    assert [] == words(on(story, date(2026, 9, 10)), PUBLICITY_ENDED)
    assert 1 == len(words(on(story, date(2026, 9, 11)), PUBLICITY_ENDED))


def test_what_must_not_be_shown_is_said_so_at_once() -> None:
    warned = samples.penalty_body(1, categories=["警告"], fine_10k=None, content="警告")
    publicity = publicity_of(PENALTY_DECIDED, warned, registry())
    assert publicity is not None
    assert not publicity.published

    assert 1 == len(words(hear(Told(), PENALTY_DECIDED, warned, PENALISING), PUBLICITY_ENDED))


def test_what_is_withdrawn_needs_no_end_of_its_display() -> None:
    assert [] == words(
        on(told("state", "withdraw"), shown_until() + timedelta(days=1)), PUBLICITY_ENDED
    )


# --- lists ---


def _listed() -> Told:
    return hear(Told(), LISTING_ENTERED, samples.listing_body(1), LISTING)


def test_an_entry_comes_off_its_list_when_its_term_is_over() -> None:
    (removed,) = words(on(_listed(), date(2029, 5, 18)), LISTING_REMOVED)

    assert ("term_over", LISTING) == (removed.body["cause"], removed.body["entered_by"])


def test_an_entry_stays_on_its_list_on_the_last_day_of_its_term() -> None:
    assert [] == words(on(_listed(), date(2029, 5, 17)), LISTING_REMOVED)


def test_measures_that_stand_on_an_entry_end_when_it_comes_off() -> None:
    number = samples.listing_body(1)["document_number"]
    started = samples.initiation_body(
        1,
        action_id=ACTION,
        instrument={**samples.listing_body(1)["instrument"], "number": number},
        measures=["public-funds-wage-arrears"],
    )
    story = hear(_listed(), ACTION_INITIATED, started, LISTING)
    story = hear(story, LISTING_REMOVED, samples.removal_body(1), LISTING)
    (ended,) = words(story, ACTION_ENDED)

    assert "withdrawn" == ended.body["cause"]
    assert "所依据的名单已经移出" == ended.body["explanation"]


def test_a_repaired_entry_comes_off_its_list() -> None:
    listing = {
        "provider": LISTING,
        "type": LISTING_ENTERED,
        "document_number": samples.listing_body(1)["document_number"],
    }
    about = {"record": listing, "action_id": None}
    decided = samples.repair_decision_body(1, about=about)
    (removed,) = words(hear(_listed(), REPAIR_DECIDED, decided, LISTING), LISTING_REMOVED)

    assert "repaired" == removed.body["cause"]


# --- repair ---


def test_repair_ends_display_and_measures_in_step() -> None:
    story = hear(
        told("state", "initiate"), REPAIR_DECIDED, samples.repair_decision_body(1), PENALISING
    )

    assert {("action.ended", "repaired"), ("publicity.ended", "repaired")} == {
        (event.type, event.body["cause"]) for event in words(story, ACTION_ENDED, PUBLICITY_ENDED)
    }


def test_repair_takes_effect_on_its_day_and_not_before() -> None:
    later = samples.repair_decision_body(1, effective_on=date(2026, 9, 15))
    story = hear(told("state", "initiate"), REPAIR_DECIDED, later, PENALISING)

    assert [] == words(story, ACTION_ENDED, PUBLICITY_ENDED)
    assert [] == words(on(story, date(2026, 9, 14)), ACTION_ENDED, PUBLICITY_ENDED)
    assert 2 == len(words(on(story, date(2026, 9, 15)), ACTION_ENDED, PUBLICITY_ENDED))


def test_a_refused_repair_changes_nothing() -> None:
    refused = samples.repair_decision_body(
        1, decision="refused", reason="义务尚未履行完毕", effective_on=None
    )
    story = hear(told("state", "initiate"), REPAIR_DECIDED, refused, PENALISING)

    assert [] == list(story.kept.waiting)
    assert "active" == action(story).state


def test_a_request_before_the_shortest_publicity_is_marked_for_its_recogniser() -> None:
    story = replace(told(), now=datetime(2026, 6, 1, 2, tzinfo=UTC))
    story = hear(story, PENALTY_DECIDED, samples.penalty_body(1), PENALISING)
    story = hear(story, REPAIR_REQUESTED, samples.repair_body(1), WINDOW)

    assert 1 == sum(
        n
        for (_, party, what), n in story.kept.counts.items()
        if (party, what) == (PENALISING, REPAIR_EARLY)
    )


# --- objections ---


def test_nobody_but_the_decision_ends_what_an_objection_suspended() -> None:
    story = told("state", "initiate", "doubt record")
    reference = action(story).suspensions[0].reference
    lifted = samples.resumption_body(
        1, action_id=ACTION, reference=reference, because_of=reference, implementers=[]
    )
    story = hear(story, ACTION_RESUMED, lifted, PENALISING)
    (again,) = words(story, ACTION_SUSPENDED)

    assert 2 == again.revision
    assert "suspended" == action(story).state


def test_two_objections_must_both_be_dismissed() -> None:
    story = told("state", "initiate", "doubt record", "doubt action", "dismiss record")
    assert "suspended" == action(story).state
    assert "active" == action(settle(go_on(story, "dismiss action", CORE), CORE)).state


def test_a_suspension_does_not_lengthen_the_term() -> None:
    ends_on = action(told("state", "initiate")).ends_on
    assert ends_on is not None
    story = on(told("state", "initiate", "doubt record"), ends_on + timedelta(days=1))

    assert ["term_over"] == [event.body["cause"] for event in words(story, ACTION_ENDED)]


def test_an_upheld_objection_restores_the_good_name_in_public_and_asks_for_the_withdrawal() -> None:
    story = told("state", "initiate", "doubt record")
    story = go_on(story, "uphold record", CORE)
    (restored,) = words(story, REPUTATION_RESTORED)
    withdraw = [
        duty
        for row in story.kept.rows.values()
        for duty in row.state.get("duties", ())
        if duty["obligation"] == "withdraw"
    ]

    assert ABOUT_RECORD == restored.body["about"]
    assert [PENALISING] == [duty["party"] for duty in withdraw]


def test_an_objection_about_a_record_that_is_still_to_come_suspends_what_stands_on_it() -> None:
    assert "suspended" == action(told("doubt record", "initiate")).state


def test_an_objection_of_another_subject_touches_nothing() -> None:
    story = told("state", "initiate")
    other = samples.objection_body(2, about=ABOUT_ACTION)
    event = said(OBJECTION_RAISED, other, party=WINDOW, time=BEFORE)
    kept = play(CORE, story.kept, event, BEFORE)

    assert () == kept.waiting
    assert action(story) == action(replace(story, kept=kept))


# --- holders ---


def test_who_held_an_earlier_revision_owes_the_newer_one_although_no_route_leads_there() -> None:
    routes = tuple(route for route in registry().routes if route.to != "municipal-platform")
    later = type(CORE)(replace(registry(), routes=routes))
    story = told("state")
    event = said(
        RECORD_WITHDRAWN,
        samples.withdrawal_body(1, record=RECORD, record_revision=1),
        party=PENALISING,
        subject=SUBJECT,
    )
    kept = play(later, story.kept, event, BEFORE)
    entry = Entry.model_validate(kept.rows[(Entry.kind, row_name(event.id, SUBJECT))].state)

    assert "municipal-platform" in {holding.holder for holding in entry.holdings}


def test_an_answer_to_what_nobody_asked_is_counted_and_changes_nothing() -> None:
    stranger = samples.response_body(ACTION, "procurement-ban")
    story = hear(told("state", "initiate"), MEASURE_RESPONDED, stranger, "finance")

    assert 1 == sum(
        n
        for (_, party, what), n in story.kept.counts.items()
        if (party, what) == ("finance", UNMATCHED)
    )
    assert action(told("state", "initiate")) == action(story)


def test_a_record_keeps_no_row_of_a_person_by_itself() -> None:
    """Nothing spreads from a company to a person: no word names another subject (invariant 7)."""
    story = told("state", "initiate", "doubt record", "uphold record", "withdraw", "confirm")

    assert {SUBJECT} == {row.subject for row in story.kept.rows.values()}
    assert NUMBER == record(story.kept).document_number


def test_a_measure_is_in_force_up_to_and_including_the_last_day_of_its_term() -> None:
    ends_on = action(told("state", "initiate")).ends_on
    assert ends_on is not None

    assert [] == words(on(told("state", "initiate"), ends_on), ACTION_ENDED)
    (ended,) = words(on(told("state", "initiate"), ends_on + timedelta(days=1)), ACTION_ENDED)
    assert ends_on + timedelta(days=1) == ended.body["effective_on"]


def test_who_is_ordered_anew_while_the_action_rests_is_told_that_it_rests() -> None:
    story = told("state", "initiate", "doubt record", "stay")
    story = go_on(story, "initiate", CORE)

    assert [2, 1] == [event.revision for event in words(story, ACTION_SUSPENDED)]
    assert {"objection_under_verification", "stayed_by_court"} == {
        event.body["cause"] for event in words(story, ACTION_SUSPENDED)
    }


def test_what_two_subjects_share_a_number_with_is_kept_apart() -> None:
    story = hear(Told(), OBJECTION_RAISED, samples.objection_body(1), WINDOW)
    other = said(
        OBJECTION_RAISED,
        samples.objection_body(2, objection_number=samples.objection_body(1)["objection_number"]),
        party=WINDOW,
    )
    kept = play(CORE, story.kept, other, BEFORE)

    assert 2 == len([row for row in kept.rows.values() if row.kind == Objection.kind])


def test_a_word_on_an_action_under_another_subject_leaves_the_action_alone() -> None:
    story = told("state", "initiate")
    stray = samples.suspension_body(1, action_id=ACTION)
    event = said(ACTION_SUSPENDED, stray, party=PENALISING, subject=samples.reference(2)["uscc"])
    kept = play(CORE, story.kept, event, BEFORE)

    assert action(story) == action(replace(story, kept=kept))


def test_what_is_initiated_again_after_it_closed_ends_and_closes_again_under_another_id() -> None:
    once = ("state", "initiate", "accept", "end", "lift", "confirm")
    first = action(told(*once))
    second = action(told(*once, "initiate", "lift", "confirm"))

    assert "closed" == first.state == second.state
    assert first.closed != second.closed
    assert first.ending is not None
    assert second.ending is not None
    assert first.ending.event != second.ending.event


def test_what_is_initiated_on_an_entry_that_came_off_its_list_ends_at_once() -> None:
    started = samples.initiation_body(
        1,
        action_id=ACTION,
        instrument=samples.listing_body(1)["instrument"],
        measures=["public-funds-wage-arrears"],
    )
    story = hear(_listed(), LISTING_REMOVED, samples.removal_body(1), LISTING)
    story = hear(story, ACTION_INITIATED, started, LISTING)

    assert ["withdrawn"] == [event.body["cause"] for event in words(story, ACTION_ENDED)]


def test_a_removal_that_comes_before_its_entry_holds() -> None:
    story = hear(Told(), LISTING_REMOVED, samples.removal_body(1), LISTING)
    story = hear(story, LISTING_ENTERED, samples.listing_body(1), LISTING)

    assert record(story.kept).removed is not None
    assert not record(story.kept).shown


def test_nobody_decides_on_another_s_record_under_the_number_of_its_objection() -> None:
    story = told("state", "initiate", "doubt record")
    about = {"record": {**RECORD, "document_number": "甘区市监罚〔2026〕99号"}, "action_id": None}
    (objection,) = [row.state for row in story.kept.rows.values() if row.kind == Objection.kind]
    decided = samples.verification_body(
        1,
        objection_number=objection["number"],
        about=about,
        decision="dismissed",
        remedy=None,
    )
    story = hear(story, OBJECTION_DECIDED, decided, PENALISING)

    assert "suspended" == action(story).state
    assert [] == words(story, ACTION_RESUMED)


def test_nobody_repairs_another_s_record_under_the_number_of_its_request() -> None:
    story = told("state", "ask repair")
    about = {"record": {**RECORD, "document_number": "甘区市监罚〔2026〕99号"}, "action_id": None}
    decided = samples.repair_decision_body(1, about=about)
    story = hear(story, REPAIR_DECIDED, decided, PENALISING)
    rows = [row.state for row in story.kept.rows.values() if row.kind == Record.kind]
    (disputed,) = [row for row in rows if row["document_number"] == NUMBER]

    assert "repair" not in disputed
    assert [] == words(story, PUBLICITY_ENDED)


def test_a_party_that_the_registry_does_not_hold_any_more_stops_nothing() -> None:
    story = told("state", "initiate")
    parties = {code: party for code, party in registry().parties.items() if code != PENALISING}
    later = type(CORE)(replace(registry(), parties=parties))
    event = said(
        MEASURE_RESPONDED,
        samples.response_body(ACTION, "food-trade-ban"),
        party="finance",
        subject=SUBJECT,
    )

    assert action(story) == action(replace(story, kept=play(later, story.kept, event, BEFORE)))
