"""The registry as one value, made of rows that passed every rule."""

from collections.abc import Iterator
from types import MappingProxyType

from credit_bus.contracts.registry_rows import (
    DEADLINES,
    EXCEPTIONS,
    INSTRUMENTS,
    LISTS,
    MEASURES,
    PARTIES,
    PLATFORMS,
    REPAIR,
    WORKING_DAYS,
    Rows,
)
from credit_bus.contracts.registry_values import BasisRow
from credit_bus.domain.calendar import WorkingDays
from credit_bus.domain.registry import Registry
from credit_bus.domain.time_rules import Deadline, Obligation


def registry_of(rows: Rows, *, version: str) -> Registry:
    """Return the registry of the rows. What breaks a rule was refused before."""
    return Registry(
        version=version,
        district=rows.districts[0].code,
        district_name=rows.districts[0].name,
        parties=MappingProxyType({party.code: party for _, party in rows.parties()}),
        routes=tuple(row.value() for row in rows.routes),
        measures=MappingProxyType({row.code: row.value() for row in rows.measures}),
        lists=MappingProxyType({row.code: row.value() for row in rows.lists}),
        instrument_types=MappingProxyType({row.code: row.value() for row in rows.instruments}),
        uscc_exceptions=frozenset(row.code for row in rows.exceptions),
        fields=MappingProxyType({row.code: row.value() for row in rows.fields}),
        purposes=MappingProxyType({row.code: row.value() for row in rows.purposes}),
        working_days=WorkingDays(
            years=frozenset(row.year for row in rows.years),
            holidays=frozenset(day for row in rows.years for day in row.holidays),
            workdays=frozenset(day for row in rows.years for day in row.workdays),
        ),
        deadlines=MappingProxyType(
            {obligation: _deadlines(rows, obligation) for obligation in Obligation}
        ),
        repair_rules=tuple(
            row.value() for row in sorted(rows.repair, key=lambda row: row.valid_from)
        ),
        to_check=tuple(_to_check(rows)),
    )


def _deadlines(rows: Rows, obligation: Obligation) -> tuple[Deadline, ...]:
    own = [row for row in rows.deadlines if row.obligation is obligation]
    return tuple(row.value() for row in sorted(own, key=lambda row: row.valid_from))


def _to_check(rows: Rows) -> Iterator[str]:
    groups = (
        (PARTIES, rows.departments),
        (PLATFORMS, (*rows.platforms, *rows.hubs)),
        (INSTRUMENTS, rows.instruments),
        (EXCEPTIONS, rows.exceptions),
    )
    for file, group in groups:
        yield from (f"{file}: {row.code}" for row in group if not row.checked)
    yield from (f"{WORKING_DAYS}: {row.year}" for row in rows.years if not row.checked)
    for deadline in rows.deadlines:
        if not deadline.checked:
            yield f"{DEADLINES}: {deadline.obligation} {deadline.valid_from}"
    for rules in rows.repair:
        for each in rules.classes:
            if not each.checked:
                yield f"{REPAIR}: {rules.instrument}: {each.class_}"
    founded: tuple[tuple[str, str, list[BasisRow]], ...] = (
        *((MEASURES, row.code, row.basis) for row in rows.measures),
        *((LISTS, row.code, row.basis) for row in rows.lists),
    )
    for file, code, texts in founded:
        for basis in texts:
            if not basis.checked:
                yield f"{file}: {code}: {basis.title} {basis.article}"
