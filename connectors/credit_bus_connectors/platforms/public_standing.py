"""How a record stands in public: a fold over what comes about it, in whatever order.

Pure. Every part only grows (a revision, a bound, a set), so that the end is the same for every
order and for what comes twice. What may be shown no more is not kept: its content goes at once.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from credit_bus.domain.disputes import disputed_key, objection_key
from credit_bus.domain.event import Event, affected_key, affected_record, document_key
from credit_bus.domain.event_types import (
    LISTING_REMOVED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
)
from credit_bus_connectors.platforms.public_record import (
    PUBLIC_KINDS,
    PublicRecord,
    public_record,
)


class State(StrEnum):
    """Whether a record is shown, or why no more."""

    SHOWN = "shown"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    ENDED = "ended"
    UNPUBLISHED = "unpublished"  # its newest revision is not for the public


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of one document. `record` is what may be read of its newest revision."""

    revision: int = 0  # the newest that came; 0: none yet
    withdrawn_to: int = 0
    ended_to: int = 0
    removed: bool = False
    corrected_from: int | None = None  # the first revision that is a correction
    raised: frozenset[bytes] = frozenset()
    decided: frozenset[bytes] = frozenset()
    record: PublicRecord | None = None

    @property
    def state(self) -> State:
        """Whether it is shown: a withdrawal weighs more than a removal, that more than an end."""
        if self.revision <= self.withdrawn_to:
            return State.WITHDRAWN
        if self.removed:
            return State.REMOVED
        if self.revision <= self.ended_to:
            return State.ENDED
        return State.UNPUBLISHED if self.record is None else State.SHOWN

    @property
    def corrected(self) -> bool:
        """Whether the newest revision is, or follows, a correction."""
        return self.corrected_from is not None and self.corrected_from <= self.revision

    @property
    def disputed(self) -> bool:
        """Whether an objection about it is not decided, or its provider says so: marked 异议."""
        said = self.record is not None and self.record.said_disputed
        return said or bool(self.raised - self.decided)


def key_of(event: Event) -> bytes | None:
    """Return the key of the document that the event is, changes or disputes.

    None for what leaves the site untouched: an objection about an action, or another type.
    """
    if event.type in PUBLIC_KINDS:
        return document_key(event)
    return affected_key(event) or disputed_key(event)


def after(standing: Standing, event: Event) -> Standing:
    """Return how the document stands after an event of its key. KeyError for no such type."""
    changed = _changed(standing, event)
    return changed if changed.state is State.SHOWN else replace(changed, record=None)


def _changed(standing: Standing, event: Event) -> Standing:
    if event.type in PUBLIC_KINDS:
        if event.revision <= standing.revision:
            return standing
        return replace(standing, revision=event.revision, record=public_record(event))
    if event.type == OBJECTION_RAISED:
        return replace(standing, raised=standing.raised | {objection_key(event)})
    if event.type == OBJECTION_DECIDED:
        return replace(standing, decided=standing.decided | {objection_key(event)})
    affected = affected_record(event.type, event.body)
    revision = 0 if affected is None or affected.revision is None else affected.revision
    return {
        RECORD_WITHDRAWN: lambda: replace(
            standing, withdrawn_to=max(standing.withdrawn_to, revision)
        ),
        PUBLICITY_ENDED: lambda: replace(standing, ended_to=max(standing.ended_to, revision)),
        LISTING_REMOVED: lambda: replace(standing, removed=True),
        RECORD_CORRECTED: lambda: replace(
            standing, corrected_from=min(standing.corrected_from or revision, revision)
        ),
    }[event.type]()
