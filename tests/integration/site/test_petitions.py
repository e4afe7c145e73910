"""What the public hands in: every rule at its field, a receipt, and nothing marked by it."""

import re
from typing import Any

import psycopg
import pytest
from httpx import Response
from tests import samples
from tests.conformance.platforms import natural_person, rows
from tests.integration.site.conftest import Running, address

from credit_bus.domain.event import Event, document_key
from credit_bus.domain.event_types import LISTING_ENTERED, RECORD_WITHDRAWN, REPUTATION_RESTORED
from credit_bus.domain.synthetic import synthetic_resident_id
from credit_bus_connectors.site import petition_forms, petitions
from credit_bus_connectors.site.allowance import Allowance
from credit_bus_connectors.site.pages import NOT_FOUND
from credit_bus_connectors.web.forms import DAY_FORM, FORGED, MISSING

NUMBER = synthetic_resident_id(9)
RECORD = samples.penalty(1)
OBJECTION = {
    "scope": ["content", "period"],
    "statement": "处罚决定已被撤销。",
    "applicant": "示例商贸1号有限公司",
    "relation": "self",
    "telephone": "0936-8210000",
}
REPAIR = {
    "performed_on": "2026-05-25",
    "commitment_published_on": "2026-05-26",
    "proofs": "罚款缴纳凭证\n\n整改报告\n",
    "statement": "已经缴清罚款并整改。",
    "applicant": "示例某",
    "relation": "agent",
    "telephone": "13900000000",
}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def form_of(running: Running, kind: str = "objection", record: Event = RECORD) -> dict[str, str]:
    """The hidden fields of a new form."""
    page = running.page(f"{address(record)}/{kind}")
    return {name: hidden(page, name) for name in ("csrf_token", "token")}


def send(
    running: Running, told: dict[str, Any], kind: str = "objection", record: Event = RECORD
) -> Response:
    told = {**form_of(running, kind, record), **told}
    return running.client.post(f"{address(record)}/{kind}", data=told)


def receipt_in(answer: Response) -> str:
    assert 200 == answer.status_code, answer.text
    found = re.search(r'id="receipt">([A-Z2-7-]+)<', answer.text)
    assert found is not None
    return found[1]


def kept(database: str) -> list[tuple[Any, ...]]:
    return rows(database, "SELECT kind, state, scope, statement, proofs FROM site.petition")


def test_an_objection_is_kept_whole_and_marks_nothing(running: Running, database: str) -> None:
    running.show(RECORD)
    before = running.client.get("/feed/records").json()
    receipt_in(send(running, OBJECTION))

    expected = ("objection", "received", ["content", "period"], OBJECTION["statement"], [])
    assert [expected] == kept(database)
    ((key, revision, provider, number, uscc),) = rows(
        database,
        "SELECT document_key, revision, provider, document_number, uscc FROM site.petition",
    )
    assert (document_key(RECORD), 1, RECORD.source) == (key, revision, provider)
    assert (RECORD.body["document_number"], RECORD.subject) == (number, uscc)
    assert before == running.client.get("/feed/records").json()
    assert '<span class="mark' not in running.page(address(RECORD))


def test_a_request_for_repair_is_kept_whole(running: Running, database: str) -> None:
    running.show(RECORD)
    receipt_in(send(running, REPAIR, "repair"))

    proofs = ["罚款缴纳凭证", "整改报告"]
    assert [("repair", "received", [], REPAIR["statement"], proofs)] == kept(database)


def test_a_receipt_shows_how_it_stands_and_the_windows_answer(
    running: Running, database: str
) -> None:
    running.show(RECORD)
    receipt = receipt_in(send(running, OBJECTION))
    first = running.client.post("/petitions", data={"receipt": receipt.lower().replace("-", "")})
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE credit_bus_desk")
        connection.execute(
            "UPDATE site.petition SET state = 'not_accepted', answered_at = now(), answer = %s",
            ["未在窗口核对身份"],
        )
    second = running.client.post("/petitions", data={"receipt": receipt})

    assert petitions.STATES["received"] in first.text
    assert petitions.STATES["not_accepted"] in second.text
    assert "未在窗口核对身份" in second.text
    for page in (first.text, second.text):
        assert OBJECTION["telephone"] not in page
        assert OBJECTION["statement"] not in page


@pytest.mark.parametrize("receipt", ["", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", "x" * 200])
def test_an_unknown_receipt_is_told_so(running: Running, receipt: str) -> None:
    answer = running.client.post("/petitions", data={"receipt": receipt})

    assert (404, True) == (answer.status_code, petitions.NO_RECEIPT in answer.text)


def test_a_form_sent_twice_is_one_petition_with_one_receipt(
    running: Running, database: str
) -> None:
    running.show(RECORD)
    told = {**form_of(running), **OBJECTION}
    first, again = (running.client.post(f"{address(RECORD)}/objection", data=told) for _ in "ab")

    assert receipt_in(first) == receipt_in(again)
    assert 1 == len(kept(database))


@pytest.mark.parametrize(
    ("kind", "changes", "field", "why"),
    [
        ("objection", {"scope": []}, "scope", MISSING),
        ("objection", {"statement": " \r\n "}, "statement", MISSING),
        ("objection", {"statement": "长" * 2001}, "statement", "不能超过 2000 字"),
        ("objection", {"statement": f"我是{NUMBER}"}, "statement", petition_forms.NUMBER_IN_TEXT),
        ("objection", {"applicant": ""}, "applicant", MISSING),
        ("objection", {"applicant": NUMBER}, "applicant", petition_forms.NUMBER_IN_TEXT),
        ("objection", {"applicant": "长" * 101}, "applicant", "不能超过 100 字"),
        ("objection", {"relation": ""}, "relation", MISSING),
        ("objection", {"telephone": "12345"}, "telephone", petition_forms.WRONG_TELEPHONE),
        ("objection", {"telephone": NUMBER}, "telephone", petition_forms.WRONG_TELEPHONE),
        ("objection", {"telephone": "１３９００００００００"}, "telephone", "请填写11位手机号码"),
        ("repair", {"performed_on": ""}, "performed_on", MISSING),
        ("repair", {"performed_on": "2026-02-30"}, "performed_on", DAY_FORM),
        ("repair", {"performed_on": "2026-06-02"}, "performed_on", petition_forms.IN_FUTURE),
        (
            "repair",
            {"commitment_published_on": "2026-06-02"},
            "commitment_published_on",
            petition_forms.IN_FUTURE,
        ),
        ("repair", {"proofs": "\n"}, "proofs", MISSING),
        ("repair", {"proofs": "证\n" * 21}, "proofs", petition_forms.TOO_MANY_PROOFS),
        ("repair", {"proofs": "长" * 201}, "proofs", petition_forms.LONG_PROOF),
        ("repair", {"proofs": f"{NUMBER}的凭证"}, "proofs", petition_forms.NUMBER_IN_TEXT),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    running: Running,
    database: str,
    kind: str,
    changes: dict[str, Any],
    field: str,
    why: str,
) -> None:
    running.show(RECORD)
    told = OBJECTION if kind == "objection" else REPAIR
    answer = send(running, {**told, **changes}, kind)
    mistake = re.search(rf'id="{field}-mistake1">([^<]*)<', answer.text)

    assert 422 == answer.status_code
    assert mistake is not None
    assert why in mistake[1]
    assert [] == kept(database)


@pytest.mark.parametrize(
    "changes", [{"scope": ["content", "made-up"]}, {"relation": "made-up"}], ids=str
)
def test_a_word_that_no_form_offers_is_refused(
    running: Running, database: str, changes: dict[str, Any]
) -> None:
    running.show(RECORD)

    assert 422 == send(running, {**OBJECTION, **changes}).status_code
    assert [] == kept(database)


def test_every_mistake_is_told_at_once_and_what_was_entered_is_still_there(
    running: Running,
) -> None:
    running.show(RECORD)
    answer = send(running, {"statement": "写了一半<b>"})

    assert "有 4 处需要改正" in answer.text
    assert "写了一半&lt;b&gt;" in answer.text


@pytest.mark.parametrize("changes", [{"csrf_token": ""}, {"csrf_token": "x##y"}], ids=str)
def test_a_forged_form_is_refused(running: Running, database: str, changes: dict[str, str]) -> None:
    running.show(RECORD)
    answer = send(running, {**OBJECTION, **changes})

    assert (403, True) == (answer.status_code, FORGED in answer.text)
    assert [] == kept(database)


def test_a_form_of_another_session_is_refused(running: Running, database: str) -> None:
    running.show(RECORD)
    told = {**form_of(running), **OBJECTION}
    running.client.cookies.clear()
    answer = running.client.post(f"{address(RECORD)}/objection", data=told)

    assert 403 == answer.status_code
    assert [] == kept(database)


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"a=%ff", "application/x-www-form-urlencoded", 400),
        (b"a=%00", "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 300_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=1" for _ in range(300)), "application/x-www-form-urlencoded", 400),
    ],
    ids=["json", "no-utf-8", "null", "large", "many-fields"],
)
def test_a_body_that_is_no_form_is_refused(
    running: Running, content: bytes, kind: str, status: int
) -> None:
    running.show(RECORD)
    answer = running.client.post(
        f"{address(RECORD)}/objection", content=content, headers={"content-type": kind}
    )

    assert status == answer.status_code


def test_nothing_is_handed_in_about_what_is_not_shown(running: Running, database: str) -> None:
    running.show(RECORD)
    told = {**form_of(running), **OBJECTION}
    running.show(samples.of_standing(RECORD_WITHDRAWN, 1))
    answer = running.client.post(f"{address(RECORD)}/objection", data=told)

    assert (404, True) == (answer.status_code, NOT_FOUND in answer.text)
    assert [] == kept(database)


def test_only_what_burdens_is_repaired_and_a_public_word_is_not_objected_to(
    running: Running,
) -> None:
    licence, word = samples.licence(1), samples.of_course(REPUTATION_RESTORED, 1)
    entry = samples.of_standing(LISTING_ENTERED, 1)
    running.show(RECORD, licence, word, entry)

    for event, kind, status in (
        (RECORD, "repair", 200),
        (entry, "repair", 200),
        (licence, "repair", 404),
        (licence, "objection", 200),
        (word, "objection", 404),
    ):
        running.page(f"{address(event)}/{kind}", status)


def test_a_person_may_object_and_is_masked_in_what_is_kept(running: Running, database: str) -> None:
    event = natural_person(database, body=samples.licence_body)
    running.show(event)
    receipt_in(send(running, OBJECTION, record=event))

    assert [("示**", None)] == rows(database, "SELECT subject_name, uscc FROM site.petition")


def test_an_hour_takes_a_bounded_number(running: Running, database: str) -> None:
    running.show(RECORD)
    running.allowance._most = 1
    first, second = send(running, OBJECTION), send(running, OBJECTION)

    assert [200, 429] == [first.status_code, second.status_code]
    assert petitions.TOO_MANY in second.text
    assert OBJECTION["statement"] in second.text
    assert 1 == len(kept(database))
    assert Allowance()._most == 120


def test_no_line_of_the_log_holds_what_was_handed_in(running: Running) -> None:
    running.show(RECORD)
    receipt = receipt_in(send(running, OBJECTION))
    running.client.post("/petitions", data={"receipt": receipt})
    logged = "".join(running.log.lines)

    assert petitions.RECEIVED in logged
    for secret in (
        receipt,
        OBJECTION["telephone"],
        OBJECTION["statement"],
        document_key(RECORD).hex(),
    ):
        assert secret not in logged


def test_the_database_holds_no_receipt(running: Running, database: str) -> None:
    running.show(RECORD)
    receipt = receipt_in(send(running, OBJECTION))
    text = str(rows(database, "SELECT petition::text FROM site.petition"))

    assert receipt not in text
    assert receipt.replace("-", "") not in text


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("credit_bus_site", "SELECT telephone FROM site.petition"),
        ("credit_bus_site", "SELECT statement FROM site.petition"),
        ("credit_bus_site", "UPDATE site.petition SET state = 'accepted', answered_at = now()"),
        ("credit_bus_site", "DELETE FROM site.petition"),
        ("credit_bus_site", "UPDATE site.publication SET disputed = true"),
        ("credit_bus_site", "SELECT * FROM site.standing"),
        ("credit_bus_site", "SELECT * FROM site.delivery"),
        ("credit_bus_desk", "UPDATE site.petition SET statement = ''"),
        ("credit_bus_desk", "SELECT * FROM site.publication"),
    ],
)
def test_each_role_may_do_what_it_must_and_no_more(
    running: Running, database: str, role: str, statement: str
) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"SET ROLE {role}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
