"""Forms and sessions of pages: what is forged, too large or not ours is refused."""

from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient

from credit_bus_connectors.web.forms import (
    BODY_BYTES_MAX,
    FIELDS_MAX,
    MISSING,
    DayField,
    PageForm,
    UnreadableFormError,
    line,
    one_of,
    read_fields,
    some_of,
    text,
)
from credit_bus_connectors.web.pages import environment
from credit_bus_connectors.web.sessions import SessionSettings, add_sessions

SECRET = bytes(range(32))
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Word(PageForm):
    """A form of each kind of field."""

    name = line("名称", characters_max=5)
    story = text("说明", required=False)
    day = DayField("日期", required=False)
    choice = one_of("决定", {"yes": "同意", "no": "不同意"})
    some = some_of("若干", {"a": "甲", "b": "乙"})


def settings(**changes: Any) -> SessionSettings:
    return SessionSettings(**{"name": "test", "secret": SECRET, "seconds_max": 60, **changes})


def application(own: SessionSettings) -> FastAPI:
    app = FastAPI()
    add_sessions(app, own)

    @app.get("/")
    async def new(request: Request) -> dict[str, str]:
        return {"token": Word.of(request, own.csrf_key).csrf_token.current_token}

    @app.post("/")
    async def take(request: Request) -> JSONResponse:
        try:
            fields = await read_fields(request)
        except UnreadableFormError as error:
            return JSONResponse({}, error.status)
        form = Word.of(request, own.csrf_key, fields)
        if form.is_forged():
            return JSONResponse({}, 403)
        good = form.validate()
        return JSONResponse({"good": good, "mistakes": form.mistakes, "name": form.name.data})

    return app


@pytest.fixture
def client() -> TestClient:
    return TestClient(application(settings()), base_url="https://desk")


def test_a_form_without_its_session_s_token_is_forged(client):
    token = client.get("/").json()["token"]
    other = TestClient(application(settings()), base_url="https://desk")

    assert 403 == client.post("/", data={"name": "甲"}).status_code
    assert 403 == client.post("/", data={"name": "甲", "csrf_token": "x##y"}).status_code
    assert 403 == other.post("/", data={"name": "甲", "csrf_token": token}).status_code
    assert 200 == client.post("/", data={"name": "甲", "csrf_token": token}).status_code


def test_each_mistake_stands_at_its_field_in_chinese(client):
    token = client.get("/").json()["token"]

    told = client.post(
        "/",
        data={
            "csrf_token": token,
            "name": "一二三四五六",
            "day": "20260301",
            "choice": "maybe",
            "some": ["a", "丙"],
        },
    ).json()

    assert ["name", "day", "choice", "some"] == [name for name, _, _ in told["mistakes"]]
    assert told["mistakes"][0][2] == "不能超过 5 字。"
    assert not any("a" <= letter <= "z" for _, _, said in told["mistakes"] for letter in said)


def test_of_boxes_one_is_enough_and_none_is_a_mistake(client):
    token = client.get("/").json()["token"]
    given = {"csrf_token": token, "name": "甲", "choice": "no"}

    assert client.post("/", data={**given, "some": "b"}).json()["good"]
    assert [["some", "若干", MISSING]] == client.post("/", data=given).json()["mistakes"]


@pytest.mark.parametrize(("blank"), ["", "   ", "\r\n"])
def test_blanks_alone_say_nothing(client, blank):
    token = client.get("/").json()["token"]

    told = client.post(
        "/", data={"csrf_token": token, "name": blank, "choice": "no", "some": "a"}
    ).json()

    assert [["name", "名称", MISSING]] == told["mistakes"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {"content-type": "application/json"}, 415),
        (b"", {}, 415),
        (b"a=" + b"b" * BODY_BYTES_MAX, FORM, 413),
        (b"&".join([b"a=1"] * (FIELDS_MAX + 1)), FORM, 400),
        (b"name=%ff%fe", FORM, 400),
        ("name=甲".encode(), FORM, 400),
        (b"name=a%00b", FORM, 400),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(client, body, headers, status):
    assert status == client.post("/", content=body, headers=headers).status_code


def test_the_cookie_is_for_this_host_alone_and_no_script(client):
    cookie = client.get("/").headers["set-cookie"]

    assert cookie.startswith("__Host-test=")
    for word in ("secure", "httponly", "samesite=strict", "path=/", "Max-Age=60"):
        assert word in cookie
    assert "domain" not in cookie


def test_a_cookie_of_another_key_is_nobody_s(client):
    client.get("/")
    [(name, value)] = client.cookies.items()
    other = TestClient(application(settings(secret=bytes(32))), base_url="https://desk")

    token = other.get("/", headers={"cookie": f"{name}={value}"}).json()["token"]
    sent = {"name": "甲", "csrf_token": token}

    assert 403 == client.post("/", data=sent).status_code


def test_purposes_and_processes_share_no_key_and_a_short_secret_is_refused():
    keys = {settings(name=name).key(each) for name in ("desk", "site") for each in ("a", "b")}

    assert 4 == len(keys)
    with pytest.raises(ValueError, match="at least 32"):
        settings(secret=b"short")
    assert "secret" not in repr(settings())


def test_what_was_entered_is_shown_as_text_with_its_mistake_told_beside_it(client):
    request = Request({"type": "http", "session": {}})
    fields = {"name": '"><script>alert(1)</script>', "choice": "yes"}
    form = Word.of(request, SECRET, None, shown=fields)
    form.refuse("name", "<b>不对</b>")
    template = environment().from_string(
        '{% import "form_parts.html" as parts %}{{ parts.mistakes(form) }}'
        "{{ parts.token(form) }}{{ parts.row(form.name) }}{{ parts.choices(form.choice) }}"
    )

    shown = template.render(form=form)

    assert "<script>" not in shown
    assert "<b>" not in shown
    assert 'aria-describedby="name-mistake1"' in shown
    assert 'aria-invalid="true"' in shown
    assert 2 == shown.count('type="radio"')
