"""The pages of initiations: drafted by a clerk, said by a reviewer who is somebody else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import ACTION_INITIATED
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.cases import Case
from credit_bus_connectors.departments.desk.draft_shown import (
    shown_action,
    shown_draft,
    shown_drafts,
)
from credit_bus_connectors.departments.desk.draft_store import Drafts
from credit_bus_connectors.departments.desk.drafts import (
    DECIDED,
    Draft,
    Stage,
    body_of,
    field_of,
    initiation_of,
    measures_for,
    refusal_to_review,
)
from credit_bus_connectors.departments.desk.forms import InitiationForm, ReviewForm
from credit_bus_connectors.departments.desk.paging import paged
from credit_bus_connectors.departments.desk.publisher import Publisher
from credit_bus_connectors.departments.desk.saying import Act, act_of
from credit_bus_connectors.departments.desk.subjects import Seal, subject_mistakes
from credit_bus_connectors.departments.desk.visits import (
    NOT_YOURS,
    Front,
    Visit,
    Work,
    form,
    go,
    number_in,
    page,
)
from credit_bus_connectors.departments.desk.words import WORDS
from credit_bus_connectors.web.forms import DayField, options

INITIATIONS = "/initiations"
_WAITS = "同一文书、同一主体已有待审核的拟稿，请先办理那一份。"
_CHOOSE = "请选择"
_REMARK = "退回的，请写明理由。"
_UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def may_initiate(visit: Visit) -> bool:
    """Return whether the registry lets the visitor's department initiate anything."""
    return ACTION_INITIATED in visit.front.registry.parties[visit.who.party].publishes


def add_initiations(
    router: APIRouter,
    front: Front,
    *,
    drafts: Drafts,
    publisher: Publisher,
    codec: Codec,
    seal: Seal,
) -> None:
    """Add the routes."""
    own = _Initiations(drafts=drafts, publisher=publisher, codec=codec, seal=seal)
    one = f"{INITIATIONS}/{{number}}"
    page(router, front, INITIATIONS, _asked(own.listed))
    page(router, front, f"{INITIATIONS}/new", _asked(own.new), Role.CLERK)
    form(router, front, f"{INITIATIONS}/new", _asked(own.take), Role.CLERK)
    page(router, front, one, _asked(own.show))
    form(router, front, f"{one}/approve", _asked(own.approve), Role.REVIEWER)
    form(router, front, f"{one}/return", _asked(own.send_back), Role.REVIEWER)
    form(router, front, f"{one}/drop", _asked(own.drop), Role.CLERK)


def _asked(work: Work) -> Work:
    """Only departments that may initiate have these pages."""
    return lambda visit: (
        work(visit) if may_initiate(visit) else visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Initiations:
    """What the pages of initiations do."""

    drafts: Drafts
    publisher: Publisher
    codec: Codec
    seal: Seal

    def listed(self, visit: Visit) -> Response:
        found, where = paged(visit.request, partial(self.drafts.all, visit.who.party))
        rows = shown_drafts(found, visit.who)
        return visit.page("initiations.html", drafts=rows, where=where)

    def new(self, visit: Visit) -> Response:
        today = str(local_day(visit.front.now()))
        return _drafting(visit, _filled(visit, visit.form(InitiationForm, term_begins_on=today)))

    def take(self, visit: Visit) -> Response:
        entered = _filled(visit, visit.form(InitiationForm))
        number = _kept(visit, entered, self.drafts, self.seal) if entered.validate() else None
        if number is None:
            return _drafting(visit, entered, status=_UNPROCESSABLE)
        return go(f"{INITIATIONS}/{number}")

    def show(self, visit: Visit) -> Response:
        draft = _found(visit, self.drafts)
        if draft is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        return _reviewing(visit, draft, self.drafts, visit.form(ReviewForm))

    def approve(self, visit: Visit) -> Response:
        return self._reviewed(visit, self._approved)

    def send_back(self, visit: Visit) -> Response:
        return self._reviewed(visit, self._returned)

    def drop(self, visit: Visit) -> Response:
        draft = _found(visit, self.drafts)
        if draft is None or draft.drafted_by != visit.who.name:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        self._close(visit, draft, Stage.DROPPED, None)
        return go(INITIATIONS)

    def _reviewed(self, visit: Visit, work: Callable[[Visit, Draft, Any], None]) -> Response:
        draft = _found(visit, self.drafts)
        if draft is None:
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        refusal = refusal_to_review(draft, visit.who)
        if refusal is not None:
            status = HTTPStatus.CONFLICT if refusal == DECIDED else HTTPStatus.FORBIDDEN
            return visit.refused(status, refusal)
        entered = visit.form(ReviewForm)
        if entered.validate():
            work(visit, draft, entered)
        if entered.mistakes:
            return _reviewing(visit, draft, self.drafts, entered, status=_UNPROCESSABLE)
        return go(f"{INITIATIONS}/{draft.number}")

    def _approved(self, visit: Visit, draft: Draft, entered: Any) -> None:
        now = visit.front.now()

        def make(kept: Draft, case: Case) -> Act | None:
            if refusal_to_review(kept, visit.who) is not None:  # by now somebody else decided
                return None
            event, reasons = initiation_of(
                kept.body, party=kept.party, case=case, registry=visit.front.registry, now=now
            )
            for reason in reasons:
                entered.refuse("remark", f"{reason.field}：{reason.rule}。{reason.remedy}。")
            if reasons:
                return None
            return act_of(event, account=visit.who.name, now=now, codec=self.codec)

        is_kept = self.drafts.approve(
            draft.party,
            draft.number,
            make,
            by=visit.who.name,
            now=now,
            remark=entered.remark.data or None,
        )
        if is_kept:
            self.publisher.wake()

    def _returned(self, visit: Visit, draft: Draft, entered: Any) -> None:
        if not entered.remark.data:
            entered.refuse("remark", _REMARK)
            return
        self._close(visit, draft, Stage.RETURNED, entered.remark.data)

    def _close(self, visit: Visit, draft: Draft, stage: Stage, remark: str | None) -> None:
        by, now = visit.who.name, visit.front.now()
        self.drafts.close(draft.party, draft.number, stage, by=by, now=now, remark=remark)


def _filled(visit: Visit, entered: Any) -> Any:
    """Return the form with the choices that the registry gives the department today."""
    registry, party = visit.front.registry, visit.who.party
    today = local_day(visit.front.now())
    entered.field.choices = options(
        {"": _CHOOSE, **{code: each.name for code, each in registry.fields.items()}}
    )
    entered.instrument_type.choices = options(
        {"": _CHOOSE, **{code: each.name for code, each in registry.instrument_types.items()}}
    )
    entered.measures.choices = options(
        {
            each.code: f"{each.name}（{WORDS[each.kind.value]}）"
            for each in measures_for(registry, party, today)
        }
    )
    return entered


def _kept(visit: Visit, entered: Any, drafts: Drafts, seal: Seal) -> int | None:
    """Return the number of the new draft; None with every reason at its field."""
    party, now = visit.who.party, visit.front.now()
    for name, said in subject_mistakes(
        category=entered.subject_category.data,
        uscc=entered.subject_uscc.data,
        number=entered.subject_number.data,
        adult_on=entered.instrument_issued_on.day,
    ):
        entered.refuse(f"subject_{name}", said)
    if entered.mistakes:
        return None
    body = body_of(_entered(entered), party, seal)
    registry = visit.front.registry
    empty = Case(name="", party=party)
    _, reasons = initiation_of(body, party=party, case=empty, registry=registry, now=now)
    for reason in reasons:
        name = field_of(reason)
        where = name if name in entered else "subject_name"
        entered.refuse(where, f"{reason.rule}。{reason.remedy}。")
    if reasons:
        return None
    number = drafts.add(party, body, by=visit.who.name, now=now)
    if number is None:
        entered.refuse("instrument_number", _WAITS)
    return number


def _entered(entered: Any) -> Mapping[str, Any]:
    return {
        field.name: field.day if isinstance(field, DayField) else field.data for field in entered
    }


def _drafting(visit: Visit, entered: Any, *, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return visit.page("initiation_new.html", form=entered, status=status)


def _found(visit: Visit, drafts: Drafts) -> Draft | None:
    number = number_in(visit)
    return None if number is None else drafts.find(visit.who.party, number)


def _reviewing(
    visit: Visit,
    draft: Draft,
    drafts: Drafts,
    entered: Any,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    registry, now = visit.front.registry, visit.front.now()
    return visit.page(
        "draft.html",
        status=status,
        form=entered,
        may_review=refusal_to_review(draft, visit.who) is None,
        is_own=draft.drafted_by == visit.who.name,
        draft=shown_draft(draft, registry, now=now),
        action=shown_action(
            drafts.case(draft.party, draft.body["action_id"]), draft, registry, now=now
        ),
    )
