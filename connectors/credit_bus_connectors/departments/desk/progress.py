"""An action as its initiator sees it: who was asked for what, and what each answered. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import (
    ACTION_INITIATED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
)
from credit_bus.domain.orders import recipients_of
from credit_bus.domain.registry import Registry
from credit_bus_connectors.departments.desk.cases import Case, Said
from credit_bus_connectors.departments.desk.drafts import with_days
from credit_bus_connectors.departments.desk.tasks import closing_of, end_of
from credit_bus_connectors.departments.desk.way import Step, rests_of
from credit_bus_connectors.departments.desk.words import word

_ANSWERS = (MEASURE_RESPONDED, MEASURE_EXECUTED, MEASURE_LIFTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One order: a measure and who carries it out, with the day and word of each answer."""

    measure: str
    implementer: str
    answers: Mapping[str, str]

    @property
    def is_refused(self) -> bool:
        """Whether the implementer refused it on a legal ground."""
        return self.answers[MEASURE_RESPONDED].endswith(word("refused"))


def initiation_in(case: Case) -> Said | None:
    """Return the newest initiation that the party said in this case."""
    found = [each for each in case.said if each.type == ACTION_INITIATED]
    return found[-1] if found else None


def recipients(body: Mapping[str, Any], registry: Registry, day: date) -> list[tuple[str, str]]:
    """Return measure and implementer of each order that the initiation leads to on that day.

    A measure that left the catalogue, which the gate would refuse, is left out.
    """
    known = [each for each in body["measures"] if each in registry.measures]
    made = recipients_of({**with_days(body), "measures": known}, registry, day)
    return [(each.measure.code, each.implementer) for each in made]


def lines_of(case: Case, said: Said, registry: Registry) -> list[Line]:
    """Return a line for each order, and for each answer of whom nobody expected one from."""
    day = local_day(said.judged_at or said.made_at)
    pairs = dict.fromkeys(recipients(said.body, registry, day))
    answers: dict[tuple[str, str], dict[str, str]] = {pair: {} for pair in pairs}
    for each in case.heard_of(*_ANSWERS):
        told = answers.setdefault((each.body["measure"], each.source), {})
        said_word = each.body.get("decision") or each.body.get("outcome") or ""
        told[each.type] = f"{local_day(each.heard_at)} {word(said_word)}".strip()
    return [
        Line(
            measure=registry.measures[measure].name if measure in registry.measures else measure,
            implementer=implementer,
            answers={kind: told.get(kind, "") for kind in _ANSWERS},
        )
        for (measure, implementer), told in answers.items()
    ]


def steps_of(case: Case, said: Said, lines: list[Line]) -> list[Step]:
    """Return the action's way from its initiation to its closing."""
    running = [each for each in lines if not each.is_refused]
    steps = [Step(word="发起", mark=_sent(said), day=str(local_day(said.made_at)))]
    steps.append(_counted("响应", lines, MEASURE_RESPONDED, begun=said.holds))
    steps += rests_of(case)
    ended, closed = end_of(case), closing_of(case)
    steps.append(
        _counted("执行反馈", running, MEASURE_EXECUTED, begun=ended is None and said.holds)
    )
    if ended is None:
        ends_on = said.body["term"]["ends_on"]
        steps.append(Step(word="期限届满", mark="ahead", day=ends_on or "", note=_open(ends_on)))
    else:
        day, cause = ended.body["effective_on"], word(ended.body["cause"])
        steps.append(Step(word="终止", mark="done", day=day, note=cause))
    steps.append(_counted("解除", running, MEASURE_LIFTED, begun=ended is not None))
    day = "" if closed is None else str(local_day(closed.heard_at))
    steps.append(Step(word="办结", mark="ahead" if closed is None else "done", day=day))
    return steps


def _sent(said: Said) -> str:
    return "done" if said.holds else "now" if said.state == "pending" else "late"


def _open(ends_on: str | None) -> str:
    return "" if ends_on else "履行完毕"


def _counted(text: str, lines: list[Line], kind: str, *, begun: bool) -> Step:
    answered = sum(bool(each.answers[kind]) for each in lines)
    is_done = bool(lines) and answered == len(lines)
    mark = "done" if is_done else "now" if begun else "ahead"
    return Step(word=text, mark=mark, note=f"{answered}/{len(lines)}")
