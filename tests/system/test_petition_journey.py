"""From a citizen's page to an event, to its effect, and back: site, desk, and a whole bus."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from tests import samples
from tests.browser import browser
from tests.bus import Bus, flowing_bus, run_site
from tests.integration.desk.rig import Office, eventually, running_office
from tests.integration.site.conftest import address

from credit_bus.domain.channels import RECORDS
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_deploy.database import apply_database

__all__ = ["browser"]

pytestmark = pytest.mark.broker

WAIT_MILLISECONDS = 60_000
RECORD = samples.penalty(1)
Filling = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class District:
    """A bus with the public's site and a desk for everybody."""

    bus: Bus
    site: str
    desk: Office


@pytest.fixture
def district(database: str) -> Iterator[District]:
    apply_database(database)
    with flowing_bus() as bus:
        site = run_site(bus, database)
        with running_office(bus.broker, database, samples.WINDOW) as desk:
            desk.add("li.si", Role.CLERK)
            desk.add("zhao.liu", Role.CLERK, party=samples.PENALISING)
            yield District(bus, site, desk)


@pytest.mark.parametrize("width", [1280, 390])
def test_an_objection_of_the_public_is_marked_decided_and_ends_what_was_wrong(
    browser: Browser, district: District, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    context.set_default_timeout(WAIT_MILLISECONDS)
    page = context.new_page()
    with DepartmentClient(
        samples.PENALISING, district.bus.broker, codec=samples.codec()
    ) as provider:
        provider.publish([RECORD], wait=True)
    record = district.site + address(RECORD)
    eventually(lambda: page.goto(record).ok)

    receipt = _objects(page)
    desk = district.desk
    desk.log_in(page, "li.si")
    page.get_by_role("link", name="申请", exact=True).click()
    page.get_by_role("link", name="异议申请：网申").click()
    page.get_by_role("link", name="受理", exact=True).click()
    page.get_by_role("button", name="受理并转交").click()
    expect(page.get_by_text("已受理", exact=True)).to_be_visible(timeout=WAIT_MILLISECONDS)
    assert "已受理，已转交" in _standing(page, district, receipt)
    eventually(lambda: "异议" in page.goto(record).text())

    page.context.clear_cookies()
    desk.log_in(page, "zhao.liu")
    _answers(page, desk, "核实异议", _upholds)
    _answers(page, desk, "撤回", _withdraws)

    eventually(lambda: not page.goto(record).ok)
    assert "异议成立" in _standing(page, district, receipt)
    said = [each.text("ce_type") for each in district.bus.read(RECORDS)]
    expected = ["penalty.decided", "objection.raised", "objection.decided", "record.withdrawn"]
    assert expected == [kind for kind in said if not kind.startswith("delivery.")]


def _objects(page: Page) -> str:
    """Hand in an objection on the record's page; return its receipt."""
    page.get_by_role("link", name="提出异议").click()
    page.get_by_label("申请人姓名").fill("示例某")
    page.get_by_label("公示对象本人").check()
    page.get_by_label("联系电话").fill("0936-8210000")
    page.get_by_label("内容有误").check()
    page.get_by_label("异议理由").fill("处罚决定已被撤销。")
    page.get_by_role("button", name="提交").click()
    receipt = page.locator("#receipt").text_content()
    assert receipt
    return receipt


def _standing(page: Page, district: District, receipt: str) -> str:
    """Return how the petition stands, as its owner reads it."""
    page.goto(f"{district.site}/petitions")
    page.get_by_label("回执编号").fill(receipt)
    page.get_by_role("button", name="查询").click()
    return page.locator("main").text_content() or ""


def _answers(page: Page, desk: Office, task: str, fill_in: Filling) -> None:
    """Do a task of the department on its page, until the gate has taken it."""
    link = page.get_by_role("link", name=f"{task}：").first

    def is_there() -> bool:
        page.goto(f"{desk.url}/tasks")
        return link.count() > 0

    eventually(is_there)
    link.click()
    fill_in(page)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已受理", exact=True).first).to_be_visible(timeout=WAIT_MILLISECONDS)


def _upholds(page: Page) -> None:
    page.get_by_label("异议成立").check()
    page.get_by_label("核实情况").fill("该处罚决定已被撤销。")
    page.get_by_label("撤回信息").check()
    page.get_by_label("依据").fill("《中华人民共和国行政处罚法》第四十八条")


def _withdraws(page: Page) -> None:
    page.get_by_label("撤回至版次").fill("1")
    page.get_by_label("撤回说明").fill("经核实有误，现予撤回。")
