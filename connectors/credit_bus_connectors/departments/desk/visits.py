"""Who asks: a request with its account, or a way to the login; forms with their token.

Knows FastAPI, sessions and accounts; knows no page.
"""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
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
from credit_bus_connectors.departments.desk.accounts import HASHES_AT_ONCE_MAX, Accounts
from credit_bus_connectors.web.forms import (
    FORGED,
    Fields,
    PageForm,
    UnreadableFormError,
    read_fields,
)
from credit_bus_connectors.web.sessions import SessionSettings
from credit_bus_connectors.web.turns import Turns

NUMBER_DIGITS_MAX = 18
SESSION = "sid"
LOGIN = "/login"
REFRESH = "x-refresh"  # on what a page asks by itself
UNREACHABLE = "desk.unreachable"
NOT_YOURS = "没有这一页，或者您的账号不能查看。"
REFUSED = "没有处理"
AWAY = "数据暂时无法读取，请稍后再试。"
AWAY_SENT = "数据暂时无法读写，不能确定是否已经处理。请稍后重新打开页面核对，没有处理的再提交。"
AWAY_TITLE = "暂时无法读写"
BUSY = "现在登录的人太多，没有登录。请过一会儿再试。"
LOGINS_WAITING_MAX = 16  # beyond those that are looked at: whoever comes then is told so

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

    def account(self, secret: object, *, is_seen: bool = True) -> Account | None:
        """Return whose session this is; None for nobody's, and for who may not be here.

        Unless `is_seen` a script asks, and nobody has touched anything.
        """
        if not isinstance(secret, str):
            return None
        found = self.accounts.session(secret, now=self.now(), is_seen=is_seen)
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

    def refused(self, status: HTTPStatus, said: str, *, title: str = REFUSED) -> Response:
        """Return a page that says why nothing was done, or what is not known."""
        return self.page("refused.html", status=status, said=said, title=title)


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
    turns = Turns(at_once_max=HASHES_AT_ONCE_MAX, waiting_max=LOGINS_WAITING_MAX)
    _add(router, front, path, "POST", take, roles=None, turns=turns)


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
    turns: Turns | None = None,
) -> None:
    async def endpoint(request: Request) -> Response:
        fields = None
        if method == "POST":
            try:
                fields = await read_fields(request)
            except UnreadableFormError as error:
                return _visit(request, front, None).refused(error.status, FORGED)
        async with nullcontext(True) if turns is None else turns.taken() as is_ours:
            if not is_ours:
                return _visit(request, front, None).refused(HTTPStatus.SERVICE_UNAVAILABLE, BUSY)
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
        is_seen = REFRESH not in request.headers
        account = front.account(request.session.get(SESSION), is_seen=is_seen)
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
        said = AWAY if fields is None else AWAY_SENT
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return _visit(request, front, None).refused(status, said, title=AWAY_TITLE)


def _visit(request: Request, front: Front, account: Account | None) -> Visit:
    return Visit(request=request, front=front, account=account)


def _roles(account: Account) -> str:
    return "、".join(text for role, text in ROLE_WORDS.items() if role in account.roles)


def _may(account: Account | None) -> dict[str, bool]:
    return {role.value: account is not None and account.may(role) for role in Role}
