"""`POST /enquiries`: who may ask what, what is told, and that each answer has its line."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests import samples
from tests.integration.enquiry.conftest import ASKER, WINDOW, Web, enquiry

from credit_bus.domain.event_types import (
    ACTION_ENDED,
    ACTION_SUSPENDED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_WITHDRAWN,
)
from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc
from credit_bus_connectors.enquiry.reading import BYTES_MAX

Deliver = Callable[..., None]
Rows = Callable[[str], list[tuple[Any, ...]]]


def codes(answer: Any) -> list[str]:
    return [each["code"] for each in answer.json()["reasons"]]


def test_nobody_without_a_valid_key_is_heard(web: Web, rows: Rows) -> None:
    without = web.post("/enquiries", b"{", party=None)
    wrong = web.post("/enquiries", enquiry(), party=None, authorization="Bearer cb_nobody")

    assert [401, 401] == [without.status_code, wrong.status_code]
    assert ["http-key-needed"] == codes(wrong)
    assert [] == rows("SELECT 1 FROM enquiry.log")


def test_a_party_without_the_right_to_enquire_is_refused(web: Web) -> None:
    answer = web.post("/enquiries", enquiry(), party=samples.COURT)

    assert 403 == answer.status_code
    assert ["enquiry-no-right"] == codes(answer)


def test_a_purpose_that_the_asker_may_not_have_is_refused(web: Web, rows: Rows) -> None:
    answer = web.ask(purpose="tendering")

    assert 403 == answer.status_code
    assert ["purpose-not-for-asker"] == codes(answer)
    assert [] == rows("SELECT 1 FROM enquiry.log")


def test_every_mistake_is_told_at_its_field_in_chinese(web: Web) -> None:
    answer = web.ask(subject="x", purpose="curiosity", case_reference=None)

    assert 400 == answer.status_code
    assert {"case_reference"} == {each["field"] for each in answer.json()["reasons"]}
    answer = web.ask(subject="x", purpose="curiosity")
    assert {"subject", "purpose"} == {each["field"] for each in answer.json()["reasons"]}
    assert all("\u4e00" <= each["rule"][0] for each in answer.json()["reasons"])


@pytest.mark.parametrize("size", [BYTES_MAX + 1, 10 * 1024 * 1024])
def test_a_body_beyond_the_bound_is_refused(web: Web, size: int) -> None:
    answer = web.post("/enquiries", b" " * size)

    assert 413 == answer.status_code
    assert ["enquiry-too-large"] == codes(answer)


@pytest.mark.parametrize(
    "headers", [{"content_type": "text/plain"}, {"content_encoding": "gzip"}], ids=str
)
def test_what_is_not_plain_json_is_refused(web: Web, headers: dict[str, str]) -> None:
    assert 415 == web.post("/enquiries", b"{}", **headers).status_code


def test_who_asks_too_often_is_told_when_to_come_again(office: Any, district: str) -> None:
    web = Web(office, district, burst=2)

    answers = [web.ask() for _ in range(3)]

    assert [200, 200, 429] == [each.status_code for each in answers]
    assert "2" == answers[-1].headers["retry-after"]


def test_of_an_unknown_subject_nothing_is_told(web: Web, rows: Rows) -> None:
    told = web.ask().json()

    assert ([], [], None) == (told["records"], told["measures"], told["clean_for_three_years"])
    assert [(ASKER, "http", "answered", 0)] == rows(
        "SELECT asker, way, outcome, records FROM enquiry.log"
    )


def test_what_the_purpose_allows_is_told_with_its_instrument(web: Web, deliver: Deliver) -> None:
    deliver(
        samples.penalty(1),
        samples.licence(1),
        samples.initiation(1),
        samples.response(1),
        samples.penalty(2),
    )

    told = web.ask().json()

    assert [("penalty.decided", 1, False)] == [
        (each["type"], each["revision"], each["disputed"]) for each in told["records"]
    ]
    assert [samples.COURT_MEASURES[0]] == [each["measure"] for each in told["measures"]]
    instrument = samples.initiation_body(1)["instrument"]
    assert instrument["number"] == told["measures"][0]["instrument"]["number"]


@pytest.mark.parametrize("kind", [RECORD_WITHDRAWN, PUBLICITY_ENDED])
def test_what_is_withdrawn_or_shown_no_more_is_not_told(
    web: Web, deliver: Deliver, kind: str
) -> None:
    deliver(samples.penalty(1), samples.of_standing(kind, 1))

    assert [] == web.ask().json()["records"]


def test_an_entry_is_told_until_it_is_removed(web: Web, deliver: Deliver) -> None:
    deliver(samples.of_standing(LISTING_ENTERED, 1))
    before = web.ask().json()["records"]
    deliver(samples.of_standing(LISTING_REMOVED, 1))

    assert [LISTING_ENTERED] == [each["type"] for each in before]
    assert [] == web.ask(enquiry_number="2").json()["records"]


def test_what_is_objected_to_is_marked(web: Web, deliver: Deliver) -> None:
    deliver(samples.penalty(1), samples.of_course(OBJECTION_RAISED, 1))

    assert [True] == [each["disputed"] for each in web.ask().json()["records"]]


@pytest.mark.parametrize("kind", [ACTION_SUSPENDED, ACTION_ENDED])
def test_no_measure_of_an_action_that_rests_or_ended_is_told(
    web: Web, deliver: Deliver, kind: str
) -> None:
    deliver(samples.initiation(1), samples.response(1), samples.of_course(kind, 1))

    assert [] == web.ask().json()["measures"]


def test_the_green_channel_is_yes_or_no_with_the_records_that_decide(
    web: Web, deliver: Deliver
) -> None:
    deliver(samples.penalty(1))

    unclean = web.ask(purpose="green-channel").json()
    clean = web.ask(purpose="green-channel", subject=synthetic_uscc(2)).json()

    assert (False, 1) == (unclean["clean_for_three_years"], len(unclean["deciding_records"]))
    assert (True, 0) == (clean["clean_for_three_years"], len(clean["deciding_records"]))
    assert [] == unclean["records"]


def test_the_same_enquiry_again_has_the_same_answer_and_one_line(
    web: Web, deliver: Deliver, rows: Rows
) -> None:
    first = web.ask()
    deliver(samples.penalty(1))
    again = web.ask()

    assert first.content == again.content
    assert [(1,)] == rows("SELECT count(*) FROM enquiry.log")


def test_a_number_that_was_used_for_something_else_is_refused(web: Web) -> None:
    web.ask()
    answer = web.ask(purpose="fiscal-support")

    assert 409 == answer.status_code
    assert [("enquiry-number-used", "enquiry_number")] == [
        (each["code"], each["field"]) for each in answer.json()["reasons"]
    ]


def test_one_enquiry_asked_many_times_at_once_has_one_line(web: Web, rows: Rows) -> None:
    web.ask(enquiry_number="0")  # makes the key
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: web.ask(), range(24)))

    assert {200} == {each.status_code for each in answers}
    assert 1 == len({each.content for each in answers})
    assert [(2,)] == rows("SELECT count(*) FROM enquiry.log")


def test_the_line_says_who_asked_for_what_and_what_was_told(
    web: Web, deliver: Deliver, rows: Rows
) -> None:
    deliver(samples.penalty(1))
    text = web.ask().text

    (line,) = rows(
        "SELECT asker, key_id, subject_key, purpose, procedure, case_reference, records, measures,"
        " left_out, clean, answer::text FROM enquiry.log"
    )
    ((key_id,),) = rows("SELECT key_id FROM intake.api_key")
    asked = enquiry()
    assert (
        ASKER,
        key_id,
        asked["subject"],
        asked["purpose"],
        asked["procedure"],
        asked["case_reference"],
        1,
        0,
        0,
        None,
        text,
    ) == line


def test_no_answer_is_given_whose_line_cannot_be_written(
    web: Web, rows: Rows, district: str
) -> None:
    rows("REVOKE INSERT ON enquiry.log FROM credit_bus_enquiry")

    answer = web.ask()

    assert 500 == answer.status_code
    assert "records" not in answer.text


def test_a_person_s_number_is_in_no_line(web: Web, rows: Rows) -> None:
    number = synthetic_resident_id(1)

    answer = web.ask(subject={"person_id": number, "person_id_type": "身份证"})

    assert 200 == answer.status_code
    assert number not in answer.text
    assert [] == rows(f"SELECT 1 FROM enquiry.log WHERE log::text LIKE '%{number}%'")


def test_the_subject_learns_at_a_window_who_asked(web: Web, rows: Rows) -> None:
    web.ask()
    web.ask(enquiry_number="2", purpose="fiscal-support")
    web.ask(enquiry_number="3", subject=synthetic_uscc(2))

    told = web.post(
        "/enquiries/about",
        {"subject": synthetic_uscc(1), "case_reference": "窗〔2026〕1号"},
        party=WINDOW,
    ).json()

    assert [
        ("2", "fiscal-support", ASKER),
        ("财查〔2026〕1号", "government-procurement", ASKER),
    ] == [(each["enquiry_number"], each["purpose"], each["asker"]) for each in told["lines"]]
    assert [(WINDOW, synthetic_uscc(1), "窗〔2026〕1号", 2)] == rows(
        "SELECT party, subject_key, case_reference, lines FROM enquiry.disclosure"
    )


def test_a_department_that_is_no_window_learns_nothing_of_who_asked(web: Web) -> None:
    answer = web.post(
        "/enquiries/about", {"subject": synthetic_uscc(1), "case_reference": "1"}, party=ASKER
    )

    assert 403 == answer.status_code
    assert ["enquiry-not-a-window"] == codes(answer)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE enquiry.log; --", "$1", "%(subject)s", "\\x00", "<script>", "{0}"]
)
def test_a_text_that_means_something_to_a_database_is_a_text(
    web: Web, rows: Rows, text: str
) -> None:
    answer = web.ask(enquiry_number=text, procedure=text, case_reference=text)

    assert 200 == answer.status_code
    assert [(text, text, text)] == rows(
        "SELECT enquiry_number, procedure, case_reference FROM enquiry.log"
    )
    assert 400 == web.ask(enquiry_number="5", subject=text).status_code
    assert 400 == web.ask(enquiry_number="6", purpose=text).status_code


def test_without_a_database_it_is_said_when_to_come_again(web: Web, rows: Rows) -> None:
    web.ask()
    rows("UPDATE enquiry.migration SET version = 999")
    web.office.close()

    answer = web.ask()

    assert 503 == answer.status_code
    assert "1" == answer.headers["retry-after"]


def test_the_role_reads_no_body_no_name_and_changes_nothing(district: str) -> None:
    import psycopg

    from credit_bus_connectors.enquiry.store import ROLE

    forbidden = (
        "SELECT body FROM district.current_record",
        "SELECT * FROM district.record",
        "SELECT * FROM district.legal_person",
        "SELECT * FROM district.natural_person",
        "SELECT * FROM intake.request",
        "UPDATE enquiry.log SET asker = 'x'",
        "DELETE FROM enquiry.log",
        "DELETE FROM enquiry.disclosure",
        "UPDATE intake.api_key SET revoked_at = NULL",
        "INSERT INTO intake.api_key (key_id, party, digest) VALUES ('a', 'b', 'c')",
        "CREATE TABLE enquiry.mine (a int)",
    )
    with psycopg.connect(district, autocommit=True, options=f"-c role={ROLE}") as connection:
        for each in forbidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(each.encode())


def test_the_document_names_every_status_that_is_answered(web: Web) -> None:
    import asyncio

    import httpx

    async def got() -> httpx.Response:
        transport = httpx.ASGITransport(app=web.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://bus") as client:
            return await client.get("/openapi.json")

    document = asyncio.run(got()).json()
    asked = document["paths"]["/enquiries"]["post"]

    assert {"200", "400", "401", "403", "408", "409", "413", "415", "429", "503"} == set(
        asked["responses"]
    )
    assert ["accessKey"] == list(asked["security"][0])
    assert json.dumps(document)
