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
    RECORD_TYPES,
    REMINDER_DUE,
)
from credit_bus.domain.registry import Role

# What only he can say who sees all confirmations, all deadlines and all records.
HUB_WORDS = frozenset({ACTION_CLOSED, ENQUIRY_ANSWERED, REMINDER_DUE})
REVIEW_WORDS = frozenset({ACTION_SUSPENDED, ACTION_RESUMED})


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
        if not party.reviews:
            continue
        if party.role is not Role.DEPARTMENT:
            rule = "reviews the actions of others, which only a department does"
            yield Mistake(file=file, key=party.code, rule=rule, remedy="drop reviews")
        elif not party.publishes >= REVIEW_WORDS:
            missing = ", ".join(sorted(REVIEW_WORDS - party.publishes))
            rule = f"reviews the actions of others and may not publish {missing}"
            yield Mistake(file=file, key=party.code, rule=rule, remedy="add it or drop reviews")


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
