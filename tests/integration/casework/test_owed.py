"""What the view says is owed is what casework's rows say, and it names no subject."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests import samples
from tests.unit.casework.play import Kept, play

from credit_bus.casework.step import DistrictCasework
from credit_bus.casework.things import THINGS, Action, Entry, Record
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    OBJECTION_RAISED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.time_rules import Obligation
from credit_bus.runtime.casework.connection import REPORTS_ROLE
from credit_bus.runtime.casework.owed import read_owed
from credit_bus.runtime.casework.store import Store

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
EVENTS: tuple[Event, ...] = (
    samples.penalty(1),
    samples.licence(2),
    samples.initiation(3),
    samples.of_course(OBJECTION_RAISED, 1),
    samples.of_course(REPAIR_REQUESTED, 1),
)


@pytest.fixture
def kept(store: Store) -> Kept:
    """The rows of a few events, in memory and in the database."""
    casework, found = DistrictCasework(samples.registry()), Kept()
    for number, event in enumerate(EVENTS):
        found = play(casework, found, event, NOW + timedelta(minutes=number))
    store.begin([0])
    with store.turn(0) as position:
        store.write(position, rows=list(found.rows.values()), next_offset=1)
    return found


def test_the_view_says_what_the_rows_say(kept: Kept, casework_database: str) -> None:
    things = [
        THINGS[row.kind].model_validate({"name": row.name, **row.state})
        for row in kept.rows.values()
    ]
    expected = Counter(
        (
            duty.party,
            duty.obligation,
            duty.due_on,
            thing.source if isinstance(thing, Entry) else None,
        )
        for thing in things
        for duty in thing.duties
    )
    owed, _ = read_owed(casework_database, NOW.date())
    counted: Counter[object] = Counter()
    for each in owed:
        counted[each.party, each.obligation, each.due_on, each.source] += each.number

    assert expected == counted
    kinds = {each.obligation for each in owed}
    assert {
        Obligation.RESPOND,
        Obligation.PUBLISH,
        Obligation.VERIFY_OBJECTION,
        Obligation.DECIDE_ACCEPTANCE,
    } <= kinds


def test_a_licence_and_a_penalty_stand_with_the_day_of_their_decision(
    kept: Kept, casework_database: str
) -> None:
    days = {
        thing.decided_on
        for row in kept.rows.values()
        if row.kind == Record.kind
        for thing in [Record.model_validate({"name": row.name, **row.state})]
    }
    owed, _ = read_owed(casework_database, NOW.date())
    publish = {each.decided_on for each in owed if each.obligation is Obligation.PUBLISH}

    assert days == publish
    assert None not in publish


def test_what_is_urgent_is_bounded_and_single(kept: Kept, casework_database: str) -> None:
    _, none = read_owed(casework_database, NOW.date())
    _, late = read_owed(casework_database, NOW.date() + timedelta(days=60))

    assert len(none) < len(late)
    assert {1} == {each.number for each in late}
    assert (
        late == sorted(late, key=lambda each: (each.due_on, each.decided_on or each.due_on))[:500]
    )


def test_whoever_reads_what_is_owed_reads_no_subject(kept: Kept, casework_database: str) -> None:
    assert any(row.kind == Action.kind for row in kept.rows.values())
    with psycopg.connect(casework_database, autocommit=True) as connection:
        connection.execute(f"SET ROLE {REPORTS_ROLE}".encode())
        columns = connection.execute("SELECT * FROM casework.owed").description or []
        everything = repr(connection.execute("SELECT * FROM casework.owed").fetchall())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT state FROM casework.row")

    assert {"subject", "name", "state"}.isdisjoint(column.name for column in columns)
    for event in EVENTS:
        assert event.subject not in everything
        assert str(event.body.get("document_number") or "nothing") not in everything
    assert ACTION_INITIATED not in everything
