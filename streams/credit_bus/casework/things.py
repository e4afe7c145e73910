"""What is kept: actions, records, objections, repairs, and the lines of the closure ledger.

Each says by itself on which day the clock must look at it next. What is kept follows from the log
of record and the clock alone.
"""

from datetime import date, datetime
from typing import ClassVar

from credit_bus.casework.kept import (
    DAY,
    About,
    Kept,
    Subject,
    Thing,
    earliest,
)
from credit_bus.domain.objections import UPHELD
from credit_bus.domain.time_rules import Obligation


class Order(Kept):
    """One measure for one implementer: ordered, answered, executed, lifted; each by its event."""

    measure: str
    implementer: str
    accepted: str | None = None
    refused: str | None = None
    executed: str | None = None
    lifted: str | None = None
    over_at: datetime | None = None  # when it was refused or lifted

    @property
    def over(self) -> str | None:
        """Return the event that proves that nothing of it is in force."""
        return self.lifted or self.refused


class Document(Kept):
    """文书, as events name it."""

    title: str
    number: str
    issuer: str
    issued_on: date


class Suspension(Kept):
    """One ground on which an action rests."""

    reference: str
    cause: str
    because_of: str | None
    basis: Document | None = None  # of a stay; of one that is over, the document that lifted it
    revision: int = 1  # of the hub's own word; 0 while only others have said it


class Ending(Kept):
    """Why an action ended; `event` is the word that was sent to all who hold it."""

    cause: str
    because_of: str | None
    event: str
    revision: int = 1  # of the hub's own word


class Action(Thing):
    """行动: from initiation to the last holder's word that it is over."""

    kind: ClassVar[str] = "action"
    initiator: str
    event: str = ""  # the newest initiation
    revision: int = 0  # of it; 0 when only what others say of the action is known
    ordered_at: datetime | None = None
    document_number: str = ""  # of the instrument
    ends_on: date | None = None
    orders: tuple[Order, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    lifted: tuple[Suspension, ...] = ()  # stays that are over, which the hub had said as well
    ending: Ending | None = None
    closed: str | None = None
    closings: int = 0  # one that is initiated again ends and closes again

    @property
    def state(self) -> str:
        """Return none, active, suspended, ended or closed."""
        if self.revision == 0:
            return "none"
        if self.closed is not None:
            return "closed"
        if self.ending is not None:
            return "ended"
        return "suspended" if self.suspensions else "active"

    @property
    def resting(self) -> tuple[Obligation, ...]:
        """Return what nobody is asked for now: what is suspended is not to be carried out."""
        return (Obligation.FEED_BACK,) if self.state == "suspended" else ()

    @property
    def due_on(self) -> date | None:
        """Return the day on which the clock must look at it next."""
        over_on = self.ends_on + DAY if self.ends_on and self.ending is None else None
        asked = [each.look_on for each in self.duties if each.obligation not in self.resting]
        return earliest((over_on, *asked))


class Over(Kept):
    """That an entry is off its list."""

    cause: str
    because_of: str | None
    on: date


class Record(Thing):
    """信用信息: a document in its revisions, how it stands and how long it is shown."""

    kind: ClassVar[str] = "record"
    provider: str
    type: str
    document_number: str
    grounds: tuple[str, ...]  # numbers of documents that an action founded on it names
    subject: Subject | None  # None before its first revision
    revision: int
    event: str  # the newest revision's
    decided_on: date | None = None
    term_until: date | None = None  # the last day of an entry or a notice
    until_performance: bool = False  # it has no last day
    shown_until: date | None = None  # the last day, by the repair rules or its own term
    shown_rule: str = ""
    shown_cause: str = ""
    minimum_until: date | None = None  # repair may be asked for from that day on
    list_code: str | None = None
    withdrawn: int = 0  # the newest revision that is withdrawn
    withdrawal: str | None = None
    hidden_revision: int = 0  # the newest revision whose publicity ended
    removed: Over | None = None  # taken off its list
    repair: str | None = None  # the decision that repaired it
    repaired_on: date | None = None
    holders: tuple[str, ...] = ()  # every platform that was ever sent a revision

    @property
    def stands(self) -> bool:
        """Return whether it was stated, and its newest revision is not withdrawn."""
        return self.revision > self.withdrawn

    @property
    def gone(self) -> bool:
        """Return whether it is withdrawn, even before it was stated."""
        return 0 < self.withdrawn >= self.revision

    @property
    def listed(self) -> bool:
        """Return whether it is an entry that stands on its list."""
        return self.list_code is not None and self.stands and self.removed is None

    @property
    def shown(self) -> bool:
        """Return whether it is still to be shown."""
        return self.stands and self.removed is None and self.hidden_revision < self.revision

    @property
    def due_on(self) -> date | None:
        """Return the day on which the clock must look at it next."""
        days = [super().due_on]
        if self.shown and self.shown_until is not None:
            days.append(self.shown_until + DAY)
        if self.listed and self.term_until is not None:
            days.append(self.term_until + DAY)
        return earliest(days)


class Objection(Thing):
    """异议: while its owner verifies, what stands on the record or action rests."""

    kind: ClassVar[str] = "objection"
    number: str
    raised_by: str
    owner: str
    about: About
    subject: Subject
    event: str  # the one that raised it first: names the suspension
    decision: str | None = None
    decided: str | None = None

    @property
    def open(self) -> bool:
        """Return whether it is not decided."""
        return self.decision is None

    @property
    def upheld(self) -> bool:
        """Return whether it was right."""
        return self.decision == UPHELD


class Repair(Thing):
    """修复: asked of whoever recognised the dishonesty, accepted, decided, in effect."""

    kind: ClassVar[str] = "repair"
    number: str
    requested_by: str
    recogniser: str
    about: About
    event: str
    minimum_until: date | None = None  # by the rules, when it was asked before that day
    accepted: str | None = None
    decision: str | None = None
    decided: str | None = None
    effective_on: date | None = None
    in_effect: bool = False

    @property
    def due_on(self) -> date | None:
        """Return the day on which the clock must look at it next."""
        waiting = self.effective_on if self.effective_on and not self.in_effect else None
        return earliest((waiting, super().due_on))


class Holding(Kept):
    """One platform's part in a delivery; confirmed or refused by its event."""

    holder: str
    confirmed: str | None = None
    confirmed_at: datetime | None = None
    acknowledgement: str | None = None  # the platform's own
    refused: str | None = None


class Entry(Thing):
    """A line of the closure ledger: one event, and the frozen set of platforms that must hold it.

    Its name is the event's id.
    """

    kind: ClassVar[str] = "entry"
    type: str
    revision: int
    source: str
    about: About
    sent_at: datetime
    holdings: tuple[Holding, ...]

    @property
    def confirmed(self) -> bool:
        """Return whether every holder has confirmed."""
        return all(holding.confirmed for holding in self.holdings)


THINGS: dict[str, type[Thing]] = {
    thing.kind: thing for thing in (Action, Record, Objection, Repair, Entry)
}
