"""What the view says is owed is what casework's rows say, and it names no subject."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests import samples
from tests.unit.casework.play import Kept, play
from tests.unit.casework.story import BEFORE, Told, casework, confirmations, go_on, settle

from credit_bus.casework.owed import Owed
from credit_bus.casework.step import DistrictCasework
from credit_bus.casework.things import THINGS, Action, Entry, Record
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    OBJECTION_RAISED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.time_rules import Obligation
from credit_bus.runtime.casework.connection import REPORTS_ROLE
from credit_bus.runtime.casework.migrate import migrate
from credit_bus.runtime.casework.owed import EVENTS_MAX, read_owed
from credit_bus.runtime.casework.store import Store

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
EVENTS: tuple[Event, ...] = (
    samples.penalty(1),
    samples.licence(2),
    samples.initiation(3),
    samples.of_course(OBJECTION_RAISED, 1),
    samples.of_course(REPAIR_REQUESTED, 1),
)
CORE = DistrictCasework(samples.registry())
PLATFORMS = ("district-platform", "municipal-platform", "provincial-platform", "public-site")

Read = Callable[[Kept], list[Owed]]


@pytest.fixture
def read(store: Store, casework_database: str) -> Read:
    """Return what is owed once these rows are in the database."""
    offset = iter(range(1, 100))

    def owed(kept: Kept) -> list[Owed]:
        store.begin([0])
        with store.turn(0) as position:
            store.write(position, rows=list(kept.rows.values()), next_offset=next(offset))
        return read_owed(casework_database)

    return owed


def played(*events: Event) -> Kept:
    """The rows of a few events."""
    found = Kept()
    for number, event in enumerate(events):
        found = play(CORE, found, event, NOW + timedelta(minutes=number))
    return found


def told(*symbols: str) -> Told:
    """A story in which the log takes at once what the hub says."""
    story = Told()
    for symbol in symbols:
        story = settle(go_on(story, symbol, casework()), casework())
    return story


def confirmed(story: Told, *holders: str) -> Told:
    """The story after these platforms have confirmed everything."""
    kept = story.kept
    for event in confirmations(story):
        if event.source in holders:
            kept = play(casework(), kept, event, story.now)
    return Told(kept=kept, now=story.now, revisions=story.revisions)


def of(owed: list[Owed], obligation: Obligation) -> list[Owed]:
    return [each for each in owed if each.obligation is obligation]


def test_the_view_says_what_the_rows_say(read: Read) -> None:
    kept = played(*EVENTS)
    things = [
        THINGS[row.kind].model_validate({"name": row.name, **row.state})
        for row in kept.rows.values()
    ]
    expected = Counter(
        (duty.obligation, thing.source if isinstance(thing, Entry) else duty.party, holders)
        for thing in things
        for holders in [
            tuple(sorted(duty.party for duty in thing.duties)) if isinstance(thing, Entry) else ()
        ]
        for duty in (thing.duties[:1] if isinstance(thing, Entry) else thing.duties)
    )
    counted: Counter[object] = Counter()
    for each in read(kept):
        counted[each.obligation, each.party, each.lies_with] += each.number

    assert expected == counted
    assert {
        Obligation.RESPOND,
        Obligation.PUBLISH,
        Obligation.VERIFY_OBJECTION,
        Obligation.DECIDE_ACCEPTANCE,
    } <= {obligation for obligation, _, _ in expected}


def test_all_duties_of_one_delivery_are_alike() -> None:
    """The view takes the first of them for all."""
    for row in played(*EVENTS).rows.values():
        if row.kind == Entry.kind:
            duties = Entry.model_validate(row.state).duties
            assert 1 >= len({(d.obligation, d.because_of, d.began_on) for d in duties})


def test_a_record_is_owed_once_by_who_decided_until_the_last_platform_has_confirmed(
    read: Read,
) -> None:
    story = told("state")
    [at_first] = read(story.kept)
    [later] = read(confirmed(story, "municipal-platform", "district-platform").kept)

    assert (samples.PENALISING, 1, PLATFORMS) == (
        at_first.party,
        at_first.number,
        at_first.lies_with,
    )
    assert (1, ("provincial-platform", "public-site")) == (later.number, later.lies_with)
    assert [] == read(confirmed(story, *PLATFORMS).kept)


def test_what_is_published_runs_from_the_decision_and_its_revision_from_the_log(
    read: Read,
) -> None:
    """A correction of what was published in time is not overdue on the day on which it comes."""
    decided_on = samples.penalty_body(1)["decided_on"]
    first = told("state")
    [new] = read(first.kept)
    [corrected] = read(told("state", "confirm", "state").kept)
    [both] = read(settle(go_on(first, "state", casework()), casework()).kept)

    assert decided_on < local_day(BEFORE)
    assert [decided_on, local_day(BEFORE), decided_on] == [
        each.began_on for each in (new, corrected, both)
    ]
    assert (1, new.events) == (both.number, both.events)


def test_what_is_withdrawn_need_not_be_published_and_must_be_taken_down(read: Read) -> None:
    owed = read(told("state", "withdraw").kept)

    assert [Obligation.WITHDRAW] == [each.obligation for each in owed]


def test_what_is_shown_no_more_need_not_be_published(read: Read) -> None:
    assert [] == of(read(told("state", "repair").kept), Obligation.PUBLISH)


def test_feedback_rests_with_its_action_and_lifting_does_not_rest(read: Read) -> None:
    """An action that ends while it rests, as by an objection upheld, is to be lifted in time."""
    begun = ("state", "initiate", "accept", "doubt action")
    [resting] = of(read(told(*begun).kept), Obligation.FEED_BACK)
    [lifting] = of(read(told(*begun, "uphold action").kept), Obligation.FEED_BACK)

    assert (True, False) == (resting.rests, lifting.rests)


def test_all_are_counted_and_some_are_named(read: Read) -> None:
    number = EVENTS_MAX + 5
    [owed] = read(played(*(samples.penalty(each) for each in range(number))))

    assert (number, EVENTS_MAX) == (owed.number, len(set(owed.events)))


def test_whoever_reads_what_is_owed_reads_no_subject(read: Read, casework_database: str) -> None:
    kept = played(*EVENTS)
    read(kept)
    names = [row.name for row in kept.rows.values() if row.kind == Record.kind]
    assert any(row.kind == Action.kind for row in kept.rows.values())
    with psycopg.connect(casework_database, autocommit=True) as connection:
        connection.execute(f"SET ROLE {REPORTS_ROLE}".encode())
        columns = connection.execute("SELECT * FROM casework.owed").description or []
        everything = repr(connection.execute("SELECT * FROM casework.owed").fetchall())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT state FROM casework.row")

    assert {"subject", "name", "record", "state"}.isdisjoint(column.name for column in columns)
    for event in EVENTS:
        assert event.subject not in everything
        assert str(event.body.get("document_number") or "nothing") not in everything
    assert not any(name.partition("/")[0] in everything for name in names)
    assert ACTION_INITIATED not in everything


def test_the_view_of_an_earlier_release_is_replaced(casework_database: str) -> None:
    with psycopg.connect(casework_database, autocommit=True) as connection:
        connection.execute("DROP VIEW casework.owed")
        connection.execute("CREATE VIEW casework.owed AS SELECT NULL::date AS decided_on")
    migrate(casework_database)

    assert [] == read_owed(casework_database)
