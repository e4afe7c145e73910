"""The desk on a real bus: what the court initiates reaches it, and the gate takes its answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests import samples
from tests.bus import Bus, own_bus
from tests.integration.desk.rig import Office, eventually, running_office

from credit_bus.domain.channels import outbox
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.desk.access import Role

pytestmark = pytest.mark.broker
PARTY = "finance"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    """A bus with gate and router."""
    with own_bus(tmp_path) as bus:
        bus.start("gate")
        bus.start("router")
        yield bus


@pytest.fixture
def real(bus: Bus, database: str) -> Iterator[Office]:
    """The desk of finance."""
    with running_office(bus.broker, database, PARTY) as office:
        office.add("li.si", Role.CLERK)
        yield office


@pytest.mark.parametrize("page", [390], indirect=True)
def test_the_court_s_order_comes_is_taken_on_and_fed_back(
    page: Page, bus: Bus, real: Office
) -> None:
    with DepartmentClient(samples.COURT, bus.broker, codec=samples.codec()) as court:
        court.publish([samples.initiation(1)])
    tasks = eventually(lambda: real.desk.store.tasks(PARTY))
    assert {"respond"} == {task.kind for task in tasks}

    real.log_in(page, "li.si")
    page.goto(f"{real.url}/tasks/{tasks[0].name}")
    page.get_by_label("接受，按期实施").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已受理", exact=True)).to_be_visible()
    feeding = eventually(
        lambda: [task for task in real.desk.store.tasks(PARTY) if task.kind == "feed_back"]
    )
    page.goto(f"{real.url}/tasks/{feeding[0].name}")
    page.get_by_label("已执行", exact=True).check()
    page.get_by_label("执行内容和结果").fill("已列入政府采购禁止参加名单")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已受理", exact=True)).to_have_count(2)

    said = bus.read(outbox(PARTY))
    assert 2 == len(said)
