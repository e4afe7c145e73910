"""The demo's one page: what was said, what became of it, and whether it adds up."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Column, Table
from rich.text import Text

from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    LICENCE_GRANTED,
    PENALTY_DECIDED,
)
from credit_bus.operations.findings import Conservation
from credit_bus_deploy.demo.answers import FileAnswers
from credit_bus_deploy.demo.course import CourseDay
from credit_bus_deploy.demo.court import MEASURES, CourtDay

_REASONS_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """All that the page shows."""

    seed: int
    departments: int
    answers: FileAnswers
    court: CourtDay
    course: CourseDay
    found: Conservation
    held: dict[str, int]
    seconds: dict[str, float]
    differences: tuple[str, ...]


def to_json(day: Day) -> dict[str, Any]:
    """Return the same as the page, for a machine."""
    found = day.found
    return {
        "seed": day.seed,
        "adds_up": not day.differences,
        "differences": list(day.differences),
        "seconds": {name: round(value, 2) for name, value in day.seconds.items()},
        "files": {
            "departments": day.departments,
            "files": day.answers.files,
            "rows": day.answers.rows,
            "accepted": day.answers.accepted,
            "rejected": day.answers.rejected,
            "by_reason": dict(sorted(day.answers.by_reason.items())),
        },
        "said": dict(sorted(found.said.items())),
        "accepted": dict(sorted(found.accepted.items())),
        "duplicates": dict(sorted(found.duplicates.items())),
        "rejected": dict(sorted(found.rejected.items())),
        "rejected_by_reason": dict(sorted(found.reasons.items())),
        "platforms": {
            platform: {
                "routed": found.routed[platform],
                "confirmed": found.delivered[platform],
                "refused": found.refused_by_platform[platform],
                "held": day.held[platform],
            }
            for platform in sorted(day.held)
        },
        "orders": {
            "implementers": list(day.court.implementers),
            "ordered": found.orders,
            "responded": found.orders_responded,
            "refused": day.court.refused,
            "executed": found.orders_executed,
        },
        "objection": {
            "rested": day.course.rested,
            "lifted": day.course.lifted,
            "ended": day.course.replies[ACTION_ENDED],
            "closed": day.course.replies[ACTION_CLOSED],
            "holders": list(day.course.holders),
        },
        "replies": dict(sorted(found.replies.items())),
        "court_replies": dict(sorted(day.court.replies.items())),
    }


def show(day: Day, console: Console) -> None:
    """Print the page."""
    verdict = (
        Text("守恒核对：全部相符 · everything adds up", style="bold green")
        if not day.differences
        else Text(f"守恒核对：{len(day.differences)} 处不符 · does not add up", style="bold red")
    )
    took = "   ".join(f"{name} {value:.1f} s" for name, value in day.seconds.items())
    console.print(
        Panel(
            Group(
                Text(
                    f"{day.departments} departments, {day.answers.files} files,"
                    f" {day.answers.rows} rows: {day.answers.accepted} accepted,"
                    f" {day.answers.rejected} refused ({_by_form(day)} for their form, before they"
                    f" were said; {day.answers.rejected - _by_form(day)} by the gate)"
                ),
                _verdicts(day.found),
                _platforms(day),
                _orders(day),
                _objection(day.course),
                _reasons(day.answers.by_reason),
                Text(took, style="dim"),
                verdict,
                *(Text(f"  {sentence}", style="red") for sentence in day.differences),
            ),
            title=f"信用总线 Credit Bus: a day of the district (seed {day.seed})",
            expand=False,
        )
    )


def _by_form(day: Day) -> int:
    """Return how many rows the folder adapter refused: they never became events."""
    said = sum(day.found.rejected[kind] for kind in (LICENCE_GRANTED, PENALTY_DECIDED))
    return day.answers.rejected - said


def _verdicts(found: Conservation) -> Table:
    table = Table(
        "event type 事件", *_right("said 发送", "accepted 受理", "again 重复", "rejected 退回")
    )
    for kind in sorted(found.said):
        counts = (found.said, found.accepted, found.duplicates, found.rejected)
        table.add_row(kind, *(str(count[kind]) for count in counts))
    totals = (found.said, found.accepted, found.duplicates, found.rejected)
    table.add_section()
    table.add_row("total 合计", *(str(sum(count.values())) for count in totals))
    return table


def _platforms(day: Day) -> Table:
    table = Table(
        "platform 平台", *_right("routed 应送", "confirmed 送达", "refused 退回", "held 在库")
    )
    for platform in sorted(day.held):
        counts = (day.found.routed, day.found.delivered, day.found.refused_by_platform)
        table.add_row(
            platform, *(str(count[platform]) for count in counts), str(day.held[platform])
        )
    return table


def _orders(day: Day) -> Table:
    names = ("orders 推送", "answered 响应", "refused 不予实施", "executed 反馈", "at court 回件")
    table = Table("initiation 发起", *_right(*names))
    table.add_row(
        f"{len(MEASURES)} measures, {len(day.court.implementers)} implementers",
        str(day.found.orders),
        str(day.found.orders_responded),
        str(day.court.refused),
        str(day.found.orders_executed),
        str(sum(day.court.replies.values())),
    )
    return table


def _objection(course: CourseDay) -> Table:
    names = ("rest 中止执行", "ended 终止", "lifted 解除", "closed 办结", "holders 确认方")
    table = Table("objection 异议", *_right(*names))
    counts = (course.rested, course.replies[ACTION_ENDED], course.lifted)
    proof = (course.replies[ACTION_CLOSED], len(course.holders))
    table.add_row("upheld, the listing withdrawn", *map(str, (*counts, *proof)))
    return table


def _reasons(by_reason: Counter[str]) -> Text:
    told = by_reason.most_common(_REASONS_SHOWN)
    text = "refused by reason 退回原因 (a row may have several): " + ", ".join(
        f"{code} {count}" for code, count in told
    )
    return Text(text)


def _right(*names: str) -> list[Column]:
    return [Column(name, justify="right", no_wrap=True) for name in names]
