"""Rows of `look_up.sql`, JSON values each, to what is stored of a subject. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from credit_bus_connectors.enquiry.stored import Stored, StoredAction, StoredRecord, Word

Rows = Sequence[Sequence[Any]]


def stored_of(records: Rows, actions: Rows, words: Rows) -> Stored:
    """Return what these rows say."""
    of_action = defaultdict[str, list[Word]](list)
    for action, kind, measure, said_by, outcome, revision in words:
        of_action[action].append(
            Word(kind=kind, measure=measure, said_by=said_by, outcome=outcome, revision=revision)
        )
    return Stored(
        records=tuple(_record(row) for row in records),
        actions=tuple(_action(row, tuple(of_action[row[0]])) for row in actions),
    )


def _record(row: Sequence[Any]) -> StoredRecord:
    kind, provider, number, revision, decided, list_code, begins, ends, performance, *rest = row
    removed_on, cause, ended_on, disputed = rest
    return StoredRecord(
        type=kind,
        provider=provider,
        document_number=number,
        revision=revision,
        decided_on=_day(decided),
        list_code=list_code,
        begins_on=_day(begins),
        ends_on=_day(ends),
        until_performance=performance,
        removed_on=_day(removed_on),
        publicity_end=cause,
        publicity_ended_on=_day(ended_on),
        disputed=disputed,
    )


def _action(row: Sequence[Any], words: tuple[Word, ...]) -> StoredAction:
    action, begins_on, ends_on, until_performance, instrument = row
    return StoredAction(
        action_id=action,
        begins_on=date.fromisoformat(begins_on),
        ends_on=_day(ends_on),
        until_performance=until_performance,
        instrument=instrument,
        words=words,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
