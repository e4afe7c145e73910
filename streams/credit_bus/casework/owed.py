"""What parties owe today, as the rows of duties say it; nothing here names a subject."""

from dataclasses import dataclass
from datetime import date

from credit_bus.domain.time_rules import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """So many duties that are alike. `because_of` is the event of one of them."""

    party: str  # who owes it: of a delivery the platform
    obligation: Obligation
    began_on: date
    remind_on: date | None
    due_on: date | None  # None: in a year whose working days are not announced
    source: str | None  # of a delivery: who said what is to be held
    decided_on: date | None  # of a licence or penalty to be published: the day of the decision
    rests: bool  # the action is suspended: nothing is carried out meanwhile
    because_of: str
    number: int = 1
