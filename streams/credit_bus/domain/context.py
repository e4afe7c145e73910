"""What a check may know besides the event itself."""

from dataclasses import dataclass
from datetime import date

from credit_bus.domain.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The registry in force, the district's day, who speaks, and about which subject key."""

    registry: Registry
    today: date
    source: str
    subject: str
