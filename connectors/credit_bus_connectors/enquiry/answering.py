"""From a question and what is stored to the answer: no more than the purpose allows. Pure.

Told is what stands on the day. Withdrawn is what the store no longer calls current; an entry that
was removed, one whose term is over, and a record that is shown to nobody any more (repaired, or
its longest publicity over) are not told, for nobody is to be judged by them. A measure is told when
a department carries it out. Nothing is weighed, counted against anybody, or compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from credit_bus.domain.calendar import in_milliseconds, local_day
from credit_bus.domain.clean_years import RecordFact, three_years_clean
from credit_bus.domain.context import Context
from credit_bus.domain.enquiries import MEASURES_MAX, RECORDS_MAX, check_enquiry_answer
from credit_bus.domain.event import Body
from credit_bus.domain.event_types import ACTION_ENDED, ACTION_RESUMED, ACTION_SUSPENDED
from credit_bus.domain.registry import MeasureKind, Purpose, Registry, Role
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

REPAIRED = "repaired"
_CARRIED_OUT = {(RESPONDED, "accepted"), (EXECUTED, "executed")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered: the body of `enquiry.answered`, and what the body has no place for."""

    body: Body
    instruments: Mapping[str, Body] = field(default_factory=dict)  # by action
    left_out: int = 0  # what stands beyond the bounds of an answer, or cannot be said today


def hub_of(registry: Registry) -> str:
    """Return the party that answers enquiries: the one with the hub's role."""
    return next(party.code for party in registry.parties.values() if party.role is Role.HUB)


def answer_of(question: Question, stored: Stored, registry: Registry, now: datetime) -> Answer:
    """Return the answer as of now; its body passes `check_enquiry_answer`.

    KeyError for a purpose that the registry does not have: the question was not checked.
    """
    purpose, day = registry.purposes[question.purpose], local_day(now)
    records = [_found(each) for each in _newest_first(stored.records) if _is_told(each, day)]
    records = [each for each in records if each["type"] in purpose.records]
    measures = _measures(stored.actions, day) if purpose.measures else []
    clean, deciding = _clean_years(purpose, stored.records, registry, day)
    body: Body = {
        "enquiry_number": question.enquiry_number,
        "asker": question.asker,
        "purpose": question.purpose,
        "as_of": in_milliseconds(now),
        "records": records[:RECORDS_MAX],
        "measures": measures[:MEASURES_MAX],
        "clean_for_three_years": clean,
        "deciding_records": deciding,
    }
    body = _sayable(body, question.subject, registry, day)
    told = {each["action_id"] for each in body["measures"]}
    return Answer(
        body=body,
        instruments={
            each.action_id: each.instrument for each in stored.actions if each.action_id in told
        },
        left_out=len(records) + len(measures) - len(body["records"]) - len(body["measures"]),
    )


def carried_out(action: StoredAction, day: date) -> list[str]:
    """Return the measures of an action that are carried out on that day, sorted.

    One is, when a department took it on or did it, and has not lifted it since; none is while the
    action rests, after its end, and outside its term.
    """
    is_over = not action.until_performance and action.ends_on is not None and action.ends_on < day
    if day < action.begins_on or is_over or _is_ended(action.words) or _rests(action.words):
        return []
    ordered = {word.measure for word in action.words if word.kind == ORDERED}
    lifted = {(word.measure, word.said_by) for word in action.words if word.kind == LIFTED}
    return sorted(
        {
            word.measure
            for word in action.words
            if word.measure is not None
            and word.measure in ordered
            and (word.kind, word.outcome) in _CARRIED_OUT
            and (word.measure, word.said_by) not in lifted
            and not _refused_by(action.words, word)
        }
    )


def _refused_by(words: Iterable[Word], done: Word) -> bool:
    """Return whether the department took the measure on, and then said that it does not apply."""
    return done.kind == RESPONDED and any(
        word.kind == EXECUTED
        and (word.measure, word.said_by) == (done.measure, done.said_by)
        and (word.kind, word.outcome) not in _CARRIED_OUT
        for word in words
    )


def _is_ended(words: Iterable[Word]) -> bool:
    """What has ended does not begin again, whatever comes after."""
    return any(word.kind == ACTION_ENDED for word in words)


def _rests(words: Iterable[Word]) -> bool:
    """An action rests while one suspension is not answered by a resumption of its revision."""
    stays = [word for word in words if word.kind in {ACTION_SUSPENDED, ACTION_RESUMED}]
    by_reference: Callable[[Word], str] = lambda word: word.outcome or ""  # noqa: E731
    for _, group in groupby(sorted(stays, key=by_reference), by_reference):
        of_one = list(group)
        begun = max((w.revision for w in of_one if w.kind == ACTION_SUSPENDED), default=0)
        over = max((w.revision for w in of_one if w.kind == ACTION_RESUMED), default=0)
        if begun > over:
            return True
    return False


def _measures(actions: Iterable[StoredAction], day: date) -> list[Body]:
    return [
        {
            "action_id": action.action_id,
            "measure": measure,
            "ends_on": None if action.until_performance else action.ends_on,
        }
        for action in sorted(actions, key=lambda each: each.action_id)
        for measure in carried_out(action, day)
    ]


def _newest_first(records: Iterable[StoredRecord]) -> list[StoredRecord]:
    return sorted(records, key=lambda each: (each.decided_on or date.min, *each.name), reverse=True)


def _is_told(record: StoredRecord, day: date) -> bool:
    """Return whether a record stands on that day, and may still be shown to anybody."""
    is_removed = record.removed_on is not None and record.removed_on <= day
    is_hidden = record.publicity_ended_on is not None and record.publicity_ended_on <= day
    is_to_come = record.begins_on is not None and day < record.begins_on
    return not (is_removed or is_hidden or is_to_come or _is_over(record, day))


def _is_over(record: StoredRecord, day: date) -> bool:
    return not record.until_performance and record.ends_on is not None and record.ends_on < day


def _found(record: StoredRecord) -> Body:
    return {
        "type": record.type,
        "provider": record.provider,
        "document_number": record.document_number,
        "revision": record.revision,
        "disputed": record.disputed,
    }


def _clean_years(
    purpose: Purpose, records: Sequence[StoredRecord], registry: Registry, day: date
) -> tuple[bool | None, list[Body]]:
    if not purpose.three_years_clean:
        return None, []
    facts = (_fact(each, registry, day) for each in records)
    clean, deciding = three_years_clean((each for each in facts if each is not None), day)
    by_name = {each.name: each for each in records}
    return clean, [
        _found(by_name[each.type, each.provider, each.document_number]) for each in deciding
    ]


def _fact(record: StoredRecord, registry: Registry, day: date) -> RecordFact | None:
    """Return what `clean_years` asks of a record; None of one without a day."""
    if record.decided_on is None:
        return None
    entered = registry.lists.get(record.list_code or "")
    is_removed = record.removed_on is not None and record.removed_on <= day
    has_term = record.until_performance or record.ends_on is not None
    return RecordFact(
        type=record.type,
        provider=record.provider,
        document_number=record.document_number,
        revision=record.revision,
        decided_on=record.decided_on,
        stands=True,
        repaired_on=record.publicity_ended_on if record.publicity_end == REPAIRED else None,
        burdens=entered is None or entered.kind.bears is MeasureKind.CONSTRAINT,
        runs=has_term and not is_removed and not _is_over(record, day),
    )


def _sayable(body: Body, subject: str, registry: Registry, day: date) -> Body:
    """Return the body without what the gate would refuse, which an older registry let through.

    A party or a measure may be gone from the registry; what then cannot be said is left out, for an
    enquiry must be answered all the same.
    """
    context = Context(registry=registry, today=day, source=hub_of(registry), subject=subject)
    if not check_enquiry_answer(body, context):
        return body
    lists = ("records", "measures", "deciding_records")
    bare = {**body, **{name: [] for name in lists}, "clean_for_three_years": None}

    def fitting(name: str, beside: Body, items: Sequence[Body]) -> list[Body]:
        return [
            item
            for item in items
            if not check_enquiry_answer({**bare, **beside, name: [item]}, context)
        ]

    unclean = {"clean_for_three_years": False}
    deciding = fitting("deciding_records", unclean, body["deciding_records"])
    # That nothing decides must not follow from what could not be said.
    clean = None if body["deciding_records"] and not deciding else body["clean_for_three_years"]
    return {
        **body,
        "records": fitting("records", {}, body["records"]),
        "measures": fitting("measures", {}, body["measures"]),
        "clean_for_three_years": clean,
        "deciding_records": deciding,
    }
