"""What all that is kept is made of: immutable values that are read back from their JSON."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from credit_bus.domain.time_rules import Obligation

DAY = timedelta(days=1)


class Kept(BaseModel):
    """A value; its JSON is read back to an equal one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def but(self, **changes: Any) -> Self:
        """Return the same with these fields changed."""
        return self.model_copy(update=changes)


class Duty(Kept):
    """What a party owes by a day: 响应, 反馈, 核实, 决定, 公示, 撤下, 共享.

    Without days when the deadline reaches a year whose working days are not announced yet.
    """

    party: str
    obligation: Obligation
    because_of: str  # the event that it follows from
    began_on: date
    tried_on: date  # when its days were last asked for
    measure: str | None = None  # of an order
    remind_on: date | None = None
    due_on: date | None = None
    reminded: bool = False
    overdue: bool = False

    @property
    def look_on(self) -> date | None:
        """Return the day on which it must be looked at next; None once it is told overdue."""
        if self.due_on is None:
            return self.tried_on + DAY
        if self.overdue:
            return None
        return self.due_on + DAY if self.reminded else self.remind_on


def earliest(days: Iterable[date | None]) -> date | None:
    """Return the first of the days that there are; None when there is none."""
    return min((day for day in days if day is not None), default=None)


class Thing(Kept):
    """What has a row of its own."""

    kind: ClassVar[str]
    name: str
    duties: tuple[Duty, ...] = ()

    @property
    def due_on(self) -> date | None:
        """Return the day on which the clock must look at it next."""
        return earliest(duty.look_on for duty in self.duties)


AnyThing = TypeVar("AnyThing", bound=Thing)


class Sealed(Kept):
    """An identity number, encrypted, as events carry it."""

    pseudonym: str
    box: str  # hexadecimal


class Subject(Kept):
    """信用主体, as much as a later word about it must carry."""

    name: str
    category: str
    uscc: str | None = None
    person_id: Sealed | None = None


class About(Kept):
    """What a case is about: a record or an action, by name."""

    kind: str
    name: str
    reference: dict[str, Any]  # as events carry it
