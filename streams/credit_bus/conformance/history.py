"""What happened in an exchange, in order: what was seen in the outbox, and what the kit did."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from credit_bus.contracts.wire import Message
from credit_bus.domain.event import Body, Event
from credit_bus.domain.reason import Reason


class Transaction(StrEnum):
    """How a record came to lie in the outbox (KIP-98)."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    OPEN = "open"  # begun, and not ended when the exchange was
    NONE = "none"  # written outside any transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of the outbox, with what only its batch and its key tell."""

    message: Message
    transaction: Transaction
    home: int | None  # the partition of its key; None without a key

    @property
    def is_visible(self) -> bool:
        """Return whether a reader of committed records sees it."""
        return self.transaction in {Transaction.COMMITTED, Transaction.NONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A record, as far as it can be read, and the gate's verdict on it.

    `body` and `kind` are what the value alone says, so that a record with a broken header is still
    known for what it is about. `reasons` are the gate's own; a refusal that belongs to the script
    is `planned`, and no reason.
    """

    record: Record
    kind: str | None
    body: Body | None
    event: Event | None
    reasons: tuple[Reason, ...]
    planned: bool
    receipt: Event | None  # what the gate answers; None for what nobody sees

    @property
    def is_accepted(self) -> bool:
        """Return whether the gate took it."""
        return self.receipt is not None and not self.reasons and not self.planned

    @property
    def wire(self) -> tuple[bytes | None, frozenset[tuple[str, bytes]], bytes | None]:
        """Return all that must be the same when it is said again."""
        message = self.record.message
        return message.key, frozenset(message.headers), message.value


class Deed(StrEnum):
    """What the kit does. The values are what a machine finds in the report."""

    START = "start"
    KILL = "kill"
    HAND = "hand"  # a file of statements
    ANSWER = "answer"  # receipts for all that waits, and from now on at once
    ANSWER_AGAIN = "answer-again"  # every receipt of the first file once more
    PUT = "put"  # an event into the inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """Something that the kit did; `what` names the file or the event, by step."""

    deed: Deed
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """The time of a step was up before its end was seen."""

    step: str


Entry = Seen | Did | Overdue
History = Sequence[Entry]


def at(history: History, deed: Deed, what: str = "", *, nth: int = 0) -> int | None:
    """Return where in the history the kit did that for the nth time (0: first), or None."""
    wanted = Did(deed=deed, what=what)
    places = [place for place, entry in enumerate(history) if entry == wanted]
    return places[nth] if len(places) > nth else None
