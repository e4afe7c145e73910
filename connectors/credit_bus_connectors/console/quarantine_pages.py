"""The pages of the quarantine: what was refused, what today's rules would say, and once more.

Two persons stand behind what is sent: a clerk proposes, a reviewer who is somebody else approves.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.domain.event_types import EVENT_TYPES
from credit_bus_connectors.console import quarantine_shown, shown
from credit_bus_connectors.console.operators import ROLES, Act, hindrance
from credit_bus_connectors.console.redrive_pages import NEW, WAITS, ProposeForm, useless
from credit_bus_connectors.departments.desk.visits import (
    NOT_YOURS,
    Front,
    Visit,
    form,
    go,
    page,
)
from credit_bus_connectors.monitor.quarantine_topic import Place
from credit_bus_connectors.monitor.redriving import Look, Redriving

QUARANTINE = "/quarantine"
SEEN = "quarantine-seen"  # in the log of acts, with the place


def add_quarantine(router: APIRouter, front: Front, *, redriving: Redriving) -> None:
    """Add the routes."""
    own = _Quarantine(redriving=redriving)
    one = f"{QUARANTINE}/{{place}}"
    page(router, front, QUARANTINE, own.listed)
    page(router, front, one, own.show, *ROLES[Act.READ])
    form(router, front, one, own.propose, *ROLES[Act.PROPOSE])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quarantine:
    """What the pages do."""

    redriving: Redriving

    def listed(self, visit: Visit) -> Response:
        asked = quarantine_shown.asked_in(visit.request.query_params)
        found = self.redriving.store.listed(quarantine_shown.filter_of(asked))
        query = quarantine_shown.query_of(asked)
        may_propose = query and found.rows and hindrance(visit.who, Act.PROPOSE) is None
        registry = visit.front.registry
        return visit.page(
            "quarantine.html",
            asked=asked,
            parties=[(code, each.name) for code, each in registry.parties.items()],
            types=[(name, row.term) for name, row in EVENT_TYPES.items()],
            rows=[quarantine_shown.row_of(each, registry) for each in found.rows],
            more=found.more,
            many=f"{NEW}?{query}" if may_propose else "",
        )

    def show(self, visit: Visit) -> Response:
        look = self._look(visit)
        if look is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        return self._page(visit, look, visit.form(ProposeForm))

    def propose(self, visit: Visit) -> Response:
        look = self._look(visit)
        if look is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        entered = visit.form(ProposeForm)
        if entered.validate():
            weighed = self.redriving.weigh([look])
            if not weighed.worth:
                entered.refuse("why", useless(look.codes))
            elif not self._proposed(visit, weighed.worth, entered.why.data):
                entered.refuse("why", WAITS)
        if entered.mistakes:
            return self._page(visit, look, entered, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return go(f"{QUARANTINE}/{look.place}")

    def _proposed(self, visit: Visit, worth: Any, why: str) -> bool:
        by, now = visit.who.name, visit.front.now()
        number = self.redriving.redrives.propose(worth, by=by, why=why, asked="", now=now)
        return number is not None

    def _look(self, visit: Visit) -> Look | None:
        place = Place.named(visit.request.path_params["place"])
        if place is None:
            return None
        look = self.redriving.look(place, visit.front.now())
        return None if look.kept is None else look

    def _page(
        self, visit: Visit, look: Look, entered: Any, *, status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        visit.front.accounts.note(visit.who, f"{SEEN}:{look.place}")  # nobody looks without it
        kept, judged = look.kept, look.judged
        assert kept is not None, "what is shown lies there"
        assert judged is not None, "what lies there is judged"
        newest = self.redriving.redrives.newest_of(look.place)
        waits = newest is not None and newest.is_open
        may_propose = not look.codes and not waits and hindrance(visit.who, Act.PROPOSE) is None
        return visit.page(
            "quarantined.html",
            status=status,
            kept=quarantine_shown.whole(kept, self.redriving.bench.codec),
            party_name=visit.front.registry.name_of(kept.party),
            kept_at=shown.moment(kept.kept_at),
            judged=quarantine_shown.judged_of(judged),
            useless=useless(look.codes) if look.codes and judged.is_accepted else "",
            redrive=None if newest is None else quarantine_shown.redrive_of(newest, visit.who),
            form=entered if may_propose else None,
        )
