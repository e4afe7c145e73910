"""A changed registry on history: who gains, who loses, what would be refused, and nothing else."""

from dataclasses import replace
from datetime import date

from rich.console import Console
from tests import samples
from tests.unit.operations.test_quarantine import kept

from credit_bus.domain.event import Event
from credit_bus.domain.event_types import CANARY_SENT, OBJECTION_RAISED, PENALTY_DECIDED
from credit_bus.domain.registry import Registry
from credit_bus.operations.quarantine.rejudged import Bench
from credit_bus.operations.rehearsal import EXAMPLES_MAX, Rehearsal, rehearse
from credit_bus_connectors.deliveries import canary_answer, statement
from credit_bus_deploy.rules_table import rehearsal_json, show

OLD = samples.registry()
DAY = date(2026, 6, 10)
MUNICIPAL = "municipal-platform"
EVENTS = (
    *(samples.penalty(number) for number in range(7)),
    samples.licence(1),
    samples.initiation(1),
    samples.of_course(OBJECTION_RAISED, 1),
)


def bench(registry: Registry) -> Bench:
    return Bench(codec=samples.codec(), registry=registry)


def rehearsed(new: Registry, *events: Event, day: date = DAY) -> Rehearsal:
    return rehearse(events or EVENTS, bench(OLD), bench(replace(new, version="f" * 12)), day=day)


def without_route(kind: str, platform: str) -> Registry:
    routes = tuple(
        replace(route, types=route.types - {kind}) if route.to == platform else route
        for route in OLD.routes
    )
    return replace(OLD, routes=routes)


def test_the_same_rules_change_nothing() -> None:
    found = rehearsed(OLD)

    assert (True, len(EVENTS), 0) == (found.is_same, found.events, found.changed)


def test_canaries_and_words_on_them_are_not_rehearsed() -> None:
    canary = samples.of_upkeep(CANARY_SENT)
    word = statement(MUNICIPAL, canary, canary_answer(canary))
    found = rehearsed(without_route(CANARY_SENT, MUNICIPAL), canary, word)

    assert (0, True) == (found.events, found.is_same)


def test_a_route_that_goes_is_a_loss_of_that_platform_with_some_examples() -> None:
    found = rehearsed(without_route(PENALTY_DECIDED, MUNICIPAL))
    change = found.losses[PENALTY_DECIDED, MUNICIPAL, ""]

    assert (7, EXAMPLES_MAX) == (change.number, len(change.examples))
    assert {} == dict(found.gains)
    # An objection to a penalty goes wherever the penalty goes.
    assert {PENALTY_DECIDED, OBJECTION_RAISED} == {kind for kind, _, _ in found.losses}
    assert 8 == found.changed


def test_a_new_route_is_a_gain() -> None:
    poor = without_route(PENALTY_DECIDED, MUNICIPAL)
    found = rehearse(EVENTS, bench(poor), bench(replace(OLD, version="e" * 12)), day=DAY)

    assert 7 == found.gains[PENALTY_DECIDED, MUNICIPAL, ""].number
    assert {} == dict(found.losses)


def test_a_measure_given_to_another_department_is_its_gain_and_the_former_one_s_loss() -> None:
    code = samples.COURT_MEASURES[0]
    measure = OLD.measures[code]
    new = replace(OLD, measures={**OLD.measures, code: replace(measure, implementers=("justice",))})
    found = rehearsed(new, samples.initiation(1))

    assert ("measure.ordered", "justice", code) in found.gains
    assert {("measure.ordered", each, code) for each in measure.implementers} - {
        ("measure.ordered", "justice", code)
    } <= set(found.losses)


def test_a_right_taken_away_is_a_refusal_and_given_back_is_none() -> None:
    party = OLD.parties[samples.PENALISING]
    mute = replace(party, publishes=party.publishes - {PENALTY_DECIDED})
    new = replace(OLD, parties={**OLD.parties, party.code: mute})

    taken = rehearsed(new)
    given = rehearse(EVENTS, bench(new), bench(OLD), day=DAY)

    assert 7 == taken.refused[PENALTY_DECIDED, party.code, "no-right"].number
    assert {} == dict(given.passed), "they were accepted, and are no news"


def test_what_lies_in_quarantine_is_judged_by_both_and_what_would_be_taken_is_told() -> None:
    party = OLD.parties[samples.PENALISING]
    mute = replace(party, publishes=party.publishes - {PENALTY_DECIDED})
    old = bench(replace(OLD, parties={**OLD.parties, party.code: mute}))
    good, bad = samples.message(samples.penalty(1)), samples.message(samples.penalty(2, facts=""))
    undecodable = replace(good, value=b"\xff")
    refused = [kept(each, "no-right") for each in (good, bad, undecodable)]
    found = rehearse((), old, bench(OLD), day=DAY, refused=refused)
    same = rehearse((), bench(OLD), bench(OLD), day=DAY, refused=refused)

    [((kind, source, code), change)] = found.passed.items()
    assert (PENALTY_DECIDED, party.code, "no-right") == (kind, source, code)
    assert (1, [samples.penalty(1).id]) == (change.number, change.examples)
    assert (3, 0, False) == (found.refusals, found.changed, found.is_same)
    assert (3, True) == (same.refusals, same.is_same)


def test_a_refused_canary_is_nobody_s() -> None:
    canary = samples.message(samples.of_upkeep(CANARY_SENT))

    assert 0 == rehearse((), bench(OLD), bench(OLD), day=DAY, refused=[kept(canary)]).refusals


def test_a_party_that_is_gone_refuses_and_reaches_nobody_and_stops_nothing() -> None:
    parties = {code: each for code, each in OLD.parties.items() if code != samples.PENALISING}
    found = rehearsed(replace(OLD, parties=parties))

    assert found.events == len(EVENTS)
    assert ("penalty.decided", samples.PENALISING, "no-right") in found.refused


def test_rules_that_begin_on_a_day_to_come_show_on_that_day_alone() -> None:
    code = samples.COURT_MEASURES[0]
    late = replace(OLD.measures[code], until=date(2027, 1, 1))
    new = replace(OLD, measures={**OLD.measures, code: late})

    assert rehearsed(new).is_same
    assert not rehearsed(new, day=date(2027, 1, 2)).is_same


def test_people_and_machines_read_the_same() -> None:
    found = rehearsed(without_route(PENALTY_DECIDED, MUNICIPAL))
    console = Console(record=True, width=140)
    show(found, {MUNICIPAL: "张掖市平台"}, console)
    told = rehearsal_json(found)

    text = console.export_text()
    assert "将不再收到" in text
    assert "张掖市平台" in text
    assert (8, 7) == (told["changed"], told["losses"][-1]["number"])
