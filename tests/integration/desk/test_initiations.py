"""Initiations: two persons, always, and only what is lawful on the day on which it is said."""

import json
from datetime import UTC, datetime

import psycopg
import pytest
from playwright.sync_api import Page, expect
from tests import samples
from tests.integration.departments.small_gate import small_gate
from tests.integration.desk.rig import Office

from credit_bus.domain.synthetic import synthetic_uscc
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.departments.desk.drafts import body_of

BODY = samples.initiation_body(1)


def fill(page: Page, office: Office, **changes: str) -> None:
    """Fill in the form of a lawful initiation."""
    page.goto(office.url + "/initiations/new")
    page.get_by_label("失信惩戒", exact=True).check()
    page.get_by_label("法人及非法人组织").check()
    instrument, term = BODY["instrument"], BODY["term"]
    texts = {
        "subject_name": BODY["subject"]["name"],
        "subject_uscc": synthetic_uscc(1),
        "cause": BODY["cause"],
        **{f"instrument_{name}": str(value) for name, value in instrument.items()},
        "notice_given_on": str(BODY["notice"]["given_on"]),
        "term_begins_on": str(term["begins_on"]),
        "term_ends_on": str(term["ends_on"]),
        **changes,
    }
    page.locator("#field").select_option(BODY["field"])
    page.locator("#instrument_type").select_option(texts.pop("instrument_type"))
    for name, text in texts.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_label("直接送达").check()
    page.locator(f"input[name=measures][value={BODY['measures'][0]}]").check()


def people(office: Office) -> None:
    """A clerk, a reviewer, and one who is both."""
    office.add("li.si", Role.CLERK)
    office.add("wang.wu", Role.REVIEWER)
    office.add("zhao.liu", Role.CLERK, Role.REVIEWER)


def draft(office: Office, by: str) -> int:
    """Keep a draft without the page."""
    entered = {
        "kind": BODY["kind"],
        "field": BODY["field"],
        "cause": BODY["cause"],
        "measures": BODY["measures"][:1],
        "remark": "",
        "subject_number": "",
        **{
            f"{part}_{name}": value
            for part in ("subject", "instrument", "notice", "term")
            for name, value in BODY[part].items()
        },
    }
    body = body_of(entered, office.party, office.desk.identities.seal)
    number = office.desk.drafts.add(office.party, body, by=by, now=datetime.now(UTC))
    assert number is not None
    return number


@pytest.mark.broker
def test_what_a_clerk_drafts_and_another_approves_is_said_once(page: Page, live: Office) -> None:
    people(live)
    with small_gate(live.broker, live.party, samples.codec()) as said:
        live.log_in(page, "li.si")
        fill(page, live)
        page.get_by_role("button", name="提交审核").click()
        expect(page.get_by_text("待审核")).to_be_visible()
        expect(page.get_by_text("请由另一位审核人办理")).to_be_visible()
        assert 0 == page.get_by_role("button", name="同意，发出").count()
        path = page.url
        page.get_by_role("button", name="退出").click()

        live.log_in(page, "wang.wu")
        page.goto(path)
        page.get_by_role("button", name="同意，发出").dblclick()
        expect(page.get_by_text("已受理", exact=True)).to_be_visible()

    [event] = said
    assert ("action.initiated", live.party) == (event.type, event.source)
    assert [BODY["measures"][0]] == event.body["measures"]
    assert BODY["term"] == event.body["term"]


def test_whoever_drafted_it_does_not_approve_it_by_page_by_request_or_by_database(
    page: Page, office: Office, database: str
) -> None:
    people(office)
    number = draft(office, "zhao.liu")
    office.log_in(page, "zhao.liu")
    page.goto(f"{office.url}/initiations/{number}")
    expect(page.get_by_text("拟稿人不能审核自己的拟稿")).to_be_visible()
    token = page.locator("[name=csrf_token]").first.input_value()
    for word in ("approve", "return"):
        path = f"{office.url}/initiations/{number}/{word}"
        told = page.request.post(path, form={"csrf_token": token, "remark": "同意"})
        assert 403 == told.status
        assert "拟稿人不能审核" in told.text()

    with (
        psycopg.connect(database) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="draft_two_persons"),
    ):
        connection.execute(
            "UPDATE desk.draft SET state = 'approved', decided_by = 'zhao.liu', decided_at = now()"
        )
    assert {} == office.desk.store.unsaid()


def test_a_clerk_without_the_role_and_another_department_s_reviewer_approve_nothing(
    page: Page, office: Office
) -> None:
    people(office)
    office.add("qian.qi", Role.REVIEWER, party="finance")
    number = draft(office, "zhao.liu")
    for name, status in (("li.si", 404), ("qian.qi", 404)):
        page.context.clear_cookies()
        office.log_in(page, name)
        expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
        token = page.locator("[name=csrf_token]").first.input_value()
        told = page.request.post(
            f"{office.url}/initiations/{number}/approve", form={"csrf_token": token}
        )
        assert status == told.status
    assert {} == office.desk.store.unsaid()


def test_what_the_gate_would_refuse_is_told_at_each_field(page: Page, office: Office) -> None:
    people(office)
    office.log_in(page, "li.si")
    fill(
        page,
        office,
        subject_uscc="91620702999990029X",
        notice_given_on="2026-05-25",
        term_ends_on="",
    )
    page.get_by_role("button", name="提交审核").click()

    expect(page.get_by_text("没有提交")).to_be_visible()
    for name in ("subject_uscc", "notice_given_on", "term_ends_on"):
        expect(page.locator(f"#{name}")).to_have_attribute("aria-invalid", "true")
    assert [] == office.desk.drafts.all(office.party)


def test_of_one_action_one_draft_waits_and_a_returned_one_makes_room(
    page: Page, office: Office
) -> None:
    people(office)
    number = draft(office, "li.si")
    office.log_in(page, "wang.wu")
    page.goto(f"{office.url}/initiations/{number}")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_text("请写明理由").first).to_be_visible()
    page.get_by_label("审核意见").fill("文书尚未送达")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_text("已退回")).to_be_visible()

    assert number != draft(office, "li.si")
    body = office.desk.drafts.all(office.party)[0].body
    again = office.desk.drafts.add(
        office.party, json.loads(json.dumps(body)), by="li.si", now=datetime.now(UTC)
    )
    assert again is None
