"""办理期限: what is overdue, what is at risk, for whom. A value of a day; pure.

A licence or a penalty is published within working days of its decision (双公示), whoever has it in
hand meanwhile: so it stands under the department that decided, once, until every platform has
confirmed. Days are those of the registry, from the day on which a time began.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
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
URGENT = frozenset({Standing.OVERDUE, Standing.AT_RISK})
_Alike = tuple[date, str, Obligation, tuple[str, ...]]  # due, who, what, with which platforms


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
class Pressing:
    """So many of one department that are overdue or at risk, due on one day, and lie alike."""

    party: str
    name: str
    obligation: Obligation
    standing: Standing
    due_on: date
    number: int
    lies_with: Mapping[str, str]  # the platforms that have not confirmed, by code: their names
    events: Sequence[str]  # of some of them


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTime:
    """The lines, the worst first; and everything that is urgent, the earliest day first."""

    day: date
    lines: Sequence[Line]
    urgent: Sequence[Pressing]

    def of(self, party: str) -> "LegalTime":
        """Return what one party owes; and what is urgent of it, or lies with it as a platform."""
        return LegalTime(
            day=self.day,
            lines=[each for each in self.lines if each.party == party],
            urgent=[each for each in self.urgent if party in (each.party, *each.lies_with)],
        )

    def number(self, standing: Standing) -> int:
        """Return how many there are of that standing."""
        return sum(each.counts.get(standing, 0) for each in self.lines)


def legal_time(owed: Iterable[Owed], registry: Registry, day: date) -> LegalTime:
    """Return how everything owed stands on that day."""
    counts: dict[tuple[str, Obligation], Counter[Standing]] = {}
    firsts: dict[tuple[str, Obligation], date] = {}
    urgent: dict[_Alike, Pressing] = {}
    for each in owed:
        party = who_answers(each.party, registry, day)
        key = (party, each.obligation)
        due, remind = _days(each, registry)
        standing = _standing(each, due, remind, day)
        counts.setdefault(key, Counter())[standing] += each.number
        if due is not None and not each.rests:
            firsts[key] = min(due, firsts.get(key, due))
        if due is not None and standing in URGENT:
            alike = (due, party, each.obligation, each.lies_with)
            urgent[alike] = _with(urgent.get(alike), each, alike, standing, registry)
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
        urgent=[urgent[alike] for alike in sorted(urgent)],
    )


def _with(
    found: Pressing | None, owed: Owed, alike: _Alike, standing: Standing, registry: Registry
) -> Pressing:
    """Return what was found with this added: who merged owes what both owed."""
    if found is not None:
        return replace(
            found, number=found.number + owed.number, events=(*found.events, *owed.events)
        )
    due, party, obligation, lies_with = alike
    return Pressing(
        party=party,
        name=registry.name_of(party),
        obligation=obligation,
        standing=standing,
        due_on=due,
        number=owed.number,
        lies_with={code: registry.name_of(code) for code in lies_with},
        events=owed.events,
    )


def who_answers(party: str, registry: Registry, day: date) -> str:
    """Return who does the party's duties on that day: its successor when it is no more."""
    try:
        return registry.successor_of(party, day)
    except (KeyError, ValueError):  # the registry does not hold it, or not yet
        return party


def _days(owed: Owed, registry: Registry) -> tuple[date | None, date | None]:
    """Return the last day and that of the reminder; of what began before the first year known, the
    latest that they can have been."""
    first_year = min(registry.working_days.years, default=date.min.year + 1)
    began = max(owed.began_on, date(first_year, 1, 1) - timedelta(days=1))
    try:
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
