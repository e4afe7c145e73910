"""The day by which something must be done, and the day on which its party is reminded of it."""

from datetime import date

from credit_bus.domain.registry import Registry
from credit_bus.domain.time_rules import Obligation


def due_on(registry: Registry, obligation: str, began_on: date) -> date:
    """Return the last local day on which the obligation is met in time.

    In working days by the deadline of the day on which it began, that day itself not counted: a
    later rule neither shortens nor lengthens what has begun. Raises BeyondTableError for a year
    whose working days are not announced, ValueError for a word that is no obligation.
    """
    deadline = registry.deadline_of(Obligation(obligation), began_on)
    return registry.working_days.after(began_on, deadline.working_days)


def remind_on(registry: Registry, obligation: str, began_on: date) -> date:
    """Return the working day on which the party is reminded, before the due day or on it.

    Raises what `due_on` raises.
    """
    deadline = registry.deadline_of(Obligation(obligation), began_on)
    return registry.working_days.after(began_on, deadline.working_days - deadline.remind_before)
