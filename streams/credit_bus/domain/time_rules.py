"""Rules of time as values: within how many working days something is done, how long one is shown.

Rows of the registry, each by its own dates. What follows from them for one event is in `deadlines`
and `terms`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Obligation(StrEnum):
    """应办事项: what a party owes within working days, in the words of `reminder.due`."""

    RESPOND = "respond"  # 响应
    FEED_BACK = "feed_back"  # 反馈
    VERIFY_OBJECTION = "verify_objection"  # 核实异议
    DECIDE_ACCEPTANCE = "decide_acceptance"  # 决定是否受理修复
    DECIDE_REPAIR = "decide_repair"  # 作出修复决定
    PUBLISH = "publish"  # 公示
    WITHDRAW = "withdraw"  # 撤下
    SHARE = "share"  # 共享


OBLIGATION_TERMS: Mapping[Obligation, str] = MappingProxyType(
    {
        Obligation.RESPOND: "响应",
        Obligation.FEED_BACK: "反馈",
        Obligation.VERIFY_OBJECTION: "核实异议",
        Obligation.DECIDE_ACCEPTANCE: "决定是否受理修复",
        Obligation.DECIDE_REPAIR: "作出修复决定",
        Obligation.PUBLISH: "公示",
        Obligation.WITHDRAW: "更正或者撤下",
        Obligation.SHARE: "共享",
    }
)


class ConductClass(StrEnum):
    """失信行为分类 of the rules on repair; the decision's own consequences say which it is."""

    MINOR = "minor"  # 轻微
    GENERAL = "general"  # 一般
    SERIOUS = "serious"  # 严重


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a number stands. `checked` only when that number was read in a text that states it."""

    title: str
    article: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """办理期限 of one obligation, for what began between its days."""

    obligation: Obligation
    working_days: int
    remind_before: int  # working days before the due day; always fewer than `working_days`
    valid_from: date
    valid_to: date | None  # the last day; None: until further notice
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairClass:
    """A class of dishonest conduct: how long it is shown, and which decisions fall in it."""

    class_: ConductClass
    published: bool
    minimum_months: int  # from the decision until repair may be applied for
    maximum_months: int | None  # then nothing is shown any more; None exactly when not published
    categories: frozenset[str] = frozenset()  # 处罚类别, of either generation
    fields: frozenset[str] = frozenset()  # words of the field that lift a published penalty here
    listings: bool = False  # entries on lists of serious dishonesty
    otherwise: bool = False  # penalties whose category no class of the set names
    checked: bool = False

    @property
    def length(self) -> tuple[bool, int, int]:
        """Return what the longest of several classes is told by."""
        return self.published, self.maximum_months or 0, self.minimum_months


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairRules:
    """The rules on publicity and repair for decisions made between their days."""

    instrument: str  # title and number
    valid_from: date
    valid_to: date | None  # the last day; None: until further notice
    classes: tuple[RepairClass, ...]

    def govern(self, day: date) -> bool:
        """Return whether a decision of that day stands under them."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
