"""What must hold between the registry's rows for the course of actions and for enquiries.

Each rule yields all its mistakes as values. Knows nothing of files.
"""

from collections.abc import Iterator

from credit_bus.contracts.registry_rows import PARTY_TABLES, PURPOSES, PurposeRow, Rows
from credit_bus.contracts.registry_values import Mistake
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    ENQUIRY_ANSWERED,
    ENQUIRY_MADE,
    OBJECTION_RAISED,
    RECORD_TYPES,
    REMINDER_DUE,
    REPAIR_REQUESTED,
    RULES_ACTIVATED,
)
from credit_bus.domain.registry import Party, Role

# What only he can say who sees all confirmations, all deadlines and all records.
HUB_WORDS = frozenset({ACTION_CLOSED, ENQUIRY_ANSWERED, REMINDER_DUE, RULES_ACTIVATED})
REVIEW_WORDS = frozenset({ACTION_SUSPENDED, ACTION_RESUMED})
WINDOW_WORDS = frozenset({OBJECTION_RAISED, REPAIR_REQUESTED})


def words_of_the_hub(rows: Rows) -> Iterator[Mistake]:
    """Closing, answering enquiries and reminding are the hub's alone."""
    for file, party in rows.parties():
        if party.role is not Role.HUB and party.publishes & HUB_WORDS:
            names = ", ".join(sorted(party.publishes & HUB_WORDS))
            rule = f"publishes {names}, which only the hub says"
            yield Mistake(file=file, key=party.code, rule=rule, remedy="remove it")


def reviewers(rows: Rows) -> Iterator[Mistake]:
    """A court or a reconsideration body is a department that can say what it decided."""
    for file, party in rows.parties():
        if party.reviews:
            does = "reviews the actions of others"
            yield from _office(file, party, does, "does", REVIEW_WORDS, "drop reviews")


def windows(rows: Rows) -> Iterator[Mistake]:
    """A window is a department that can say what the public asks for."""
    for file, party in rows.parties():
        if party.window:
            yield from _office(file, party, "is a window", "is", WINDOW_WORDS, "drop window")


def _office(
    file: str, party: Party, does: str, verb: str, words: frozenset[str], remedy: str
) -> Iterator[Mistake]:
    """Whoever holds an office is a department, with the words that the office needs."""
    if party.role is not Role.DEPARTMENT:
        rule = f"{does}, which only a department {verb}"
        yield Mistake(file=file, key=party.code, rule=rule, remedy=remedy)
    elif not party.publishes >= words:
        missing = ", ".join(sorted(words - party.publishes))
        rule = f"{does} and may not publish {missing}"
        yield Mistake(file=file, key=party.code, rule=rule, remedy=f"add it or {remedy}")


def purposes(rows: Rows) -> Iterator[Mistake]:
    """A purpose lets something be answered, of records alone, to parties that may ask."""
    for row in rows.purposes:
        if not (row.records or row.measures or row.three_years_clean):
            yield _mistake(row, "allows no answer at all", "name records, measures or the years")
        for name in sorted(set(row.records) - RECORD_TYPES):
            rule = f"lets {name} be answered, which is no record"
            yield _mistake(row, rule, f"use one of {', '.join(sorted(RECORD_TYPES))}")
        yield from _askers(row, rows)


def _askers(row: PurposeRow, rows: Rows) -> Iterator[Mistake]:
    parties = rows.party_of()
    for name in row.askers:
        if rows.unknown(PARTY_TABLES, name):
            yield _mistake(row, f"its asker {name} is no party", "name a department")
        elif name in parties and ENQUIRY_MADE not in parties[name].publishes:
            rule = f"its asker {name} may not publish {ENQUIRY_MADE}"
            yield _mistake(row, rule, f"give {name} that right or drop it")


def _mistake(row: PurposeRow, rule: str, remedy: str) -> Mistake:
    return Mistake(file=PURPOSES, key=row.code, rule=rule, remedy=remedy)
