"""The public site 信用张掖（甘州）: what anybody may read of records, in a PostgreSQL of its own.

Knows the tables under `sql/site`. A batch is one transaction under one lock, so that change
numbers are committed in their order. What is not for the public is answered and not stored.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from credit_bus.domain.event import Event
from credit_bus.domain.reason import Reason
from credit_bus_connectors.contract import Answer, Result
from credit_bus_connectors.platforms.postgres import (
    Database,
    first_refusals,
    is_storable,
    plain,
    statement,
)
from credit_bus_connectors.platforms.public_record import PublicRecord
from credit_bus_connectors.platforms.public_standing import Standing, State, after, key_of
from credit_bus_connectors.platforms.refusals import refusal

SCHEMA = "site"

_CONTENT = tuple(field.name for field in fields(PublicRecord))
_text = partial(json.dumps, ensure_ascii=False, default=plain)
_NOTHING = dict.fromkeys(_CONTENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What the batch found, and what it makes of it."""

    before: Mapping[bytes, Standing]
    now: Mapping[bytes, Standing]


class PublicSiteSink:
    """Delivers to the public site's database."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, schema=SCHEMA)

    def deliver(self, batch: Sequence[Event]) -> Sequence[Answer]:
        """Return one answer per event, in order: a delivery's number, or why it cannot be stored.

        Raises UnreachableError when the database does not answer; nothing is half stored then.
        """
        refused: dict[str, tuple[Reason, ...]] = {
            event.id: (refusal("text-not-storable", ""),)
            for event in batch
            if not is_storable(_text(event.body))
        }
        taken = [event for event in batch if event.id not in refused]
        ids = {"ids": [event.id for event in taken]}
        with self._database.transaction() as connection:
            connection.execute(statement(SCHEMA, "begin_writing.sql"))
            connection.execute(statement(SCHEMA, "store_deliveries.sql"), ids)
            _store(connection, _folded(connection, taken))
            stored = connection.execute(statement(SCHEMA, "read_answers.sql"), ids)
            answers = {
                event_id: Answer(
                    result=Result.DELIVERED,
                    acknowledgement=f"{SCHEMA}-{delivery_number}",
                    answered_at=received_at,
                )
                for event_id, delivery_number, received_at in stored
            }
            answers |= first_refusals(connection, SCHEMA, refused)
        return [answers[event.id] for event in batch]

    def reach(self) -> None:
        """Return when the database answers. Raises UnreachableError."""
        self._database.reach()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _folded(connection: psycopg.Connection[Any], batch: Iterable[Event]) -> _Held:
    keyed = [(key, event) for event in batch if (key := key_of(event)) is not None]
    keys = list({key for key, _ in keyed})
    before = _standings(connection, keys)
    now = dict(before)
    for key, event in keyed:
        now[key] = after(now.get(key, Standing()), event)
    return _Held(before=before, now=now)


def _standings(connection: psycopg.Connection[Any], keys: list[bytes]) -> dict[bytes, Standing]:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(statement(SCHEMA, "read_standings.sql"), {"keys": keys})
        found = {bytes(row.pop("document_key")): Standing(**_sets(row)) for row in cursor}
        cursor.execute(statement(SCHEMA, "read_publications.sql"), {"keys": keys})
        for row in cursor:
            key = bytes(row.pop("document_key"))
            found[key] = replace(found[key], record=PublicRecord(**row))
    return found


def _sets(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: frozenset(map(bytes, row[name])) for name in ("raised", "decided")}}


def _store(connection: psycopg.Connection[Any], held: _Held) -> None:
    changed = {
        key: standing for key, standing in held.now.items() if standing != held.before.get(key)
    }
    told = [
        _publication_row(key, standing)
        for key, standing in changed.items()
        if _is_to_tell(held.before.get(key, Standing()), standing)
    ]
    standings = [_standing_row(key, standing) for key, standing in changed.items()]
    for file, rows in (("store_standings.sql", standings), ("store_publications.sql", told)):
        if rows:
            connection.execute(statement(SCHEMA, file), {"rows": Jsonb(rows, dumps=_text)})


def _is_to_tell(before: Standing, standing: Standing) -> bool:
    """Return whether the public sees a difference; what was never shown is never told of.

    A batch that shows a record and takes it away again tells nothing.
    """
    if State.SHOWN not in {before.state, standing.state}:
        return False
    return _face(before) != _face(standing)


def _face(standing: Standing) -> tuple[object, ...]:
    shown = standing.state is State.SHOWN
    marks = (standing.revision, standing.corrected, standing.disputed) if shown else ()
    return (standing.state, standing.record, *marks)


def _standing_row(key: bytes, standing: Standing) -> dict[str, Any]:
    return {
        "document_key": key,
        "revision": standing.revision,
        "withdrawn_to": standing.withdrawn_to,
        "ended_to": standing.ended_to,
        "removed": standing.removed,
        "corrected_from": standing.corrected_from,
        "raised": sorted(standing.raised),
        "decided": sorted(standing.decided),
    }


def _publication_row(key: bytes, standing: Standing) -> dict[str, Any]:
    record = standing.record
    shown = standing.state is State.SHOWN
    return {
        "document_key": key,
        "state": standing.state.value,
        "revision": standing.revision,
        "corrected": shown and standing.corrected,
        "disputed": shown and standing.disputed,
        **(_NOTHING if record is None else {name: getattr(record, name) for name in _CONTENT}),
    }
