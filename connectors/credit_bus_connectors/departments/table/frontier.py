"""Up to which position the outbox may be read without passing over a row. Pure.

A position is given out when a row is inserted, and the row is seen when its transaction commits: a
lower position may appear after a higher one. Ordering by transaction number instead would say a
subject's rows against their order: a number is given at a transaction's first change, and one that
began early may insert after one that began late has committed.

So positions are read in order, up to a mark that nobody can come below. The mark is the highest
position seen. Whoever holds a lower one and has not committed inserted it while holding the table's
lock for writers, and holds that lock to the end of his transaction: once everybody who held the
lock when the mark was taken has let it go, every row up to the mark is there or never will be.
Transactions that do not touch the outbox hold nothing up, however long they last.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A transaction that holds the outbox's lock for writers."""

    transaction: str  # PostgreSQL's virtual transaction id: never given twice
    pid: int | None  # the server process; None for a prepared transaction, which has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """A mark, and whom it waits for. `since` is when it was taken, on the caller's clock."""

    until: int
    since: float
    writers: frozenset[Writer]

    @property
    def is_safe(self) -> bool:
        """Whether every row up to the mark may be read."""
        return not self.writers


def mark(until: int, writers: Iterable[Writer], *, since: float) -> Frontier:
    """Return the frontier at the highest position seen; `writers` were looked up after that."""
    return Frontier(until=until, since=since, writers=frozenset(writers))


def narrowed(frontier: Frontier, writers: Iterable[Writer]) -> Frontier:
    """Return the frontier, given who holds the lock now.

    A transaction that is prepared changes its name on the way, so whoever is prepared counts as
    one of those waited for.
    """
    now = frozenset(writers)
    prepared = {writer for writer in now if writer.pid is None}
    return replace(frontier, writers=(frontier.writers & now) | prepared)
