"""The exchange as a table: what is done in which order, and what ends each step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from credit_bus.conformance import orders
from credit_bus.conformance.evidence import (
    answers_to,
    arrived,
    executions,
    said_again,
)
from credit_bus.conformance.history import Deed, History
from credit_bus.conformance.plan import (
    BURST,
    DOWN,
    ENDED,
    FIRST_FILE,
    OBJECTIONS,
    PLAIN,
    SECOND_FILE,
    STRAY,
    SUSPENDED,
    Plan,
)
from credit_bus.conformance.statements import Statement
from credit_bus.domain.event import Event

Until = Callable[[History], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """One deed of a step. `what` names it in the history; an event goes with a PUT."""

    deed: Deed
    what: str = ""
    event: Event | None = None
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A row of the script. Without `until` the step lasts as long as nothing may be said."""

    code: str
    title: str
    does: tuple[Do, ...]
    within: str = "quiet_seconds"  # the field of Patience
    until: Until | None = None


def script(plan: Plan, now: datetime) -> tuple[Step, ...]:
    """Return the steps of the plan's exchange; what the party may not do has none."""
    stated = _statement_steps(plan) if plan.statements else ()
    ordered = _order_steps(plan, now) if plan.cases else ()
    start = Step(code="start", title="启动适配器", does=(Do(deed=Deed.START),), until=_at_once)
    return (start, *stated, *ordered)


def _statement_steps(plan: Plan) -> tuple[Step, ...]:
    def all_arrived(history: History) -> bool:
        return all(arrived(history, each) for each in plan.statements)

    def all_again(history: History) -> bool:
        return all(said_again(history, each) for each in plan.statements)

    def all_corrected(history: History) -> bool:
        return all(arrived(history, each) for each in plan.corrections)

    return (
        Step(
            code="say",
            title=f"请报送 {FIRST_FILE} 中的各项陈述；暂不给回执",
            does=(Do(deed=Deed.HAND, what=FIRST_FILE, statements=plan.statements),),
            within="answer_seconds_max",
            until=all_arrived,
        ),
        Step(
            code="resend",
            title="强行终止后重启适配器，等待其重发未获回执的陈述",
            does=(Do(deed=Deed.KILL), Do(deed=Deed.START)),
            within="resend_seconds_max",
            until=all_again,
        ),
        Step(
            code="receipts",
            title="给出全部回执（受理，一条退回），此后不应再重发",
            does=(Do(deed=Deed.ANSWER),),
        ),
        Step(
            code="receipts-again",
            title="把受理回执再给一遍，应无任何反应",
            does=(Do(deed=Deed.ANSWER_AGAIN),),
        ),
        Step(
            code="correct",
            title=f"请按 {SECOND_FILE} 更正一条已受理的和一条被退回的陈述",
            does=(Do(deed=Deed.HAND, what=SECOND_FILE, statements=plan.corrections),),
            within="answer_seconds_max",
            until=all_corrected,
        ),
        Step(code="correct-quiet", title="更正之后不应再出现旧版次", does=()),
    )


def _order_steps(plan: Plan, now: datetime) -> tuple[Step, ...]:
    bursts = [plan.case(name) for name in BURST]

    def put(name: str) -> Do:
        return Do(deed=Deed.PUT, what=name, event=plan.case(name).order)

    def answered(*names: str) -> Until:
        return lambda history: all(answers_to(history, plan.case(each)).done for each in names)

    return (
        Step(
            code="order",
            title="推送一项措施，等待响应和执行反馈",
            does=(Do(deed=Deed.ANSWER), put(PLAIN)),
            within="answer_seconds_max",
            until=answered(PLAIN),
        ),
        Step(
            code="order-again",
            title="同一推送再送一次，另送一份给别的单位的推送",
            does=(put(PLAIN), put(STRAY)),
        ),
        Step(
            code="burst",
            title="连续推送四项措施，见到第一个响应即强行终止适配器",
            does=tuple(put(name) for name in BURST),
            within="answer_seconds_max",
            until=lambda history: any(answers_to(history, case).responses for case in bursts),
        ),
        Step(
            code="restart",
            title="停机期间再推送一项，重启后全部推送都应有答复",
            does=(Do(deed=Deed.KILL), put(DOWN), Do(deed=Deed.START)),
            within="answer_seconds_max",
            until=answered(*BURST, DOWN),
        ),
        Step(code="restart-quiet", title="重启之后不应重新答复已答复的推送", does=()),
        *_course_steps(plan, now),
    )


def _course_steps(plan: Plan, now: datetime) -> tuple[Step, ...]:
    rested, over = plan.case(SUSPENDED), plan.case(ENDED)
    first, second = OBJECTIONS

    def put(what: str, event: Event) -> Do:
        return Do(deed=Deed.PUT, what=what, event=event)

    return (
        Step(
            code="suspended",
            title="先送两次中止（两件异议），再送推送；应予响应，不得执行",
            does=(
                put("suspended-1", orders.suspend(rested, first, now)),
                put("suspended-2", orders.suspend(rested, second, now)),
                put(SUSPENDED, rested.order),
                put("suspended-3", orders.suspend(over, first, now)),
                put(ENDED, over.order),
            ),
            within="answer_seconds_max",
            until=lambda history: all(
                answers_to(history, case).responses for case in (rested, over)
            ),
        ),
        Step(
            code="suspended-restart",
            title="中止期间重启适配器，重启前后都不得报送执行",
            does=(Do(deed=Deed.KILL), Do(deed=Deed.START)),
        ),
        Step(
            code="resumed-one",
            title="恢复其中一次中止（仍在中止之中）；终止另一行动后再恢复",
            does=(
                put("resumed-1", orders.resume(rested, first, now)),
                put("over", orders.end(over, now)),
                put("resumed-3", orders.resume(over, first, now)),
            ),
        ),
        Step(
            code="resumed-both",
            title="恢复另一次中止，此后应予执行",
            does=(put("resumed-2", orders.resume(rested, second, now)),),
            within="answer_seconds_max",
            until=lambda history: bool(executions(history, rested)),
        ),
        Step(
            code="lifted",
            title="再终止一项已执行的行动；两项终止都应报送解除",
            does=(put("over-plain", orders.end(plan.case(PLAIN), now)),),
            within="answer_seconds_max",
            until=lambda history: all(
                answers_to(history, plan.case(name)).over for name in (ENDED, PLAIN)
            ),
        ),
        Step(code="end", title="最后观察", does=()),
    )


def _at_once(_: History) -> bool:
    return True
