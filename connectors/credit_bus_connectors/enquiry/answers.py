"""The way of an enquiry: found in the log, or looked up, decided and written down; then answered.

The same for both ways by which one asks. Knows neither HTTP nor Kafka.
"""

from collections.abc import Collection
from datetime import datetime

from credit_bus.domain.event_types import DEFAULTER_LISTED, LISTING_ENTERED, PENALTY_DECIDED
from credit_bus.domain.registry import Purpose, Registry
from credit_bus_connectors.enquiry.answering import answer_of
from credit_bus_connectors.enquiry.question import Question
from credit_bus_connectors.enquiry.store import (
    ANSWERED,
    LATE,
    VOID,
    Kept,
    Line,
    Wanted,
    keep,
    look_up,
)
from credit_bus_connectors.enquiry.stored import Stored
from credit_bus_connectors.enquiry.telling import answer_text
from credit_bus_connectors.platforms.pool import Connection

HTTP = "http"
TOPIC = "topic"

# What may decide about three years: `clean_years` looks at no other type.
_ADVERSE = frozenset({PENALTY_DECIDED, DEFAULTER_LISTED, LISTING_ENTERED})


def answer(
    connection: Connection,
    question: Question,
    registry: Registry,
    *,
    way: str,
    key: str | None,
    now: datetime,
) -> Kept:
    """Return the enquiry as the log has it, after writing its line when it had none.

    The line is committed when this returns, or with the caller's transaction. An enquiry after its
    `answer_by` is written down as late and not answered; neither is one whose purpose the registry
    no longer has.
    """
    purpose = registry.purposes.get(question.purpose)
    known, stored = look_up(connection, question, wanted(purpose))
    if known is not None:
        return known
    line = _line(question, None if purpose is None else stored, registry, now)
    if keep(connection, question, line, way=way, key=key, now=now):
        return Kept(is_same=True, outcome=line.outcome, logged_at=now, text=line.text)
    found, _ = look_up(connection, question, ((), False))  # somebody else was first
    assert found is not None, "a line of the log never goes"
    return found


def wanted(purpose: Purpose | None) -> Wanted:
    """Return what of a subject the purpose makes worth reading; nothing without one."""
    if purpose is None:
        return (), False
    types: Collection[str] = purpose.records
    if purpose.three_years_clean:
        types = purpose.records | _ADVERSE
    return types, purpose.measures


def _line(question: Question, stored: Stored | None, registry: Registry, now: datetime) -> Line:
    if stored is None:
        return Line(outcome=VOID)
    if now > question.answer_by:
        return Line(outcome=LATE)
    found = answer_of(question, stored, registry, now)
    return Line(
        outcome=ANSWERED,
        text=answer_text(question, found, registry),
        records=len(found.body["records"]),
        measures=len(found.body["measures"]),
        left_out=found.left_out,
        clean=found.body["clean_for_three_years"],
    )
