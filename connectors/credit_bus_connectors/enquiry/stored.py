"""What the district platform has stored of a subject, as an answer looks at it. Values alone.

No content of a record is here: which record it is, its days, and how it stands.
"""

from dataclasses import dataclass
from datetime import date

from credit_bus.domain.event import Body

ORDERED = "ordered"
RESPONDED = "responded"
EXECUTED = "executed"
LIFTED = "lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record in its newest revision that is not withdrawn."""

    type: str
    provider: str
    document_number: str
    revision: int
    decided_on: date | None
    list_code: str | None = None
    begins_on: date | None = None  # of its term, where it has one
    ends_on: date | None = None
    until_performance: bool = False
    removed_on: date | None = None
    publicity_end: str | None = None  # the cause, when it is shown in public no more
    publicity_ended_on: date | None = None
    disputed: bool = False

    @property
    def name(self) -> tuple[str, str, str]:
        """What names it within its subject."""
        return (self.type, self.provider, self.document_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What was said in the course of an action: an order, an answer to it, a stay, an end.

    `kind` is one of the words above or an event type; `outcome` is what a department said, or the
    reference of a suspension.
    """

    kind: str
    measure: str | None = None
    said_by: str | None = None
    outcome: str | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAction:
    """An action about the subject in its newest revision, and all that was said of it."""

    action_id: str
    begins_on: date
    ends_on: date | None
    until_performance: bool
    instrument: Body
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Everything stored of a subject that an answer may rest on."""

    records: tuple[StoredRecord, ...] = ()
    actions: tuple[StoredAction, ...] = ()
