"""办理期限: what is overdue, what is at risk, for whom. A value of a day; pure.

A licence or a penalty is published within working days of its decision (双公示), whoever has it in
hand meanwhile: so its day is counted from the decision, and stands under the department that
decided. Everything else is due on the day that casework keeps.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from credit_bus.casework.owed import Owed
from credit_bus.domain.calendar import BeyondTableError
from credit_bus.domain.deadlines import due_on, remind_on
from credit_bus.domain.registry import Registry
from credit_bus.domain.time_rules import Obligation


class Standing(StrEnum):
    """How a duty stands on a day, the worst first."""

    OVERDUE = "overdue"  # 已逾期
    AT_RISK = "at_risk"  # 即将到期: the day of its reminder has come
    IN_TIME = "in_time"  # 期限内
    RESTING = "resting"  # 中止期间
    UNDATED = "undated"  # 工作日安排待公布


STANDINGS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.OVERDUE: "已逾期",
        Standing.AT_RISK: "即将到期",
        Standing.IN_TIME: "期限内",
        Standing.RESTING: "中止期间",
        Standing.UNDATED: "工作日安排待公布",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one department owes of one kind. `first` is the earliest day of what is not resting."""

    party: str
    name: str
    obligation: Obligation
    counts: Mapping[Standing, int]
    first: date | None

    @property
    def worst(self) -> Standing:
        """The worst standing that there is."""
        return next(each for each in Standing if self.counts.get(each))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One duty that is overdue or at risk: its event, and with whom it lies."""

    party: str
    name: str
    obligation: Obligation
    standing: Standing
    due_on: date
    because_of: str
    lies_with: str | None  # the platform that has not confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTime:
    """The lines, the worst first; and some of what is most urgent."""

    day: date
    lines: Sequence[Line]
    urgent: Sequence[Case]

    def of(self, party: str) -> "LegalTime":
        """Return what concerns one party alone."""
        return LegalTime(
            day=self.day,
            lines=[each for each in self.lines if each.party == party],
            urgent=[each for each in self.urgent if each.party == party],
        )


def legal_time(
    owed: Iterable[Owed], urgent: Iterable[Owed], registry: Registry, day: date
) -> LegalTime:
    """Return how everything owed stands on that day. `urgent` are single duties, to be named."""
    counts: dict[tuple[str, Obligation], Counter[Standing]] = {}
    firsts: dict[tuple[str, Obligation], date] = {}
    for each in owed:
        key = (_responsible(each, registry, day), each.obligation)
        due, remind = _days(each, registry)
        counts.setdefault(key, Counter())[_standing(each, due, remind, day)] += each.number
        if due is not None and not each.rests:
            firsts[key] = min(due, firsts.get(key, due))
    lines = [
        Line(
            party=party,
            name=registry.name_of(party),
            obligation=obligation,
            counts=found,
            first=firsts.get((party, obligation)),
        )
        for (party, obligation), found in counts.items()
    ]
    return LegalTime(
        day=day,
        lines=sorted(lines, key=_line_order),
        urgent=sorted(_cases(urgent, registry, day), key=_case_order),
    )


def _cases(urgent: Iterable[Owed], registry: Registry, day: date) -> Iterable[Case]:
    for each in urgent:
        due, remind = _days(each, registry)
        standing = _standing(each, due, remind, day)
        if due is None or standing not in (Standing.OVERDUE, Standing.AT_RISK):
            continue
        party = _responsible(each, registry, day)
        yield Case(
            party=party,
            name=registry.name_of(party),
            obligation=each.obligation,
            standing=standing,
            due_on=due,
            because_of=each.because_of,
            lies_with=each.party if each.source is not None else None,
        )


def _responsible(owed: Owed, registry: Registry, day: date) -> str:
    """Return whose duty it is before the law: who decided, or today's successor."""
    party = owed.source or owed.party
    try:
        return registry.successor_of(party, day)
    except (KeyError, ValueError):
        return party


def _days(owed: Owed, registry: Registry) -> tuple[date | None, date | None]:
    if owed.obligation is not Obligation.PUBLISH or owed.decided_on is None:
        return owed.due_on, owed.remind_on
    try:
        began = owed.decided_on
        return due_on(registry, owed.obligation, began), remind_on(registry, owed.obligation, began)
    except BeyondTableError:
        return None, None


def _standing(owed: Owed, due: date | None, remind: date | None, day: date) -> Standing:
    if owed.rests:
        return Standing.RESTING
    if due is None:
        return Standing.UNDATED
    if due < day:
        return Standing.OVERDUE
    return Standing.AT_RISK if remind is not None and remind <= day else Standing.IN_TIME


def _line_order(line: Line) -> tuple[int, date, str, str]:
    return (list(Standing).index(line.worst), line.first or date.max, line.party, line.obligation)


def _case_order(case: Case) -> tuple[date, str, str]:
    return (case.due_on, case.party, case.because_of)
