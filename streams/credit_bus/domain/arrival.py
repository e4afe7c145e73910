"""What reached a step: an event that could be read, or what could be read of it, and why."""

from credit_bus.domain.event import Event
from credit_bus.domain.reason import Reason
from credit_bus.domain.value import value


@value
class Arrival:
    """One message at a step. `event` is None exactly when it could not be read at all."""

    topic: str
    partition: int
    offset: int
    sender: str  # the party that alone may write this topic
    subject: str  # the record's key, as far as it is text
    event: Event | None
    reasons: tuple[Reason, ...]  # of the wire: headers, key, schema, bytes, partition
    digest: bytes  # of the payload as it came
    claimed_id: str | None = None
    claimed_type: str | None = None
    claimed_document: str | None = None
    claimed_correlation: str | None = None
