"""Steps and ticks over what is kept: each sees what came before, and none leaves its subject."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests import samples
from tests.casework_double import TALLY, Teller, reminder, tally

from credit_bus.casework.port import Row, RowKey, Turn, Wanted
from credit_bus.domain.event import Event
from credit_bus.runtime.casework.turns import (
    ForeignRowError,
    StuckClockError,
    Taken,
    steps,
    ticks,
    wanted_by,
)

NOW = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)  # the second of June in the district
TODAY = date(2026, 6, 2)


def taken(*numbers: int) -> list[Taken]:
    return [Taken(event=samples.penalty(number), now=NOW) for number in numbers]


def subject(number: int) -> str:
    return samples.penalty(number).subject


class Odd(Teller):
    """Answers every event and every due row with one turn."""

    def __init__(self, turn: Turn) -> None:
        super().__init__()
        self.turn = turn
        self.saw: list[Mapping[RowKey, Row]] = []

    def wanted(self, event: Event) -> Wanted:
        return Wanted(keys=frozenset({("a", "1"), ("b", "2")}))

    def step(self, event: Event, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        self.saw.append(rows)
        return self.turn

    def tick(self, key: RowKey, rows: Mapping[RowKey, Row], now: datetime) -> Turn:
        self.saw.append(rows)
        return self.turn


def row(kind: str, name: str, of: str, due_on: date | None = None) -> Row:
    return Row(kind=kind, name=name, subject=of, due_on=due_on, state={})


@pytest.mark.parametrize(
    ("kept", "turn"),
    [
        ([], Turn(changed=(row("a", "1", "somebody else"),))),
        ([row("a", "1", "somebody else")], Turn(changed=(row("a", "1", subject(1)),))),
        ([], Turn(said=(reminder("somebody else", "0" * 32, NOW),))),
    ],
    ids=["a row", "the row of somebody else", "what is said"],
)
def test_a_step_that_touches_another_subject_is_an_error(kept: list[Row], turn: Turn) -> None:
    with pytest.raises(ForeignRowError):
        steps(Odd(turn), taken(1), kept)


def test_an_error_tells_nothing_of_whom_it_is_about() -> None:
    with pytest.raises(ForeignRowError) as error:
        steps(Odd(Turn(changed=(row("a", "1", subject(2)),))), taken(1), [])

    assert subject(1) not in str(error.value)
    assert subject(2) not in str(error.value)


@pytest.mark.parametrize("days", [-1, 0])
def test_a_tick_that_leaves_its_row_due_is_an_error(days: int) -> None:
    due = row("a", "1", subject(1), TODAY)
    turn = Turn(changed=(replace(due, due_on=TODAY + timedelta(days), state={"n": 1}),))

    with pytest.raises(StuckClockError):
        ticks(Odd(turn), {due.key: due.subject}, [due], NOW)


def test_a_tick_that_does_nothing_is_an_error() -> None:
    due = row("a", "1", subject(1), TODAY)

    with pytest.raises(StuckClockError):
        ticks(Odd(Turn()), {due.key: due.subject}, [due], NOW)


def test_a_row_that_another_s_tick_put_off_is_left_alone() -> None:
    first, second = row("a", "1", subject(1), TODAY), row("b", "2", subject(1), TODAY)
    later = tuple(replace(each, due_on=TODAY + timedelta(1)) for each in (first, second))
    odd = Odd(Turn(changed=later))
    done = ticks(odd, {each.key: each.subject for each in (first, second)}, [first, second], NOW)

    assert 1 == len(odd.saw)
    assert {first.key, second.key} == odd.saw[0].keys()
    assert list(later) == list(done.changed.values())


def test_a_step_sees_what_it_wants_and_no_more() -> None:
    kept = [row("a", "1", subject(1)), row("c", "3", subject(1)), row("b", "9", subject(1))]
    odd = Odd(Turn())
    steps(odd, taken(1), kept)

    assert [{("a", "1"): kept[0]}] == odd.saw


def test_each_step_sees_what_the_steps_before_it_changed() -> None:
    done = steps(Teller(), taken(1, 2, 1, 1), [tally(subject(1), 4)])

    assert 7 == done.changed[TALLY, subject(1)].state["n"]
    assert 1 == done.changed[TALLY, subject(2)].state["n"]
    assert [each.event.id for each in taken(1, 2, 1, 1)] == [e.causation_id for e in done.said]
    assert {(TODAY, samples.PENALISING, "seen"): 4} == done.counts


def test_a_row_that_stays_as_it_is_is_not_written() -> None:
    kept = row("a", "1", subject(1))
    done = steps(Odd(Turn(changed=(kept,))), taken(1), [kept])

    assert {} == done.changed


def test_what_must_be_read_is_the_sum_of_what_is_wanted() -> None:
    events = [samples.penalty(number) for number in range(20)]
    keys, subjects = wanted_by(Teller(), events)

    assert {event.subject for event in events} == {name for _, name in keys} | subjects
    assert keys
    assert subjects
