"""Reads what casework keeps, for whoever asks for a proof or about a subject."""

from contextlib import closing
from datetime import date

from credit_bus.casework.clean import clean_for_three_years
from credit_bus.casework.desk import row_names
from credit_bus.casework.port import Row, RowKey
from credit_bus.casework.proof import Proof, found_by, proof_of
from credit_bus.casework.things import Action, Entry, Record
from credit_bus.domain.clean_years import RecordFact
from credit_bus.domain.registry import Registry
from credit_bus.runtime.casework.store import Store

_NAMED = (Action.kind, Entry.kind, Record.kind)


def read_clean_years(
    url: str, subject: str, registry: Registry, as_of: date
) -> tuple[bool, tuple[RecordFact, ...]]:
    """Return whether three years passed without an adverse record, and those that decide.

    Of a subject that casework never heard of, yes. Raises WrongSchemaError, psycopg.Error.
    """
    with closing(Store(url)) as store:
        rows = {row.key: row for row in store.rows_beside((), ("", ""), subject=subject)}
    return clean_for_three_years(rows, registry, as_of)


def read_proofs(url: str, name: str, *, subject: str | None = None) -> tuple[Proof, ...]:
    """Return the proofs of what the name is of; none when the ledger does not know it.

    A name is that of an action, of an event, or of a record's row; with a subject key it may be the
    number of a document, too, of which a subject can have several. Raises WrongSchemaError,
    psycopg.Error.
    """
    with closing(Store(url)) as store:
        beside = store.rows_beside(_NAMED, row_names(name), subject=subject)
        rows: dict[RowKey, Row] = {row.key: row for row in beside}
    return tuple(proof_of(key, rows) for key in found_by(name, rows))
