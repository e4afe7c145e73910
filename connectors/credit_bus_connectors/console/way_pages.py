"""The pages of alarms and of an event's way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.domain.event_types import term_of
from credit_bus.domain.registry import Registry
from credit_bus.operations.freshness import is_current
from credit_bus.operations.trace.hops import Kind
from credit_bus.operations.trace.way import Step, Way
from credit_bus_connectors.console import shown, words
from credit_bus_connectors.console.operators import ROLES, Act, hindrance
from credit_bus_connectors.departments.desk.visits import (
    NOT_YOURS,
    Front,
    Visit,
    form,
    go,
    number_in,
    page,
)
from credit_bus_connectors.monitor.trace_store import WHY_CHARACTERS_MAX, KeptAlarm, TraceStore
from credit_bus_connectors.web.forms import PageForm, line

_EVENT = re.compile(r"[0-9a-f]{32}")
_UNKNOWN = "没有读到这个事件。编号为 32 位十六进制数字；刚刚报送的，请稍后再查。"
_MARKS = {Kind.REJECTED: "late", Kind.QUARANTINED: "late", Kind.DUPLICATE: "void"}


class CloseForm(PageForm):
    """An operator's word on an alarm."""

    why = line("关闭的理由", characters_max=WHY_CHARACTERS_MAX)


def add_ways(router: APIRouter, front: Front, *, traces: TraceStore) -> None:
    """Add the routes."""
    own = _Ways(traces=traces)
    page(router, front, "/alarms", own.alarms)
    form(router, front, "/alarms/{number}/close", own.close, *ROLES[Act.CLOSE])
    page(router, front, "/trace", own.ask)
    page(router, front, "/trace/{event}", own.show)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """What the pages do."""

    traces: TraceStore

    def alarms(self, visit: Visit) -> Response:
        return self._alarms(visit, visit.form(CloseForm))

    def close(self, visit: Visit) -> Response:
        number, entered = number_in(visit), visit.form(CloseForm)
        if not entered.validate():
            return self._alarms(visit, entered, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        if number is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        by, now = visit.who.name, visit.front.now()
        self.traces.close_alarm(number, by=by, why=entered.why.data, now=now)
        return go("/alarms")

    def ask(self, visit: Visit) -> Response:
        event = visit.request.query_params.get("event", "").strip().lower()
        if _EVENT.fullmatch(event):
            return go(f"/trace/{event}")
        problem = _UNKNOWN if "event" in visit.request.query_params else ""
        status = HTTPStatus.NOT_FOUND if problem else HTTPStatus.OK
        return visit.page("trace.html", status=status, problem=problem, way=None, event="")

    def show(self, visit: Visit) -> Response:
        event = visit.request.path_params["event"]
        event = event if _EVENT.fullmatch(event) else ""
        found = self.traces.way(event) if event else None
        if found is None:
            status = HTTPStatus.NOT_FOUND
            return visit.page("trace.html", status=status, problem=_UNKNOWN, way=None, event=event)
        way = shown_way(found, visit.front.registry)
        return visit.page("trace.html", problem="", way=way, event=event)

    def _alarms(
        self, visit: Visit, entered: Any, *, status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        cleared = visit.request.query_params.get("cleared") == "1"
        found = self.traces.alarms(cleared=cleared)
        read_to = self.traces.read_to()
        return visit.page(
            "alarms.html",
            status=status,
            form=entered,
            cleared=cleared,
            may_close=hindrance(visit.who, Act.CLOSE) is None,
            read_to="" if read_to is None else shown.moment(read_to),
            is_current=is_current(read_to, now=visit.front.now()),
            more=0 if cleared else max(0, self.traces.open_alarms() - len(found)),
            rows=[_alarm(each) for each in found],
        )


def shown_way(found: Way, registry: Registry) -> dict[str, Any]:
    """Return a way as a page draws it: steps, deliveries, and what it caused."""
    return {
        "event": found.name.hex(),
        "is_whole": found.is_whole,
        "term": term_of(found.type) or "无法辨认",
        "source": registry.name_of(found.source) if found.source else "",
        "took": _duration(found.took),
        "steps": [_step(each, registry) for each in found.steps],
        "deliveries": [
            {
                "platform": registry.name_of(each.platform),
                "state": words.DELIVERIES[each.state][0],
                "mark": words.DELIVERIES[each.state][1],
                "given": shown.moment(each.hop.at),
                "answered": shown.moment(each.answered_at),
                "took": _duration(each.took),
                "said_times": each.said_times,
                "place": _place(each.hop.topic, each.hop.partition, each.hop.offset),
            }
            for each in found.deliveries
        ],
        "caused": [shown_way(each, registry) for each in found.caused],
    }


def _step(step: Step, registry: Registry) -> Mapping[str, Any]:
    hop = step.hop
    party = registry.name_of(hop.party) if hop.party else ""
    note = "、".join(hop.codes) or (f"规则 {hop.rule}" if hop.rule else "")
    return {
        "word": words.KINDS[hop.kind],
        "party": party,
        "mark": _MARKS.get(hop.kind, "done"),
        "at": _precise(hop.at),
        "after": "" if step.after is None else f"+{_duration(step.after)}",
        "place": _place(hop.topic, hop.partition, hop.offset),
        "note": note,
    }


def _alarm(alarm: KeptAlarm) -> dict[str, Any]:
    why = alarm.cleared_why or ""
    return {
        "number": alarm.number,
        "event": alarm.event,
        "fault": words.FAULTS.get(alarm.fault, alarm.fault),
        "place": alarm.place,
        "term": term_of(alarm.type),
        "since": shown.moment(alarm.since),
        "raised": shown.moment(alarm.raised_at),
        "cleared": shown.moment(alarm.cleared_at) if alarm.cleared_at else "",
        "why": words.CLEARED.get(why, why),
        "by": alarm.cleared_by or "",
    }


def _place(topic: str, partition: int, offset: int) -> str:
    return f"{topic}/{partition}@{offset}"


def _duration(took: timedelta | None) -> str:
    if took is None:
        return shown.UNKNOWN
    seconds = max(0.0, took.total_seconds())
    return f"{seconds * 1000:.0f} 毫秒" if seconds < 1 else shown.duration(seconds)


def _precise(at: datetime) -> str:
    return f"{shown.moment(at)}.{at.microsecond // 1000:03d}"
