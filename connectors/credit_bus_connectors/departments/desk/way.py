"""An action's way as a line of steps, and that of an objection: pure; a template draws it."""

from dataclasses import dataclass
from datetime import date

from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import ACTION_RESUMED, ACTION_SUSPENDED
from credit_bus_connectors.departments.desk.cases import ACTION, Case, Said
from credit_bus_connectors.departments.desk.tasks import (
    ANSWERS,
    Kind,
    Standing,
    Task,
    end_of,
    orders_of,
)
from credit_bus_connectors.departments.desk.words import KINDS, word

_MARKS = {
    Standing.OPEN: "now",
    Standing.WAITING: "now",
    Standing.RESTING: "rest",
    Standing.DONE: "done",
    Standing.VOID: "void",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `mark` is done, now, late, rest, void or ahead; `spoken` says it in words."""

    word: str
    mark: str
    day: str = ""
    note: str = ""

    @property
    def spoken(self) -> str:
        """How far the step is, for whoever cannot see its mark."""
        return {
            "done": "已完成",
            "now": "进行中",
            "late": "已逾期",
            "rest": "暂停",
            "void": "无需办理",
            "ahead": "未到",
        }[self.mark]


def way_of(case: Case, tasks: tuple[Task, ...], measure: str | None, today: date) -> list[Step]:
    """Return the steps of the case as far as this measure goes, from the first to the last."""
    own = [each for each in tasks if each.measure == measure]
    if case.kind == ACTION:
        return _of_action(case, own, measure, today)
    asked = case.heard[0]
    first = Step(word="申请", mark="done", day=str(local_day(asked.heard_at)))
    return [first, *(_step(case, each, today) for each in own)]


def rests_of(case: Case) -> list[Step]:
    """Return each rest of the action and each going on, in order."""
    steps = []
    for each in case.heard_of(ACTION_SUSPENDED, ACTION_RESUMED):
        is_rest = each.type == ACTION_SUSPENDED
        steps.append(
            Step(
                word="中止" if is_rest else "恢复",
                mark="rest" if is_rest else "done",
                day=str(local_day(each.heard_at)),
                note=word(each.body["cause"]),
            )
        )
    return steps


def _of_action(case: Case, own: list[Task], measure: str | None, today: date) -> list[Step]:
    by_kind = {each.kind: each for each in own if each.standing is not Standing.VOID}
    order = orders_of(case).get(measure or "")
    steps = []
    if order is not None:
        steps.append(Step(word="收到推送", mark="done", day=str(local_day(order.heard_at))))
    steps += [_step(case, by_kind[Kind.RESPOND], today)] if Kind.RESPOND in by_kind else []
    steps += rests_of(case)
    if _is_refused(case, by_kind.get(Kind.RESPOND)):
        return steps
    if Kind.FEED_BACK in by_kind:
        steps.append(_step(case, by_kind[Kind.FEED_BACK], today))
    elif end_of(case) is None:
        steps.append(Step(word=KINDS[Kind.FEED_BACK], mark="ahead"))
    steps.append(_end(case, measure))
    if Kind.LIFT in by_kind:
        steps.append(_step(case, by_kind[Kind.LIFT], today))
    else:
        steps.append(Step(word=KINDS[Kind.LIFT], mark="ahead"))
    return steps


def _end(case: Case, measure: str | None) -> Step:
    ended = end_of(case)
    if ended is not None:
        note = word(ended.body["cause"])
        return Step(word="终止", mark="done", day=ended.body["effective_on"], note=note)
    order = orders_of(case).get(measure or "")
    ends_on = order.body["term"]["ends_on"] if order is not None else None
    return Step(
        word="期限届满", mark="ahead", day=ends_on or "", note="" if ends_on else "履行完毕"
    )


def _is_refused(case: Case, respond: Task | None) -> bool:
    said = None if respond is None else _said(case, respond)
    return said is not None and said.body["decision"] == "refused"


def _said(case: Case, task: Task) -> Said | None:
    """Return the task's answer that holds."""
    holding = case.holding(ANSWERS[task.kind], task.because_of, task.measure)
    return holding[-1] if holding else None


def _step(case: Case, task: Task, today: date) -> Step:
    mark = "late" if task.is_overdue(today) else _MARKS[task.standing]
    said = _said(case, task)
    if task.standing is Standing.DONE and said is not None:
        note = word(said.body.get("decision") or said.body.get("outcome") or "")
        return Step(word=KINDS[task.kind], mark=mark, day=str(local_day(said.made_at)), note=note)
    due = "" if task.due_on is None else str(task.due_on)
    note = "等待回执" if task.standing is Standing.WAITING else f"{'应于此日前办理' if due else ''}"
    return Step(word=KINDS[task.kind], mark=mark, day=due, note=note)
