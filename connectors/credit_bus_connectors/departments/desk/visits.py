"""Who asks: a request with its account, or a way to the login; forms with their token.

Knows FastAPI, sessions and accounts; knows no page.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from credit_bus.domain.calendar import local_day
from credit_bus.domain.registry import Registry
from credit_bus.logs import logger, told_of
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.desk.access import ROLE_WORDS, Account, Role
from credit_bus_connectors.departments.desk.accounts import Accounts
from credit_bus_connectors.web.forms import (
    FORGED,
    Fields,
    PageForm,
    UnreadableFormError,
    read_fields,
)
from credit_bus_connectors.web.sessions import SessionSettings

NUMBER_DIGITS_MAX = 18
SESSION = "sid"
LOGIN = "/login"
UNREACHABLE = "desk.unreachable"
NOT_YOURS = "没有这一页，或者您的账号不能查看。"
AWAY = "数据暂时无法读取，没有做任何处理，请稍后再试。"

log = logger()


Pages = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What every page needs.

    `pages` are those in the head, path and text, by the account; `home` is where a login leads.
    `allows` says whether an account may be here at all.
    """

    registry: Registry
    accounts: Accounts
    sessions: SessionSettings
    templates: Environment
    now: Callable[[], datetime]
    home: str
    pages: Callable[[Account, Registry], Pages]
    allows: Callable[[Account, Registry], bool]
    headers: Mapping[str, str] = field(default_factory=dict)  # of every page

    def account(self, secret: object) -> Account | None:
        """Return whose session this is; None for nobody's, and for who may not be here."""
        if not isinstance(secret, str):
            return None
        found = self.accounts.session(secret, now=self.now())
        return found if found is not None and self.allows(found, self.registry) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request; `account` is None before the login alone."""

    request: Request
    front: Front
    account: Account | None
    fields: Fields | None = None  # of a form that was sent

    @property
    def who(self) -> Account:
        """The account of somebody who is logged in."""
        assert self.account is not None, "the route asks for a login"
        return self.account

    def form(self, kind: "type[PageForm]", **shown: Any) -> Any:
        """Return the form: filled in with what came, or with `shown`."""
        key = self.front.sessions.csrf_key
        return kind.of(self.request, key, self.fields, shown=shown or None)

    def page(self, template: str, *, status: HTTPStatus = HTTPStatus.OK, **shown: Any) -> Response:
        """Return a page."""
        account = self.account
        text = self.front.templates.get_template(template).render(
            account=account,
            party="" if account is None else self.front.registry.parties[account.party].name,
            roles="" if account is None else _roles(account),
            may=_may(account),
            pages=[] if account is None else self.front.pages(account, self.front.registry),
            token=self.form(PageForm).csrf_token.current_token,
            here=self.request.url.path,
            today=local_day(self.front.now()),
            **shown,
        )
        return Response(
            text,
            status,
            media_type="text/html; charset=utf-8",
            headers={"cache-control": "no-store", **self.front.headers},
        )

    def refused(self, status: HTTPStatus, said: str) -> Response:
        """Return a page that says why nothing was done."""
        return self.page("refused.html", status=status, said=said)


Work = Callable[[Visit], Response]


def number_in(visit: Visit) -> int | None:
    """Return the number in the path; None when there is none that a table could hold."""
    text = visit.request.path_params["number"]
    is_number = text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS_MAX
    return int(text) if is_number else None


def go(path: str) -> Response:
    """Return the way to another page, after what was sent."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})


def open_page(router: APIRouter, front: Front, path: str, show: Work, take: Work) -> None:
    """Add a page for anybody, and what takes its form."""
    _add(router, front, path, "GET", show, roles=None)
    _add(router, front, path, "POST", take, roles=None)


def page(router: APIRouter, front: Front, path: str, show: Work, *roles: Role) -> None:
    """Add a page for who is logged in, with one of the roles if any are named."""
    _add(router, front, path, "GET", show, roles=roles)


def form(router: APIRouter, front: Front, path: str, take: Work, *roles: Role) -> None:
    """Add what takes a form from who is logged in, with one of the roles if any are named."""
    _add(router, front, path, "POST", take, roles=roles)


def _add(
    router: APIRouter,
    front: Front,
    path: str,
    method: str,
    work: Work,
    *,
    roles: "tuple[Role, ...] | None",
) -> None:
    async def endpoint(request: Request) -> Response:
        fields = None
        if method == "POST":
            try:
                fields = await read_fields(request)
            except UnreadableFormError as error:
                return _visit(request, front, None).refused(error.status, FORGED)
        # Database and hashing block: off the event loop.
        return await run_in_threadpool(_worked, front, request, fields, work, roles)

    router.add_api_route(
        path, endpoint, methods=[method], response_model=None, include_in_schema=False
    )


def _worked(
    front: Front,
    request: Request,
    fields: Fields | None,
    work: Work,
    roles: "tuple[Role, ...] | None",
) -> Response:
    try:
        account = front.account(request.session.get(SESSION))
        if roles is not None and account is None:
            return go(LOGIN)
        visit = Visit(request=request, front=front, account=account, fields=fields)
        if fields is not None and visit.form(PageForm).is_forged():
            return visit.refused(HTTPStatus.FORBIDDEN, FORGED)
        if roles and account is not None and not account.may(*roles):
            return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
        return work(visit)
    except UnreachableError as error:
        log.warning(UNREACHABLE, **told_of(error))
        return _visit(request, front, None).refused(HTTPStatus.SERVICE_UNAVAILABLE, AWAY)


def _visit(request: Request, front: Front, account: Account | None) -> Visit:
    return Visit(request=request, front=front, account=account)


def _roles(account: Account) -> str:
    return "、".join(text for role, text in ROLE_WORDS.items() if role in account.roles)


def _may(account: Account | None) -> dict[str, bool]:
    return {role.value: account is not None and account.may(role) for role in Role}
