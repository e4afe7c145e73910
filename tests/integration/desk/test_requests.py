"""What the public asks for: taken in or declined, said once, and told under its receipt."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from tests import samples
from tests.integration.departments.small_gate import small_gate
from tests.integration.desk.rig import Office, eventually, hub_says

from credit_bus.contracts.identity import unseal
from credit_bus.domain.event import Event
from credit_bus.domain.event_types import OBJECTION_DECIDED, PENALTY_DECIDED, REPAIR_REQUESTED
from credit_bus.domain.reason import Reason
from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc
from credit_bus_connectors.departments.desk.access import Role
from credit_bus_connectors.keys import PostgresKeyStore

WAIT_MILLISECONDS = 30_000  # the desk looks every few seconds for parties that are new
NUMBER = synthetic_resident_id(8)
_ADD = """
INSERT INTO site.petition (receipt_digest, kind, document_key, revision, provider, record_type,
                           document_number, subject_name, category, uscc, applicant, relation,
                           telephone, statement, scope, performed_on, commitment_published_on,
                           proofs)
VALUES (%(digest)s, %(kind)s, '\\x00', 1, %(provider)s, %(type)s, %(document)s, %(name)s,
        %(category)s, %(uscc)s, '示例某', 'self', '0936-8210000', '处罚决定已被撤销。', %(scope)s,
        %(performed)s, %(promised)s, %(proofs)s)
RETURNING petition_number
"""


@pytest.fixture
def hand_in(database: str) -> Callable[..., int]:
    """Hand in a petition as the site keeps it."""

    def add(kind: str = "objection", *, person: bool = False) -> int:
        is_repair = kind == "repair"
        given = {
            "digest": hashlib.sha256(kind.encode()).digest(),
            "kind": kind,
            "provider": samples.PENALISING,
            "type": PENALTY_DECIDED,
            "document": samples.penalty_body(1)["document_number"],
            "name": "示*" if person else samples.reference(1)["name"],
            "category": "natural_person" if person else "organisation",
            "uscc": None if person else synthetic_uscc(1),
            "scope": [] if is_repair else ["content"],
            "performed": date(2026, 5, 20) if is_repair else None,
            "promised": date(2026, 5, 21) if is_repair else None,
            "proofs": ["缴纳凭证"] if is_repair else [],
        }
        with psycopg.connect(database) as connection:
            row = connection.execute(_ADD, given).fetchone()
        assert row is not None
        return int(row[0])

    return add


@pytest.fixture
def state(database: str) -> Callable[[], tuple[str, str | None]]:
    """Read how the one petition stands."""

    def read() -> tuple[str, str | None]:
        with psycopg.connect(database) as connection:
            row = connection.execute("SELECT state, answer FROM site.petition").fetchone()
        assert row is not None
        return row

    return read


def decision(office: Office, **changes: Any) -> Event:
    """The provider's decision on the objection that the petition became."""
    body = samples.verification_body(
        1, objection_number=number_of(office), raised_by=office.party, **changes
    )
    return hub_says(OBJECTION_DECIDED, body, 1, document="decided", source=samples.PENALISING)


def number_of(office: Office) -> str:
    [(_, said)] = office.desk.requests.all(office.party)
    return str(said.body["objection_number"])


def fill_in_repair(page: Page) -> None:
    """Fill in the form of a lawful request."""
    texts = {
        "number": "窗修〔2026〕1号",
        "subject_name": samples.reference(1)["name"],
        "subject_uscc": synthetic_uscc(1),
        "about_record_document_number": samples.penalty_body(1)["document_number"],
        "minimum_reached_on": "2026-05-20",
        "performed_on": "2026-03-02",
        "commitment_published_on": "2026-05-25",
        "proofs": "罚款缴纳凭证\n整改报告",
        "asked_on": "2026-05-28",
    }
    for name, text in texts.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_label("法人及非法人组织").check()
    page.locator("#about_record_provider").select_option(samples.PENALISING)
    page.locator("#about_record_type").select_option(PENALTY_DECIDED)


@pytest.mark.broker
def test_a_petition_is_taken_in_said_once_and_told_until_it_is_decided(
    page: Page, live: Office, hand_in: Callable[..., int], state: Callable[[], Any]
) -> None:
    live.add("li.si", Role.CLERK)
    hand_in()
    with small_gate(live.broker, live.party, samples.codec()) as said:
        live.log_in(page, "li.si")
        page.get_by_role("link", name="申请", exact=True).click()
        page.get_by_role("link", name="异议申请：网申").click()
        expect(page.get_by_text("0936-8210000")).to_be_visible()
        page.get_by_role("link", name="受理", exact=True).click()
        page.get_by_role("button", name="受理并转交").dblclick()
        expect(page.get_by_text("已受理", exact=True)).to_be_visible(timeout=WAIT_MILLISECONDS)

        eventually(lambda: state()[0] == "accepted")
        live.tell(decision(live))
        eventually(lambda: state()[0] == "upheld")
        page.reload()
        expect(page.get_by_text("异议成立").first).to_be_visible()

    [event] = said
    assert ("objection.raised", "网站", synthetic_uscc(1)) == (
        event.type,
        event.body["channel"],
        event.subject,
    )
    assert samples.about_penalty(1) == event.body["about"]
    assert "撤销" in state()[1]


@pytest.mark.broker
@pytest.mark.parametrize("page", [390], indirect=True)
def test_what_the_gate_refuses_leaves_the_petition_waiting_and_can_be_said_again(
    page: Page, live: Office, hand_in: Callable[..., int], state: Callable[[], Any]
) -> None:
    refuses = [True]

    def judge(_: Event) -> tuple[Reason, ...]:
        wrong = Reason(code="x", field="statement", rule="须写明依据", remedy="请补充")
        return (wrong,) if refuses.pop() else ()

    live.add("li.si", Role.CLERK)
    number = hand_in()
    with small_gate(live.broker, live.party, samples.codec(), judge) as said:
        live.log_in(page, "li.si")
        page.goto(f"{live.url}/requests/new/objection?petition={number}")
        page.get_by_role("button", name="受理并转交").click()
        expect(page.get_by_text("须写明依据")).to_be_visible(timeout=WAIT_MILLISECONDS)
        assert ("received", None) == state()

        refuses.append(False)
        page.get_by_role("link", name="改正后重新登记").click()
        page.get_by_label("异议理由").fill("处罚决定已被复议决定撤销，附复议决定书。")
        page.get_by_role("button", name="受理并转交").click()
        eventually(lambda: state()[0] == "accepted")

    assert 2 == len(said)
    assert "附复议决定书" in said[-1].body["statement"]


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_declined_petition_is_told_why_and_nothing_is_said_of_it(
    page: Page, office: Office, hand_in: Callable[..., int], state: Callable[[], Any]
) -> None:
    office.add("li.si", Role.CLERK)
    number = hand_in()
    office.log_in(page, "li.si")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
    page.goto(f"{office.url}/petitions/{number}")
    page.get_by_role("button", name="不予受理").click()
    expect(page.get_by_text("此项必填").first).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{office.url}/requests/new/objection?petition={number}")

    page.get_by_label("不予受理的理由").fill("申请人未到窗口核对身份。")
    page.get_by_role("button", name="不予受理").click()
    expect(page.get_by_text("不予受理").first).to_be_visible()
    other.get_by_role("button", name="受理并转交").click()  # in another window, too late
    expect(other.get_by_text("申请人未到窗口核对身份。")).to_be_visible()

    assert ("not_accepted", "申请人未到窗口核对身份。") == state()
    assert {} == office.desk.store.unsaid()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_who_takes_a_petition_in_once_more_is_shown_the_request_that_was_made_of_it(
    page: Page, office: Office, hand_in: Callable[..., int]
) -> None:
    office.add("li.si", Role.CLERK)
    form = f"{office.url}/requests/new/objection?petition={hand_in()}"
    office.log_in(page, "li.si")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
    page.goto(form)
    other = page.context.new_page()
    other.goto(form)
    for each in (page, other):
        each.get_by_role("button", name="受理并转交").click()
        expect(each.get_by_text("等待回执").first).to_be_visible()

    assert page.url == other.url
    assert 1 == len(office.desk.requests.all(office.party))


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_who_comes_after_a_colleague_is_shown_the_petition_and_not_a_request_as_if_it_were_theirs(
    page: Page, office: Office, hand_in: Callable[..., int], browser: Browser
) -> None:
    for name in ("li.si", "wang.wu"):
        office.add(name, Role.CLERK)
    number = hand_in()
    other = browser.new_context().new_page()
    for each, name in ((page, "li.si"), (other, "wang.wu")):
        office.log_in(each, name)
        expect(each.get_by_role("heading", name="本单位办件")).to_be_visible()
        each.goto(f"{office.url}/requests/new/objection?petition={number}")
    page.get_by_role("button", name="受理并转交").click()
    expect(page.get_by_text("等待回执").first).to_be_visible()
    other.get_by_role("button", name="受理并转交").click()
    expect(other.get_by_text("查看转交和办理情况")).to_be_visible()

    assert f"{office.url}/petitions/{number}" == other.url
    assert 1 == len(office.desk.requests.all(office.party))
    other.context.close()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_person_is_sealed_at_the_window_and_no_number_is_kept(
    page: Page, office: Office, hand_in: Callable[..., int], database: str
) -> None:
    office.add("li.si", Role.CLERK)
    number = hand_in(person=True)
    office.log_in(page, "li.si")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
    page.goto(f"{office.url}/requests/new/objection?petition={number}")
    page.get_by_label("主体名称").fill("示例某")
    page.get_by_role("button", name="受理并转交").click()
    expect(page.get_by_text("自然人请填写身份证件号码").first).to_be_visible()
    page.get_by_label("身份证件号码").fill(NUMBER)
    page.get_by_role("button", name="受理并转交").click()
    expect(page.get_by_text("等待回执").first).to_be_visible()
    assert NUMBER not in page.content()

    [[(_, wire)]] = office.desk.store.unsaid().values()
    [(_, said)] = office.desk.requests.all(office.party)
    sealed = said.body["subject"]["person_id"]
    keys = PostgresKeyStore(database, secret=bytes(range(32)))
    try:
        opened = unseal({**sealed, "box": bytes.fromhex(sealed["box"])}, keys)
    finally:
        keys.close()
    assert (NUMBER, sealed["pseudonym"]) == (opened, said.subject)
    assert wire.value is not None
    assert NUMBER.encode() not in wire.value
    with psycopg.connect(database) as connection:
        kept = connection.execute("SELECT statement::text FROM desk.statement").fetchone()
    assert kept is not None
    assert NUMBER not in kept[0]


@pytest.mark.parametrize("page", [390], indirect=True)
def test_who_comes_to_the_counter_asks_for_repair(page: Page, office: Office) -> None:
    office.add("li.si", Role.CLERK)
    office.log_in(page, "li.si")
    page.get_by_role("link", name="申请", exact=True).click()
    page.get_by_role("link", name="登记信用修复申请").click()
    page.get_by_role("button", name="受理并转交").click()
    expect(page.locator(".mistakes")).to_be_visible()
    fill_in_repair(page)
    page.get_by_role("button", name="受理并转交").click()
    expect(page.get_by_role("heading", name="信用修复申请：窗修〔2026〕1号")).to_be_visible()

    [(_, said)] = office.desk.requests.all(office.party)
    assert (REPAIR_REQUESTED, synthetic_uscc(1), samples.PENALISING) == (
        said.type,
        said.subject,
        said.body["recogniser"],
    )
    page.goto(f"{office.url}/requests/new/repair")
    fill_in_repair(page)
    page.get_by_role("button", name="受理并转交").click()
    expect(page.get_by_text("这个收件编号已经提交过").first).to_be_visible()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_department_that_is_no_window_sees_no_petition_and_no_request_of_another(
    page: Page, office: Office, hand_in: Callable[..., int], state: Callable[[], Any]
) -> None:
    office.add("qian.qi", Role.CLERK, party="finance")
    number = hand_in()
    office.log_in(page, "qian.qi")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()
    token = page.locator("[name=csrf_token]").first.input_value()
    for path in (f"/petitions/{number}", f"/requests/new/objection?petition={number}"):
        assert 404 == page.request.get(office.url + path).status
    told = {"csrf_token": token, "answer": "不予受理"}
    answer = page.request.post(f"{office.url}/petitions/{number}/decline", form=told)
    page.goto(f"{office.url}/requests")

    assert 404 == answer.status
    assert 0 == page.get_by_text("网申〔").count()
    assert ("received", None) == state()


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999", "x", "1; DROP TABLE"])
@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_petition_that_is_not_there_is_not_there(page: Page, office: Office, number: str) -> None:
    office.add("li.si", Role.CLERK)
    office.log_in(page, "li.si")
    expect(page.get_by_role("heading", name="本单位办件")).to_be_visible()

    for path in (
        f"/petitions/{number}",
        f"/requests/{number}",
        f"/requests/new/objection?petition={number}",
    ):
        assert 404 == page.request.get(office.url + path).status
