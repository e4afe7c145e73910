"""What must hold for deadlines and for the rules on publicity and repair.

The rule behind all: on each day exactly one row decides, and what is shown ends by itself. Knows
nothing of files; each rule yields all its mistakes as values.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from credit_bus.contracts.registry_rows import DEADLINES, REPAIR, Rows
from credit_bus.contracts.registry_rules import banned_grounds
from credit_bus.contracts.registry_term_rows import ClassRow, DeadlineRow, RepairRow
from credit_bus.contracts.registry_values import Mistake
from credit_bus.domain import records, records_2016
from credit_bus.domain.time_rules import Obligation

PLAN_PUBLISHED_ON = date(2018, 3, 27)  # from this day on every obligation has its deadline
CATEGORIES = frozenset((*records.PENALTY_CATEGORIES, *records_2016.PENALTY_CATEGORIES))


def deadlines(rows: Rows) -> Iterator[Mistake]:
    """Each obligation has one deadline on each day, and a reminder that lies within it."""
    for row in rows.deadlines:
        if row.remind_before >= row.working_days:
            rule = "the reminder would come before the obligation has begun"
            remedy = "let remind_before be less than working_days"
            yield Mistake(file=DEADLINES, key=_key(row), rule=rule, remedy=remedy)
    if len(rows.names["deadline"] or ()) != len(rows.deadlines) or rows.names["deadline"] is None:
        return  # a row that could not be read is no gap
    for obligation in Obligation:
        own = [row for row in rows.deadlines if row.obligation is obligation]
        for rule, remedy in _not_continuous(own, begins=PLAN_PUBLISHED_ON):
            yield Mistake(file=DEADLINES, key=str(obligation), rule=rule, remedy=remedy)


def repair_days(rows: Rows) -> Iterator[Mistake]:
    """A decision stands under one set of rules on repair, from the first set on."""
    if rows.names["rules"] is None or len(rows.names["rules"]) != len(rows.repair):
        return
    for rule, remedy in _not_continuous(rows.repair, begins=None):
        yield Mistake(file=REPAIR, key="rules", rule=rule, remedy=remedy)


def repair_classes(rows: Rows) -> Iterator[Mistake]:
    """A penalty falls in one class or in the longest of several, and each class ends."""
    for row in rows.repair:
        for rule, remedy in (*_in_common(row), *_of_words(row)):
            yield Mistake(file=REPAIR, key=row.instrument, rule=rule, remedy=remedy)
        for each in row.classes:
            for rule, remedy in _of_class(each):
                key = f"{row.instrument}: {each.class_}"
                yield Mistake(file=REPAIR, key=key, rule=rule, remedy=remedy)


def _not_continuous(
    rows: Sequence[DeadlineRow | RepairRow], *, begins: date | None
) -> Iterator[tuple[str, str]]:
    """Yield each way in which the rows' days leave a day out or name it twice, and the remedy."""
    if not rows:
        yield "has no row", "add one"
        return
    for row in rows:
        if row.valid_to is not None and row.valid_to < row.valid_from:
            yield f"valid_to {row.valid_to} is before valid_from {row.valid_from}", "correct them"
            return
    ordered = sorted(rows, key=lambda row: row.valid_from)
    if begins is not None and ordered[0].valid_from > begins:
        yield f"has no row from {begins} on", f"let the first begin on {begins}"
    for before, after in pairwise(ordered):
        if before.valid_to is None or before.valid_to >= after.valid_from:
            remedy = "end the earlier on the day before"
            yield f"has two rows on {after.valid_from}", remedy
        elif before.valid_to + timedelta(days=1) < after.valid_from:
            remedy = "let one follow upon the other"
            yield f"has no row on {before.valid_to + timedelta(days=1)}", remedy
    if ordered[-1].valid_to is not None:
        yield f"has no row after {ordered[-1].valid_to}", "leave the last without valid_to"


def _in_common(row: RepairRow) -> Iterator[tuple[str, str]]:
    named = Counter(each.class_ for each in row.classes)
    for class_, count in named.items():
        if count > 1:
            yield f"names the class {class_} {count} times", "keep one"
    if sum(each.otherwise for each in row.classes) != 1:
        rule = "needs exactly one class for penalties whose category none names"
        yield rule, "set otherwise = true in one"
    if sum(each.listings for each in row.classes) > 1:
        yield "puts listings in two classes", "keep one"


def _of_words(row: RepairRow) -> Iterator[tuple[str, str]]:
    words = Counter(word for each in row.classes for word in each.categories)
    for word, count in words.items():
        if word not in CATEGORIES:
            yield f"names {word}, which is no category of penalty", "use a word of the templates"
        elif count > 1:
            yield f"puts {word} in two classes", "keep one"
    found = banned_grounds("", [word for each in row.classes for word in each.fields])
    if found:
        rule = f"names {', '.join(found)}: speech, assembly and belief are no ground"
        yield rule, "remove the word"


def _of_class(row: ClassRow) -> Iterator[tuple[str, str]]:
    if row.published and row.maximum_months is None:
        yield "is published without an end", "set maximum_months"
    if not row.published and row.maximum_months is not None:
        yield "is not published and has a longest time", "drop maximum_months"
    if row.maximum_months is not None and row.maximum_months < row.minimum_months:
        yield "maximum_months is less than minimum_months", "correct them"
    if row.checked and not (row.categories or row.fields or row.listings or row.otherwise):
        yield "is checked and nothing falls in it", "say which decisions do"


def _key(row: DeadlineRow) -> str:
    return f"{row.obligation} {row.valid_from}"
