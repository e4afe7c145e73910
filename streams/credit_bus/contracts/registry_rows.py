"""The shape of a row in each registry file, and the value of the domain that it becomes.

Knows the keys and what a single value may look like. Knows nothing of other rows: what must hold
between rows is in `contracts/registry_rules.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from credit_bus.domain.registry import (
    Basis,
    CreditField,
    InstrumentType,
    Measure,
    MeasureKind,
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
FIELDS = "fields.toml"
PURPOSES = "purposes.toml"
EXCEPTIONS = "exceptions.toml"
WORKING_DAYS = "working_days.toml"
PARTY_TABLES = ("department", "platform", "hub")

CODE_CHARACTERS_MAX = 40  # a Kafka topic name holds 249; the longest prefix leaves ample room
TEXT_CHARACTERS_MAX = 500
TERM_MONTHS_MAX = 120  # no statute of the catalogue goes beyond ten years

Code = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=CODE_CHARACTERS_MAX)
]
Text = Annotated[str, Field(pattern=r"^\S(.*\S)?$", max_length=TEXT_CHARACTERS_MAX)]
# TOML has no enums: these three are read from their strings, everything else is taken strictly.
Category = Annotated[SubjectCategory, Field(strict=False)]
Kind = Annotated[MeasureKind, Field(strict=False)]


class Row(BaseModel):
    """A table of a registry file. An unknown key is a mistake, and so is a string for a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


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
    successors: list[Code] = []
    publishes: list[Text] = []
    reviews: bool = False
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
        )


class RouteRow(Row):
    """Which platform holds which events. No categories means every category."""

    id: Code
    types: list[Text]
    to: Code
    categories: list[Category] = []

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
    basis_for: list[Kind] = []
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


class BasisRow(Row):
    """A text and its article, with whether somebody read it in the official edition."""

    type: Code
    title: Text
    article: Text
    checked: bool

    def value(self) -> Basis:
        """Return the basis."""
        return Basis(
            instrument_type=self.type,
            title=self.title,
            article=self.article,
            checked=self.checked,
        )


class MeasureRow(Row):
    """A row of the catalogue of measures."""

    code: Code
    name: Text
    kind: Kind
    content: Text
    targets: list[Category]
    basis: list[BasisRow] = []
    implementers: list[Code]
    instruments: list[Code]
    initiators: list[Code] = []
    since: date
    until: date | None = None
    term_months_max: Annotated[int, Field(ge=1, le=TERM_MONTHS_MAX)] | None = None
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
    askers: list[Code] = []
    records: list[Text] = []
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
class Mistake:
    """One mistake in the files: where it is, which rule it breaks, and what to do about it."""

    file: str
    key: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        """Return the sentence an operator reads."""
        return f"{self.file}: {self.key}: {self.rule}; {self.remedy}"


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
    fields: tuple[FieldRow, ...]
    purposes: tuple[PurposeRow, ...]
    exceptions: tuple[ExceptionRow, ...]
    years: tuple[YearRow, ...]
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
