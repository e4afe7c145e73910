"""The pages of redrives: many proposed at once, who proposed and who decided, approve, decline."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.logs import logger, told_of
from credit_bus_connectors.console import quarantine_shown, words
from credit_bus_connectors.console.operators import ROLES, Act, Hindrance, hindrance
from credit_bus_connectors.departments.desk.visits import (
    NOT_YOURS,
    UNREACHABLE,
    Front,
    Visit,
    form,
    go,
    number_in,
    page,
)
from credit_bus_connectors.monitor.redrive_store import WHY_CHARACTERS_MAX, Redrive
from credit_bus_connectors.monitor.redriving import (
    RedriveError,
    Redriving,
    UnsentError,
    UselessError,
)
from credit_bus_connectors.web.forms import PageForm, text

REDRIVES = "/redrives"
NEW = f"{REDRIVES}/new"
WAITS = "这条信息已有待批准的重送。"
_ALL_WAIT = "这些信息已有待批准的重送。"
_USELESS = "按今天的规则，重送没有作用，没有提交。"
_OWN = "提出人不能批准自己提出的重送，请由另一位审核人办理。"
_DECIDED = "这次重送已经办理，或者正由他人办理，请查看其状态。"
_UNSENT_TITLE = "已批准，是否送达不明"
_UNSENT = "批准已经记下，重送的信息是否送达不明。请稍后选“继续重送”：重复送达的只受理一次。"
_SHOWN_MAX = 20  # messages of a redrive of many, to look at

log = logger()


class ProposeForm(PageForm):
    """Why messages are to be sent once more."""

    why = text("重送的理由", characters_max=WHY_CHARACTERS_MAX, rows=2, description="留存备查。")


def useless(codes: Iterable[str]) -> str:
    """Return that nothing was proposed, and why where it is no reason of the gate."""
    told = "；".join(words.LEFT[each] for each in codes if each in words.LEFT)
    return f"{_USELESS}{told}。" if told else _USELESS


def add_redrives(router: APIRouter, front: Front, *, redriving: Redriving) -> None:
    """Add the routes."""
    own = _Redrives(redriving=redriving)
    one = f"{REDRIVES}/{{number}}"
    page(router, front, REDRIVES, own.listed)
    page(router, front, NEW, own.weigh, *ROLES[Act.PROPOSE])
    form(router, front, NEW, own.propose, *ROLES[Act.PROPOSE])
    page(router, front, one, own.show)
    form(router, front, f"{one}/approve", own.approve, *ROLES[Act.APPROVE])
    form(router, front, f"{one}/decline", own.decline, *ROLES[Act.DECLINE])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redrives:
    """What the pages do."""

    redriving: Redriving

    def listed(self, visit: Visit) -> Response:
        found, more = self.redriving.redrives.newest()
        rows = [quarantine_shown.redrive_of(each, visit.who) for each in found]
        return visit.page("redrives.html", rows=rows, more=more)

    def weigh(self, visit: Visit) -> Response:
        return self._weighed(visit, visit.form(ProposeForm))

    def propose(self, visit: Visit) -> Response:
        return self._weighed(visit, visit.form(ProposeForm), proposes=True)

    def show(self, visit: Visit) -> Response:
        found = self._redrive(visit)
        if found is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        places = self.redriving.redrives.waiting(found.number, most=_SHOWN_MAX)
        tally = None
        if found.is_open and found.places > 1:
            looks = self.redriving.waiting(found, visit.front.now())
            tally = quarantine_shown.tally_of(self.redriving.weigh(looks).tally)
        return visit.page(
            "redrive.html",
            redrive=quarantine_shown.redrive_of(found, visit.who),
            tally=tally,
            places=[str(each) for each in places],
        )

    def approve(self, visit: Visit) -> Response:
        found = self._redrive(visit)
        if found is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        if hindrance(visit.who, Act.APPROVE, proposed_by=found.proposed_by) is Hindrance.OWN:
            return visit.refused(HTTPStatus.FORBIDDEN, _OWN)
        try:
            self.redriving.approve(found.number, by=visit.who.name, now=visit.front.now())
        except UselessError:
            return visit.refused(HTTPStatus.CONFLICT, _USELESS)
        except RedriveError:
            return visit.refused(HTTPStatus.CONFLICT, _DECIDED)
        except UnsentError as error:
            log.warning(UNREACHABLE, **told_of(error))
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return visit.refused(status, _UNSENT, title=_UNSENT_TITLE)
        return go(_page_of(found))

    def decline(self, visit: Visit) -> Response:
        found = self._redrive(visit)
        if found is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        try:
            self.redriving.decline(found.number, by=visit.who.name, now=visit.front.now())
        except RedriveError:
            return visit.refused(HTTPStatus.CONFLICT, _DECIDED)
        return go(_page_of(found))

    def _redrive(self, visit: Visit) -> Redrive | None:
        number = number_in(visit)
        return None if number is None else self.redriving.redrives.find(number)

    def _weighed(self, visit: Visit, entered: Any, *, proposes: bool = False) -> Response:
        """Judge all that is asked for, and propose what would be taken, if that is asked for."""
        asked = quarantine_shown.asked_in(visit.request.query_params)
        which, now = quarantine_shown.filter_of(asked), visit.front.now()
        if not which.words:
            return go("/quarantine")
        selection = self.redriving.store.selected(which)
        weighed = self.redriving.weigh(self.redriving.looked(selection.places, now))
        if proposes and entered.validate():
            number = None
            if weighed.worth:
                number = self.redriving.redrives.propose(
                    weighed.worth,
                    by=visit.who.name,
                    why=entered.why.data,
                    asked=which.words,
                    now=now,
                )
            if number is not None:
                return go(f"{REDRIVES}/{number}")
            entered.refuse("why", _ALL_WAIT if weighed.worth else _USELESS)
        return visit.page(
            "redrive_new.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if entered.mistakes else HTTPStatus.OK,
            asked=which.words,
            query=quarantine_shown.query_of(asked),
            tally=quarantine_shown.tally_of(weighed.tally),
            selection=selection,
            form=entered,
        )


def _page_of(found: Redrive) -> str:
    """Return where a redrive is looked at: one message has its own page."""
    return f"{REDRIVES}/{found.number}" if found.places > 1 else f"/quarantine/{found.first}"
