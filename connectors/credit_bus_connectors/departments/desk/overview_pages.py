"""The pages that list: what was said here, what was refused elsewhere, what one was told."""

from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.domain.event_types import term_of
from credit_bus.domain.registry import Registry
from credit_bus.domain.time_rules import OBLIGATION_TERMS, Obligation
from credit_bus_connectors.departments.desk.overview import Notice, Overview, Refusal, told_in
from credit_bus_connectors.departments.desk.paging import paged
from credit_bus_connectors.departments.desk.shown import local_time, shown_statement
from credit_bus_connectors.departments.desk.visits import Front, Visit, page
from credit_bus_connectors.departments.desk.words import word


def add_overview(router: APIRouter, front: Front, *, overview: Overview) -> None:
    """Add the routes."""

    def said(visit: Visit) -> Response:
        party = visit.who.party
        elsewhere = visit.request.query_params.get("elsewhere") == "1"
        rows: list[dict[str, Any]]
        if elsewhere:
            refusals, where = paged(visit.request, partial(overview.refusals, party))
            rows = [_refusal(each) for each in refusals]
        else:
            statements, where = paged(visit.request, partial(overview.said, party))
            rows = [{**shown_statement(each), "term": term_of(each.type)} for each in statements]
        return visit.page("said.html", rows=rows, elsewhere=elsewhere, where=where)

    def notices(visit: Visit) -> Response:
        found, where = paged(visit.request, partial(overview.notices, visit.who.party))
        rows = [_notice(each, front.registry) for each in found]
        return visit.page("notices.html", rows=rows, where=where)

    page(router, front, "/said", said)
    page(router, front, "/notices", notices)


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "term": term_of(refusal.type),
        "document": refusal.document or "",
        "judged": local_time(refusal.judged_at),
        "event_id": refusal.event_id,
        "reasons": refusal.reasons,
    }


def _notice(notice: Notice, registry: Registry) -> dict[str, str]:
    heard = notice.heard
    body = heard.body
    measure = registry.measures.get(told_in(body, "measure"))
    told = [
        measure.name if measure is not None else "",
        _obligation(told_in(body, "obligation")),
        *(word(told_in(body, name)) for name in ("decision", "outcome", "cause", "state")),
        told_in(body, "objection_number") or told_in(body, "request_number"),
        f"应于 {body['due_on']} 前办理" if "due_on" in body else "",
        *(f"{each['rule']}" for each in body.get("reasons", ())),
    ]
    if notice.draft is not None:
        path = f"/initiations/{notice.draft}"
    else:
        path = f"/tasks/{notice.task}" if notice.task else ""
    return {
        "term": term_of(heard.type),
        "source": registry.name_of(heard.source),
        "heard": local_time(heard.heard_at),
        "text": "；".join(each for each in told if each),
        "path": path,
    }


def _obligation(text: str) -> str:
    return OBLIGATION_TERMS[Obligation(text)] if text else ""
