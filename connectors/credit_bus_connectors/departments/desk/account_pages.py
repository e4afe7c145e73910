"""The pages of accounts: an administrator's for the own department, and one's own password."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response

from credit_bus_connectors.departments.desk.access import (
    ROLE_WORDS,
    Role,
    name_mistake,
    password_mistake,
)
from credit_bus_connectors.departments.desk.accounts import NameTakenError
from credit_bus_connectors.departments.desk.forms import (
    AccountForm,
    NewPasswordForm,
    PasswordForm,
)
from credit_bus_connectors.departments.desk.visits import (
    LOGIN,
    NOT_YOURS,
    SESSION,
    Front,
    Visit,
    form,
    go,
    number_in,
    page,
)
from credit_bus_connectors.web.forms import PageForm

ACCOUNTS = "/accounts"
OWN_PASSWORD = "/password"  # noqa: S105 - a path
_WRONG = "现在的密码不正确，或者账号已锁定。"
_NOT_SAME = "两次输入的新密码不一致。"
_TAKEN = "已有同名账号，请另取用户名。"
_OWN = "自己的密码请在“修改密码”页办理，要填写现在的密码。"
_UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def add_accounts(router: APIRouter, front: Front) -> None:
    """Add the routes."""
    page(router, front, ACCOUNTS, _listed, Role.ADMINISTRATOR)
    form(router, front, ACCOUNTS, _add, Role.ADMINISTRATOR)
    for word in ("disable", "enable"):
        form(router, front, f"{ACCOUNTS}/{{number}}/{word}", _switch, Role.ADMINISTRATOR)
    page(router, front, f"{ACCOUNTS}/{{number}}/password", _other, Role.ADMINISTRATOR)
    form(router, front, f"{ACCOUNTS}/{{number}}/password", _set_other, Role.ADMINISTRATOR)
    page(router, front, OWN_PASSWORD, _own)
    form(router, front, OWN_PASSWORD, _set_own)


def _listed(visit: Visit) -> Response:
    return _page(visit, visit.form(AccountForm))


def _add(visit: Visit) -> Response:
    entered = visit.form(AccountForm)
    if entered.validate():
        name, password = entered.account.data, entered.password.data
        _refuse(entered, "account", name_mistake(name))
        _refuse(entered, "password", password_mistake(password, name))
        if not entered.mistakes:
            roles = {Role(each) for each in entered.roles.data}
            who = visit.who
            try:
                visit.front.accounts.add(name, who.party, roles, password, by=who.name)
            except NameTakenError:
                entered.refuse("account", _TAKEN)
    if entered.mistakes:
        return _page(visit, entered, status=_UNPROCESSABLE)
    return go(ACCOUNTS)


def _switch(visit: Visit) -> Response:
    name = _name(visit)
    who, disabled = visit.who, visit.request.url.path.endswith("/disable")
    if name is None:
        return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
    if name == who.name:
        return visit.refused(_UNPROCESSABLE, "不能停用自己的账号，请由另一位管理员办理。")
    visit.front.accounts.set_disabled(name, disabled, party=who.party, by=who.name)
    return go(ACCOUNTS)


def _other(visit: Visit) -> Response:
    name = _name(visit)
    if name is None:
        return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
    if name == visit.who.name:
        return go(OWN_PASSWORD)
    return visit.page("password.html", form=visit.form(NewPasswordForm), name=name)


def _set_other(visit: Visit) -> Response:
    name, entered = _name(visit), visit.form(NewPasswordForm)
    if name is None:
        return visit.refused(HTTPStatus.NOT_FOUND, NOT_YOURS)
    if name == visit.who.name:  # whoever found a session open would have the account by it
        return visit.refused(_UNPROCESSABLE, _OWN)
    if entered.validate():
        _refuse(entered, "password", password_mistake(entered.password.data, name))
    if entered.mistakes:
        return visit.page("password.html", form=entered, name=name, status=_UNPROCESSABLE)
    who, password = visit.who, entered.password.data
    visit.front.accounts.set_password(name, password, party=who.party, by=who.name)
    return go(ACCOUNTS)


def _own(visit: Visit) -> Response:
    return visit.page("password.html", form=visit.form(PasswordForm), name="")


def _set_own(visit: Visit) -> Response:
    entered = visit.form(PasswordForm)
    if entered.validate():
        _judge_own(visit, entered)
    if entered.mistakes:
        return visit.page("password.html", form=entered, name="", status=_UNPROCESSABLE)
    who = visit.who
    visit.front.accounts.set_password(who.name, entered.password.data, party=who.party, by=who.name)
    visit.request.session.pop(SESSION)  # all of its sessions ended with the old password
    return go(LOGIN)


def _name(visit: Visit) -> str | None:
    """Return the name of the own department's account that the path numbers."""
    number = number_in(visit)
    return None if number is None else visit.front.accounts.named(visit.who.party, number)


def _judge_own(visit: Visit, entered: PasswordForm) -> None:
    name = visit.who.name
    _refuse(entered, "password", password_mistake(entered.password.data, name))
    if entered.password.data != entered.again.data:
        entered.refuse("again", _NOT_SAME)
    if not entered.mistakes and not visit.front.accounts.is_password(
        name, entered.current.data, now=visit.front.now()
    ):
        entered.refuse("current", _WRONG)


def _refuse(entered: PageForm, field: str, mistake: str | None) -> None:
    if mistake is not None:
        entered.refuse(field, mistake)


def _page(visit: Visit, entered: AccountForm, *, status: HTTPStatus = HTTPStatus.OK) -> Response:
    rows = [
        {
            "name": each.name,
            "number": each.number,
            "roles": "、".join(text for role, text in ROLE_WORDS.items() if role in each.roles),
            "is_disabled": each.is_disabled,
            "is_own": each.name == visit.who.name,
        }
        for each in visit.front.accounts.all(visit.who.party)
    ]
    return visit.page("accounts.html", accounts=rows, form=entered, status=status)
