"""The process and its accounts by their commands."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.integration.desk.rig import PASSWORD

from credit_bus_deploy import ports, ready
from credit_bus_deploy.table import web_url

SECONDS_MAX = 60.0


def users(database: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command about accounts."""
    return subprocess.run(
        [sys.executable, "-m", "credit_bus_deploy", "desk-users", *arguments],
        env={**os.environ, "CREDIT_BUS_DATABASE": database},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


def added(database: str, name: str = "li.si", password: str = PASSWORD) -> str:
    """Make an account of finance; return what the command says."""
    told = users(
        database, "add", name, "--party", "finance", "--role", "clerk", "--password", password
    )
    return told.stdout + told.stderr


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_the_first_account_is_made_by_command_and_logs_in(
    page: Page, database: str, tmp_path: Path
) -> None:
    assert "account li.si of finance is made" in added(database)
    secret = tmp_path / "sessions"
    secret.write_text("5a" * 32)
    identities = tmp_path / "identities"
    identities.write_text("73" * 32)
    port, log = ports.free_port(), tmp_path / "desk.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "credit_bus_deploy", "desk", "--port", str(port)),
                *("--broker", "127.0.0.1:1", "--database", database),
                *("--sessions-secret-file", str(secret)),
                *("--secret-file", str(identities)),
            ],
            stdout=stream,
            stderr=stream,
        )
    try:
        ready.wait_for_web(web_url(port), wait_seconds_max=SECONDS_MAX, log=log)
        told = httpx.get(web_url(port) + "/health/ready", trust_env=False)
        page.goto(web_url(port))
        page.get_by_label("用户名").fill("li.si")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()

        assert {"ready": True, "waiting": []} == told.json()
        expect(page.get_by_text("甘州区财政局")).to_be_visible()
        process.terminate()
        assert 0 == process.wait(SECONDS_MAX)
    finally:
        process.kill()
    assert PASSWORD not in log.read_text()
    assert "li.si" not in log.read_text()


def test_accounts_are_listed_disabled_and_given_new_passwords(database: str) -> None:
    added(database)

    assert "li.si  finance  clerk  enabled" in users(database, "list").stdout
    assert 0 == users(database, "disable", "li.si").returncode
    assert "disabled" in users(database, "list", "--party", "finance").stdout
    assert 0 == users(database, "password", "li.si", "--password", PASSWORD + "新").returncode
    assert 2 == users(database, "disable", "nobody").returncode


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("li.si", "short", "12"),
        ("li.si", "a" * 20, "重复"),
        ("li.si", "my-li.si-password", "用户名"),
        ("Li Si", PASSWORD, "小写字母"),
    ],
)
def test_a_bad_name_or_password_is_refused(
    database: str, name: str, password: str, says: str
) -> None:
    assert says in added(database, name, password)


def test_a_name_is_given_once(database: str) -> None:
    added(database)

    assert "there is an account li.si" in added(database)


def test_a_database_without_the_schema_is_one_sentence(database: str, tmp_path: Path) -> None:
    secret = tmp_path / "sessions"
    secret.write_text("5a" * 32)
    identities = tmp_path / "identities"
    identities.write_text("73" * 32)
    told = subprocess.run(
        [
            *(sys.executable, "-m", "credit_bus_deploy", "desk", "--broker", "127.0.0.1:1"),
            *("--database", database, "--sessions-secret-file", str(secret)),
            *("--secret-file", str(identities)),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )

    assert 2 == told.returncode
    assert "run `credit-bus database apply`" in told.stderr
