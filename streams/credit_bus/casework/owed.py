"""What parties owe before the law, as the rows of duties say it; nothing here names a subject."""

from dataclasses import dataclass
from datetime import date

from credit_bus.domain.time_rules import Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """So many things owed that are alike: of a record one, however many platforms must hold it."""

    party: str  # who answers for it: of a delivery whoever said what is to be held
    obligation: Obligation
    began_on: date  # its time runs from then: 双公示 from the decision, else from the log
    rests: bool  # the action is suspended: nothing is carried out meanwhile
    lies_with: tuple[str, ...]  # of a delivery: the platforms that have not confirmed
    events: tuple[str, ...]  # of some of them
    number: int
