"""What a lane keeps: all of a turn or nothing, numbers without a gap, nobody waits for ever."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest

from credit_bus.casework.port import Row
from credit_bus.contracts.wire import Wire
from credit_bus.runtime.casework.store import Position, Store
from credit_bus.runtime.casework.turns import ForeignRowError

DAY = date(2026, 6, 2)
ODD = "\0号\uf8fe\\u0000"
Ask = Callable[[str], list[tuple[Any, ...]]]


def row(name: str, of: str = "s", due_on: date | None = None, **state: Any) -> Row:
    return Row(kind="k", name=name, subject=of, due_on=due_on, state=state)


def wire(text: str) -> Wire:
    return Wire(key=b"s", headers=[("ce_id", text.encode())], value=text.encode())


class DiesError(Exception):
    """Something happens in the middle of a turn."""


def test_a_turn_that_fails_leaves_nothing(store: Store, ask: Ask) -> None:
    store.begin([0])

    def turn() -> None:
        with store.turn(0) as position:
            counts = {(DAY, "p", "w"): 1}
            store.write(position, rows=[row("a")], said=[wire("x")], counts=counts, next_offset=9)
            raise DiesError

    with pytest.raises(DiesError):
        turn()

    assert [(0, 0, 0)] == ask("SELECT lane, next_offset, next_seq FROM casework.position")
    tables = ("row", "outbox", "count")
    assert [[], [], []] == [ask(f"SELECT * FROM casework.{table}") for table in tables]


def test_a_row_under_another_subject_s_name_is_an_error(store: Store, ask: Ask) -> None:
    store.begin([0, 1])
    with store.turn(0) as position:
        store.write(position, rows=[row("a", "s")], next_offset=1)
    for lane, of in ((0, "t"), (1, "s")):
        with pytest.raises(ForeignRowError), store.turn(lane) as position:
            store.write(position, rows=[row("a", of, n=1), row("b", of)], next_offset=2)

    assert [("a", "s", {})] == ask("SELECT name, subject, state FROM casework.row")


def test_what_is_said_is_numbered_without_a_gap_in_each_lane(store: Store, ask: Ask) -> None:
    store.begin([0, 1])
    for lane, texts in ((0, "ab"), (1, "c"), (0, ""), (0, "d"), (1, "ef")):
        with store.turn(lane) as position:
            store.write(position, said=[wire(text) for text in texts], next_offset=1)

    found = ask("SELECT lane, seq, value FROM casework.outbox ORDER BY lane, seq")
    assert [(0, 0, b"a"), (0, 1, b"b"), (0, 2, b"d"), (1, 0, b"c"), (1, 1, b"e"), (1, 2, b"f")] == [
        (lane, seq, bytes(value)) for lane, seq, value in found
    ]


def test_the_character_that_postgresql_lacks_is_kept(store: Store) -> None:
    odd = Row(kind=ODD, name=ODD, subject=ODD, due_on=DAY, state={ODD: [ODD, {"n": 1.5}]})
    store.begin([0])
    with store.turn(0) as position:
        store.write(position, rows=[odd], counts={(DAY, ODD, ODD): 1}, next_offset=1)
    with store.turn(0):
        by_key = store.rows(0, keys=[odd.key])
        by_subject = store.rows(0, subjects=[ODD])
        due = store.due(0, today=DAY, most=9)

    assert [odd] == by_key == by_subject
    assert {odd.key: ODD} == due


def test_a_row_is_changed_in_place_and_counts_are_added_up(store: Store, ask: Ask) -> None:
    store.begin([0])
    for n in range(3):
        with store.turn(0) as position:
            rows = [row("b", n=n), row("a", due_on=DAY if n == 2 else None)]
            store.write(position, rows=rows, counts={(DAY, "p", "w"): 2}, next_offset=n + 1)

    assert [("a", DAY, {}), ("b", None, {"n": 2})] == ask(
        "SELECT name, due_on, state FROM casework.row ORDER BY name"
    )
    assert [(0, DAY, "p", "w", 6)] == ask("SELECT * FROM casework.count")


def test_due_rows_come_in_order_and_not_before_their_day(store: Store) -> None:
    days = {"c": date(2026, 6, 1), "a": DAY, "b": DAY, "later": date(2026, 6, 3), "never": None}
    store.begin([0, 1, 2])
    with store.turn(0) as position:
        rows = [row(name, due_on=day) for name, day in days.items()]
        store.write(position, rows=rows, next_offset=1)
    with store.turn(1) as position:
        store.write(position, rows=[row("other", due_on=date(2026, 6, 3))], next_offset=1)

    assert [("k", "c"), ("k", "a")] == list(store.due(0, today=DAY, most=2))
    assert [("k", "c"), ("k", "a"), ("k", "b")] == list(store.due(0, today=DAY, most=9))
    assert [0] == store.due_lanes([0, 1, 2], today=DAY)


def test_a_lane_sees_its_own_rows_alone(store: Store) -> None:
    store.begin([0, 1])
    with store.turn(0) as position:
        store.write(position, rows=[row("a")], next_offset=1)

    assert [] == store.rows(1, keys=[("k", "a")], subjects=["s"])


def test_a_new_lane_begins_at_the_beginning_and_a_known_one_where_it_was(store: Store) -> None:
    store.begin([0])
    with store.turn(0) as position:
        store.write(position, next_offset=7)

    assert {0: 7, 1: 0} == store.begin([0, 1])


def test_two_owners_of_a_lane_come_one_after_the_other(
    store: Store, casework_database: str
) -> None:
    store.begin([0])
    other = Store(casework_database)
    seen: list[Position] = []

    def late() -> None:
        with other.turn(0) as position:
            seen.append(position)

    thread = threading.Thread(target=late)
    with store.turn(0) as position:
        thread.start()
        thread.join(0.3)
        assert [] == seen
        store.write(position, said=[wire("x")], next_offset=5)
    thread.join(5)
    other.close()

    assert [Position(lane=0, next_offset=5, next_seq=1)] == seen


def test_who_is_frozen_in_a_turn_loses_the_lane_and_what_it_wrote(
    casework_database: str, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    from credit_bus.runtime.casework import connection as module

    monkeypatch.setattr(module, "IDLE_IN_TRANSACTION_SECONDS_MAX", 1)
    frozen, heir = Store(casework_database), Store(casework_database)
    heir.begin([0])

    def turn() -> None:
        with frozen.turn(0) as position:
            frozen.write(position, rows=[row("a")], next_offset=1)
            with heir.turn(0) as taken:  # waits until the server has let go
                heir.write(taken, rows=[row("b")], next_offset=1)

    with pytest.raises(psycopg.Error):
        turn()
    frozen.close()
    heir.close()

    assert [("b",)] == ask("SELECT name FROM casework.row")


def test_lanes_that_count_the_same_things_do_not_wait_for_each_other(
    store: Store, casework_database: str, ask: Ask
) -> None:
    store.begin([0, 1])
    other = Store(casework_database)
    counts = {(DAY, "p", what): 1 for what in "ab"}
    with store.turn(0) as mine, other.turn(1) as theirs:
        store.write(mine, counts=counts, next_offset=1)
        other.write(theirs, counts=counts, next_offset=1)
    other.close()

    assert [("a", 2), ("b", 2)] == ask(
        "SELECT what, sum(n)::integer FROM casework.count GROUP BY what ORDER BY what"
    )
