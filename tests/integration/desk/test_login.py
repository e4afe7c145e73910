"""Who comes in: the right password alone, a few attempts, a session that ends."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest
from playwright.sync_api import Page, expect
from tests.integration.desk.rig import PASSWORD, Office

from credit_bus_connectors.departments.desk.access import FAILED_MAX, Role
from credit_bus_connectors.departments.desk.database import ROLE, SCHEMA


@pytest.fixture(autouse=True)
def _account(office: Office) -> None:
    office.add("li.si", Role.CLERK)


def test_a_wrong_password_tells_nothing_and_a_right_one_opens_the_tasks(
    page: Page, office: Office
) -> None:
    office.log_in(page, "li.si", "not the password")
    wrong = page.get_by_role("alert").inner_text()
    office.log_in(page, "nobody.here")

    assert wrong == page.get_by_role("alert").inner_text()

    office.log_in(page, "li.si")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    page.goto(office.url + "/tasks")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_after_the_last_attempt_the_right_password_is_refused_too_until_the_time_is_over(
    office: Office,
) -> None:
    accounts, now = office.desk.accounts, datetime.now(UTC)
    for _ in range(FAILED_MAX):
        assert accounts.log_in("li.si", "wrong", now=now) is None

    assert accounts.log_in("li.si", PASSWORD, now=now) is None
    assert accounts.log_in("li.si", PASSWORD, now=now + timedelta(minutes=14)) is None
    assert accounts.log_in("li.si", PASSWORD, now=now + timedelta(minutes=15)) is not None


def test_a_session_ends_when_idle_after_a_day_and_with_its_account(office: Office) -> None:
    accounts, now = office.desk.accounts, datetime.now(UTC)
    secret = accounts.log_in("li.si", PASSWORD, now=now)
    assert secret is not None

    assert accounts.session(secret, now=now + timedelta(minutes=29)) is not None
    assert accounts.session(secret, now=now + timedelta(minutes=60)) is None

    secret = accounts.log_in("li.si", PASSWORD, now=now)
    assert secret is not None
    for minutes in (10, 20, 29):
        at = now + timedelta(minutes=minutes)
        assert accounts.session(secret, now=at, is_seen=False) is not None
    assert accounts.session(secret, now=now + timedelta(minutes=31), is_seen=False) is None

    secret = accounts.log_in("li.si", PASSWORD, now=now)
    assert secret is not None
    for minutes in range(0, 600, 20):
        assert accounts.session(secret, now=now + timedelta(minutes=minutes)) is not None
    assert accounts.session(secret, now=now + timedelta(minutes=600)) is None

    secret = accounts.log_in("li.si", PASSWORD, now=now)
    assert secret is not None
    assert accounts.set_disabled("li.si", True, party=office.party, by="test")
    assert accounts.session(secret, now=now) is None
    assert accounts.log_in("li.si", PASSWORD, now=now) is None


def test_nobody_of_another_department_changes_an_account(office: Office) -> None:
    assert not office.desk.accounts.set_disabled("li.si", True, party="finance", by="test")
    assert not office.desk.accounts.set_password("li.si", "x" * 20, party="finance", by="test")


def test_a_form_without_its_token_is_refused_and_does_nothing(office: Office) -> None:
    given = {"account": "li.si", "password": PASSWORD}
    told = httpx.post(office.url + "/login", data=given, trust_env=False)

    assert 403 == told.status_code
    assert "没有做任何处理" in told.text
    assert "set-cookie" not in told.headers or "sid" not in told.headers["set-cookie"]


def test_every_page_but_the_login_asks_for_it_and_none_is_kept_by_a_browser(
    office: Office,
) -> None:
    for path in ("/", "/tasks", "/tasks/respond:x", "/tasks?done=1"):
        told = httpx.get(office.url + path, trust_env=False)
        assert (303, "/login") == (told.status_code, told.headers["location"]), path
    told = httpx.get(office.url + "/login", trust_env=False)

    assert "no-store" == told.headers["cache-control"]
    assert "default-src 'none'" in told.headers["content-security-policy"]
    assert not re.search(r"<script|https?://", told.text)


def test_the_cookie_holds_random_words_alone_and_the_database_only_their_digest(
    page: Page, office: Office, database: str
) -> None:
    office.log_in(page, "li.si")
    [cookie] = page.context.cookies()

    assert (True, True, "Strict") == (cookie["httpOnly"], cookie["secure"], cookie["sameSite"])
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT encode(digest, 'hex') FROM desk.session").fetchall()
        passwords = connection.execute("SELECT password FROM desk.account").fetchall()
    assert 1 == len(rows)
    assert all(row[0].startswith("$argon2id$") for row in passwords)


@pytest.mark.parametrize(
    "forbidden",
    [
        "DELETE FROM desk.account",
        "UPDATE desk.act SET account = 'x'",
        "DELETE FROM desk.act",
        "UPDATE desk.heard SET body = '{}'",
        "DELETE FROM desk.statement",
        "CREATE TABLE desk.other (n integer)",
    ],
)
def test_the_process_s_role_may_do_what_it_must_and_no_more(
    office: Office, database: str, forbidden: str
) -> None:
    with (
        psycopg.connect(database, options=f"-c role={ROLE}") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(forbidden)

    assert SCHEMA == "desk"
