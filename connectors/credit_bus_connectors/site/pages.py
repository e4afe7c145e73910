"""The pages of the site: home and search, lists, a subject, a record, what the law says.

Knows templates and the store; what is shown is decided by the day of the request in Shanghai.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from credit_bus.domain.calendar import local_day
from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LICENCE_GRANTED,
    LISTING_ENTERED,
    PENALTY_DECIDED,
    REPUTATION_RESTORED,
)
from credit_bus.domain.identifiers import check_uscc
from credit_bus.domain.registry import Registry
from credit_bus.logs import told_of
from credit_bus_connectors.site import shown
from credit_bus_connectors.site.lookup import Code, Name, Refused, looked_for
from credit_bus_connectors.site.store import PAGES_MAX, Page, Publication, Store, UnreadableError
from credit_bus_connectors.web.forms import Fields, UnreadableFormError, read_fields
from credit_bus_connectors.web.pages import environment

UNREADABLE = "site.unreadable"
NOT_FOUND = "没有这条公示信息，或者它已经停止公示。"
AWAY = "公示信息暂时无法读取，请稍后再试。"
NO_SUCH_ADDRESS = "没有这个地址。"
UNREADABLE_FORM = "表单无法识别，没有做任何处理。请重新打开页面再提交。"
NO_SUCH_PAGE = f"没有这一页：页码从1到{PAGES_MAX}。"

_ID = re.compile(r"[0-9a-f]{32}")
_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A page of lists: its address, its heading, the kinds it shows and what it says of them."""

    heading: str
    lead: str
    kinds: tuple[str, ...]


REPAIRABLE = frozenset({PENALTY_DECIDED, LISTING_ENTERED})

SECTIONS: Mapping[str, Section] = MappingProxyType(
    {
        "licences": Section(
            heading="行政许可",
            lead="行政许可决定自作出之日起7个工作日内公示，有效期届满后自动停止公示。",
            kinds=(LICENCE_GRANTED,),
        ),
        "penalties": Section(
            heading="行政处罚",
            lead="公示期届满、信用修复或者决定被撤销的，停止公示。自然人的行政处罚不在本站公示。",
            kinds=(PENALTY_DECIDED,),
        ),
        "lists": Section(
            heading="名单",
            lead="每一条都列明依据文书和期限；期限届满或者移出的，自动停止公示。",
            kinds=(LISTING_ENTERED, DEFAULTER_LISTED),
        ),
        "restorations": Section(
            heading="恢复信誉说明",
            lead="此前的信息有误的，由作出的单位在此公开说明。",
            kinds=(REPUTATION_RESTORED,),
        ),
    }
)

_PageNumber = Annotated[str, Query(alias="page")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the pages need."""

    store: Store
    registry: Registry
    now: Callable[[], datetime]
    log: Any

    @property
    def today(self) -> date:
        """The local day of the request."""
        return local_day(self.now())


class Pages:
    """Renders pages; markup from elsewhere is shown as text."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._templates = environment(_TEMPLATES)
        self._templates.globals["sections"] = SECTIONS

    def page(self, template: str, status: HTTPStatus = HTTPStatus.OK, **told: Any) -> Response:
        """Return a page as an answer that nobody keeps: what is ended is gone at the next look."""
        text = self._templates.get_template(template).render({"here": "", **told})
        headers = {"cache-control": "no-store"}
        return Response(text, status, headers, media_type="text/html; charset=utf-8")

    def problem(self, status: HTTPStatus, text: str) -> Response:
        """Return a page that says in a sentence why there is nothing."""
        return self.page("problem.html", status, text=text)

    def answer(self, make: Callable[[], Response]) -> Response:
        """Return what the function makes, or a page that says that the database is away."""
        try:
            return make()
        except UnreadableError as error:
            self.site.log.error(UNREADABLE, **told_of(error.__cause__ or error))
            return self.problem(HTTPStatus.SERVICE_UNAVAILABLE, AWAY)

    async def posted(self, request: Request, make: Callable[[Fields], Response]) -> Response:
        """Return what the function makes of the form that was sent, off the event loop."""
        try:
            fields = await read_fields(request)
        except UnreadableFormError as error:
            return self.problem(error.status, UNREADABLE_FORM)
        return await run_in_threadpool(self.answer, partial(make, fields))


def missing_router(pages: Pages) -> APIRouter:
    """Return the route of every other address: it comes after all others."""
    router = APIRouter(include_in_schema=False)

    @router.get("/{path:path}")
    def missing() -> Response:
        return pages.problem(HTTPStatus.NOT_FOUND, NO_SUCH_ADDRESS)

    return router


def pages_router(pages: Pages) -> APIRouter:
    """Return the routes of the pages. Nothing that somebody looks for stands in an address, except
    the code of an organisation.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def home() -> Response:
        return pages.answer(lambda: _home(pages))

    @router.post("/search")
    async def search(request: Request) -> Response:
        return await pages.posted(request, lambda told: _searched(pages, told.get("q", "")))

    @router.get("/search")
    def search_again() -> Response:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)

    @router.get("/subjects/{uscc}")
    def subject(uscc: str, number: _PageNumber = "1") -> Response:
        return pages.answer(lambda: _subject(pages, uscc, number))

    @router.get("/records/{record_id}")
    def record(record_id: str) -> Response:
        return pages.answer(lambda: _record(pages, record_id))

    @router.get("/about")
    def about() -> Response:
        return pages.page("about.html")

    for address, section in SECTIONS.items():
        _add_section(router, pages, address, section)
    return router


def _add_section(router: APIRouter, pages: Pages, address: str, section: Section) -> None:
    @router.get(f"/{address}")
    def listed(
        number: _PageNumber = "1", title: Annotated[str, Query(alias="list")] = ""
    ) -> Response:
        return pages.answer(lambda: _section(pages, address, section, number, title))


def _home(pages: Pages, *, entered: str = "", problem: str = "") -> Response:
    site = pages.site
    kinds = site.store.kinds(site.today)
    counts = {
        address: sum(kinds.get(kind, 0) for kind in section.kinds)
        for address, section in SECTIONS.items()
    }
    status = HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK
    return pages.page("home.html", status, counts=counts, entered=entered, problem=problem)


def _searched(pages: Pages, entered: str) -> Response:
    match looked_for(entered):
        case Refused(why=why):
            return _home(pages, problem=why)
        case Code(uscc=uscc):
            return RedirectResponse(f"/subjects/{uscc}", HTTPStatus.SEE_OTHER)
        case Name(text=text):
            found, more = pages.site.store.named(text, pages.site.today)
            return pages.page("found.html", entered=text, found=found, more=more)


def _subject(pages: Pages, uscc: str, number: str) -> Response:
    site, page = pages.site, _page_number(number)
    if page is None:
        return pages.problem(HTTPStatus.BAD_REQUEST, NO_SUCH_PAGE)
    if check_uscc(uscc) is not None:
        return pages.problem(HTTPStatus.NOT_FOUND, "这不是有效的统一社会信用代码。")
    found = site.store.of_subject(uscc, site.today, page=page)
    rows = _rows(found, site.registry)
    name = rows[0].name if rows else None
    return pages.page("subject.html", uscc=uscc, name=name, rows=rows, page=found, query="")


def _section(pages: Pages, address: str, section: Section, number: str, title: str) -> Response:
    site, page = pages.site, _page_number(number)
    if page is None:
        return pages.problem(HTTPStatus.BAD_REQUEST, NO_SUCH_PAGE)
    public = {code: each.name for code, each in site.registry.lists.items() if each.public}
    lists = public if address == "lists" else {}
    chosen = title if title in lists else ""
    found = site.store.of_kinds(section.kinds, site.today, page=page, title=chosen or None)
    return pages.page(
        "section.html",
        here=address,
        section=section,
        lists=lists,
        chosen=chosen,
        rows=_rows(found, site.registry),
        page=found,
        query=f"list={chosen}&" if chosen else "",
    )


def _record(pages: Pages, record_id: str) -> Response:
    site = pages.site
    found = publication_of(site, record_id)
    if found is None or found.record is None:
        return pages.problem(HTTPStatus.NOT_FOUND, NOT_FOUND)
    return pages.page(
        "record.html",
        row=shown.row_of(found, site.registry),
        facts=shown.facts_of(found, site.registry),
        objectionable=found.record.kind != REPUTATION_RESTORED,
        repairable=found.record.kind in REPAIRABLE,
        deciding=shown.deciding_party(found.record, site.registry, site.today),
    )


def publication_of(site: Site, record_id: str) -> Publication | None:
    """Return what is shown today under that id; None for no such id. Raises UnreadableError."""
    return site.store.record(record_id, site.today) if _ID.fullmatch(record_id) else None


def _rows(page: Page, registry: Registry) -> list[shown.Row]:
    return [shown.row_of(each, registry) for each in page.found]


def _page_number(text: str) -> int | None:
    """Return the number of a page within its bounds, or None."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(PAGES_MAX))
    number = int(text) if is_number else 0
    return number if 1 <= number <= PAGES_MAX else None
