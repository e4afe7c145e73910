"""What a check may know besides the event itself."""

from datetime import date

from credit_bus.domain.registry import Registry
from credit_bus.domain.value import value


@value
class Context:
    """The registry in force, the district's day, who speaks, and about which subject key."""

    registry: Registry
    today: date
    source: str
    subject: str
