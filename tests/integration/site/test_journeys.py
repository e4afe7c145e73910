"""What people do on the site, in a real browser, over a real process: wide, narrow, by keyboard."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from tests import samples
from tests.browser import enter, tab_to
from tests.integration.site.conftest import address

from credit_bus.domain.event_types import LISTING_ENTERED, OBJECTION_RAISED, RECORD_WITHDRAWN
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.platforms.public_site import PublicSiteSink
from credit_bus_connectors.site import lookup
from credit_bus_connectors.site.pages import SECTIONS
from credit_bus_connectors.site.petitions import STATES
from credit_bus_deploy import ports, postgres, ready
from credit_bus_deploy.database import apply_database
from credit_bus_deploy.table import web_url

READY_WAIT_SECONDS_MAX = 60.0
STOP_WAIT_SECONDS_MAX = 20.0
NAME = samples.subject(1)["name"]


@pytest.fixture(scope="module")
def site_database(database_server: postgres.PostgresServer) -> str:
    """A database that the tests of this module share: a process for each costs most of the time."""
    name = f"site_{secrets.token_hex(6)}"
    ready.ensure_database(database_server.url("postgres"), name)
    apply_database(database_server.url(name))
    return database_server.url(name)


@pytest.fixture(scope="module")
def site(site_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real `credit-bus site`."""
    port = ports.free_port()
    log = tmp_path_factory.mktemp("site") / "site.log"
    command = [sys.executable, "-m", "credit_bus_deploy", "site", "--no-https"]
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--database", site_database],
            env=os.environ,
            stdout=stream,
            stderr=stream,
        )
    try:
        ready.wait_for_web(web_url(port), wait_seconds_max=READY_WAIT_SECONDS_MAX, log=log)
        yield web_url(port)
    finally:
        process.terminate()
        assert 0 == process.wait(STOP_WAIT_SECONDS_MAX)
    assert NAME not in log.read_text(encoding="utf-8")


@pytest.fixture
def sink(site_database: str) -> Iterator[PublicSiteSink]:
    """A site that shows a few records and nothing of other tests."""
    with psycopg.connect(site_database, autocommit=True) as connection:
        connection.execute("TRUNCATE site.publication, site.standing, site.delivery, site.petition")
    made = PublicSiteSink(site_database)
    made.deliver(
        [
            samples.penalty(1),
            samples.licence(1),
            samples.of_standing(LISTING_ENTERED, 1),
            *(samples.penalty(number) for number in range(2, 30)),
            samples.of_course(OBJECTION_RAISED, 2),
        ]
    )
    yield made
    made.close()


@pytest.fixture(params=[1280, 390])
def page(
    browser: Browser, site: str, sink: PublicSiteSink, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The home page, in a wide window and on a phone; nothing is loaded from elsewhere."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 844}, base_url=site, locale="zh-CN"
    )
    opened = context.new_page()
    elsewhere: list[str] = []
    opened.on("request", lambda asked: asked.url.startswith(site) or elsewhere.append(asked.url))
    opened.goto("/")
    yield opened
    context.close()
    assert [] == elsewhere


def open_penalty(page: Page) -> None:
    page.get_by_label("统一社会信用代码").fill("商贸1号")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    page.get_by_role("link", name=samples.penalty(1).body["violation"]).click()


def test_from_a_name_to_a_record(page: Page) -> None:
    open_penalty(page)

    expect(page.get_by_text(samples.penalty(1).body["document_number"])).to_be_visible()
    expect(page.get_by_text("甘州区市场监督管理局").first).to_be_visible()


def test_a_withdrawn_record_is_gone_when_it_is_looked_at_again(
    page: Page, sink: PublicSiteSink
) -> None:
    open_penalty(page)
    sink.deliver([samples.of_standing(RECORD_WITHDRAWN, 1)])
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("已经停止公示")

    page.go_back()
    page.reload()
    expect(page.get_by_role("link", name=samples.penalty(1).body["violation"])).to_have_count(0)


def test_an_objection_gets_a_receipt_that_shows_how_it_stands(page: Page) -> None:
    open_penalty(page)
    page.get_by_role("link", name="提出异议").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("有 5 处需要改正")
    page.get_by_label("申请人姓名").fill("示例某")
    page.get_by_label("公示对象本人").check()
    page.get_by_label("联系电话").fill("0936-8210000")
    page.get_by_label("内容有误").check()
    page.get_by_label("异议理由").fill("处罚决定已被撤销。")
    page.get_by_role("button", name="提交").click()
    receipt = page.locator("#receipt").text_content()
    assert receipt is not None
    assert receipt not in page.url
    page.get_by_role("link", name="查询办理情况").click()
    page.get_by_label("回执编号").fill(receipt)
    page.get_by_role("button", name="查询").click()

    expect(page.locator("#state")).to_have_text(STATES["received"])
    assert receipt not in page.url


def test_nobody_is_looked_up_by_number_and_none_stands_in_an_address(page: Page) -> None:
    number = synthetic_resident_id(4)
    page.get_by_label("统一社会信用代码").fill(number)
    page.get_by_role("button", name="查询").click()

    expect(page.get_by_role("alert")).to_have_text(lookup.PERSONAL)
    assert number not in page.url + page.content()


def test_no_page_is_wider_than_its_window(page: Page) -> None:
    penalty = address(samples.penalty(1))
    paths = ["/", "/about", "/petitions", penalty, f"{penalty}/objection", f"{penalty}/repair"]
    for path in [*paths, *(f"/{each}" for each in SECTIONS)]:
        page.goto(path)
        wide, window = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= window, path


def test_an_objection_is_handed_in_with_the_keyboard_alone(page: Page) -> None:
    tab_to(page, "统一社会信用代码")
    page.keyboard.type(samples.subject(1)["uscc"])
    enter(page)
    for link in (samples.penalty(1).body["violation"], "提出异议"):
        tab_to(page, link)
        enter(page)
    tab_to(page, "申请人姓名")
    page.keyboard.type("示例某")
    tab_to(page, "公示对象本人")
    page.keyboard.press("Space")
    tab_to(page, "联系电话")
    page.keyboard.type("0936-8210000")
    tab_to(page, "内容有误")
    page.keyboard.press("Space")
    tab_to(page, "异议理由")
    page.keyboard.type("处罚决定已被撤销。")
    tab_to(page, "提交")
    enter(page)

    expect(page.locator("#receipt")).to_be_visible()


def test_the_first_tab_skips_to_the_text(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
