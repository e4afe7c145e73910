"""What must hold for a row of the catalogue of measures.

The rule behind all: what takes rights from somebody stands on a statute, names who does it and
ends by itself (国办发〔2020〕49号; the court instrument that ends by performance is the exception).
Knows nothing of files; each rule yields all its mistakes as values.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from credit_bus.contracts.registry_rows import (
    MEASURES,
    PARTY_TABLES,
    InstrumentRow,
    MeasureRow,
    Rows,
)
from credit_bus.contracts.registry_rules import first_gap
from credit_bus.contracts.registry_values import BasisRow, Mistake
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
)
from credit_bus.domain.registry import MeasureKind, Party, Role

ANSWERS = frozenset({MEASURE_RESPONDED, MEASURE_EXECUTED, MEASURE_LIFTED})


def shape(rows: Rows) -> Iterator[Mistake]:
    """A measure has targets, a body that carries it out, a document, and its days in order."""
    for row in rows.measures:
        empty = [
            name
            for name, value in (
                ("targets", row.targets),
                ("implementers", row.implementers),
                ("instruments", row.instruments),
            )
            if not value
        ]
        for name in empty:
            yield _mistake(row, f"{name} is empty", "name at least one")
        if row.until and row.until <= row.since:
            yield _mistake(row, "until is not after since", "correct since or until")


def basis(rows: Rows) -> Iterator[Mistake]:
    """A measure rests on at least one text that may carry its kind, and on such texts alone."""
    for row in rows.measures:
        for rule, remedy in unfounded(row.basis, row.kind, rows, what="a measure"):
            yield _mistake(row, rule, remedy)


def unfounded(
    texts: Sequence[BasisRow], kind: MeasureKind, rows: Rows, *, what: str
) -> Iterator[tuple[str, str]]:
    """Yield each rule that these texts break as the basis of something of that kind, and remedy."""
    types = rows.instrument_of()
    if not texts:
        yield "has no basis", "name the statute and the article"
        return
    for text in texts:
        if rows.unknown(["instrument"], text.type):
            rule = f"the type {text.type} of its basis {text.title} is unknown"
            yield rule, "name a row of instruments.toml"
        elif text.type in types and not types[text.type].basis_for:
            rule = f"{text.type} is no text that {what} can rest on"
            yield rule, "cite the law that the document applies"
    read = [types[text.type] for text in texts if text.type in types]
    if len(read) == len(texts) and not any(kind in each.basis_for for each in read):
        rule = f"no text of its basis may carry a {kind}"
        yield rule, "cite a law, a regulation or a central policy document"


def term(rows: Rows) -> Iterator[Mistake]:
    """Every constraint ends by itself, or by performance where the court's document says so."""
    types = rows.instrument_of()
    for row in rows.measures:
        bounded = row.term_months_max is not None or row.until_performance
        if row.kind is MeasureKind.CONSTRAINT and not bounded:
            rule = "a constraint has a longest term"
            yield _mistake(row, rule, "set term_months_max as its statute has it")
        founding = [types[name] for name in row.instruments if name in types]
        complete = len(founding) == len(row.instruments)
        if row.until_performance and complete and not any(t.until_performance for t in founding):
            rule = "lasts until performance, and none of its instruments does"
            yield _mistake(row, rule, "drop until_performance or name the court's instrument")


def founding(rows: Rows) -> Iterator[Mistake]:
    """A constraint names documents that may found one on a day on which it is in force."""
    types = rows.instrument_of()
    for row in rows.measures:
        for name in row.instruments:
            if rows.unknown(["instrument"], name):
                rule = f"its instrument {name} is unknown"
                yield _mistake(row, rule, "name a row of instruments.toml")
            elif name in types and never_founds(types[name], row.kind, row.since):
                rule = f"its instrument {name} founds no constraint while it is in force"
                yield _mistake(row, rule, "name a document that does")


def implementers(rows: Rows) -> Iterator[Mistake]:
    """Whoever is asked exists or has a successor, and can respond, feed back and lift."""
    parties = rows.party_of()
    for row in rows.measures:
        for name in row.implementers:
            if rows.unknown(PARTY_TABLES, name):
                rule = f"its implementer {name} is no party"
                yield _mistake(row, rule, "name a department of parties.toml")
            elif name in parties:
                yield from _implementer(row, parties[name], parties)


def initiators(rows: Rows) -> Iterator[Mistake]:
    """Whoever may order a measure can start an action."""
    parties = rows.party_of()
    for row in rows.measures:
        for name in row.initiators:
            if rows.unknown(PARTY_TABLES, name):
                rule = f"its initiator {name} is no party"
                yield _mistake(row, rule, "name a department of parties.toml")
            elif name in parties and ACTION_INITIATED not in parties[name].publishes:
                rule = f"its initiator {name} may not publish {ACTION_INITIATED}"
                yield _mistake(row, rule, f"give {name} that right or drop it")


def _implementer(row: MeasureRow, party: Party, parties: Mapping[str, Party]) -> Iterator[Mistake]:
    if party.role is not Role.DEPARTMENT:
        rule = f"its implementer {party.code} is not a department"
        yield _mistake(row, rule, "name a department of parties.toml")
    for name in sorted(line_of(party.code, parties)):
        missing = sorted(ANSWERS - parties[name].publishes)
        if missing:
            rule = f"its implementer {name} may not publish {' and '.join(missing)}"
            yield _mistake(row, rule, f"give {name} that right or ask somebody else")
    # Later days are a rule about parties: from its end on, somebody answers for each.
    if first_gap(party.code, parties, row.since, row.since):
        rule = f"nobody answers for its implementer {party.code} on {row.since}"
        yield _mistake(row, rule, "let the measure begin later, or name who exists then")


def line_of(code: str, parties: Mapping[str, Party]) -> set[str]:
    """Return the party and everybody who ever answers for it."""
    line: set[str] = set()
    waiting = [code]
    while waiting:
        name = waiting.pop()
        if name in parties and name not in line:
            line.add(name)
            waiting += parties[name].successors
    return line


def never_founds(type_: InstrumentRow, kind: MeasureKind, since: date) -> bool:
    """Return whether such a document founds nothing of that kind from that day on."""
    if kind is not MeasureKind.CONSTRAINT:
        return False
    over = type_.founds_until is not None and type_.founds_until <= since
    return type_.founds_from is None or over


def _mistake(row: MeasureRow, rule: str, remedy: str) -> Mistake:
    return Mistake(file=MEASURES, key=row.code, rule=rule, remedy=remedy)
