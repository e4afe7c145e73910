"""The pages of requests: what the public handed in on the site, and what is passed on for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import EVENT_TYPES, OBJECTION_RAISED, RECORD_TYPES
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.paging import paged
from credit_bus_connectors.departments.desk.petition_store import Requests
from credit_bus_connectors.departments.desk.publisher import Publisher
from credit_bus_connectors.departments.desk.request_bodies import (
    FIXED,
    body_of,
    field_of,
    filled_by,
    hidden_by,
)
from credit_bus_connectors.departments.desk.request_forms import FORMS, DeclineForm
from credit_bus_connectors.departments.desk.request_shown import (
    shown_petition,
    shown_petitions,
    shown_request,
    shown_requests,
)
from credit_bus_connectors.departments.desk.requests import KINDS, RECEIVED, Petition, request_of
from credit_bus_connectors.departments.desk.saying import act_of
from credit_bus_connectors.departments.desk.subjects import Seal, subject_mistakes
from credit_bus_connectors.departments.desk.visits import (
    NOT_YOURS,
    NUMBER_DIGITS_MAX,
    Front,
    Visit,
    Work,
    form,
    go,
    number_in,
    page,
)
from credit_bus_connectors.web.forms import DayField, options

REQUESTS = "/requests"
ANSWERING = (Role.CLERK, Role.REVIEWER)
_NOBODY = "请选择"
_SAID = "这个收件编号已经提交过，请核对。"
_UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def may_request(visit: Visit) -> bool:
    """Return whether the visitor's department may pass on what the public asks for."""
    return OBJECTION_RAISED in visit.front.registry.parties[visit.who.party].publishes


def is_window(visit: Visit) -> bool:
    """Return whether what the public hands in on the site is for the visitor's department."""
    return visit.front.registry.parties[visit.who.party].window


def add_requests(
    router: APIRouter,
    front: Front,
    *,
    requests: Requests,
    publisher: Publisher,
    codec: Codec,
    seal: Seal,
) -> None:
    """Add the routes."""
    own = _Requests(requests=requests, publisher=publisher, codec=codec, seal=seal)
    page(router, front, REQUESTS, _asked(own.listed, may_request))
    for kind in KINDS:
        path = f"{REQUESTS}/new/{kind}"
        page(router, front, path, _asked(own.new(kind), may_request), *ANSWERING)
        form(router, front, path, _asked(own.take(kind), may_request), *ANSWERING)
    page(router, front, f"{REQUESTS}/{{number}}", _asked(own.show, may_request))
    page(router, front, "/petitions/{number}", _asked(own.petition, is_window))
    path = "/petitions/{number}/decline"
    form(router, front, path, _asked(own.decline, is_window), *ANSWERING)


def _asked(work: Work, may: Any) -> Work:
    return lambda visit: work(visit) if may(visit) else _not_yours(visit)


def _not_yours(visit: Visit) -> Response:
    return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Requests:
    """What the pages of requests do."""

    requests: Requests
    publisher: Publisher
    codec: Codec
    seal: Seal

    def listed(self, visit: Visit) -> Response:
        window, registry = is_window(visit), visit.front.registry
        answered = visit.request.query_params.get("answered") == "1"
        own = visit.request.query_params.get("own") == "1" or not window
        if own:
            found, where = paged(visit.request, partial(self.requests.all, visit.who.party))
            rows = shown_requests(found)
        else:
            read = partial(self.requests.petitions, answered=answered)
            petitions, where = paged(visit.request, read)
            rows = shown_petitions(petitions, registry, visit.front.now())
        return visit.page(
            "requests.html",
            window=window,
            own=own,
            answered=answered,
            rows=rows,
            where=where,
            kinds=KINDS.values(),
        )

    def new(self, kind: str) -> Work:
        def work(visit: Visit) -> Response:
            petition = self._petition_of(visit, kind, visit.request.query_params.get("petition"))
            if petition is None and "petition" in visit.request.query_params:
                return _not_yours(visit)
            shown = {} if petition is None else filled_by(petition)
            today = str(local_day(visit.front.now()))
            entered = _chosen(visit, visit.form(FORMS[kind], **{"asked_on": today, **shown}))
            return _form_page(visit, kind, entered, petition)

        return work

    def take(self, kind: str) -> Work:
        def work(visit: Visit) -> Response:
            entered = _chosen(visit, visit.form(FORMS[kind]))
            petition = self._petition_of(visit, kind, entered.petition.data or None)
            if petition is None and entered.petition.data:
                return _not_yours(visit)
            if petition is not None:
                for name in FIXED & set(entered.data):
                    del entered[name]
            number = self._kept(visit, kind, entered, petition) if entered.validate() else None
            if entered.mistakes:
                return _form_page(visit, kind, entered, petition, status=_UNPROCESSABLE)
            if number is None:
                assert petition is not None, "over the counter that is a mistake at its field"
                return go(self._where_it_is(visit, petition))
            return go(f"{REQUESTS}/{number}")

        return work

    def show(self, visit: Visit) -> Response:
        number = number_in(visit)
        case = None if number is None else self.requests.case(visit.who.party, number)
        if case is None:
            return _not_yours(visit)
        shown = shown_request(case, visit.front.registry, now=visit.front.now())
        return visit.page("request.html", **shown)

    def petition(self, visit: Visit) -> Response:
        found, said = self._found(number_in(visit))
        if found is None:
            return _not_yours(visit)
        return _petition_page(visit, found, said, visit.form(DeclineForm))

    def decline(self, visit: Visit) -> Response:
        found, said = self._found(number_in(visit))
        if found is None:
            return _not_yours(visit)
        entered = visit.form(DeclineForm)
        if not entered.validate():
            return _petition_page(visit, found, said, entered, status=_UNPROCESSABLE)
        who, now = visit.who, visit.front.now()
        answer = entered.answer.data
        self.requests.decline(found.number, answer, party=who.party, by=who.name, now=now)
        return go(f"/petitions/{found.number}")

    def _where_it_is(self, visit: Visit, petition: Petition) -> str:
        """Return where a petition stands for who clicked twice, or comes after a colleague."""
        number, who = petition.number, visit.who
        made = self.requests.made_of(number, party=who.party, account=who.name)
        return f"/petitions/{number}" if made is None else f"{REQUESTS}/{made}"

    def _found(self, number: int | None) -> tuple[Petition | None, int | None]:
        return (None, None) if number is None else self.requests.find(number)

    def _petition_of(self, visit: Visit, kind: str, number: str | None) -> Petition | None:
        """Return the petition that a request is made of, if the visitor may make it."""
        is_number = number is not None and number.isascii() and number.isdecimal()
        if not is_number or len(number or "") > NUMBER_DIGITS_MAX or not is_window(visit):
            return None
        found, _ = self.requests.find(int(number or ""))
        return found if found is not None and found.kind == kind else None

    def _kept(self, visit: Visit, kind: str, entered: Any, petition: Petition | None) -> int | None:
        """Return the number of the new request; None with every reason at its field."""
        now, party, registry = visit.front.now(), visit.who.party, visit.front.registry
        told = _told(entered, petition)
        for field, said in subject_mistakes(
            category=told["subject_category"],
            uscc=told["subject_uscc"],
            number=told["subject_number"],
        ):
            _refuse(entered, f"subject_{field}", said)
        if entered.mistakes:
            return None
        body = body_of(
            KINDS[kind],
            told,
            seal=self.seal,
            registry=registry,
            today=local_day(now),
            is_of_site=petition is not None,
        )
        event, reasons = request_of(KINDS[kind], body, party=party, registry=registry, now=now)
        for reason in reasons:
            _refuse(entered, field_of(reason), f"{reason.rule}。{reason.remedy}。")
        if reasons:
            return None
        of_site = None if petition is None else petition.number
        act = act_of(event, account=visit.who.name, now=now, codec=self.codec, petition=of_site)
        number = self.requests.say(party, act)
        if number is None and petition is None:
            entered.refuse("number", _SAID)
        elif number is not None:
            self.publisher.wake()
        return number


def _told(entered: Any, petition: Petition | None) -> dict[str, Any]:
    """Return what was entered, and what the petition holds of it."""
    told = {
        field.name: field.day if isinstance(field, DayField) else field.data for field in entered
    }
    fixed: Mapping[str, Any] = {} if petition is None else filled_by(petition)
    return {**told, **{name: value for name, value in fixed.items() if name in FIXED}}


def _refuse(entered: Any, name: str, said: str) -> None:
    entered.refuse(name if name in entered else "number", said)


def _chosen(visit: Visit, entered: Any) -> Any:
    """Return the form with the choices that the registry gives today."""
    registry = visit.front.registry
    providers = {
        code: party.name
        for code, party in registry.parties.items()
        if party.publishes & RECORD_TYPES
    }
    types = {name: EVENT_TYPES[name].term for name in sorted(RECORD_TYPES)}
    entered.about_record_provider.choices = options({"": _NOBODY, **providers})
    entered.about_record_type.choices = options({"": _NOBODY, **types})
    return entered


def _form_page(
    visit: Visit,
    kind: str,
    entered: Any,
    petition: Petition | None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    registry, now = visit.front.registry, visit.front.now()
    return visit.page(
        "request_new.html",
        status=status,
        kind=KINDS[kind],
        form=entered,
        hidden=hidden_by(petition),
        petition=None if petition is None else shown_petition(petition, registry, now),
    )


def _petition_page(
    visit: Visit,
    found: Petition,
    said: int | None,
    entered: Any,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    is_open = found.state == RECEIVED and said is None and visit.who.may(*ANSWERING)
    return visit.page(
        "petition.html",
        status=status,
        petition=shown_petition(found, visit.front.registry, visit.front.now()),
        kind=KINDS[found.kind],
        said=said,
        form=entered if is_open else None,
    )
