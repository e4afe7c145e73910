"""The shape of a row in each registry file, and the value of the domain that it becomes.

Knows the keys and what a single value may look like. Knows nothing of other rows: what must hold
between rows is in `contracts/registry_rules.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from credit_bus.contracts.registry_term_rows import DeadlineRow, RepairRow
from credit_bus.contracts.registry_values import (
    BasisRow,
    Category,
    Code,
    Kind,
    KindOfList,
    Months,
    Row,
    Text,
)
from credit_bus.domain.registry import (
    CreditField,
    CreditList,
    InstrumentType,
    Measure,
    Party,
    Purpose,
    Role,
    Route,
    SubjectCategory,
)

DISTRICT = "district.toml"
PARTIES = "parties.toml"
PLATFORMS = "platforms.toml"
ROUTES = "routes.toml"
INSTRUMENTS = "instruments.toml"
MEASURES = "measures.toml"
LISTS = "lists.toml"
FIELDS = "fields.toml"
PURPOSES = "purposes.toml"
EXCEPTIONS = "exceptions.toml"
WORKING_DAYS = "working_days.toml"
DEADLINES = "deadlines.toml"
REPAIR = "repair.toml"
PARTY_TABLES = ("department", "platform", "hub")


class DistrictRow(Row):
    """The district itself, by GB/T 2260."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    name: Text


class PartyRow(Row):
    """A department, a platform or the hub: which one says the name of the table."""

    code: Code
    name: Text
    since: date
    until: date | None = None
    successors: list[Code] = Field(default_factory=list)
    publishes: list[Text] = Field(default_factory=list)
    reviews: bool = False
    window: bool = False
    uscc: Text | None = None
    checked: bool

    def value(self, role: Role) -> Party:
        """Return the party."""
        return Party(
            code=self.code,
            name=self.name,
            role=role,
            since=self.since,
            until=self.until,
            successors=tuple(self.successors),
            publishes=frozenset(self.publishes),
            uscc=self.uscc,
            reviews=self.reviews,
            window=self.window,
        )


class RouteRow(Row):
    """Which platform holds which events. No categories means every category."""

    id: Code
    types: list[Text]
    to: Code
    categories: list[Category] = Field(default_factory=list)

    def value(self) -> Route:
        """Return the route."""
        return Route(
            id=self.id,
            types=frozenset(self.types),
            to=self.to,
            categories=frozenset(self.categories or SubjectCategory),
        )


class InstrumentRow(Row):
    """A kind of text: what may rest on it, or from when to when it may found a constraint."""

    code: Code
    name: Text
    basis_for: list[Kind] = Field(default_factory=list)
    founds_from: date | None = None
    founds_until: date | None = None
    until_performance: bool = False
    checked: bool

    def value(self) -> InstrumentType:
        """Return the instrument type."""
        return InstrumentType(
            code=self.code,
            name=self.name,
            founds_from=self.founds_from,
            founds_until=self.founds_until,
            until_performance=self.until_performance,
            basis_for=frozenset(self.basis_for),
        )


class MeasureRow(Row):
    """A row of the catalogue of measures."""

    code: Code
    name: Text
    kind: Kind
    content: Text
    targets: list[Category]
    basis: list[BasisRow] = Field(default_factory=list)
    implementers: list[Code]
    instruments: list[Code]
    initiators: list[Code] = Field(default_factory=list)
    since: date
    until: date | None = None
    term_months_max: Months | None = None
    until_performance: bool = False

    def value(self) -> Measure:
        """Return the measure."""
        return Measure(
            code=self.code,
            name=self.name,
            kind=self.kind,
            content=self.content,
            targets=frozenset(self.targets),
            basis=tuple(row.value() for row in self.basis),
            implementers=tuple(self.implementers),
            instrument_types=frozenset(self.instruments),
            since=self.since,
            until=self.until,
            term_months_max=self.term_months_max,
            until_performance=self.until_performance,
            initiators=frozenset(self.initiators),
        )


class ListRow(Row):
    """名单: who enters whom, in which fields, on which documents and for how long at most."""

    code: Code
    name: Text
    kind: KindOfList
    fields: list[Code]
    basis: list[BasisRow] = Field(default_factory=list)
    instruments: list[Code]
    enterers: list[Code]
    targets: list[Category]
    public: bool
    since: date
    until: date | None = None
    term_months_max: Months | None = None

    def value(self) -> CreditList:
        """Return the list."""
        return CreditList(
            code=self.code,
            name=self.name,
            kind=self.kind,
            fields=frozenset(self.fields),
            basis=tuple(row.value() for row in self.basis),
            instrument_types=frozenset(self.instruments),
            enterers=frozenset(self.enterers),
            targets=frozenset(self.targets),
            public=self.public,
            since=self.since,
            until=self.until,
            term_months_max=self.term_months_max,
        )


class FieldRow(Row):
    """领域, and the group of the plan it belongs to."""

    code: Code
    name: Text
    group: Text
    kind: Kind

    def value(self) -> CreditField:
        """Return the field."""
        return CreditField(code=self.code, name=self.name, group=self.group, kind=self.kind)


class PurposeRow(Row):
    """What an enquiry is for. No askers means everybody who may enquire."""

    code: Code
    name: Text
    askers: list[Code] = Field(default_factory=list)
    records: list[Text] = Field(default_factory=list)
    measures: bool = False
    three_years_clean: bool = False

    def value(self) -> Purpose:
        """Return the purpose."""
        return Purpose(
            code=self.code,
            name=self.name,
            askers=frozenset(self.askers),
            records=frozenset(self.records),
            measures=self.measures,
            three_years_clean=self.three_years_clean,
        )


class ExceptionRow(Row):
    """A code that is registered although its check character fails."""

    code: Text
    checked: bool


class YearRow(Row):
    """The days off and the worked weekends of a year, by the State Council's notice."""

    year: int = Field(ge=2000, le=2100)
    notice: Text
    checked: bool
    holidays: list[date] = Field(min_length=1)
    workdays: list[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Every row whose own shape is right.

    `names` holds the names of all rows of a table, also of those whose shape is wrong, so that one
    mistake is not reported again as an unknown name. A table whose file cannot be read has none.
    """

    districts: tuple[DistrictRow, ...]
    departments: tuple[PartyRow, ...]
    platforms: tuple[PartyRow, ...]
    hubs: tuple[PartyRow, ...]
    routes: tuple[RouteRow, ...]
    instruments: tuple[InstrumentRow, ...]
    measures: tuple[MeasureRow, ...]
    lists: tuple[ListRow, ...]
    fields: tuple[FieldRow, ...]
    purposes: tuple[PurposeRow, ...]
    exceptions: tuple[ExceptionRow, ...]
    years: tuple[YearRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    repair: tuple[RepairRow, ...]
    names: Mapping[str, tuple[str, ...] | None]

    def parties(self) -> tuple[tuple[str, Party], ...]:
        """Return every party with the file that names it."""
        return (
            *((PARTIES, row.value(Role.DEPARTMENT)) for row in self.departments),
            *((PLATFORMS, row.value(Role.PLATFORM)) for row in self.platforms),
            *((PLATFORMS, row.value(Role.HUB)) for row in self.hubs),
        )

    def party_of(self) -> dict[str, Party]:
        """Return the parties by code; of two with one code, which is a mistake, the first."""
        return {party.code: party for _, party in reversed(self.parties())}

    def instrument_of(self) -> dict[str, InstrumentRow]:
        """Return the kinds of text by code; of two with one code the first."""
        return {row.code: row for row in reversed(self.instruments)}

    def unknown(self, tables: Iterable[str], name: str) -> bool:
        """Return whether no row of these tables has that name, as far as they could be read."""
        known = [self.names[table] for table in tables]
        return all(names is not None and name not in names for names in known)
