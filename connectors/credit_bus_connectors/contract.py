"""The contract of a sink: what a platform connector must do, and no more.

The pump owns retry, back-off, parking and positions; a sink only tries and answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from credit_bus.domain.event import Event
from credit_bus.domain.reason import Reason


class Result(StrEnum):
    """What became of one event at the platform."""

    DELIVERED = "delivered"
    INVALID = "invalid"
    TRY_LATER = "try_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The platform's answer for one event.

    `answered_at` is when the platform first gave this answer. A duplicate gets the same name and
    the same time again, so that the confirmation made of them is the same to the last byte.
    """

    result: Result
    answered_at: datetime | None = None  # none only for an event to be tried later
    acknowledgement: str = ""  # the platform's own name for what it holds; when delivered
    reasons: tuple[Reason, ...] = ()  # when invalid, or why later

    def __post_init__(self) -> None:
        told = {
            Result.DELIVERED: self.answered_at is not None and bool(self.acknowledgement),
            Result.INVALID: self.answered_at is not None and bool(self.reasons),
            Result.TRY_LATER: True,
        }[self.result]
        if not told or (self.answered_at is not None and self.answered_at.tzinfo is None):
            raise ValueError(
                f"an answer {self.result} needs an aware time and a name or reasons; "
                "correct the sink that built it"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRefusal:
    """What a platform refused after it had acknowledged it: the event without its body."""

    event: Event
    answer: Answer


class UnreachableError(Exception):
    """The whole platform does not answer: pause and probe, park nothing.

    `retry_after_seconds` is what the platform itself asked for, 0 when it asked for nothing. The
    text goes into the log, so it holds no content of any event.
    """

    def __init__(self, text: str, *, retry_after_seconds: float = 0.0) -> None:
        super().__init__(text)
        self.retry_after_seconds = retry_after_seconds


class Sink(Protocol):
    """A platform. `deliver` is idempotent: a duplicate gets the same answer again.

    An event that was refused is tried anew when it comes again, since the platform may have been
    put right; when it is refused again, the first refusal's reasons and time stand.
    """

    def deliver(self, batch: Sequence[Event]) -> Sequence[Answer]:
        """Return one answer per event, in order. Raises UnreachableError for the whole batch.

        Order per subject is the sink's to keep within a batch: what follows an event of the same
        subject that must be tried later is not tried, and is itself answered TRY_LATER.
        """
        ...

    def reach(self) -> None:
        """Return when the platform answers; it takes effect nowhere. Raises UnreachableError.

        It asks in the way of a delivery: what keeps events from the platform keeps this from it.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class LateSink(Protocol):
    """A platform that acknowledges first and looks closer later, as one that fetches does."""

    def late_refusals(self, *, most: int) -> Sequence[LateRefusal]:
        """Return refusals that were not told yet, the longest known first.

        Raises UnreachableError.
        """
        ...

    def late_told(self, refusals: Sequence[LateRefusal]) -> None:
        """Note that these were told; one that is told twice is told in the same words."""
        ...
