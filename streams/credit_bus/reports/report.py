"""The report: counts of casework, by party and month, in the registry's order. Pure.

It counts what departments did with their duties. Nothing in it is about a subject.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from credit_bus.casework.counts import COLUMNS
from credit_bus.casework.port import CountKey
from credit_bus.domain.registry import Party, Registry, Role
from credit_bus.reports.period import Period


class UnknownCountError(ValueError):
    """Something is counted that this release has no column for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: a party, all departments together, or these in one month."""

    code: str  # of the party; "" for a sum
    name: str
    until: date | None = None  # the first day on which the department was no more
    counts: Mapping[str, int]  # for each of COLUMNS, in their order

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is counted."""
        return not any(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of one period."""

    district: str
    registry_version: str
    made_at: datetime  # aware
    period: Period
    departments: tuple[Row, ...]
    others: tuple[Row, ...]  # platforms and the hub, as far as anything is counted of them
    total: Row  # of the departments alone
    months: tuple[Row, ...]  # of the departments, month by month


def report_of(
    counts: Mapping[CountKey, int], registry: Registry, *, period: Period, made_at: datetime
) -> Report:
    """Return the report of the period; counts of other days are passed over.

    A department has a line if it existed in the period or anything is counted of it: one that did
    nothing is seen, and one that is gone stands under its own name. A party that the registry does
    not know stands under its code. Raises UnknownCountError.
    """
    by_party: dict[str, Counter[str]] = {}
    by_month: dict[date, Counter[str]] = {month: Counter() for month in period.months}
    for (day, code, what), n in counts.items():
        if not period.holds(day):
            continue
        if what not in COLUMNS:
            raise UnknownCountError(
                f"{what} is counted, and this release has no column for it: use the release that"
                " casework runs with"
            )
        by_party.setdefault(code, Counter())[what] += n
        if _is_department(registry.parties.get(code)):
            by_month[day.replace(day=1)][what] += n
    unknown = sorted(by_party.keys() - registry.parties.keys())
    departments = [
        _row(party.code, by_party.get(party.code, {}), party)
        for party in registry.parties.values()
        if _is_department(party) and (party.code in by_party or _existed(party, period))
    ]
    departments += [_row(code, by_party[code]) for code in unknown]
    return Report(
        district=registry.district_name,
        registry_version=registry.version,
        made_at=made_at,
        period=period,
        departments=tuple(departments),
        others=tuple(
            _row(party.code, by_party[party.code], party)
            for party in registry.parties.values()
            if not _is_department(party) and party.code in by_party
        ),
        total=_sum(departments),
        months=tuple(
            Row(code="", name=f"{month.year}年{month.month}月", counts=_ordered(found))
            for month, found in by_month.items()
        ),
    )


def _is_department(party: Party | None) -> bool:
    """Return whether it counts among the departments; who is not known was one."""
    return party is None or party.role is Role.DEPARTMENT


def _existed(party: Party, period: Period) -> bool:
    return party.since <= period.last and (party.until is None or period.first < party.until)


def _row(code: str, counts: Mapping[str, int], party: Party | None = None) -> Row:
    if party is None:
        return Row(code=code, name=code, counts=_ordered(counts))
    return Row(code=code, name=party.name, until=party.until, counts=_ordered(counts))


def _sum(rows: Iterable[Row]) -> Row:
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row.counts)
    return Row(code="", name="部门合计", counts=_ordered(total))


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    return {what: counts.get(what, 0) for what in COLUMNS}
