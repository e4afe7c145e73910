"""What casework keeps in PostgreSQL. One connection, one transaction at a time.

Everything a lane does, it does under the lock of its position row: two owners of a lane, an old
and a new one, come one after the other, and the later one sees all that the former did.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.types.json import set_json_loads

from credit_bus.casework.port import CountKey, Row, RowKey
from credit_bus.contracts.wire import Wire
from credit_bus.runtime.casework.connection import CASEWORK_ROLE, connect
from credit_bus.runtime.casework.statements import statement
from credit_bus.runtime.casework.stored import restored, state_of, state_text, storable
from credit_bus.runtime.casework.turns import ForeignRowError


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a lane has read, and the number of the next thing that it says."""

    lane: int
    next_offset: int
    next_seq: int


class Store:
    """The schema `casework` of a database, as the worker may use it."""

    def __init__(self, url: str, *, role: str = CASEWORK_ROLE) -> None:
        """Connect. Raises WrongSchemaError, psycopg.Error."""
        self._connection = connect(url, role)
        set_json_loads(state_of, self._connection)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def begin(self, lanes: Iterable[int]) -> dict[int, int]:
        """Return each lane's next offset; a lane never seen before begins at 0."""
        given = {"lanes": sorted(lanes)}
        with self._connection.transaction():
            self._connection.execute(statement("begin_lanes"), given)
            rows = self._connection.execute(statement("read_positions"), given)
            return dict(rows.fetchall())

    @contextmanager
    def turn(self, lane: int) -> Iterator[Position]:
        """Run the block in one transaction that alone may change the lane.

        Raises whatever psycopg raises; whether the block took effect is then unknown.
        """
        with self._connection.transaction():
            found = self._connection.execute(statement("lock_position"), {"lane": lane}).fetchone()
            assert found is not None, "a lane has a position from its assignment on"
            yield Position(lane=lane, next_offset=found[0], next_seq=found[1])

    def rows(
        self, lane: int, *, keys: Iterable[RowKey] = (), subjects: Iterable[str] = ()
    ) -> list[Row]:
        """Return the lane's rows of these keys and all of these subjects, as far as they exist."""
        found: list[Row] = []
        wanted = sorted(keys)
        if wanted:
            found += self._rows("read_rows", {"lane": lane, **_columns_of_keys(wanted)})
        about = [storable(subject) for subject in sorted(subjects)]
        if about:
            found += self._rows("read_rows_of_subjects", {"lane": lane, "subjects": about})
        return found

    def rows_beside(
        self, kinds: Iterable[str], names: tuple[str, str], *, subject: str | None = None
    ) -> list[Row]:
        """Return all rows of a subject: of this one, or of that which has a row of such a name.

        `names` are the first name and the one after the last.
        """
        first, after = map(storable, names)
        about = None if subject is None else storable(subject)
        given = {"kinds": list(kinds), "first": first, "after": after, "subject": about}
        return list(self._rows("read_rows_beside", given))

    def due_lanes(self, lanes: Iterable[int], *, today: date) -> list[int]:
        """Return those of the lanes in which a row is due."""
        given = {"lanes": sorted(lanes), "today": today}
        return [lane for (lane,) in self._connection.execute(statement("read_due_lanes"), given)]

    def due(self, lane: int, *, today: date, most: int) -> dict[RowKey, str]:
        """Return the first rows that are due, in order, and whose they are."""
        given = {"lane": lane, "today": today, "most": most}
        return {
            (restored(kind), restored(name)): restored(subject)
            for kind, name, subject in self._connection.execute(statement("read_due"), given)
        }

    def write(
        self,
        position: Position,
        *,
        rows: Sequence[Row] = (),
        said: Sequence[Wire] = (),
        counts: Mapping[CountKey, int] | None = None,
        next_offset: int,
    ) -> None:
        """Keep what follows from a turn, and how far the lane has then read.

        Raises ForeignRowError when a row's key is taken by another subject.
        """
        lane = {"lane": position.lane}
        execute = self._connection.execute
        if rows:
            stored = execute(statement("store_rows"), {**lane, **_columns_of_rows(rows)})
            if stored.rowcount != len(rows):
                raise ForeignRowError("a row has the kind and name of another subject's row")
        if said:
            first = {"next_seq": position.next_seq}
            execute(statement("store_said"), {**lane, **first, **_columns_of_wires(said)})
            execute(statement("notify_relay"))
        if counts:
            execute(statement("store_counts"), {**lane, **_columns_of_counts(counts)})
        ends = {"next_offset": next_offset, "next_seq": position.next_seq + len(said)}
        execute(statement("store_position"), {**lane, **ends})

    def _rows(self, name: str, given: Mapping[str, Any]) -> Iterator[Row]:
        for kind, name_, subject, due_on, state in self._connection.execute(statement(name), given):
            yield Row(
                kind=restored(kind),
                name=restored(name_),
                subject=restored(subject),
                due_on=due_on,
                state=state,
            )


def _columns_of_keys(keys: Iterable[RowKey]) -> dict[str, list[str]]:
    told = [(storable(kind), storable(name)) for kind, name in keys]
    return {"kinds": [kind for kind, _ in told], "names": [name for _, name in told]}


def _columns_of_rows(rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {
        **_columns_of_keys(row.key for row in rows),
        "subjects": [storable(row.subject) for row in rows],
        "due_ons": [row.due_on for row in rows],
        "states": [state_text(row.state) for row in rows],
    }


def _columns_of_wires(wires: Sequence[Wire]) -> dict[str, list[Any]]:
    return {
        "keys": [wire.key for wire in wires],
        "headers": [
            state_text([[name, value.decode()] for name, value in wire.headers]) for wire in wires
        ],
        "values": [wire.value for wire in wires],
    }


def _columns_of_counts(counts: Mapping[CountKey, int]) -> dict[str, list[Any]]:
    told = [(day, storable(party), storable(what), n) for (day, party, what), n in counts.items()]
    return {
        "days": [each[0] for each in told],
        "parties": [each[1] for each in told],
        "whats": [each[2] for each in told],
        "numbers": [each[3] for each in told],
    }
