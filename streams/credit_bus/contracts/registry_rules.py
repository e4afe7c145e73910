"""What must hold between the rows of the registry files, the catalogue of measures apart.

Each rule yields all its mistakes as values. Knows nothing of files: rows come from
`contracts/registry.py`, which also turns the mistakes into one exception.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

from credit_bus.contracts.registry_rows import (
    DISTRICT,
    EXCEPTIONS,
    FIELDS,
    INSTRUMENTS,
    LISTS,
    MEASURES,
    PARTIES,
    PARTY_TABLES,
    PLATFORMS,
    PURPOSES,
    ROUTES,
    WORKING_DAYS,
    Rows,
)
from credit_bus.contracts.registry_values import Mistake
from credit_bus.domain.event_types import (
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
    EVENT_TYPES,
    FOLLOWING_TYPES,
)
from credit_bus.domain.identifiers import UsccProblem, check_uscc
from credit_bus.domain.registry import Party, Registry, Role

DELIVERY = frozenset({DELIVERY_CONFIRMED, DELIVERY_REFUSED})
SAYABLE = frozenset(name for name, row in EVENT_TYPES.items() if not row.said_by_bus)

# What someone said, believes, or gathered for is no ground of anything on this bus. The list trips
# on a row that names such a ground; the closed catalogue is what keeps it out.
BANNED_WORDS = (
    "言论", "发言", "言行", "发帖", "跟帖", "舆论", "舆情", "谣", "政见", "政治观点", "新闻",
    "采访", "集会", "游行", "示威", "聚众", "结社", "罢工", "请愿", "信访", "上访",
    "信仰", "宗教", "信教", "教派", "教会", "礼拜",
)  # fmt: skip
BANNED_CODE_WORDS = frozenset(
    {
        "assembly", "belief", "demonstration", "expression", "opinion", "petition", "petitioning",
        "protest", "religion", "religious", "rumour", "speech", "strike", "worship",
    }
)  # fmt: skip


def duplicates(rows: Rows) -> Iterator[Mistake]:
    """A name stands for one row, and a unified social credit code for one party."""
    groups = (
        (PARTIES, PARTY_TABLES),
        (ROUTES, ("route",)),
        (INSTRUMENTS, ("instrument",)),
        (MEASURES, ("measure",)),
        (LISTS, ("list",)),
        (FIELDS, ("field",)),
        (PURPOSES, ("purpose",)),
        (EXCEPTIONS, ("exception",)),
        (WORKING_DAYS, ("year",)),
    )
    for file, tables in groups:
        for name, count in Counter(n for t in tables for n in rows.names[t] or ()).items():
            if count > 1:
                rule = f"the name is given {count} times, and must stand for one row"
                yield Mistake(file=file, key=name, rule=rule, remedy="give each row its own name")
    codes = Counter(party.uscc for _, party in rows.parties() if party.uscc)
    for file, party in rows.parties():
        if party.uscc and codes[party.uscc] > 1:
            rule = f"{party.uscc} is also another party's unified social credit code"
            yield Mistake(file=file, key=party.code, rule=rule, remedy="give each its own")


def one_district_one_hub(rows: Rows) -> Iterator[Mistake]:
    """The registry is one district's, and the bus speaks with one voice."""
    for file, table in ((DISTRICT, "district"), (PLATFORMS, "hub")):
        names = rows.names[table]
        if names is not None and len(names) != 1:
            rule = f"there must be exactly one, and there are {len(names)}"
            yield Mistake(file=file, key=table, rule=rule, remedy="keep one")


def codes(rows: Rows) -> Iterator[Mistake]:
    """A department's code is right or a registered exception, and an exception is one indeed."""
    exceptions = {row.code for row in rows.exceptions}
    for file, party in rows.parties():
        problem = check_uscc(party.uscc) if party.uscc and party.uscc not in exceptions else None
        if problem:
            rule = f"{party.uscc} is no unified social credit code ({problem}, GB 32100)"
            remedy = f"correct uscc, or name it in {EXCEPTIONS} if it is registered so"
            yield Mistake(file=file, key=party.code, rule=rule, remedy=remedy)
    for row in rows.exceptions:
        problem = check_uscc(row.code)
        if problem is not UsccProblem.CHECK:
            found = problem or "nothing is wrong with it"
            rule = f"only a code whose check character fails can be an exception ({found})"
            yield Mistake(file=EXCEPTIONS, key=row.code, rule=rule, remedy="remove the row")


def rights_to_speak(rows: Rows) -> Iterator[Mistake]:
    """A party says known event types; only the bus orders; only platforms confirm delivery."""
    for file, party in rows.parties():
        for name in sorted(party.publishes - SAYABLE):
            yield Mistake(
                file=file,
                key=party.code,
                rule=f"publishes {name}: {_why_not(name)}",
                remedy=f"use one of {', '.join(sorted(SAYABLE))}",
            )
        if party.role is not Role.PLATFORM and party.publishes & DELIVERY:
            yield Mistake(
                file=file,
                key=party.code,
                rule="confirms deliveries, which only a platform does",
                remedy=f"remove {', '.join(sorted(party.publishes & DELIVERY))}",
            )
        if party.role is Role.PLATFORM and not party.publishes >= DELIVERY:
            yield Mistake(
                file=file,
                key=party.code,
                rule="a platform must be able to confirm and to refuse a delivery",
                remedy=f"add {', '.join(sorted(DELIVERY - party.publishes))}",
            )


def lives(rows: Rows) -> Iterator[Mistake]:
    """A party ends after it begins, and from then on somebody of its kind answers for it."""
    parties = rows.party_of()
    for file, party in rows.parties():
        if party.until and party.until <= party.since:
            rule = f"ends on {party.until}, which is not after it begins"
            yield Mistake(file=file, key=party.code, rule=rule, remedy="correct since or until")
        if party.successors and not party.until:
            rule = "has successors but no end"
            yield Mistake(
                file=file, key=party.code, rule=rule, remedy="set until or drop successors"
            )
        for name in party.successors:
            if rows.unknown(PARTY_TABLES, name):
                rule = f"its successor {name} is no party"
                remedy = f"name a party of {PARTIES} or {PLATFORMS}"
                yield Mistake(file=file, key=party.code, rule=rule, remedy=remedy)
            elif name in parties and parties[name].role is not party.role:
                rule = f"its successor {name} is not a {party.role}"
                yield Mistake(file=file, key=party.code, rule=rule, remedy="name one of its kind")
        if _comes_back(party.code, parties):
            rule = "succeeds itself in the end, and a chain of successors leads forward only"
            yield Mistake(file=file, key=party.code, rule=rule, remedy="break the circle")
        elif party.until and not any(rows.unknown(PARTY_TABLES, s) for s in party.successors):
            gap = first_gap(party.code, parties, party.until, date.max)
            if gap:
                rule = f"nobody answers for it on {gap}"
                remedy = "name a successor that exists then"
                yield Mistake(file=file, key=party.code, rule=rule, remedy=remedy)


def first_gap(code: str, parties: Mapping[str, Party], begin: date, end: date) -> date | None:
    """Return the first day from begin to end, both included, on which nobody answers for the party.

    Between two days on which a party begins or ends nothing changes, so what holds on each of
    these days holds on every day. A party of the chain that could not be read makes no gap.
    """
    changes = {day for p in parties.values() for day in (p.since, p.until) if day}
    registry = Registry(
        version="",
        district="",
        parties=parties,
        routes=(),
        measures={},
        instrument_types={},
        uscc_exceptions=frozenset(),
    )
    for day in sorted({begin, end, *(d for d in changes if begin < d < end)}):
        try:
            registry.successor_of(code, day)
        except ValueError:
            return day
        except KeyError:
            return None
    return None


def routes(rows: Rows) -> Iterator[Mistake]:
    """A route leads records and actions to a platform."""
    for route in rows.routes:
        if not route.types:
            rule = "carries no event type"
            yield Mistake(file=ROUTES, key=route.id, rule=rule, remedy="name at least one")
        for name in sorted(set(route.types) - (SAYABLE - DELIVERY - FOLLOWING_TYPES)):
            rule = f"carries {name}: {_why_not(name)}"
            yield Mistake(file=ROUTES, key=route.id, rule=rule, remedy="name a record or an action")
        if rows.unknown(["platform"], route.to):
            what = "no party" if rows.unknown(PARTY_TABLES, route.to) else "not a platform"
            rule = f"leads to {route.to}, which is {what}"
            remedy = f"name a platform of {PLATFORMS}"
            yield Mistake(file=ROUTES, key=route.id, rule=rule, remedy=remedy)


def instruments(rows: Rows) -> Iterator[Mistake]:
    """A kind of text founds nothing before its first day or after its last."""
    for row in rows.instruments:
        if row.founds_until and not (row.founds_from and row.founds_from < row.founds_until):
            rule, remedy = "founds_until is not after founds_from", "set both, in order, or neither"
            yield Mistake(file=INSTRUMENTS, key=row.code, rule=rule, remedy=remedy)
        if row.until_performance and row.founds_from is None:
            rule = "may last until performance but never founds a constraint"
            yield Mistake(file=INSTRUMENTS, key=row.code, rule=rule, remedy="set founds_from")


def grounds(rows: Rows) -> Iterator[Mistake]:
    """What someone says, believes or gathers for founds nothing here."""
    said = [
        *((FIELDS, row.code, (row.name, row.group)) for row in rows.fields),
        *((PURPOSES, row.code, (row.name,)) for row in rows.purposes),
        *((INSTRUMENTS, row.code, (row.name,)) for row in rows.instruments),
        *(
            (MEASURES, m.code, (m.name, m.content, *(f"{b.title} {b.article}" for b in m.basis)))
            for m in rows.measures
        ),
        *(
            (LISTS, each.code, (each.name, *(f"{b.title} {b.article}" for b in each.basis)))
            for each in rows.lists
        ),
    ]
    for file, code, texts in said:
        found = banned_grounds(code, texts)
        if found:
            rule = f"names {', '.join(found)}: speech, assembly and belief are no ground"
            yield Mistake(file=file, key=code, rule=rule, remedy="remove the row")


def banned_grounds(code: str, texts: Iterable[str]) -> list[str]:
    """Return the banned words in a row; full-width forms and blanks between letters hide none."""
    plain = ["".join(unicodedata.normalize("NFKC", text).split()) for text in texts]
    found = [word for word in BANNED_WORDS if any(word in text for text in plain)]
    return found + sorted(BANNED_CODE_WORDS & set(code.split("-")))


def _comes_back(code: str, parties: Mapping[str, Party]) -> bool:
    seen: set[str] = set()
    waiting = list(parties[code].successors)
    while waiting:
        name = waiting.pop()
        if name == code:
            return True
        if name in parties and name not in seen:
            seen.add(name)
            waiting += parties[name].successors
    return False


def _why_not(name: str) -> str:
    if name not in EVENT_TYPES:
        return "there is no such event type"
    if name in FOLLOWING_TYPES:
        return "it goes by itself wherever the record that it is about goes"
    if name in DELIVERY:
        return "only a platform says it, and it goes nowhere"
    return "only the bus says it"


def working_days(rows: Rows) -> Iterator[Mistake]:
    """A year's days are that year's, a worked day is a weekend's, and no year is left out."""
    for row in rows.years:
        for day in (*row.holidays, *row.workdays):
            if day.year != row.year:
                rule = f"{day} is no day of {row.year}"
                remedy = "move it to its own year"
                yield Mistake(file=WORKING_DAYS, key=str(row.year), rule=rule, remedy=remedy)
        for day in row.workdays:
            if day.weekday() < 5 or day in row.holidays:
                rule = f"{day} is named as a worked weekend and is a weekday or a holiday"
                remedy = "compare it with the notice"
                yield Mistake(file=WORKING_DAYS, key=str(row.year), rule=rule, remedy=remedy)
    years = sorted(row.year for row in rows.years)
    for before, after in pairwise(years):
        if after > before + 1:
            rule = f"{before + 1} is missing between {before} and {after}"
            remedy = "add the year: a term that crosses it has no answer"
            yield Mistake(file=WORKING_DAYS, key=str(after), rule=rule, remedy=remedy)
