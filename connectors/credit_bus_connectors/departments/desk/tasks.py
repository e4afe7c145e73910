"""What a department has to do, folded from a case: pure, always made anew from what is kept.

An order is answered, what was accepted is fed back, what ended is lifted, what is doubted is
verified, what is asked to be repaired is decided. A task is done by the department's own statement
that answers the event which opened it, once the gate took it. Due days are the registry's, by the
day on which the log had that event; the hub's reminder names its own, which then holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from credit_bus.domain.calendar import BeyondTableError, local_day
from credit_bus.domain.deadlines import due_on
from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    ACTION_RESUMED,
    ACTION_SUSPENDED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_ORDERED,
    MEASURE_RESPONDED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    RECORD_WITHDRAWN,
    REMINDER_DUE,
    REPAIR_ACCEPTED,
    REPAIR_DECIDED,
    REPAIR_REQUESTED,
)
from credit_bus.domain.registry import Registry
from credit_bus.domain.time_rules import Obligation
from credit_bus_connectors.departments.desk.cases import (
    ACTION,
    OBJECTION,
    REPAIR,
    Case,
    Heard,
    Said,
    State,
    day_of,
)


class Kind(StrEnum):
    """What is to be done."""

    RESPOND = "respond"
    FEED_BACK = "feed_back"
    LIFT = "lift"
    VERIFY = "verify"
    WITHDRAW = "withdraw"
    ACCEPT_REPAIR = "accept_repair"
    DECIDE_REPAIR = "decide_repair"


class Standing(StrEnum):
    """How far a task is."""

    OPEN = "open"
    WAITING = "waiting"  # said, without a receipt yet
    RESTING = "resting"  # the action is suspended: nothing is carried out meanwhile
    DONE = "done"
    VOID = "void"  # nothing is left to do: the action ended first


# Which word of the registry's deadlines each kind falls under.
OBLIGATIONS = {
    Kind.RESPOND: Obligation.RESPOND,
    Kind.FEED_BACK: Obligation.FEED_BACK,
    Kind.LIFT: Obligation.FEED_BACK,
    Kind.VERIFY: Obligation.VERIFY_OBJECTION,
    Kind.WITHDRAW: Obligation.WITHDRAW,
    Kind.ACCEPT_REPAIR: Obligation.DECIDE_ACCEPTANCE,
    Kind.DECIDE_REPAIR: Obligation.DECIDE_REPAIR,
}
# Which event type does each kind.
ANSWERS = {
    Kind.RESPOND: MEASURE_RESPONDED,
    Kind.FEED_BACK: MEASURE_EXECUTED,
    Kind.LIFT: MEASURE_LIFTED,
    Kind.VERIFY: OBJECTION_DECIDED,
    Kind.WITHDRAW: RECORD_WITHDRAWN,
    Kind.ACCEPT_REPAIR: REPAIR_ACCEPTED,
    Kind.DECIDE_REPAIR: REPAIR_DECIDED,
}


# What was done may turn out to have been told wrongly. A decision on somebody's objection or repair
# is no report: it stands, and what is wrong with it is for an objection or a court.
CORRECTABLE = frozenset({Kind.RESPOND, Kind.FEED_BACK, Kind.LIFT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do. `because_of` is the event that opened it."""

    name: str
    kind: Kind
    standing: Standing
    due_on: date | None  # None: in a year whose working days are not announced
    title: str
    asked_by: str
    subject_name: str
    opened_at: datetime
    because_of: str
    measure: str | None = None

    @property
    def can_be_answered(self) -> bool:
        """Whether an answer is still to be given."""
        return self.standing in (Standing.OPEN, Standing.RESTING)

    @property
    def can_be_corrected(self) -> bool:
        """Whether what was answered may be told anew."""
        return self.standing is Standing.DONE and self.kind in CORRECTABLE

    def is_overdue(self, today: date) -> bool:
        """Return whether its day is over while it is still to be done."""
        is_owed = self.standing is Standing.OPEN
        return is_owed and self.due_on is not None and self.due_on < today


def tasks_of(case: Case, registry: Registry) -> tuple[Task, ...]:
    """Return every task of the case, done ones too."""
    fold = _FOLDS.get(case.kind)
    return () if fold is None else tuple(_dated(each, case, registry) for each in fold(case))


def orders_of(case: Case) -> dict[str, Heard]:
    """Return the newest order of each measure, by the measure's code."""
    return {each.body["measure"]: each for each in case.heard_of(MEASURE_ORDERED)}


def suspensions_of(case: Case) -> dict[str, Heard]:
    """Return what lets the action rest now, by reference; what was resumed is gone."""
    standing: dict[str, Heard] = {}
    for each in case.heard_of(ACTION_SUSPENDED, ACTION_RESUMED):
        if each.type == ACTION_SUSPENDED:
            standing[each.body["reference"]] = each
        else:
            standing.pop(each.body["reference"], None)
    return standing


def end_of(case: Case) -> Heard | None:
    """Return the newest word on the action's end."""
    ends = case.heard_of(ACTION_ENDED)
    return ends[-1] if ends else None


def closing_of(case: Case) -> Heard | None:
    """Return the newest proof that the action is closed."""
    found = case.heard_of(ACTION_CLOSED)
    return found[-1] if found else None


def _of_action(case: Case) -> Iterator[Task]:
    ended, resting = end_of(case), bool(suspensions_of(case))
    orders = orders_of(case)
    for order in orders.values():
        yield from _of_order(case, order, ended, resting=resting)
    if ended is None:
        return
    for each in ended.body["implementers"]:
        if each["implementer"] == case.party and each["measure"] not in orders:
            yield _lifting(case, ended, each["measure"], None)


def _of_order(case: Case, order: Heard, ended: Heard | None, *, resting: bool) -> Iterator[Task]:
    measure = order.body["measure"]
    answers = case.holding(MEASURE_RESPONDED, order.event_id, measure)
    respond = _task(case, Kind.RESPOND, order, order, measure)
    yield respond if ended is None else _void_unless_done(respond)
    is_refused = bool(answers) and answers[-1].body["decision"] != "accepted"
    if answers and not is_refused:
        # The first one opened it: a correction asks for nothing anew.
        feed_back = _task(case, Kind.FEED_BACK, order, answers[0], measure)
        if ended is not None:
            feed_back = _void_unless_done(feed_back)
        elif resting and feed_back.standing is Standing.OPEN:
            feed_back = _as(feed_back, Standing.RESTING)
        yield feed_back
    if ended is not None and not is_refused:
        yield _lifting(case, ended, measure, order)


def _lifting(case: Case, ended: Heard, measure: str, order: Heard | None) -> Task:
    return _task(case, Kind.LIFT, order or ended, ended, measure)


def _of_objection(case: Case) -> Iterator[Task]:
    for raised in case.heard_of(OBJECTION_RAISED)[:1]:  # a newer revision is the same case
        yield _task(case, Kind.VERIFY, raised, raised, None)
        decided = case.holding(OBJECTION_DECIDED, raised.event_id, None)
        # What is corrected travels as a newer revision, the way the record itself came.
        if decided and _withdraws(decided[-1]):
            yield _task(case, Kind.WITHDRAW, raised, decided[-1], None)


def _withdraws(decided: Said) -> bool:
    """Return whether the decision asks for a withdrawal of the record that it is about."""
    body = decided.body
    return body["remedy"] == "withdrawn" and body["about"]["record"] is not None


def _of_repair(case: Case) -> Iterator[Task]:
    for requested in case.heard_of(REPAIR_REQUESTED)[:1]:
        taken = _task(case, Kind.ACCEPT_REPAIR, requested, requested, None)
        decided = case.answers(REPAIR_DECIDED, requested.event_id, None)
        if taken.standing is Standing.OPEN:  # it may be decided at once
            taken = _as(taken, _standing(decided))
        yield taken
        for accepted in case.holding(REPAIR_ACCEPTED, requested.event_id, None)[:1]:
            yield _task(case, Kind.DECIDE_REPAIR, requested, accepted, None)


def _task(case: Case, kind: Kind, about: Heard, opener: Heard | Said, measure: str | None) -> Task:
    body = about.body
    answers = case.answers(ANSWERS[kind], opener.event_id, measure)
    opened_at = opener.heard_at if isinstance(opener, Heard) else _told_at(opener)
    return Task(
        name=":".join((kind, opener.event_id, *([measure] if measure else ()))),
        kind=kind,
        standing=_standing(answers),
        due_on=None,
        title=_title(kind, body),
        asked_by=body.get("initiator") or about.source,
        subject_name=(body.get("subject") or {}).get("name", ""),
        opened_at=opened_at,
        because_of=opener.event_id,
        measure=measure,
    )


def _told_at(said: Said) -> datetime:
    return said.judged_at or said.made_at


def _standing(answers: Sequence[Said]) -> Standing:
    """What was taken holds, also when a correction of it was refused."""
    if answers and answers[-1].state is State.PENDING:
        return Standing.WAITING
    return Standing.DONE if any(each.holds for each in answers) else Standing.OPEN


def _title(kind: Kind, body: Mapping[str, Any]) -> str:
    if kind is Kind.VERIFY:
        return str(body["objection_number"])
    if kind is Kind.WITHDRAW:
        return str((body["about"]["record"] or {}).get("document_number", ""))
    if kind in (Kind.ACCEPT_REPAIR, Kind.DECIDE_REPAIR):
        return str(body["request_number"])
    return str(body.get("measure_name", ""))


def _void_unless_done(task: Task) -> Task:
    return task if task.standing is Standing.DONE else _as(task, Standing.VOID)


def _as(task: Task, standing: Standing) -> Task:
    return replace(task, standing=standing)


def _dated(task: Task, case: Case, registry: Registry) -> Task:
    reminded = _reminded(task, case)
    if reminded is not None:
        return replace(task, due_on=reminded)
    try:
        day = due_on(registry, OBLIGATIONS[task.kind], local_day(task.opened_at))
    except BeyondTableError:
        return task
    return replace(task, due_on=day)


def _reminded(task: Task, case: Case) -> date | None:
    """Return the day that the hub's newest reminder of this task names.

    What obliges to respond is the initiation, which the order names as its cause.
    """
    opener = next((each for each in case.heard if each.event_id == task.because_of), None)
    causes = {task.because_of, opener.causation_id if opener is not None else None}
    days = [
        day_of(each.body["due_on"])
        for each in case.heard_of(REMINDER_DUE)
        if each.body["obligation"] == OBLIGATIONS[task.kind] and each.body["because_of"] in causes
    ]
    return days[-1] if days else None


_FOLDS = {ACTION: _of_action, OBJECTION: _of_objection, REPAIR: _of_repair}
