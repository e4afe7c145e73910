"""The registry as values: parties, routes, measures, instruments. Who may say what, and to whom.

Knows nothing of files: `contracts/registry.py` loads and validates them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from credit_bus.domain.calendar import WorkingDays
from credit_bus.domain.event_types import EventType
from credit_bus.domain.time_rules import Deadline, Obligation, RepairRules


class Role(StrEnum):
    """What a party is on the bus."""

    DEPARTMENT = "department"
    PLATFORM = "platform"
    HUB = "hub"


class SubjectCategory(StrEnum):
    """行政相对人类别 of the 2018 双公示 standard."""

    ORGANISATION = "organisation"  # 法人及非法人组织
    INDIVIDUAL_BUSINESS = "individual_business"  # 个体工商户
    NATURAL_PERSON = "natural_person"  # 自然人


class MeasureKind(StrEnum):
    """守信激励 or 失信惩戒."""

    INCENTIVE = "incentive"
    CONSTRAINT = "constraint"


class ListKind(StrEnum):
    """名单类别, as 信用中国 tells them apart."""

    HONOUR = "honour"  # 守信红名单
    WATCH = "watch"  # 重点关注名单
    DISHONESTY = "dishonesty"  # 失信黑名单, 严重失信主体名单

    @property
    def bears(self) -> MeasureKind:
        """Return which kind of rules an entry stands under: what burdens needs ground and end."""
        return MeasureKind.INCENTIVE if self is ListKind.HONOUR else MeasureKind.CONSTRAINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A department or a platform, with the dates between which it exists."""

    code: str  # lower-case letters, digits, hyphens; part of topic names
    name: str
    role: Role
    since: date
    until: date | None = None  # first day on which it no longer exists
    successors: tuple[str, ...] = ()
    publishes: frozenset[str] = frozenset()  # event types
    uscc: str | None = None
    reviews: bool = False  # a court or a reconsideration body: may stay another's action
    window: bool = (
        False  # 窗口: takes in what the public asks, and tells a subject who asked about it
    )

    def may_say(self, event_type: EventType) -> bool:
        """Return whether the party has the right to say it, as everybody has for some types."""
        return event_type.for_all or event_type.name in self.publishes

    def exists_on(self, day: date) -> bool:
        """Return whether the party exists on that local day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Content-based routing: events of these types (and of these subjects) go to that platform."""

    id: str
    types: frozenset[str]
    to: str
    categories: frozenset[SubjectCategory]  # all three when the file names none


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A statute and its article. `checked` only when read against the official text."""

    instrument_type: str
    title: str
    article: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A row of the catalogue of measures: nothing outside it may be ordered."""

    code: str
    name: str
    kind: MeasureKind
    content: str
    targets: frozenset[SubjectCategory]
    basis: tuple[Basis, ...]
    implementers: tuple[str, ...]  # party codes
    instrument_types: frozenset[str]  # which instruments may found it
    since: date
    until: date | None = None
    term_months_max: int | None = None  # None: only as long as the instrument itself says
    until_performance: bool = False  # may last until the court's duty is performed
    initiators: frozenset[str] = frozenset()  # empty: any party that may initiate

    def in_force_on(self, day: date) -> bool:
        """Return whether the catalogue carries the measure on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditList:
    """名单: a list on which only the parties that it names enter anybody, in its fields alone."""

    code: str
    name: str
    kind: ListKind
    fields: frozenset[str]
    basis: tuple[Basis, ...]
    instrument_types: frozenset[str]
    enterers: frozenset[str]  # party codes
    targets: frozenset[SubjectCategory]
    public: bool  # whether an entry may be published
    since: date
    until: date | None = None
    term_months_max: int | None = None  # only a list of honour has none

    def in_force_on(self, day: date) -> bool:
        """Return whether anybody could be entered on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentType:
    """A kind of document, and the days between which it may found a listing or measure."""

    code: str
    name: str
    founds_from: date | None  # None: may never found a constraint
    founds_until: date | None = None
    until_performance: bool = False  # the court instrument that ends by performance
    basis_for: frozenset[MeasureKind] = frozenset()  # measures that may rest on such a text

    def founds_on(self, day: date) -> bool:
        """Return whether such a document, issued on that day, may found a constraint."""
        return (
            self.founds_from is not None
            and self.founds_from <= day
            and (self.founds_until is None or day < self.founds_until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditField:
    """领域: what an initiation is about, by the group of the plan that it belongs to."""

    code: str
    name: str
    group: str
    kind: MeasureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """查询用途: what an enquiry is for, who may make it, and what its answer may contain."""

    code: str
    name: str
    askers: frozenset[str]  # empty: any party that may enquire
    records: frozenset[str] = frozenset()  # event types of records
    measures: bool = False  # measures in force
    three_years_clean: bool = False  # with the records that decide


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # one of them is itself: a cache's key
class Registry:
    """Everything that is configuration about who, what and where. Immutable; has a version."""

    version: str  # 12 hex digits over the files' bytes: the rule version that traces cite
    district: str  # six-digit division code
    parties: Mapping[str, Party]
    routes: tuple[Route, ...]
    measures: Mapping[str, Measure]
    instrument_types: Mapping[str, InstrumentType]
    uscc_exceptions: frozenset[str]  # registered codes whose check character is known to fail
    district_name: str = ""
    fields: Mapping[str, CreditField] = field(default_factory=dict)
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    lists: Mapping[str, CreditList] = field(default_factory=dict)
    working_days: WorkingDays = field(default_factory=WorkingDays)
    deadlines: Mapping[Obligation, tuple[Deadline, ...]] = field(default_factory=dict)  # by day
    repair_rules: tuple[RepairRules, ...] = ()
    to_check: tuple[str, ...] = ()  # rows not yet read against an official text, by file and key

    def deadline_of(self, obligation: Obligation, day: date) -> Deadline:
        """Return the deadline for what began on that day; the first of all for earlier days.

        Each obligation has one on each day: the loader refuses a registry that leaves a gap.
        """
        first, *later = self.deadlines[obligation]
        return next((each for each in reversed(later) if each.valid_from <= day), first)

    def repair_rules_on(self, day: date) -> RepairRules | None:
        """Return the rules for a decision of that day; None before the first that are known."""
        return next((rules for rules in self.repair_rules if rules.govern(day)), None)

    @property
    def hub(self) -> str:
        """Return the party code of the bus itself, of which a registry has one."""
        return next(code for code, party in self.parties.items() if party.role is Role.HUB)

    @property
    def platforms(self) -> tuple[str, ...]:
        """Return the codes of the platforms, in the registry's order."""
        return tuple(code for code, party in self.parties.items() if party.role is Role.PLATFORM)

    def platforms_on(self, day: date) -> tuple[str, ...]:
        """Return those of them that exist on that day."""
        return tuple(code for code in self.platforms if self.parties[code].exists_on(day))

    def name_of(self, party: str) -> str:
        """Return a party's name; its code when the registry does not hold it, or no more."""
        known = self.parties.get(party)
        return party if known is None else known.name

    def successor_of(self, party: str, day: date) -> str:
        """Return the party that answers for this one on that day (itself while it exists).

        Raises KeyError for an unknown party and ValueError when a chain of successors ends in
        nothing that exists, which the loader refuses.
        """
        seen: set[str] = set()
        waiting = [party]
        while waiting:
            code = waiting.pop(0)
            if self.parties[code].exists_on(day):
                return code
            seen.add(code)
            waiting += [next_ for next_ in self.parties[code].successors if next_ not in seen]
        raise ValueError(f"party {party} has no successor on {day}")
