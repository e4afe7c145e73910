"""The meter and the health of one process together: what its parts are handed to tell."""

from dataclasses import dataclass, field

from credit_bus.metrics.health import Health
from credit_bus.metrics.meter import Meter


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a process tells of itself. One of its own, where nobody listens, costs little."""

    meter: Meter = field(default_factory=Meter)
    health: Health = field(default_factory=Health)
