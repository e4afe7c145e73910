"""The page of the reports, and the workbook: what departments did in a period.

Knows where counts come from only as a function. Nothing on it is about a subject.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import Response
from jinja2 import Template

from credit_bus.casework.counts import COLUMNS
from credit_bus.casework.port import CountKey
from credit_bus.domain.calendar import local_day
from credit_bus.domain.registry import Registry
from credit_bus.reports import texts
from credit_bus.reports.period import FROM, TO, Asked, Period, asked_for, quarter_of
from credit_bus.reports.report import Report, Row, UnknownCountError, report_of
from credit_bus.reports.workbook import xlsx_of
from credit_bus_connectors.web.pages import environment

PREFIX = "/reports"
WORKBOOK = "report.xlsx"
QUARTERS = 5  # the running one and those before it, one click away
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNREADABLE = "统计数据暂时无法读取，请稍后再试；一直如此时请联系运维人员。"

_From = Annotated[str, Query(alias=FROM)]
_To = Annotated[str, Query(alias=TO)]


class UnreadableError(Exception):
    """The counts cannot be read now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Where the figures come from. `read` raises UnreadableError."""

    registry: Registry
    read: Callable[[Period], Mapping[CountKey, int]]
    now: Callable[[], datetime]

    def report(self, period: Period) -> Report:
        """Return the report of the period. Raises UnreadableError."""
        counts = self.read(period)
        try:
            return report_of(counts, self.registry, period=period, made_at=self.now())
        except UnknownCountError as error:
            raise UnreadableError from error


def reports_router(figures: Figures) -> APIRouter:
    """Return the routes of page and workbook."""
    router = APIRouter(include_in_schema=False)
    template = environment().get_template("report.html")

    @router.get("/")
    def page(first: _From = "", last: _To = "") -> Response:
        today = local_day(figures.now())
        asked = asked_for(first.strip(), last.strip(), today=today)
        entered = {FROM: first, TO: last}
        if asked.period is None:
            status = HTTPStatus.BAD_REQUEST
            return _page(template, today, asked, entered, status=status)
        try:
            report = figures.report(asked.period)
        except UnreadableError:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return _page(template, today, asked, entered, problem=_UNREADABLE, status=status)
        return _page(template, today, asked, entered, report=report)

    @router.get(f"/{WORKBOOK}")
    def workbook(first: _From = "", last: _To = "") -> Response:
        asked = asked_for(first, last, today=local_day(figures.now()))
        if asked.period is None:
            return _refused(asked)
        try:
            content = xlsx_of(figures.report(asked.period))
        except UnreadableError:
            return Response(
                _UNREADABLE + "\n", HTTPStatus.SERVICE_UNAVAILABLE, media_type="text/plain"
            )
        name = f"{texts.TITLE}_{asked.period.first}_{asked.period.last}.xlsx"
        disposition = f"attachment; filename=\"{WORKBOOK}\"; filename*=UTF-8''{quote(name)}"
        headers = {"content-disposition": disposition}
        return Response(content, media_type=_XLSX, headers=headers)

    return router


def _refused(asked: Asked) -> Response:
    said = [
        f"{texts.FIELDS[name]}：{texts.MISTAKES[each]}" for name, each in asked.mistakes.items()
    ]
    return Response("\n".join(said) + "\n", HTTPStatus.BAD_REQUEST, media_type="text/plain")


def _page(
    template: Template,
    today: date,
    asked: Asked,
    entered: Mapping[str, str],
    *,
    report: Report | None = None,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    text = template.render(
        title=texts.TITLE,
        fields=_fields(asked, entered),
        quarters=_quarters(today, asked.period),
        problem=problem,
        report=None if report is None else _shown(report),
    )
    return Response(text, status, media_type="text/html; charset=utf-8")


def _fields(asked: Asked, entered: Mapping[str, str]) -> list[dict[str, str]]:
    period = asked.period
    days = entered if period is None else {FROM: str(period.first), TO: str(period.last)}
    return [
        {
            "name": name,
            "label": label,
            "value": days[name],
            "mistake": texts.MISTAKES[asked.mistakes[name]] if name in asked.mistakes else "",
        }
        for name, label in texts.FIELDS.items()
    ]


def _quarters(today: date, chosen: Period | None) -> list[dict[str, object]]:
    found = [quarter_of(today)]
    while len(found) < QUARTERS:
        found.append(quarter_of(found[-1].first - timedelta(days=1)))
    return [
        {"name": texts.quarter_text(each), "query": _query(each), "here": each == chosen}
        for each in found
    ]


def _query(period: Period) -> str:
    return f"?{FROM}={period.first}&{TO}={period.last}"


def _shown(report: Report) -> dict[str, object]:
    period = report.period
    return {
        "heads": texts.heads_of(report),
        "period": texts.period_text(period),
        "workbook": WORKBOOK + _query(period),
        "groups": [{"name": name, "columns": len(whats)} for name, whats in texts.groups()],
        "first": {whats[0] for _, whats in texts.groups()},
        "columns": COLUMNS,
        "party": texts.PARTY,
        "departments": [_line(row, texts.name_of(row, period)) for row in report.departments],
        "total": _line(report.total, report.total.name),
        "others_title": texts.OTHERS,
        "others": [_line(row, row.name) for row in report.others],
        "months_title": texts.MONTHS,
        "months": [_line(row, row.name) for row in report.months] if len(period.months) > 1 else [],
        "notes": texts.notes_of(report),
    }


def _line(row: Row, name: str) -> dict[str, object]:
    return {
        "name": name,
        "cells": [
            {"what": what, "text": texts.shown(row, what), "zero": not row.counts[what]}
            for what in COLUMNS
        ],
    }
