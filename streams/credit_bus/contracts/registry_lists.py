"""What must hold for a list, and for who keeps records true.

The rule behind all: a list rests on law (国办发〔2020〕49号), only the bodies that it names enter
anybody, and an entry that burdens ends by itself. Knows nothing of files; each rule yields all its
mistakes as values.
"""

from collections.abc import Iterator

from credit_bus.contracts.registry_catalogue import line_of, never_founds, unfounded
from credit_bus.contracts.registry_rows import LISTS, PARTY_TABLES, ListRow, Rows
from credit_bus.contracts.registry_rules import first_gap
from credit_bus.contracts.registry_values import Mistake
from credit_bus.domain.event_types import (
    LISTING_ENTERED,
    LISTING_REMOVED,
    RECORD_CORRECTED,
    RECORD_TYPES,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.registry import MeasureKind, Role

LIST_WORDS = frozenset({LISTING_ENTERED, LISTING_REMOVED})
KEEPING_WORDS = frozenset({RECORD_CORRECTED, RECORD_WITHDRAWN})


def shape(rows: Rows) -> Iterator[Mistake]:
    """A list has targets, fields, documents, somebody who enters, and its days in order."""
    for row in rows.lists:
        for name in ("targets", "fields", "instruments", "enterers"):
            if not getattr(row, name):
                yield _mistake(row, f"{name} is empty", "name at least one")
        if row.until and row.until <= row.since:
            yield _mistake(row, "until is not after since", "correct since or until")


def basis(rows: Rows) -> Iterator[Mistake]:
    """A list rests on a text that may carry its kind: what burdens, on law or central policy."""
    for row in rows.lists:
        for rule, remedy in unfounded(row.basis, row.kind.bears, rows, what="a list"):
            yield _mistake(row, rule, remedy)


def term(rows: Rows) -> Iterator[Mistake]:
    """An entry that burdens ends by itself."""
    for row in rows.lists:
        if row.kind.bears is MeasureKind.CONSTRAINT and row.term_months_max is None:
            rule = f"a list of {row.kind} has a longest term"
            yield _mistake(row, rule, "set term_months_max as its statute has it")


def founding(rows: Rows) -> Iterator[Mistake]:
    """A list names documents that may found an entry; the court's has an event type of its own."""
    types = rows.instrument_of()
    for row in rows.lists:
        for name in row.instruments:
            if rows.unknown(["instrument"], name):
                rule = f"its instrument {name} is unknown"
                yield _mistake(row, rule, "name a row of instruments.toml")
            elif name in types and types[name].until_performance:
                rule = f"its instrument {name} is a court's, whose defaulters are said as such"
                yield _mistake(row, rule, "drop it: the court says defaulter.listed")
            elif name in types and never_founds(types[name], row.kind.bears, row.since):
                rule = f"its instrument {name} founds no such entry while it is in force"
                yield _mistake(row, rule, "name a document that does")


def fields(rows: Rows) -> Iterator[Mistake]:
    """A list's fields are those of the registry, of its own kind."""
    kinds = {row.code: row.kind for row in rows.fields}
    for row in rows.lists:
        for name in row.fields:
            if rows.unknown(["field"], name):
                yield _mistake(row, f"its field {name} is unknown", "name a row of fields.toml")
            elif kinds.get(name, row.kind.bears) is not row.kind.bears:
                rule = f"its field {name} is of the other kind"
                yield _mistake(row, rule, "name a field of its own kind")


def enterers(rows: Rows) -> Iterator[Mistake]:
    """Whoever enters is a department that can, like all that answer for it, enter and remove."""
    parties = rows.party_of()
    for row in rows.lists:
        for name in row.enterers:
            if rows.unknown(PARTY_TABLES, name):
                yield _mistake(row, f"its enterer {name} is no party", "name a department")
            elif name in parties:
                yield from _enterer(row, name, rows)


def keepers(rows: Rows) -> Iterator[Mistake]:
    """Whoever states records, and all that answer for it, can correct and withdraw them."""
    parties = rows.party_of()
    files = {party.code: file for file, party in rows.parties()}
    owing: dict[str, str] = {}
    for code, party in parties.items():
        if party.publishes & RECORD_TYPES:
            owing |= dict.fromkeys(line_of(code, parties), code)
    for name, stated_by in sorted(owing.items()):
        missing = sorted(KEEPING_WORDS - parties[name].publishes)
        if missing:
            whose = "its own" if name == stated_by else f"those of {stated_by}"
            rule = f"answers for records ({whose}) and may not publish {' and '.join(missing)}"
            yield Mistake(file=files[name], key=name, rule=rule, remedy=f"give {name} that right")


def _enterer(row: ListRow, code: str, rows: Rows) -> Iterator[Mistake]:
    parties = rows.party_of()
    if parties[code].role is not Role.DEPARTMENT:
        yield _mistake(row, f"its enterer {code} is not a department", "name a department")
        return
    for name in sorted(line_of(code, parties)):
        missing = sorted(LIST_WORDS - parties[name].publishes)
        if missing:
            rule = f"its enterer {name} may not publish {' and '.join(missing)}"
            yield _mistake(row, rule, f"give {name} that right or name somebody else")
    if first_gap(code, parties, row.since, row.since):
        rule = f"nobody answers for its enterer {code} on {row.since}"
        yield _mistake(row, rule, "let the list begin later, or name who exists then")


def _mistake(row: ListRow, rule: str, remedy: str) -> Mistake:
    return Mistake(file=LISTS, key=row.code, rule=rule, remedy=remedy)
