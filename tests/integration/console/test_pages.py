"""The console in a real browser: one look, the way down, what changes while one looks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import psycopg
import pytest
from playwright.sync_api import Page, expect
from tests import pace, samples
from tests.browser import enter, tab_to
from tests.integration.console.conftest import (
    GATE,
    Running,
    running_console,
    state,
    stuck,
)
from tests.integration.desk.rig import PASSWORD

from credit_bus.casework.owed import Owed
from credit_bus.domain.channels import inbox
from credit_bus.domain.registry import Role as PartyRole
from credit_bus.domain.time_rules import Obligation
from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import NOBODY
from credit_bus.reports.legal_time import LegalTime, Standing, legal_time
from credit_bus_connectors.console.pages import URGENT_SHOWN_MAX
from credit_bus_connectors.departments.desk.access import IDLE_MAX, Role
from credit_bus_connectors.monitor.database import CONSOLE_ROLE

LIVE_MILLISECONDS_MAX = 20_000
ANSWER_SECONDS_MAX = 0.2
OPEN = ("/", "/groups", "/due", "/canaries", "/alarms", "/quarantine", "/trace")
LIVE = (*OPEN[:-1], f"/groups/{GATE}", "/parties/finance", f"/trace/{'0' * 32}")
PAGES = (*OPEN, f"/groups/{GATE}", "/parties/finance", "/accounts", "/password")


def test_one_look_shows_what_is_late_for_whom_and_leads_down_to_the_partition(
    page: Page, running: Running
) -> None:
    running.sample(state("justice"), stuck("finance"), state("finance", 1))
    running.log_in(page)

    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    first = page.get_by_role("table").last.get_by_role("row").nth(1)
    expect(first).to_contain_text("甘州区财政局")
    expect(first).to_contain_text("停滞")
    expect(first).to_contain_text("6 分")
    page.get_by_role("link", name=GATE).first.click()
    expect(page.get_by_role("heading", name=GATE)).to_be_visible()
    expect(page.get_by_role("table").nth(1)).to_contain_text("42")
    expect(page.get_by_text("gate-1 /127.0.0.1").first).to_be_visible()


def test_what_changes_shows_without_a_reload_and_a_lost_connection_is_told(
    page: Page, running: Running
) -> None:
    running.sample(state("finance"))
    running.log_in(page)
    expect(page.get_by_text("需要查看的积压")).to_have_count(0)
    page.evaluate("window.isTheSame = true")
    running.sample(stuck("finance"))

    expect(page.get_by_role("heading", name="需要查看的积压")).to_be_visible(
        timeout=LIVE_MILLISECONDS_MAX
    )
    assert page.evaluate("window.isTheSame")
    page.context.set_offline(True)
    expect(page.get_by_text("连接中断")).to_be_visible(timeout=LIVE_MILLISECONDS_MAX)
    page.context.set_offline(False)
    expect(page.get_by_text("自动更新")).to_be_visible(timeout=LIVE_MILLISECONDS_MAX)


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_link_with_the_focus_keeps_it_through_what_is_new(page: Page, running: Running) -> None:
    running.sample(state("justice"), stuck("finance"))
    running.log_in(page)
    link = page.get_by_role("link", name="甘州区财政局")
    link.focus()
    running.sample(state("finance"), stuck("justice"))

    first = page.get_by_role("table").last.get_by_role("row").nth(1)
    expect(first).to_contain_text("甘州区司法局", timeout=LIVE_MILLISECONDS_MAX)
    expect(link).to_be_focused()
    expect(page.get_by_text("自动更新")).to_be_visible()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_who_fills_in_or_marks_something_is_told_that_the_page_rests(
    page: Page, running: Running
) -> None:
    running.log_in(page)
    page.goto(running.url + "/quarantine")
    rests, goes_on = page.get_by_text("已暂停更新"), page.get_by_text("自动更新")
    page.get_by_label("理由代码").fill("text-")
    page.get_by_label("理由代码").blur()
    expect(rests).to_be_visible(timeout=LIVE_MILLISECONDS_MAX)
    page.get_by_label("理由代码").fill("")
    expect(rests).to_be_visible()
    page.get_by_label("理由代码").blur()
    expect(goes_on).to_be_visible(timeout=LIVE_MILLISECONDS_MAX)
    page.get_by_role("heading", name="退回的信息").dblclick()
    expect(rests).to_be_visible(timeout=LIVE_MILLISECONDS_MAX)


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_page_that_nobody_touches_is_logged_out_however_often_it_asks(
    page: Page, database: str
) -> None:
    ahead = timedelta()
    with running_console(database, now=lambda: datetime.now(UTC) + ahead) as running:
        running.sample(state("finance"))
        running.log_in(page)
        ahead = IDLE_MAX - timedelta(minutes=1)
        with page.expect_response(running.url + "/", timeout=LIVE_MILLISECONDS_MAX) as asked:
            pass
        assert 200 == asked.value.status
        ahead = IDLE_MAX + timedelta(minutes=1)

        expect(page.get_by_text("登录已过期")).to_be_visible(timeout=LIVE_MILLISECONDS_MAX)
        page.reload()
        expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_from_login_to_group_and_party_with_the_keyboard_alone(
    page: Page, running: Running
) -> None:
    running.sample(state("justice"), stuck("finance"))
    page.goto(running.url)
    tab_to(page, "用户名")
    page.keyboard.type("ops.one")
    tab_to(page, "密码")
    page.keyboard.type(PASSWORD)
    enter(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, GATE)
    enter(page)

    expect(page.get_by_role("heading", name=GATE)).to_be_visible()
    for link in ("总览", "甘州区财政局"):
        tab_to(page, link)
        enter(page)
    expect(page.get_by_role("heading", name="甘州区财政局")).to_be_visible()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_without_a_sample_the_page_says_so_and_shows_no_zero(page: Page, running: Running) -> None:
    running.log_in(page)

    expect(page.get_by_text("监测程序没有新的数据")).to_be_visible()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_lost_events_are_told_as_lost(page: Page, running: Running) -> None:
    running.sample(state("finance", status=Status.ERR, lost=12))
    running.log_in(page)
    page.get_by_role("link", name="积压").click()

    expect(page.get_by_text("已丢失 12 条")).to_be_visible()


@pytest.mark.parametrize("page", [1280, 390], indirect=True)
def test_an_inbox_that_nobody_reads_and_a_partition_without_a_leader_are_told(
    page: Page, running: Running
) -> None:
    unread = stuck("justice", events=3)
    running.sample(
        replace(
            unread, group=NOBODY, topic=inbox("justice"), status=Status.STOP, members=0, client=None
        ),
        state("finance", status=Status.UNKNOWN, completeness=0.0, coming=None, going=None),
    )
    running.log_in(page)
    page.get_by_role("link", name="积压").click()

    expect(page.get_by_text("无法判断").last).to_be_visible()
    page.get_by_role("link", name="（无人读取）").click()
    expect(page.get_by_role("heading", name="（无人读取）")).to_be_visible()
    expect(page.get_by_text(inbox("justice")).first).to_be_visible()


@pytest.mark.parametrize("page", [390], indirect=True)
def test_what_is_overdue_by_law_is_told_with_whom_it_lies(page: Page, database: str) -> None:
    owed = Owed(
        party=samples.PENALISING,
        obligation=Obligation.PUBLISH,
        began_on=date(2026, 5, 20),
        rests=False,
        lies_with=("public-site",),
        events=("a" * 32,),
        number=1,
    )

    def legal(day: date) -> LegalTime | None:
        return legal_time([owed], samples.registry(), day)

    with running_console(database, legal) as running:
        running.log_in(page)
        page.get_by_role("link", name="办理期限").click()

        expect(page.get_by_text("甘州区市场监督管理局").first).to_be_visible()
        expect(page.get_by_text(samples.registry().name_of("public-site"))).to_be_visible()
        expect(page.get_by_text("2026-05-29").first).to_be_visible()


def outage(day: date) -> LegalTime | None:
    """Every department waits for two platforms, of each day of two months; one is far later."""
    departments = [
        code
        for code, party in samples.registry().parties.items()
        if party.role is PartyRole.DEPARTMENT
    ]
    days = [date(2026, month, number) for month in (4, 5) for number in range(1, 29)]
    rows = [
        Owed(
            party=party,
            obligation=Obligation.PUBLISH,
            began_on=began_on,
            rests=False,
            lies_with=("provincial-platform", "public-site"),
            events=tuple(f"{number:032x}" for number in range(20)),
            number=400,
        )
        for party in departments
        for began_on in days
    ]
    late = replace(rows[0], began_on=date(2026, 2, 2), number=1, events=("b" * 32,))
    return legal_time([*rows, late], samples.registry(), day)


def test_an_outage_with_thousands_overdue_shows_the_latest_first_and_counts_all(
    page: Page, database: str
) -> None:
    found = outage(date(2026, 6, 30))
    assert found is not None
    with running_console(database, lambda _: found) as running:
        running.log_in(page)
        page.get_by_role("link", name="办理期限").click()
        urgent = page.get_by_role("table").last.get_by_role("row")

        expect(page.get_by_text(f"共 {found.number(Standing.OVERDUE)} 项")).to_be_visible()
        expect(urgent).to_have_count(1 + URGENT_SHOWN_MAX)
        expect(urgent.nth(1)).to_contain_text("b" * 8)
        for path in ("/due", "/parties/public-site", "/parties/" + found.urgent[0].party, "/"):
            page.goto(running.url + path)
            wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide <= window, path
        page.goto(running.url + "/parties/public-site")
        expect(page.get_by_role("table").last).to_contain_text("b" * 8)
        expect(page.get_by_text("没有未办事项")).to_have_count(0)


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_nobody_without_an_account_of_the_hub_sees_anything(page: Page, running: Running) -> None:
    running.accounts.add("li.si", "finance", [Role.CLERK, Role.ADMINISTRATOR], PASSWORD, by="t")
    running.log_in(page, "li.si")

    expect(page.get_by_text("用户名或者密码不正确")).to_be_visible()
    for path in PAGES:
        answer = page.request.get(running.url + path, max_redirects=0)
        assert (303, "/login") == (answer.status, answer.headers["location"]), path


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_what_changes_runs_the_one_script_of_its_own_host_and_no_other(
    page: Page, running: Running
) -> None:
    running.sample(state("finance"))
    running.log_in(page)
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    for path in PAGES:
        answer = page.request.get(running.url + path)
        policy = answer.headers["content-security-policy"]
        assert (404 if path == "/accounts" else 200) == answer.status, path
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert (path in LIVE) == answer.text().count("<script"), path
        assert (path in LIVE) == answer.text().count('id="live"'), path


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_an_unknown_group_or_party_is_not_there(page: Page, running: Running) -> None:
    running.log_in(page)
    expect(page.get_by_role("heading", name="总览")).to_be_visible()

    for path in ("/groups/nobody", "/parties/nobody", "/groups/%3Cscript%3E"):
        assert 404 == page.request.get(running.url + path).status


def test_no_page_is_wider_than_its_window(page: Page, running: Running) -> None:
    running.sample(stuck("finance"), state("justice"))
    running.log_in(page)
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    for path in PAGES[:9]:
        page.goto(running.url + path)
        wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, path


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_it_answers_at_once_with_200_topics_and_50_groups(page: Page, running: Running) -> None:
    now = datetime.now(UTC)
    states = [
        state(
            group=f"group-{group}",
            topic=f"credit.outbox.party-{(group * 8 + topic) % 200}",
            partition=partition,
            status=Status.WARN if group % 5 == 0 else Status.OK,
            events=7 if group % 5 == 0 else 0,
            waiting_since=now - timedelta(seconds=90) if group % 5 == 0 else None,
        )
        for group in range(50)
        for topic in range(8)
        for partition in range(4)
    ]
    assert 200 == len({each.topic for each in states})
    for back in range(30, -1, -1):
        running.sample(*states, at=now - timedelta(minutes=10 * back))
    running.log_in(page)
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    [cookie] = page.context.cookies()
    with httpx.Client(base_url=running.url, cookies={cookie["name"]: cookie["value"]}) as client:
        for path in ("/", "/groups", "/groups/group-0", "/parties/finance"):
            client.get(path)
            with pace.measured() as machine:
                seconds = min(client.get(path).elapsed.total_seconds() for _ in range(5))
            assert machine.bound(ANSWER_SECONDS_MAX) > seconds, path


def test_the_console_s_role_changes_nothing_that_the_monitor_keeps(
    running: Running, database: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"SET ROLE {CONSOLE_ROLE}".encode())
        connection.execute("SELECT FROM operations.lag_now")
        for statement in (
            "DELETE FROM operations.lag_now",
            "UPDATE operations.reading SET next_offset = 0",
            "SELECT FROM desk.statement",
            "SELECT FROM casework.row",
            "DELETE FROM desk.account",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_canaries_that_stopped_are_shown_as_not_known_and_since_when(
    page: Page, running: Running
) -> None:
    with psycopg.connect(running.database) as connection:
        connection.execute(
            "INSERT INTO operations.hop (name, kind, topic, partition, log_offset, at, type,"
            " source, digest, revision, rule, codes) VALUES ('\\x00', 1, 'credit.outbox.finance',"
            " 0, 0, now() - interval '3 hours', 'canary.sent', 'finance', '\\x00', 1, '', '{}')"
        )
    running.log_in(page)

    expect(page.get_by_text("以来情况不明")).to_be_visible()
    page.goto(running.url + "/canaries")
    expect(page.get_by_text("没有新的巡检")).to_be_visible()
