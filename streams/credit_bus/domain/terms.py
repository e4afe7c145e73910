"""How long dishonest conduct is shown, and from when on its repair may be asked for.

公示期: by the rules on repair that were in force on the day of the decision, and counted from that
day. Rules of a later day do not touch it, so nobody's time is ever extended by a change of rules.
The class follows from what was decided (the kinds of penalty, the field, the kind of list), never
from anybody's past: nothing here grades a subject.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from credit_bus.domain.dates import months_after
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import LISTING_ENTERED, PENALTY_DECIDED
from credit_bus.domain.registry import ListKind, Registry
from credit_bus.domain.time_rules import ConductClass, RepairClass, RepairRules

# Where a penalty says what field it is of: its kind of violation, its name (2016), the law that it
# applies. Facts and content are prose in which any word may stand.
_FIELD_IS_SAID_IN = ("violation", "title", "legal_basis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publicity:
    """How long one decision is shown, by which rule."""

    class_: ConductClass
    rule: str  # title and number of the rules
    published: bool
    minimum_until: date  # the shortest time is over on it, and repair may be asked for from it on
    maximum_until: date | None  # the last day on which it is shown; None: it is not shown at all


def publicity_of(event_type: str, body: Body, registry: Registry) -> Publicity | None:
    """Return how long such a record is shown; None where no rule on repair says so.

    None for licences, courts' defaulters, honours, lists of watch (each has its own term), and for
    decisions before the first rules of the registry.
    """
    if event_type not in {PENALTY_DECIDED, LISTING_ENTERED}:
        return None
    decided = body["decided_on"]
    rules = registry.repair_rules_on(decided)
    if rules is None:
        return None
    found = (
        _of_penalty(body, rules)
        if event_type == PENALTY_DECIDED
        else _of_listing(body, rules, registry)
    )
    if found is None:
        return None
    longest = found.maximum_months
    return Publicity(
        class_=found.class_,
        rule=rules.instrument,
        published=found.published,
        minimum_until=months_after(decided, found.minimum_months),
        maximum_until=None if longest is None else months_after(decided, longest),
    )


def _of_penalty(body: Body, rules: RepairRules) -> RepairClass | None:
    """Return the class of a penalty: of several kinds in one decision the longest counts."""
    categories = frozenset(body["categories"])
    named = frozenset[str]().union(*(each.categories for each in rules.classes))
    found = [
        each
        for each in rules.classes
        if each.categories & categories or (each.otherwise and not categories <= named)
    ]
    if any(each.published for each in found):
        # The field lengthens what is shown; it does not show what the kind of penalty keeps back.
        found += [each for each in rules.classes if _is_of_field(body, each.fields)]
    return max(found, key=lambda each: each.length, default=None)


def _is_of_field(body: Body, words: Iterable[str]) -> bool:
    texts = [body.get(name) or "" for name in _FIELD_IS_SAID_IN]
    return any(word in text for word in words for text in texts)


def _of_listing(body: Body, rules: RepairRules, registry: Registry) -> RepairClass | None:
    entered = registry.lists.get(body["list"])
    if entered is None or entered.kind is not ListKind.DISHONESTY:
        return None
    return next((each for each in rules.classes if each.listings), None)
