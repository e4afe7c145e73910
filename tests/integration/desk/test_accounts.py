"""An administrator keeps the accounts of the own department, and of no other."""

from playwright.sync_api import Page, expect
from tests.integration.desk.rig import PASSWORD, Office

from credit_bus_connectors.departments.desk.access import Role


def test_an_administrator_makes_disables_and_unlocks_accounts(page: Page, office: Office) -> None:
    office.add("guan.li", Role.ADMINISTRATOR)
    office.log_in(page, "guan.li")
    page.get_by_role("link", name="账号").click()
    page.get_by_label("用户名").fill("li.si")
    page.get_by_label("经办人").check()
    page.get_by_label("初始密码").fill("short")
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_text("12 至 128").first).to_be_visible()
    page.get_by_label("初始密码").fill(PASSWORD)
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_role("rowheader", name="li.si")).to_be_visible()

    page.get_by_role("button", name="停用：li.si").click()
    expect(page.get_by_text("已停用")).to_be_visible()
    page.get_by_role("button", name="恢复：li.si").click()
    page.get_by_role("link", name="设新密码：li.si").click()
    page.get_by_label("新密码").fill(PASSWORD + "二")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("rowheader", name="li.si")).to_be_visible()
    page.get_by_role("button", name="退出").click()

    office.log_in(page, "li.si")
    expect(page.get_by_role("alert")).to_be_visible()
    office.log_in(page, "li.si", PASSWORD + "二")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
    assert 404 == page.request.get(office.url + "/accounts").status


def test_an_administrator_reaches_no_account_of_another_department(
    page: Page, office: Office
) -> None:
    office.add("guan.li", Role.ADMINISTRATOR)
    office.add("qian.qi", Role.CLERK, party="finance")
    office.log_in(page, "guan.li")
    page.get_by_role("link", name="账号").click()
    token = page.locator("[name=csrf_token]").first.input_value()
    [other] = office.desk.accounts.all("finance")
    [own] = office.desk.accounts.all(office.party)

    assert 0 == page.get_by_text("qian.qi").count()
    for word, more in (("disable", {}), ("password", {"password": PASSWORD + "三"})):
        path = f"{office.url}/accounts/{other.number}/{word}"
        assert 404 == page.request.post(path, form={"csrf_token": token, **more}).status
    told = page.request.post(
        f"{office.url}/accounts/{own.number}/disable", form={"csrf_token": token}
    )
    assert 422 == told.status


def test_an_administrator_s_own_password_is_not_set_without_the_present_one(
    page: Page, office: Office
) -> None:
    office.add("guan.li", Role.ADMINISTRATOR)
    office.log_in(page, "guan.li")
    page.get_by_role("link", name="账号").click()
    token = page.locator("[name=csrf_token]").first.input_value()
    [own] = office.desk.accounts.all(office.party)
    path = f"{office.url}/accounts/{own.number}/password"
    given = {"csrf_token": token, "password": PASSWORD + "五"}
    told = page.request.post(path, form=given)
    page.goto(path)

    assert (422, True) == (told.status, "要填写现在的密码" in told.text())
    expect(page.get_by_label("现在的密码")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    office.log_in(page, "guan.li")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()


def test_one_changes_the_own_password_by_the_present_one(page: Page, office: Office) -> None:
    office.add("li.si", Role.CLERK)
    office.log_in(page, "li.si")
    page.get_by_role("link", name="li.si").click()
    for present in ("wrong", PASSWORD):
        page.get_by_label("现在的密码").fill(present)
        page.get_by_label("新密码", exact=True).fill(PASSWORD + "四")
        page.get_by_label("再输入一次新密码").fill(PASSWORD + "四")
        page.get_by_role("button", name="确定").click()
        if present == "wrong":
            expect(page.get_by_text("现在的密码不正确").first).to_be_visible()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    office.log_in(page, "li.si", PASSWORD + "四")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
