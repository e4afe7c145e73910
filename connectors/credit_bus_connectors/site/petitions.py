"""Petitions of the public: the form, its receipt, and how it stands.

Knows the forms and the store. A petition marks and suspends nothing: the window looks at who hands
it in, and only what it accepts is said to the bus. The receipt number stands in no address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from credit_bus.domain.calendar import SHANGHAI
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
)
from credit_bus_connectors.platforms.postgres import statement
from credit_bus_connectors.platforms.public_record import PublicRecord
from credit_bus_connectors.platforms.public_site import SCHEMA
from credit_bus_connectors.site import shown
from credit_bus_connectors.site.allowance import Allowance
from credit_bus_connectors.site.pages import NOT_FOUND, REPAIRABLE, Pages, publication_of
from credit_bus_connectors.site.petition_forms import ObjectionForm, PetitionForm, RepairForm
from credit_bus_connectors.site.receipt import digest_of, receipt_of
from credit_bus_connectors.site.store import Publication, Store
from credit_bus_connectors.web.forms import FORGED, Fields

RECEIVED = "site.petition-received"  # in the log, with its kind and nothing else
FULL = "site.petitions-full"

TOO_MANY = "目前提交的人较多，请过一小时再提交，或者到甘州区政务服务中心窗口办理。"
NO_RECEIPT = "没有这个回执编号，请核对后再输入。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of petition."""

    name: str
    heading: str
    form: type[PetitionForm]
    about: frozenset[str]  # the kinds of records that it may be about


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "objection": Kind(
            name="objection",
            heading="异议申请",
            form=ObjectionForm,
            about=frozenset({LICENCE_GRANTED, PENALTY_DECIDED, LISTING_ENTERED, DEFAULTER_LISTED}),
        ),
        "repair": Kind(
            name="repair",
            heading="信用修复申请",
            form=RepairForm,
            about=REPAIRABLE,
        ),
    }
)
STATES: Mapping[str, str] = MappingProxyType(
    {
        "received": "已收到，等待窗口核对身份并决定是否受理",
        "accepted": "已受理，已转交有关单位处理",
        "taken_in": "认定单位已受理修复申请，正在审查",
        "upheld": "已处理：异议成立",
        "dismissed": "已处理：异议不成立",
        "granted": "已处理：准予修复",
        "refused": "已处理：不予修复",
        "not_accepted": "不予受理",
    }
)


def petitions_router(pages: Pages, *, csrf_key: bytes, allowance: Allowance) -> APIRouter:
    """Return the routes of forms, receipts and states."""
    router = APIRouter(include_in_schema=False)

    @router.get("/petitions")
    def ask() -> Response:
        return pages.page("petition_state.html", problem="", found=None)

    @router.post("/petitions")
    async def state(request: Request) -> Response:
        return await pages.posted(request, lambda told: _state(pages, told.get("receipt", "")))

    for kind in KINDS.values():
        _add_kind(router, pages, kind, csrf_key, allowance)
    return router


def _add_kind(
    router: APIRouter, pages: Pages, kind: Kind, csrf_key: bytes, allowance: Allowance
) -> None:
    path = f"/records/{{record_id}}/{kind.name}"

    @router.get(path)
    def new(request: Request, record_id: str) -> Response:
        return pages.answer(lambda: _new(pages, kind, record_id, kind.form.of(request, csrf_key)))

    @router.post(path)
    async def take(request: Request, record_id: str) -> Response:
        def taken(fields: Fields) -> Response:
            form = kind.form.of(request, csrf_key, fields)
            return _taken(pages, kind, record_id, form, allowance)

        return await pages.posted(request, taken)


def _new(pages: Pages, kind: Kind, record_id: str, form: PetitionForm) -> Response:
    found = _petitionable(pages, kind, record_id)
    if found is None:
        return pages.problem(HTTPStatus.NOT_FOUND, NOT_FOUND)
    form.renew()
    return _form_page(pages, kind, found, form)


def _taken(
    pages: Pages, kind: Kind, record_id: str, form: PetitionForm, allowance: Allowance
) -> Response:
    site = pages.site
    found = _petitionable(pages, kind, record_id)
    if found is None:
        return pages.problem(HTTPStatus.NOT_FOUND, NOT_FOUND)
    form.today = site.today
    form.renew()
    if form.is_forged():
        return _form_page(pages, kind, found, form, HTTPStatus.FORBIDDEN, FORGED)
    if not form.validate():
        return _form_page(pages, kind, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if not allowance.take(site.now()):
        site.log.warning(FULL, kind=kind.name)
        return _form_page(pages, kind, found, form, HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY)
    receipt = receipt_of(form.token.data)
    store_petition(site.store, kind, found, receipt=receipt, told=form.told())
    site.log.info(RECEIVED, kind=kind.name)
    return pages.page("petition_receipt.html", receipt=receipt, kind=kind)


def _petitionable(pages: Pages, kind: Kind, record_id: str) -> Publication | None:
    found = publication_of(pages.site, record_id)
    if found is None or found.record is None or found.record.kind not in kind.about:
        return None
    return found


def _form_page(
    pages: Pages,
    kind: Kind,
    found: Publication,
    form: PetitionForm,
    status: HTTPStatus = HTTPStatus.OK,
    problem: str = "",
) -> Response:
    row = shown.row_of(found, pages.site.registry)
    return pages.page("petition.html", status, kind=kind, row=row, form=form, problem=problem)


def store_petition(
    store: Store, kind: Kind, found: Publication, *, receipt: str, told: Mapping[str, Any]
) -> None:
    """Keep a petition about what is shown, once for each receipt. Raises UnreadableError."""
    record: PublicRecord | None = found.record
    assert record is not None, "a petition is about what is shown"
    row = {
        **told,
        "receipt_digest": digest_of(receipt),
        "kind": kind.name,
        "document_key": bytes.fromhex(found.id),
        "revision": found.revision,
        "provider": record.provider,
        "record_type": record.kind,
        "document_number": record.document_number,
        "subject_name": record.name,
        "category": record.category,
        "uscc": record.uscc,
    }
    with store.connection() as connection:
        connection.execute(statement(SCHEMA, "store_petition.sql"), row)


def _state(pages: Pages, entered: str) -> Response:
    digest = digest_of(entered)
    found = None if digest is None else pages.site.store.petition(digest)
    if found is None:
        status = HTTPStatus.NOT_FOUND
        return pages.page("petition_state.html", status, problem=NO_RECEIPT, found=None)
    told = {
        "heading": KINDS[found["kind"]].heading,
        "state": STATES[found["state"]],
        "received_at": _moment(found["received_at"]),
        "answered_at": _moment(found["answered_at"]),
        "answer": found["answer"] or "",
    }
    return pages.page("petition_state.html", problem="", found=told)


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
