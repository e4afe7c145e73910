"""An operator finds where an event is, and puts right what was refused: pages over a real bus."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect
from tests import samples
from tests.bus import Bus, flowing_bus
from tests.integration.console.conftest import Running, running_console
from tests.integration.console.test_pages import LIVE_MILLISECONDS_MAX
from tests.integration.desk.rig import PASSWORD
from tests.integration.monitor.rig import awake, followed, monitor, wait
from tests.integration.monitor.test_redriving import said_too_early
from tests.unit.connectors.test_redriving import Quarantine
from tests.unit.operations.test_quarantine import kept

from credit_bus.contracts.wire import Message
from credit_bus.domain.channels import QUARANTINE, RECORDS
from credit_bus.operations.trace.hops import Kind
from credit_bus_connectors.contract import UnreachableError
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.monitor import redriving
from credit_bus_connectors.monitor.database import Connections
from credit_bus_connectors.monitor.quarantine_store import LISTED_MAX
from credit_bus_connectors.monitor.quarantine_topic import Place
from credit_bus_connectors.monitor.trace_store import TraceStore

EVENT = samples.penalty(3)
_ALARM = """
INSERT INTO operations.alarm (name, fault, place, type, since, raised_at)
VALUES (decode(%s, 'hex'), %s, 'credit.inbox.public-site', 'penalty.decided', now(), now())
"""
_HOP = """
INSERT INTO operations.hop (name, kind, topic, partition, log_offset, at, type, source, digest,
                            revision, rule, codes)
VALUES (decode(%s, 'hex'), %s, 'credit.records', 0, 7, now(), 'penalty.decided', 'justice', '', 1,
        '', '{}')
"""
_SEEN = "SELECT account FROM desk.act WHERE what = 'quarantine-seen:%s'"


def _away(*_: Any) -> None:
    raise UnreachableError("the broker went")


_QUARANTINED = """
INSERT INTO operations.hop (name, kind, topic, partition, log_offset, at, type, source, digest,
                            revision, rule, codes)
SELECT 'n', 6, 'credit.quarantine', 0, number, now(), 'penalty.decided', 'finance', 'd', 1, '',
       ARRAY['text-missing']
  FROM generate_series(1, %s) AS number
"""


@pytest.fixture
def bus(database: str) -> Iterator[Bus]:
    with flowing_bus() as running:
        awake(running)
        yield running


@pytest.fixture
def watched(bus: Bus, database: str) -> Iterator[Running]:
    """A console beside a bus with a monitor."""
    with running_console(database, broker=bus.broker) as running:
        running.accounts.add("ops.two", samples.HUB, [Role.REVIEWER], PASSWORD, by="test")
        monitor(bus, database)
        yield running


def read_on(bus: Bus, database: str) -> None:
    connections = Connections(database, connections_max=1)
    try:
        followed(bus, TraceStore(connections))
    finally:
        connections.close()


@pytest.mark.broker
@pytest.mark.parametrize("page", [1280], indirect=True)
def test_what_was_refused_is_seen_judged_anew_and_sent_once_more_by_two_persons(
    page: Page,
    bus: Bus,
    watched: Running,
    database: str,
    rows: Callable[[str], list[tuple[Any, ...]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    early, right_at = said_too_early(4)
    bus.say([early, samples.message(EVENT)])
    bus.read_until([QUARANTINE, RECORDS], lambda seen: len(seen) >= 3)
    time.sleep(1)
    read_on(bus, database)

    watched.log_in(page)
    page.get_by_role("link", name="追踪", exact=True).click()
    page.get_by_label("事件编号").fill(EVENT.id)
    page.get_by_role("button", name="追踪").click()
    for word in ("报送", "记入台账", "受理回执"):
        expect(page.get_by_text(word, exact=True).first).to_be_visible()
    expect(page.get_by_text("credit.inbox.public-site").first).to_be_visible()

    wait(lambda: datetime.now(UTC) > right_at, 60, bus)
    page.get_by_role("link", name="退回", exact=True).first.click()
    page.get_by_role("link", name="行政处罚").first.click()
    expect(page.get_by_text("按今天的规则可以受理")).to_be_visible()
    page.get_by_label("重送的理由").fill("时钟已校准")
    page.get_by_role("button", name="提出").click()
    expect(page.get_by_text("待另一人批准")).to_be_visible()
    expect(page.get_by_text("提出人不能批准自己提出的重送")).to_be_visible()
    assert 0 == page.get_by_role("button", name="批准，重送").count()
    shown = page.url

    page.get_by_role("button", name="退出").click()
    watched.log_in(page, "ops.two")
    page.goto(shown)
    with monkeypatch.context() as patch:
        patch.setattr(redriving, "say_again", _away)
        page.get_by_role("button", name="批准，重送").click()
        expect(page.get_by_role("heading", name="已批准，是否送达不明")).to_be_visible()
        expect(page.get_by_text("继续重送")).to_be_visible()
    page.goto(shown)
    expect(page.get_by_text("已批准，尚未重送")).to_be_visible()
    page.get_by_role("button", name="继续重送").click()
    expect(page.get_by_text("已重送", exact=True)).to_be_visible()
    token = page.locator("[name=csrf_token]").first.input_value()
    decided = page.request.post(
        watched.url + "/redrives/1/decline", form={"csrf_token": token}, max_redirects=0
    )
    assert (409, True) == (decided.status, "这次重送已经办理" in decided.text())
    place = shown.rpartition("/")[2]
    assert {"ops.one", "ops.two"} == {row[0] for row in rows(_SEEN % place)}
    seen = bus.read_until([RECORDS], lambda seen: len(seen) >= 2)
    assert 2 == len({each.text("ce_id") for each in seen})


@pytest.mark.parametrize("page", [390], indirect=True)
def test_an_alarm_is_shown_at_the_first_look_and_closed_with_a_reason(
    page: Page, running: Running, database: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(_ALARM, [EVENT.id, "unrouted"])
    running.log_in(page)
    page.get_by_role("link", name="告警").first.click()
    expect(page.get_by_text("对账程序还没有读完一次")).to_be_visible()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO operations.followed (judged_from, read_to)"
            " VALUES (now(), now() + interval '1 hour')"
        )
    page.get_by_role("link", name="告警").first.click()
    expect(page.get_by_text("对账程序还没有读完一次")).to_have_count(0)
    expect(page.get_by_text("没有送到应当送达的单位")).to_be_visible()
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_text("此项必填").first).to_be_visible()
    page.get_by_placeholder("关闭的理由").fill("平台迁移期间已人工补送")
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_text("没有告警")).to_be_visible()
    page.get_by_role("link", name="已消除").click()
    expect(page.get_by_text("平台迁移期间已人工补送（ops.one）")).to_be_visible()


@pytest.mark.parametrize("page", [390], indirect=True)
@pytest.mark.parametrize("event", ["x", "0" * 32, "'; DROP TABLE operations.hop; --", "<b>"])
def test_an_unknown_event_is_told_so(page: Page, running: Running, event: str) -> None:
    running.log_in(page)
    page.get_by_role("link", name="追踪", exact=True).click()
    page.get_by_label("事件编号").fill(event)
    page.get_by_role("button", name="追踪").click()

    expect(page.get_by_role("alert")).to_contain_text("没有读到这个事件")


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_an_event_that_comes_while_its_page_waits_is_shown(
    page: Page, running: Running, database: str
) -> None:
    running.log_in(page)
    page.goto(f"{running.url}/trace/{EVENT.id}")
    expect(page.get_by_text("没有读到这个事件")).to_be_visible()
    expect(page.get_by_text("自动更新")).to_be_visible(timeout=LIVE_MILLISECONDS_MAX)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(_HOP, [EVENT.id, int(Kind.LOGGED)])

    expect(page.get_by_text("记入台账")).to_be_visible(timeout=LIVE_MILLISECONDS_MAX)


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_place_that_is_none_and_a_redrive_that_is_not_there_are_not_there(
    page: Page, running: Running
) -> None:
    running.log_in(page)
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    token = page.locator("[name=csrf_token]").first.input_value()

    assert 404 == page.request.get(running.url + "/quarantine/x").status
    for path in ("/redrives/7/decline", "/redrives/x/decline"):
        told = page.request.post(running.url + path, form={"csrf_token": token})
        assert 404 == told.status


def _keep_refused(database: str, number: int) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(_QUARANTINED, [number])


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_of_more_than_is_shown_the_page_says_so_and_what_no_text_can_hold_is_not_asked(
    page: Page, running: Running, database: str
) -> None:
    _keep_refused(database, LISTED_MAX + 1)
    running.log_in(page)
    page.goto(running.url + "/quarantine?code=text-missing")
    expect(page.get_by_text(f"只显示最近 {LISTED_MAX} 条，还有更多")).to_be_visible()

    for path, status in (
        ("/quarantine?code=a&first=2026-13-01&last=9999-12-31", 200),
        ("/quarantine?code=a%00b", 400),
        ("/redrives/new?code=%00", 400),
        ("/redrives/new?code=", 200),  # nothing is asked for: back to the list
        ("/redrives", 200),
        ("/redrives/7", 404),
    ):
        assert status == page.request.get(running.url + path).status, path


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_who_manages_accounts_alone_reads_no_record_of_anybody(
    page: Page, running: Running
) -> None:
    running.accounts.add("ops.admin", samples.HUB, [Role.ADMINISTRATOR], PASSWORD, by="test")
    running.log_in(page, "ops.admin")
    expect(page.get_by_role("heading", name="总览")).to_be_visible()

    assert 200 == page.request.get(running.url + "/quarantine").status
    for path in ("/quarantine/0@1", "/redrives/new?code=x"):
        assert 404 == page.request.get(running.url + path).status


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What is said again, where four messages lie in quarantine, one of them still wrong."""
    said: list[Message] = []
    bad = [samples.penalty(5), samples.penalty(6), samples.penalty(7), samples.penalty(8, facts="")]
    lying = {Place(0, number + 1): kept(samples.message(each)) for number, each in enumerate(bad)}

    @contextmanager
    def opened(_: str) -> Iterator[Quarantine]:
        yield Quarantine(dict(lying), 1)

    monkeypatch.setattr(redriving, "open_quarantine", opened)
    monkeypatch.setattr(redriving, "say_again", lambda _, messages: said.extend(messages))
    return said


@pytest.mark.parametrize("page", [1280, 390], indirect=True)
def test_many_are_chosen_proposed_and_approved_as_one(
    page: Page, sent: list[Message], database: str
) -> None:
    with running_console(database, broker="nowhere:1") as running:
        running.accounts.add("ops.two", samples.HUB, [Role.REVIEWER], PASSWORD, by="test")
        _keep_refused(database, 4)
        running.log_in(page)
        page.goto(running.url + "/quarantine")
        assert 0 == page.get_by_role("link", name="重送筛选出的全部信息").count()
        page.get_by_label("理由代码").fill("text-missing")
        page.get_by_role("button", name="筛选").click()
        page.get_by_role("link", name="重送筛选出的全部信息").click()
        expect(page.get_by_text("可以受理 3 条，不能受理 1 条")).to_be_visible()
        page.get_by_role("button", name="提出").click()
        expect(page.get_by_text("此项必填").first).to_be_visible()
        page.get_by_label("重送的理由").fill("登记册一行有误")
        page.get_by_role("button", name="提出").click()
        expect(page.get_by_role("heading", name="共 3 条")).to_be_visible()
        assert 0 == page.get_by_role("button", name="批准，重送").count()
        proposed = page.url

        page.get_by_role("button", name="退出").click()
        running.log_in(page, "ops.two")
        page.goto(proposed)
        expect(page.get_by_text("可以受理 3 条，不能受理 0 条")).to_be_visible()
        assert [] == sent
        page.get_by_role("button", name="批准，重送").click()
        expect(page.get_by_text("已重送", exact=True).first).to_be_visible()
        page.goto(running.url + "/redrives")
        expect(page.get_by_text("3 / 3")).to_be_visible()
        assert 3 == len(sent)
