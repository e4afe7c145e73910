"""Who is ordered what: the recipient list of an initiation.

The router freezes it into every order, and casework expects an answer from each on it; both ask
here, by the day on which the log of record took the initiation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from credit_bus.domain.event import Body
from credit_bus.domain.registry import Measure, Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A measure, and one department that is to carry it out."""

    measure: Measure
    implementer: str  # party code


def recipients_of(initiation: Body, registry: Registry, day: date) -> tuple[Recipient, ...]:
    """Return every measure of an initiation with each department that implements it on that day.

    A department that is gone is represented by its successor, once for each measure. KeyError for
    a measure that the catalogue does not hold, which the gate refuses.
    """
    return tuple(
        Recipient(measure=measure, implementer=implementer)
        for measure in (registry.measures[code] for code in initiation["measures"])
        for implementer in dict.fromkeys(
            registry.successor_of(party, day) for party in measure.implementers
        )
    )


def frozen(recipients: Iterable[Recipient]) -> list[dict[str, str]]:
    """Return the list as every order holds it."""
    return [{"measure": each.measure.code, "implementer": each.implementer} for each in recipients]
