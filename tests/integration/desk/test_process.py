"""The process and its accounts by their commands."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.integration.desk.rig import PASSWORD, eventually

from credit_bus_deploy import ports
from credit_bus_deploy.database import apply_database
from credit_bus_deploy.table import web_url

SECONDS_MAX = 60.0
BOTH_AWAY_SECONDS = 5.0  # in which both threads try more than once


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


@contextmanager
def desk_process(
    broker: str, database: str, folder: Path
) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Yield the address of a desk's process that answers, and the process."""
    port, log = ports.free_port(), folder / "desk.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "credit_bus_deploy", "desk", "--port", str(port)),
                *("--broker", broker, "--database", database, *secrets_in(folder)),
            ],
            stdout=stream,
            stderr=stream,
        )
    try:
        eventually(partial(ports.answers, "127.0.0.1", port), SECONDS_MAX)
        yield web_url(port), process
    finally:
        process.kill()
        process.wait()


def secrets_in(folder: Path) -> list[str]:
    """The options that name the secrets of a desk."""
    options = []
    for option, text in (("--sessions-secret-file", "5a"), ("--secret-file", "73")):
        (folder / text).write_text(text * 32)
        options += [option, str(folder / text)]
    return options


def waiting(url: str) -> list[str]:
    """What the process says it waits for."""
    told = httpx.get(url + "/health/ready", trust_env=False, timeout=SECONDS_MAX)
    assert (200 if told.json()["ready"] else 503) == told.status_code
    found: list[str] = told.json()["waiting"]
    return found


@pytest.mark.broker
@pytest.mark.parametrize("page", [1280], indirect=True)
def test_the_first_account_is_made_by_command_and_logs_in(
    page: Page, broker: str, database: str, tmp_path: Path
) -> None:
    apply_database(database)
    assert "account li.si of finance is made" in added(database)
    with desk_process(broker, database, tmp_path) as (url, process):
        eventually(lambda: [] == waiting(url), SECONDS_MAX)
        page.goto(url)
        page.get_by_label("用户名").fill("li.si")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()

        expect(page.get_by_text("甘州区财政局")).to_be_visible()
        process.terminate()
        assert 0 == process.wait(SECONDS_MAX)
    log = (tmp_path / "desk.log").read_text()
    assert PASSWORD not in log
    assert "li.si" not in log


def test_without_a_broker_or_a_database_a_desk_is_not_ready(database: str, tmp_path: Path) -> None:
    added(database)
    with desk_process("127.0.0.1:1", database, tmp_path) as (url, _):
        eventually(lambda: ["follower"] == waiting(url), SECONDS_MAX)
    with desk_process("127.0.0.1:1", "postgresql://127.0.0.1:1/none", tmp_path) as (url, _):
        assert ["follower", "publisher"] == waiting(url)
        time.sleep(BOTH_AWAY_SECONDS)
        assert ["follower", "publisher"] == waiting(url)
        assert 200 == httpx.get(url + "/health/live", trust_env=False).status_code


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
    told = subprocess.run(
        [
            *(sys.executable, "-m", "credit_bus_deploy", "desk", "--broker", "127.0.0.1:1"),
            *("--database", database, *secrets_in(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )

    assert 2 == told.returncode
    assert "run `credit-bus database apply`" in told.stderr
