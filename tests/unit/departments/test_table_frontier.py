"""Up to where an outbox may be read: every order of a few transactions, and what a reader sees."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations

from credit_bus_connectors.departments.table.frontier import Frontier, Writer, mark, narrowed

ONE = Writer(transaction="3/1", pid=11)
TWO = Writer(transaction="4/7", pid=12)
PREPARED = Writer(transaction="-1/733", pid=None)


def test_a_mark_is_safe_once_everybody_who_held_the_lock_has_let_it_go() -> None:
    first = mark(9, [ONE, TWO], since=1.0)
    second = narrowed(first, [TWO, Writer(transaction="3/2", pid=11)])
    third = narrowed(second, [Writer(transaction="4/8", pid=12)])

    assert [False, False, True] == [each.is_safe for each in (first, second, third)]
    assert frozenset({TWO}) == second.writers
    assert (9, 1.0) == (third.until, third.since)


def test_a_mark_that_nobody_holds_is_safe_at_once() -> None:
    assert mark(9, [], since=1.0).is_safe


def test_a_transaction_that_is_prepared_is_waited_for_under_its_new_name() -> None:
    held = narrowed(mark(9, [ONE], since=1.0), [PREPARED])

    assert not held.is_safe
    assert narrowed(held, []).is_safe


@dataclass(slots=True)
class World:
    """An outbox and its readers: positions given out, transactions open, rows to be seen."""

    last: int = 0
    open: dict[str, list[int]] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    position: int = 0
    frontier: Frontier | None = None
    said: list[int] = field(default_factory=list)

    def insert(self, transaction: str) -> None:
        self.last += 1
        self.open.setdefault(transaction, []).append(self.last)

    def commit(self, transaction: str) -> None:
        self.seen |= set(self.open.pop(transaction))

    def writers(self) -> list[Writer]:
        return [Writer(transaction=name, pid=1) for name in self.open]

    def look(self) -> None:
        """Do what a session does at each look."""
        highest = max(self.seen, default=0)
        if self.frontier is None:
            if highest <= self.position:
                return
            self.frontier = mark(highest, self.writers(), since=0.0)
        else:
            self.frontier = narrowed(self.frontier, self.writers())
        if self.frontier.is_safe:
            until = self.frontier.until
            self.said += sorted(at for at in self.seen if self.position < at <= until)
            self.position, self.frontier = until, None


STEPS = ("a+", "a.", "b+", "b.", "c+", "c+", "c.")


def orders() -> Iterator[tuple[str, ...]]:
    """Every order of the steps in which each transaction ends after it inserted."""
    for order in set(permutations(STEPS)):
        if all(
            order.index(f"{name}.") > max(at for at, step in enumerate(order) if step == f"{name}+")
            for name in "abc"
        ):
            yield order


def played(order: tuple[str, ...], world: World) -> World:
    """Let the steps happen with a look after each, and looks at the end."""
    for step in order:
        if step[1] == "+":
            world.insert(step[0])
        else:
            world.commit(step[0])
        world.look()
    world.look()
    world.look()
    return world


def test_no_row_is_lost_and_rows_are_said_in_order_whatever_commits_when() -> None:
    lost = [order for order in orders() if played(order, World()).said != [1, 2, 3, 4]]

    assert [] == lost


class Naive(World):
    """A reader that trusts the highest position it sees."""

    def writers(self) -> list[Writer]:
        return []


def test_a_reader_that_trusts_the_highest_position_loses_rows() -> None:
    lost = [order for order in orders() if len(played(order, Naive()).said) < 4]

    assert len(lost) > 50
