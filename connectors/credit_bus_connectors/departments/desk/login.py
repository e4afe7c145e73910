"""Login and logout. What is wrong is told in one way, whoever it was and whatever it is."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus_connectors.departments.desk.access import FAILED_MAX, LOCKED_FOR
from credit_bus_connectors.departments.desk.forms import LoginForm
from credit_bus_connectors.departments.desk.visits import (
    LOGIN,
    SESSION,
    Front,
    Visit,
    form,
    go,
    open_page,
)

WRONG = (
    f"用户名或者密码不正确，或者账号已停用、已锁定。连续 {FAILED_MAX} 次不正确的，"
    f"锁定 {LOCKED_FOR.seconds // 60} 分钟；忘记密码的，请联系本单位管理员。"
)


def add_login(router: APIRouter, front: Front) -> None:
    """Add the routes."""

    def show(visit: Visit) -> Response:
        if visit.account is not None:
            return go(front.home)
        return visit.page("login.html", form=visit.form(LoginForm), wrong="")

    def take(visit: Visit) -> Response:
        entered = visit.form(LoginForm)
        if not entered.validate():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return visit.page("login.html", form=entered, wrong="", status=status)
        secret = front.accounts.log_in(entered.account.data, entered.password.data, now=front.now())
        if secret is None or front.account(secret) is None:
            status = HTTPStatus.UNAUTHORIZED
            return visit.page("login.html", form=entered, wrong=WRONG, status=status)
        session = visit.request.session
        session.clear()  # nothing that was there before the login means anything after it
        session[SESSION] = secret
        return go(front.home)

    def leave(visit: Visit) -> Response:
        front.accounts.log_out(visit.request.session[SESSION])
        visit.request.session.clear()
        return go(LOGIN)

    open_page(router, front, LOGIN, show, take)
    form(router, front, "/logout", leave)
