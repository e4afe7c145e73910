"""What follows from an event: values that a committer carries out in one transaction."""

from credit_bus.domain.event import Event
from credit_bus.domain.reason import Reason
from credit_bus.domain.value import value


@value
class Forward:
    """The event goes on as it came: same key, same headers, same bytes."""

    topic: str


@value
class Say:
    """The bus itself says something new."""

    topic: str
    event: Event


@value
class Quarantine:
    """The message is kept whole, with every reason, and the stage that refused it."""

    stage: str
    reasons: tuple[Reason, ...]


Output = Forward | Say | Quarantine


@value
class Known:
    """What the gate remembers of a document: its newest accepted revision and its content."""

    revision: int
    digest: bytes  # of the payload as it came


@value
class Outcome:
    """All that follows from one event. `known` is the new memory of its document, if it changed."""

    outputs: tuple[Output, ...]
    known: Known | None = None
