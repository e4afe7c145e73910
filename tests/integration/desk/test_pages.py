"""The pages: only one's own, by keyboard alone, markup of others shown as text."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect
from tests.browser import tab_to
from tests.integration.desk.rig import Office, order

from credit_bus.domain.event import Event
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.store import Arrival


def hear(office: Office, event: Event, *, party: str | None = None) -> None:
    """Keep an event as if it had just been read."""
    arrival = Arrival(
        party=party or office.party, channel="inbox", event=event, heard_at=datetime.now(UTC)
    )
    office.desk.store.hear([arrival], {})


def test_an_order_is_answered_with_the_keyboard_alone(page: Page, office: Office) -> None:
    office.add("li.si", Role.CLERK)
    hear(office, order(office.party))
    page.goto(office.url)

    tab_to(page, "用户名")
    page.keyboard.type("li.si")
    tab_to(page, "密码")
    page.keyboard.type("一句足够长的口令 2026")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    tab_to(page, "响应")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="有关内容")).to_be_visible()
    tab_to(page, "接受，按期实施")
    page.keyboard.press("Space")
    tab_to(page, "提交")
    page.keyboard.press("Enter")

    expect(page.get_by_text("等待回执", exact=True).first).to_be_visible()


def test_markup_from_elsewhere_is_text(page: Page, office: Office) -> None:
    office.add("li.si", Role.CLERK)
    bad = '<script>document.title="broken"</script><img src=x onerror=alert(1)>"\'>{{7*7}}'
    hear(office, order(office.party, cause=bad, measure_name=bad[:40], content=bad))
    office.log_in(page, "li.si")
    page.get_by_role("link", name="响应").click()

    expect(page.get_by_role("definition").filter(has_text="{{7*7}}").first).to_be_visible()
    assert "broken" != page.title()
    assert 0 == page.locator("main script, main img").count()
    page.get_by_label("不予实施", exact=True).check()
    page.get_by_label("不予实施的理由").fill(bad)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("没有提交")).to_be_visible()
    assert bad == page.get_by_label("不予实施的理由").input_value()
    assert 0 == page.locator("main script, main img").count()


def test_nobody_sees_or_answers_the_task_of_another_department(page: Page, office: Office) -> None:
    office.add("li.si", Role.CLERK)
    hear(office, order("finance"), party="finance")
    [task] = office.desk.store.tasks("finance")
    office.log_in(page, "li.si")
    expect(page.get_by_text("没有待办事项")).to_be_visible()
    token = page.locator("[name=csrf_token]").first.input_value()
    path = f"{office.url}/tasks/{task.name}"

    assert 404 == page.goto(path).status
    posted = page.request.post(path, form={"csrf_token": token, "decision": "accepted"})

    assert 404 == page.request.get(path).status
    assert {} == office.desk.store.unsaid()
    assert 200 != posted.status or "没有这一页" in posted.text()


def test_an_administrator_alone_answers_nothing(page: Page, office: Office) -> None:
    office.add("guan.li", Role.ADMINISTRATOR)
    hear(office, order(office.party))
    office.log_in(page, "guan.li")
    page.get_by_role("link", name="响应").click()

    expect(page.get_by_role("heading", name="有关内容")).to_be_visible()
    assert 0 == page.get_by_role("button", name="提交").count()


def test_no_page_is_wider_than_its_screen(page: Page, office: Office) -> None:
    office.add("li.si", Role.CLERK)
    hear(office, order(office.party, cause="长" * 2000))
    office.log_in(page, "li.si")
    for path in (
        "/tasks",
        "/tasks?done=1",
        f"/tasks/{office.desk.store.tasks(office.party)[0].name}",
    ):
        page.goto(office.url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], path
