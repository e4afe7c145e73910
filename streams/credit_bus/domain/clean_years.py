"""绿色通道 (the plan 三(二)): whether three years passed without an adverse record.

A question with two answers, and the records that decide: no number comes out of it, nothing is
weighed, and no subject is compared with another. Whoever keeps records gives them as facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from credit_bus.domain.dates import months_after
from credit_bus.domain.enquiries import RECORDS_MAX
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import DEFAULTER_LISTED, LISTING_ENTERED, PENALTY_DECIDED

MONTHS = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """What is known of a record, in its newest revision, on the day asked about."""

    type: str  # event type
    provider: str  # party code
    document_number: str
    revision: int
    decided_on: date
    stands: bool  # neither withdrawn nor corrected away
    repaired_on: date | None = None  # from this day on a repair is in effect
    burdens: bool = True  # of an entry: whether its list does; one of honour does not
    runs: bool = False  # of an entry or a notice: its term is not over yet

    def as_found(self) -> Body:
        """Return the record as an answer to an enquiry names it."""
        return {
            "type": self.type,
            "provider": self.provider,
            "document_number": self.document_number,
            "revision": self.revision,
        }


def three_years_clean(
    records: Iterable[RecordFact], as_of: date
) -> tuple[bool, tuple[RecordFact, ...]]:
    """Return whether no adverse record decides against it, and those that do, newest first.

    At most as many of them as an answer holds; there is at least one exactly when the answer is no.
    """
    deciding = sorted(
        (record for record in records if _decides(record, as_of)),
        key=lambda each: (each.decided_on, each.type, each.provider, each.document_number),
        reverse=True,
    )
    return not deciding, tuple(deciding[:RECORDS_MAX])


def _decides(record: RecordFact, as_of: date) -> bool:
    """An adverse record that stands, is not repaired, and is of these years or still runs.

    A repair stops the use of a record, not only its being shown (信用修复管理办法, NDRC Order 36).
    """
    return (
        _is_adverse(record)
        and record.stands
        and record.decided_on <= as_of
        and (record.repaired_on is None or as_of < record.repaired_on)
        and (record.runs or as_of < months_after(record.decided_on, MONTHS))
    )


def _is_adverse(record: RecordFact) -> bool:
    if record.type == LISTING_ENTERED:
        return record.burdens
    return record.type in {PENALTY_DECIDED, DEFAULTER_LISTED}
