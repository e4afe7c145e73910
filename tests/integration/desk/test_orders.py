"""An order answered on the desk: an event on the outbox, a receipt on the page."""

import pytest
from playwright.sync_api import Page, expect
from tests import samples
from tests.integration.departments.small_gate import small_gate
from tests.integration.desk.rig import MEASURE, Office, eventually, order

from credit_bus.domain.event import Event
from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.desk.access import Role

pytestmark = pytest.mark.broker


def arrived(office: Office) -> None:
    eventually(lambda: office.desk.store.tasks(office.party))


def accept(page: Page, office: Office, remark: str = "") -> None:
    """Log in as a clerk, and take on the order that lies there."""
    office.log_in(page, "li.si")
    page.get_by_role("link", name="响应").click()
    page.get_by_label("接受，按期实施").check()
    page.get_by_label("备注").fill(remark)
    page.get_by_role("button", name="提交").click()


def test_an_order_is_accepted_said_once_answered_by_the_gate_and_fed_back(
    page: Page, live: Office
) -> None:
    live.add("li.si", Role.CLERK)
    with small_gate(live.broker, live.party, samples.codec()) as said:
        live.tell(order(live.party))
        arrived(live)
        accept(page, live)

        expect(page.get_by_text("已受理", exact=True)).to_be_visible()
        [response] = said
        assert ("measure.responded", "accepted") == (response.type, response.body["decision"])
        assert (MEASURE, live.party) == (response.body["measure"], response.source)
        assert order(live.party).id == response.causation_id

        page.get_by_role("link", name="本单位办件").click()
        page.get_by_role("link", name="执行反馈").click()
        page.get_by_label("已执行", exact=True).check()
        page.get_by_label("执行内容和结果").fill("已列入政府采购禁止参加名单")
        page.get_by_label("涉及金额").fill("12.5")
        page.get_by_role("button", name="提交").click()
        eventually(lambda: not live.desk.store.tasks(live.party))
        expect(page.get_by_text("已受理", exact=True)).to_have_count(2)

    assert ["measure.responded", "measure.executed"] == [each.type for each in said]


def test_a_refusal_of_the_gate_is_shown_with_every_reason_and_the_order_can_be_answered_again(
    page: Page, live: Office
) -> None:
    def judge(event: Event) -> tuple[Reason, ...]:
        return (Reason(code="x", field="remark", rule="规则<b>甲</b>", remedy="请改正"),)

    live.add("li.si", Role.CLERK)
    with small_gate(live.broker, live.party, samples.codec(), judge):
        live.tell(order(live.party))
        arrived(live)
        accept(page, live)

        expect(page.get_by_text("退回", exact=True)).to_be_visible()
    expect(page.get_by_text("规则<b>甲</b>")).to_be_visible()
    expect(page.get_by_role("button", name="提交")).to_be_visible()


def test_two_clicks_and_two_officials_say_one_event(page: Page, live: Office) -> None:
    live.add("li.si", Role.CLERK)
    live.add("wang.wu", Role.REVIEWER)
    with small_gate(live.broker, live.party, samples.codec()) as said:
        live.tell(order(live.party))
        arrived(live)
        other = page.context.browser.new_context().new_page()
        for each, name in ((page, "li.si"), (other, "wang.wu")):
            live.log_in(each, name)
            each.get_by_role("link", name="响应").click()
            each.get_by_label("接受，按期实施").check()
        page.get_by_role("button", name="提交").dblclick()
        other.get_by_role("button", name="提交").click()

        expect(page.get_by_text("已受理", exact=True)).to_be_visible()
        expect(other.get_by_text("li.si 提交")).to_be_visible()
        other.context.close()
    assert 1 == len(said)


@pytest.mark.parametrize("page", [390], indirect=True)
def test_what_was_reported_wrongly_is_corrected_and_the_task_stays_done(
    page: Page, live: Office
) -> None:
    live.add("li.si", Role.CLERK)
    with small_gate(live.broker, live.party, samples.codec()) as said:
        live.tell(order(live.party))
        arrived(live)
        accept(page, live, "由采购科办理")
        expect(page.get_by_text("已受理", exact=True)).to_be_visible()

        page.get_by_role("link", name="更正本单位所报").click()
        expect(page.get_by_label("备注")).to_have_value("由采购科办理")
        page.get_by_label("备注").fill("由国库科办理")
        page.get_by_role("button", name="提交更正").click()
        expect(page.get_by_text("已受理", exact=True)).to_have_count(2)
        eventually(lambda: len(said) == 2)

    assert [1, 2] == [each.revision for each in said]
    assert ["由采购科办理", "由国库科办理"] == [each.body["remark"] for each in said]
    assert order(live.party).id == said[1].causation_id
    tasks = live.desk.store.tasks(live.party)
    assert ["feed_back"] == [each.kind for each in tasks]
