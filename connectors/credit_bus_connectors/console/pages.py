"""The pages of lag and legal time: overview, groups, a party, what is due.

Each is made anew at each look, from what the monitor and casework keep; the browser asks again
every few seconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from credit_bus.domain.calendar import local_day
from credit_bus.domain.time_rules import OBLIGATION_TERMS
from credit_bus.operations.canaries import Canaries
from credit_bus.operations.lag.rollup import TopicLag
from credit_bus.operations.lag.windows import PartitionLag
from credit_bus.reports.legal_time import STANDINGS, LegalTime, Standing
from credit_bus_connectors.console import shown
from credit_bus_connectors.console.cards import canary_card, cards_of, silence_of
from credit_bus_connectors.console.sparkline import Spark, sparkline
from credit_bus_connectors.console.view import (
    lag_rows,
    partition_rows,
    party_rows,
    trip_rows,
)
from credit_bus_connectors.departments.desk.visits import NOT_YOURS, Front, Visit, page

SCRIPT = Path(__file__).with_name("live.js")
CURVE_HOURS = 6
CURVES_MAX = 20  # of one page, the most urgent
REFUSED_WITHIN = timedelta(hours=24)
LATE_SHOWN_MAX = 10
URGENT_SHOWN_MAX = 50  # rows of one page, the earliest day first
EVENTS_SHOWN_MAX = 3  # of a row
# The pages of the bus run no script but this one, which asks for the same page again.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

Legal = Callable[[date], LegalTime | None]
Points = Sequence[tuple[datetime, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LagNow:
    """The newest sample; without one `sampled_at` is None."""

    sampled_at: datetime | None = None
    topics: Sequence[TopicLag] = ()
    partitions: Sequence[PartitionLag] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the figures come from. Each raises UnreachableError; `legal` is None when away."""

    lag: Callable[[], LagNow]
    curve: Callable[[str, str, datetime, datetime], Points]
    legal: Legal
    refused: Callable[[datetime], Mapping[str, int]]  # since then, by party
    parked: Callable[[], Mapping[str, int]]  # by platform
    alarms: Callable[[], int]  # that are open
    read_to: Callable[[], datetime | None]  # up to when the reader has read everything
    canaries: Callable[[datetime], Canaries]  # those of the last hour


def add_pages(router: APIRouter, front: Front, *, sources: Sources) -> None:
    """Add the routes."""
    own = _Pages(sources=sources)

    @router.get("/live.js", include_in_schema=False)
    def script() -> Response:
        return FileResponse(SCRIPT, media_type="text/javascript; charset=utf-8")

    page(router, front, "/", own.overview)
    page(router, front, "/groups", own.groups)
    page(router, front, "/groups/{group}", own.group)
    page(router, front, "/parties/{code}", own.party)
    page(router, front, "/due", own.due)
    page(router, front, "/canaries", own.canaries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pages:
    """What the pages show."""

    sources: Sources

    def overview(self, visit: Visit) -> Response:
        now, registry = visit.front.now(), visit.front.registry
        found = self.sources.lag()
        legal = self.sources.legal(local_day(now))
        refused = self.sources.refused(now - REFUSED_WITHIN)
        cards = cards_of(
            found.topics,
            legal,
            refused=sum(refused.values()),
            alarms=self.sources.alarms(),
            read_to=self.sources.read_to(),
            sampled_at=found.sampled_at,
            now=now,
        )
        late = [row for row in found.topics if row.status.rank][:LATE_SHOWN_MAX]
        return visit.page(
            "overview.html",
            as_of=_as_of(found, now),
            cards=[*cards, canary_card(self.sources.canaries(now))],
            late=lag_rows(late, self._curves(late, now)),
            parties=party_rows(found.topics, legal, refused, self.sources.parked(), registry, now),
        )

    def groups(self, visit: Visit) -> Response:
        now = visit.front.now()
        found = self.sources.lag()
        rows = lag_rows(found.topics, self._curves(found.topics, now))
        return visit.page("groups.html", as_of=_as_of(found, now), rows=rows)

    def group(self, visit: Visit) -> Response:
        now, group = visit.front.now(), visit.request.path_params["group"]
        found = self.sources.lag()
        topics = [row for row in found.topics if row.group == group]
        if not topics:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        states = sorted(
            (each for each in found.partitions if each.group == group),
            key=lambda each: (each.topic, each.partition),
        )
        parts = [
            (topic, partition_rows(of_topic, now))
            for topic, of_topic in groupby(states, lambda each: each.topic)
        ]
        return visit.page(
            "group.html",
            as_of=_as_of(found, now),
            reader=shown.reader(group),
            rows=lag_rows(topics, self._curves(topics, now)),
            parts=parts,
        )

    def party(self, visit: Visit) -> Response:
        now, code = visit.front.now(), visit.request.path_params["code"]
        party = visit.front.registry.parties.get(code)
        if party is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        found = self.sources.lag()
        day = local_day(now)
        legal = self.sources.legal(day)
        topics = [row for row in found.topics if row.party == code]
        of_party = None if legal is None else legal.of(code)
        return visit.page(
            "party.html",
            as_of=_as_of(found, now),
            party_code=code,
            party_name=party.name,
            rows=lag_rows(topics, self._curves(topics, now)),
            refused=self.sources.refused(now - REFUSED_WITHIN).get(code, 0),
            parked=self.sources.parked().get(code, 0),
            legal=_legal(of_party, day),
        )

    def due(self, visit: Visit) -> Response:
        day = local_day(visit.front.now())
        return visit.page("due.html", legal=_legal(self.sources.legal(day), day))

    def canaries(self, visit: Visit) -> Response:
        found = self.sources.canaries(visit.front.now())
        registry = visit.front.registry
        return visit.page(
            "canaries.html",
            silent=silence_of(found),
            platforms=trip_rows(found.platforms, registry),
            parties=trip_rows(found.parties, registry),
        )

    def _curves(self, rows: Sequence[TopicLag], now: datetime) -> dict[tuple[str, str], Spark]:
        since = now - timedelta(hours=CURVE_HOURS)
        return {
            (row.group, row.topic): sparkline(
                self.sources.curve(row.group, row.topic, since, now), since=since, until=now
            )
            for row in rows[:CURVES_MAX]
        }


def _as_of(found: LagNow, now: datetime) -> str:
    if found.sampled_at is None:
        return "还没有取样"
    age = shown.duration((now - found.sampled_at).total_seconds())
    return f"取样 {shown.moment(found.sampled_at)}（{age}前）"


def _legal(legal: LegalTime | None, day: date) -> dict[str, Any]:
    lines = [] if legal is None else legal.lines
    urgent = [] if legal is None else legal.urgent
    return {
        "day": str(day),
        "is_away": legal is None,
        "standings": list(STANDINGS.values()),
        "lines": [
            {
                "party": each.party,
                "name": each.name,
                "obligation": OBLIGATION_TERMS[each.obligation],
                "counts": [(text, each.counts.get(of, 0)) for of, text in STANDINGS.items()],
                "first": "" if each.first is None else str(each.first),
            }
            for each in lines
        ],
        "urgent": [
            {
                "due_on": str(each.due_on),
                "party": each.party,
                "name": each.name,
                "obligation": OBLIGATION_TERMS[each.obligation],
                "standing": STANDINGS[each.standing],
                "mark": "late" if each.standing is Standing.OVERDUE else "near",
                "number": each.number,
                "lies_with": "、".join(each.lies_with.values()),
                "events": each.events[:EVENTS_SHOWN_MAX],
            }
            for each in urgent[:URGENT_SHOWN_MAX]
        ],
        "urgent_number": sum(each.number for each in urgent),
        "urgent_unshown": max(0, len(urgent) - URGENT_SHOWN_MAX),
    }
