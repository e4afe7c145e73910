"""The closing proof lists every holder of every event, and is complete when all have confirmed."""

from dataclasses import replace

import pytest
from tests import samples
from tests.samples import PENALISING
from tests.unit.casework.play import play
from tests.unit.casework.story import ACTION, MEASURE, NUMBER, Told, casework, go_on, settle

from credit_bus.casework.proof import Proof, Standing, found_by, proof_of
from credit_bus.casework.things import Action, Entry, Record
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    DELIVERY_REFUSED,
    MEASURE_ORDERED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PENALTY_DECIDED,
    RECORD_WITHDRAWN,
)

PLATFORMS = {"district-platform", "municipal-platform", "provincial-platform", "public-site"}


def told(*symbols: str) -> Told:
    """A story in which the log takes at once what the hub says."""
    core, story = casework(), Told()
    for symbol in symbols:
        story = settle(go_on(story, symbol, core), core)
    return story


def proof(story: Told, kind: str) -> Proof:
    """The proof of the story's record or action, found by the number of the penalty."""
    rows = story.kept.rows
    (key,) = [key for key in found_by(NUMBER, rows) if key[0] == kind]
    return proof_of(key, rows)


def test_an_unknown_name_finds_nothing() -> None:
    assert found_by("甘罚〔1999〕1号", told("state").kept.rows) == ()


def test_what_nobody_has_confirmed_is_sent_and_the_proof_is_open() -> None:
    shown = proof(told("state"), Record.kind)

    assert {PENALTY_DECIDED} == {line.type for line in shown.lines}
    assert {Standing.SENT} == {line.standing for line in shown.lines}
    assert {line.holder for line in shown.lines} <= PLATFORMS
    assert not shown.complete


def test_a_withdrawal_is_proved_by_every_holder_of_the_record() -> None:
    story = told("state", "withdraw", "confirm")
    shown = proof(story, Record.kind)
    held = {line.holder for line in shown.lines if line.type == PENALTY_DECIDED}
    told_of = {line.holder for line in shown.lines if line.type == RECORD_WITHDRAWN}

    assert "withdrawn" == shown.state
    assert held == told_of != set()
    assert all(line.by and line.at and line.acknowledgement for line in shown.lines)
    assert shown.complete


def test_what_a_platform_confirmed_and_refused_later_is_returned_and_the_proof_is_open() -> None:
    story = told("state", "confirm")
    (entry,) = [row for row in story.kept.rows.values() if row.kind == Entry.kind]
    event_id = entry.state["name"]
    refusal = samples.said(
        DELIVERY_REFUSED,
        {
            "event_id": event_id,
            "event_type": PENALTY_DECIDED,
            "provider": PENALISING,
            "event_revision": 1,
            "reasons": [{"code": "c", "field": "", "rule": "太长", "remedy": "缩短"}],
            "refused_at": samples.NOW,
        },
        party="provincial-platform",
        subject=entry.subject,
        causation_id=event_id,
    )
    kept = play(casework(), story.kept, refusal, story.now)
    shown = proof(replace(story, kept=kept), Record.kind)
    standing = {line.holder: line.standing for line in shown.lines}

    assert Standing.RETURNED is standing.pop("provincial-platform")
    assert {Standing.CONFIRMED} == set(standing.values())
    assert not shown.complete


@pytest.mark.parametrize("symbols", [("doubt record",), ("doubt record", "dismiss record")])
def test_an_objection_and_its_decision_are_owed_by_every_holder_of_the_record(
    symbols: tuple[str, ...],
) -> None:
    shown = proof(told("state", *symbols), Record.kind)
    held = {line.holder for line in shown.lines if line.type == PENALTY_DECIDED}
    said = {line.type for line in shown.lines} - {PENALTY_DECIDED}

    assert {OBJECTION_RAISED, OBJECTION_DECIDED} & said
    for kind in (OBJECTION_RAISED, OBJECTION_DECIDED)[: len(symbols)]:
        assert held == {line.holder for line in shown.lines if line.type == kind}


def test_an_action_is_open_until_each_implementer_has_lifted() -> None:
    story = told("state", "initiate", "accept", "end", "confirm")
    (line,) = [line for line in proof(story, Action.kind).lines if line.type == MEASURE_ORDERED]

    assert (PENALISING, MEASURE, Standing.SENT) == (line.holder, line.measure, line.standing)
    assert not proof(story, Action.kind).complete


def test_a_closed_action_has_a_confirmation_for_every_line() -> None:
    shown = proof(
        told("state", "initiate", "accept", "end", "lift", "confirm", "confirm"), "action"
    )

    assert "closed" == shown.state
    assert {ACTION_ENDED, MEASURE_ORDERED} <= {line.type for line in shown.lines}
    assert {Standing.CONFIRMED} == {line.standing for line in shown.lines}
    assert shown.complete


def test_whoever_is_late_is_shown_overdue() -> None:
    shown = proof(told("state", "initiate", "expire", "withdraw"), Record.kind)
    late = {line.standing for line in shown.lines if line.type == PENALTY_DECIDED}

    assert {Standing.OVERDUE} == late


def test_an_event_leads_to_what_it_is_about() -> None:
    rows = told("state", "initiate", "withdraw").kept.rows
    ended = next(row for row in rows.values() if row.state.get("type") == ACTION_ENDED)

    assert ((Action.kind, ACTION),) == found_by(ended.state["name"], rows)
