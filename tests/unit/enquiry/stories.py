"""Random stored histories of a subject, lawful and odd, in the district of the domain's tests."""

import random
from datetime import UTC, date, datetime, timedelta

from tests.unit.domain.district import TODAY

from credit_bus.domain.event import action_id
from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    RECORD_TYPES,
)
from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.enquiry.question import Question
from credit_bus_connectors.enquiry.stored import (
    EXECUTED,
    LIFTED,
    ORDERED,
    RESPONDED,
    Stored,
    StoredAction,
    StoredRecord,
    Word,
)

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 2, 0, 0, 123_456, tzinfo=UTC)
SUBJECT = synthetic_uscc(1)
INSTRUMENT = {
    "type": "court-decision",
    "title": "限制消费令",
    "number": "（2026）甘0702执1号",
    "issuer": "甲法院",
    "issued_on": "2026-05-01",
}
PROVIDERS = ("court", "market", "quality", "nobody-any-more")
DEPARTMENTS = ("finance", "market")


def question(purpose: str = "bids", **changes: object) -> Question:
    told = {
        "asker": "finance",
        "enquiry_number": "财查〔2026〕1号",
        "subject": SUBJECT,
        "purpose": purpose,
        "procedure": "供应商资格审查",
        "case_reference": "采〔2026〕1号",
        "asked_at": NOW,
        "answer_by": NOW + timedelta(seconds=30),
        **changes,
    }
    return Question(**told)  # type: ignore[arg-type]


def record(number: int = 1, **changes: object) -> StoredRecord:
    told = {
        "type": "penalty.decided",
        "provider": "market",
        "document_number": f"罚〔2026〕{number}号",
        "revision": 1,
        "decided_on": TODAY - timedelta(days=30),
        **changes,
    }
    return StoredRecord(**told)  # type: ignore[arg-type]


def action(*words: Word, number: int = 1, **changes: object) -> StoredAction:
    told = {
        "action_id": action_id(initiator="court", instrument=f"执{number}号", subject=SUBJECT),
        "begins_on": TODAY - timedelta(days=30),
        "ends_on": TODAY + timedelta(days=30),
        "until_performance": False,
        "instrument": INSTRUMENT,
        "words": words,
        **changes,
    }
    return StoredAction(**told)  # type: ignore[arg-type]


def taken_on(measure: str = "no-bids", department: str = "finance") -> tuple[Word, Word]:
    return (
        Word(kind=ORDERED, measure=measure),
        Word(kind=RESPONDED, measure=measure, said_by=department, outcome="accepted"),
    )


def random_stored(seed: int) -> Stored:
    """Return a history that may hold anything that a store can hold."""
    chance = random.Random(seed)
    return Stored(
        records=tuple(_record(chance, n) for n in range(chance.randrange(12))),
        actions=tuple(_action(chance, n) for n in range(chance.randrange(5))),
    )


def _record(chance: random.Random, number: int) -> StoredRecord:
    has_term = chance.random() < 0.4
    shown_no_more = chance.random() < 0.3
    return StoredRecord(
        type=chance.choice(sorted(RECORD_TYPES)),
        provider=chance.choice(PROVIDERS),
        document_number=f"罚〔2026〕{number}号",
        revision=chance.randrange(1, 4),
        decided_on=_day(chance) if chance.random() < 0.9 else None,
        list_code=chance.choice((None, "arrears", "models", "gone")),
        begins_on=_day(chance) if has_term else None,
        ends_on=_day(chance) if has_term and chance.random() < 0.8 else None,
        until_performance=chance.random() < 0.1,
        removed_on=_day(chance) if chance.random() < 0.2 else None,
        publicity_end=chance.choice(("repaired", "term_over", "maximum_reached"))
        if shown_no_more
        else None,
        publicity_ended_on=_day(chance) if shown_no_more else None,
        disputed=chance.random() < 0.2,
    )


def _action(chance: random.Random, number: int) -> StoredAction:
    measures = ("no-bids", "no-homes", "green-lane", "gone")
    words = [Word(kind=ORDERED, measure=each) for each in chance.sample(measures, 2)]
    for _ in range(chance.randrange(8)):
        kind = chance.choice(
            (RESPONDED, EXECUTED, LIFTED, ACTION_SUSPENDED, ACTION_RESUMED, ACTION_ENDED)
        )
        outcomes = {
            RESPONDED: ("accepted", "refused"),
            EXECUTED: ("executed", "not_executed", "not_applicable"),
            ACTION_SUSPENDED: ("异议1号", "异议2号"),
            ACTION_RESUMED: ("异议1号", "异议2号"),
        }
        words.append(
            Word(
                kind=kind,
                measure=chance.choice(measures),
                said_by=chance.choice(DEPARTMENTS),
                outcome=chance.choice(outcomes.get(kind, (None,))),
                revision=chance.randrange(1, 3),
            )
        )
    chance.shuffle(words)
    return action(
        *words,
        number=number,
        begins_on=_day(chance),
        ends_on=_day(chance) if chance.random() < 0.8 else None,
        until_performance=chance.random() < 0.2,
    )


def _day(chance: random.Random) -> date:
    return TODAY + timedelta(days=chance.randrange(-1500, 400))
