"""绿色通道: three years without an adverse record, asked of what casework keeps of a subject.

Yes or no, with the records that decide (`domain/clean_years.py`); no number comes out of it.
"""

from collections.abc import Mapping
from datetime import date

from credit_bus.casework.port import Row, RowKey
from credit_bus.casework.things import Record
from credit_bus.domain.clean_years import RecordFact, three_years_clean
from credit_bus.domain.registry import MeasureKind, Registry


def clean_for_three_years(
    rows: Mapping[RowKey, Row], registry: Registry, as_of: date
) -> tuple[bool, tuple[RecordFact, ...]]:
    """Return the answer, and the records that decide against it, newest first.

    `rows` has all that are kept of the subject.
    """
    records = (Record.model_validate(row.state) for row in rows.values() if row.kind == Record.kind)
    facts = (_fact(record, registry, as_of) for record in records)
    return three_years_clean((fact for fact in facts if fact is not None), as_of)


def _fact(record: Record, registry: Registry, as_of: date) -> RecordFact | None:
    """Return what is known of a record; None of one that was never stated or has no day."""
    if record.revision == 0 or record.decided_on is None:
        return None
    entered = registry.lists.get(record.list_code or "")
    return RecordFact(
        type=record.type,
        provider=record.provider,
        document_number=record.document_number,
        revision=record.revision,
        decided_on=record.decided_on,
        stands=record.stands,
        repaired_on=record.repaired_on,
        burdens=entered is None or entered.kind.bears is MeasureKind.CONSTRAINT,
        runs=_runs(record, as_of),
    )


def _runs(record: Record, as_of: date) -> bool:
    """Return whether the term of an entry or a notice is not over on that day."""
    if record.removed is not None and record.removed.on <= as_of:
        return False
    if record.until_performance:
        return True
    return record.term_until is not None and as_of <= record.term_until
