"""The pages of the quarantine: what was refused, what today's rules would say, and once more.

Two persons stand behind what is sent: a clerk proposes, a reviewer who is somebody else approves.
"""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import moment_of
from credit_bus.domain.event_types import EVENT_TYPES, term_of
from credit_bus.domain.reason import Reason
from credit_bus.domain.registry import Registry
from credit_bus.logs import logger, told_of
from credit_bus.operations.quarantine.kept import Kept, plain
from credit_bus.operations.quarantine.rejudged import Judgement
from credit_bus_connectors.console import shown, words
from credit_bus_connectors.departments.desk.access import Role
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
from credit_bus_connectors.monitor.quarantine_store import Filter, Listed, Redrive
from credit_bus_connectors.monitor.redriving import (
    RedriveError,
    Redriving,
    UnsentError,
    UselessError,
)
from credit_bus_connectors.web.forms import PageForm, text

QUARANTINE = "/quarantine"
SEEN = "quarantine-seen"  # in the log of acts, with the place
_PLACE = re.compile(r"(\d{1,6})@(\d{1,18})")
_WORD_CHARACTERS_MAX = 128
_WAITS = "这条信息已有待批准的重送。"
_USELESS = "按今天的规则，重送没有作用，没有提交。"
_OWN = "提出人不能批准自己提出的重送，请由另一位审核人办理。"
_DECIDED = "这条重送已经办理，或者原信息已不在隔离区：这一次没有做任何处理，请打开原信息核对。"
_UNSENT_TITLE = "已批准，是否送达不明"
_UNSENT = "批准已经记下，重送的信息是否送达不明。请稍后再次批准：重复送达的只受理一次。"
_UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY

log = logger()


class ProposeForm(PageForm):
    """Why a message is to be sent once more."""

    why = text("重送的理由", characters_max=500, rows=2, description="留存备查。")


def add_quarantine(router: APIRouter, front: Front, *, redriving: Redriving) -> None:
    """Add the routes."""
    own = _Quarantine(redriving=redriving)
    one = f"{QUARANTINE}/{{place}}"
    page(router, front, QUARANTINE, own.listed)
    page(router, front, one, own.show)
    form(router, front, one, own.propose, Role.CLERK)
    form(router, front, "/redrives/{number}/approve", own.approve, Role.REVIEWER)
    form(router, front, "/redrives/{number}/decline", own.decline, Role.REVIEWER, Role.CLERK)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quarantine:
    """What the pages do."""

    redriving: Redriving

    def listed(self, visit: Visit) -> Response:
        asked = {
            name: visit.request.query_params.get(name, "")[:_WORD_CHARACTERS_MAX].strip()
            for name in ("party", "type", "code")
        }
        found = self.redriving.store.listed(
            Filter(
                party=asked["party"] or None,
                type=asked["type"] or None,
                code=asked["code"] or None,
            )
        )
        registry = visit.front.registry
        return visit.page(
            "quarantine.html",
            asked=asked,
            parties=[(code, each.name) for code, each in registry.parties.items()],
            types=[(name, row.term) for name, row in EVENT_TYPES.items()],
            rows=[_row(each, registry) for each in found],
        )

    def show(self, visit: Visit) -> Response:
        kept = self._kept(visit)
        if kept is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        return self._page(visit, kept, visit.form(ProposeForm))

    def propose(self, visit: Visit) -> Response:
        kept = self._kept(visit)
        if kept is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        entered, now = visit.form(ProposeForm), visit.front.now()
        if entered.validate():
            if not self.redriving.judge(kept, now).is_worth_sending:
                entered.refuse("why", _USELESS)
            else:
                by, why = visit.who.name, entered.why.data
                if self.redriving.propose(kept, by=by, why=why, now=now) is None:
                    entered.refuse("why", _WAITS)
        if entered.mistakes:
            return self._page(visit, kept, entered, status=_UNPROCESSABLE)
        return go(f"{QUARANTINE}/{kept.place}")

    def approve(self, visit: Visit) -> Response:
        found = self._redrive(visit)
        if found is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        if found.proposed_by == visit.who.name:
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
        return go(f"{QUARANTINE}/{found.partition}@{found.offset}")

    def decline(self, visit: Visit) -> Response:
        found = self._redrive(visit)
        if found is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        try:
            self.redriving.decline(found.number, by=visit.who.name, now=visit.front.now())
        except RedriveError:
            return visit.refused(HTTPStatus.CONFLICT, _DECIDED)
        return go(f"{QUARANTINE}/{found.partition}@{found.offset}")

    def _kept(self, visit: Visit) -> Kept | None:
        match = _PLACE.fullmatch(visit.request.path_params["place"])
        return None if match is None else self.redriving.kept(int(match[1]), int(match[2]))

    def _redrive(self, visit: Visit) -> Redrive | None:
        number = number_in(visit)
        return None if number is None else self.redriving.store.find(number)

    def _page(
        self, visit: Visit, kept: Kept, entered: Any, *, status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        visit.front.accounts.note(visit.who, f"{SEEN}:{kept.place}")  # nobody looks without it
        registry = visit.front.registry
        judged = self.redriving.judge(kept, visit.front.now())
        newest = self.redriving.store.newest_of(kept.partition, kept.offset)
        waits = newest is not None and newest.state in ("waiting", "approved")
        may_propose = judged.is_worth_sending and not waits and visit.who.may(Role.CLERK)
        return visit.page(
            "quarantined.html",
            status=status,
            kept=_whole(kept, self.redriving.bench.codec),
            party_name=registry.name_of(kept.party),
            kept_at=shown.moment(kept.kept_at),
            judged=_judged(judged),
            redrive=None if newest is None else _redrive(newest),
            form=entered if may_propose else None,
            may_approve=waits and newest is not None and _may_approve(visit, newest),
            may_decline=waits and visit.who.may(Role.REVIEWER, Role.CLERK),
            is_own=waits and newest is not None and newest.proposed_by == visit.who.name,
        )


def _whole(kept: Kept, codec: Codec) -> dict[str, Any]:
    """Return all of a message; its body as text."""
    told = plain(kept, codec)
    body = dict(told["body"])
    if body["decodes"]:
        body["content"] = json.dumps(body["content"], ensure_ascii=False, indent=1)
    said = {**told["said"], "at": shown.moment(moment_of(kept.message.timestamp_ms))}
    return {**told, "body": body, "said": said}


def _may_approve(visit: Visit, redrive: Redrive) -> bool:
    return visit.who.may(Role.REVIEWER) and redrive.proposed_by != visit.who.name


def _row(each: Listed, registry: Registry) -> dict[str, Any]:
    state, mark = words.REDRIVES.get(each.state or "", ("", ""))
    return {
        "place": f"{each.partition}@{each.offset}",
        "term": term_of(each.type) or "无法辨认",
        "party": registry.name_of(each.party) if each.party else "",
        "kept": shown.moment(each.kept_at),
        "codes": each.codes,
        "state": state,
        "mark": mark,
    }


def _judged(judged: Judgement) -> dict[str, Any]:
    text_, mark = words.VERDICTS[judged.verdict]
    return {
        "verdict": text_,
        "mark": mark,
        "rule": judged.rule,
        "parts": [
            (title, [_reason(each) for each in reasons])
            for title, reasons in (
                ("不再成立的理由", judged.gone),
                ("仍然成立的理由", judged.stay),
                ("新的理由", judged.new),
            )
            if reasons
        ],
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {
        "code": reason.code,
        "field": reason.field,
        "rule": reason.rule,
        "remedy": reason.remedy,
    }


def _redrive(found: Redrive) -> dict[str, Any]:
    state, mark = words.REDRIVES[found.state]
    return {
        "number": found.number,
        "state": state,
        "mark": mark,
        "why": found.why,
        "proposed": f"{found.proposed_by}，{shown.moment(found.proposed_at)}",
        "decided": f"{found.decided_by}，{shown.moment(found.decided_at)}"
        if found.decided_by
        else "",
        "sent": "" if found.sent_at is None else shown.moment(found.sent_at),
    }
