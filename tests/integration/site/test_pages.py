"""The pages of the public site, over a real database."""

from datetime import date

import psycopg
import pytest
from tests import samples
from tests.conformance.platforms import natural_person, rows
from tests.integration.site.conftest import Running, address

from credit_bus.domain.event_types import (
    DEFAULTER_LISTED,
    LISTING_ENTERED,
    LISTING_REMOVED,
    OBJECTION_DECIDED,
    OBJECTION_RAISED,
    PUBLICITY_ENDED,
    RECORD_CORRECTED,
    RECORD_WITHDRAWN,
    REPUTATION_RESTORED,
)
from credit_bus.domain.identifiers import USCC_NONE
from credit_bus.domain.synthetic import synthetic_resident_id, synthetic_uscc
from credit_bus_connectors.site import lookup
from credit_bus_connectors.site.pages import AWAY, NOT_FOUND, SECTIONS, UNREADABLE_FORM
from credit_bus_connectors.site.store import PAGE_RECORDS_MAX, PAGES_MAX, SUBJECTS_MAX

NAME = samples.subject(1)["name"]


def of_subject(running: Running, number: int = 1) -> str:
    return running.page(f"/subjects/{synthetic_uscc(number)}")


def test_a_record_is_found_from_the_name_to_its_page(running: Running) -> None:
    running.show(samples.penalty(1), samples.licence(1), samples.penalty(2))
    found = running.client.post("/search", data={"q": "商贸1号"}).text
    page = of_subject(running)

    assert f'href="/subjects/{synthetic_uscc(1)}"' in found
    assert synthetic_uscc(2) not in found
    assert address(samples.penalty(1)) in page
    assert address(samples.licence(1)) in page
    assert samples.penalty(1).body["content"] in running.page(address(samples.penalty(1)))


def test_a_code_leads_to_its_subject(running: Running) -> None:
    code = synthetic_uscc(1)
    answer = running.client.post("/search", data={"q": code.lower()}, follow_redirects=False)

    assert (303, f"/subjects/{code}") == (answer.status_code, answer.headers["location"])


def test_full_width_brackets_of_a_name_are_found_by_half_width_ones(running: Running) -> None:
    running.show(samples.penalty(1, subject=samples.subject(1, name="示例（甘州）有限公司")))

    assert synthetic_uscc(1) in running.client.post("/search", data={"q": "示例(甘州)"}).text


def test_what_looks_like_somebodys_number_is_refused_before_any_query(running: Running) -> None:
    number = synthetic_resident_id(5)
    answer = running.client.post("/search", data={"q": number})

    assert 400 == answer.status_code
    assert lookup.PERSONAL in answer.text
    assert number not in answer.text
    assert number not in "".join(running.log.lines)


def test_a_person_is_found_neither_by_name_nor_by_key(running: Running, database: str) -> None:
    event = natural_person(database, body=samples.licence_body)
    running.show(event)

    for asked in ("示例某", "示**", "示例"):
        assert "/subjects/" not in running.client.post("/search", data={"q": asked}).text
    assert 404 == running.client.get(f"/subjects/{event.subject}").status_code
    assert 404 == running.client.get(f"/subjects/{USCC_NONE}").status_code
    page = running.page(address(event))
    assert "示**" in page
    assert "示例某" not in page + running.page("/licences")


def test_a_name_holding_markup_is_shown_as_text(running: Running) -> None:
    running.show(samples.penalty(1, subject=samples.subject(1, name="<b>示例</b>")))

    assert "&lt;b&gt;示例" in of_subject(running)
    assert "<b>示例" not in of_subject(running) + running.page("/penalties")


def test_what_is_searched_for_is_no_pattern(running: Running) -> None:
    running.show(samples.penalty(1))

    assert synthetic_uscc(1) not in running.client.post("/search", data={"q": "%%"}).text
    assert synthetic_uscc(1) not in running.client.post("/search", data={"q": "' OR ''='"}).text


def test_a_withdrawn_record_is_gone_from_every_page(running: Running) -> None:
    running.show(samples.penalty(1), samples.of_standing(RECORD_WITHDRAWN, 1))

    assert NOT_FOUND in running.page(address(samples.penalty(1)), 404)
    assert NAME not in of_subject(running) + running.page("/penalties")
    assert synthetic_uscc(1) not in running.client.post("/search", data={"q": NAME}).text


@pytest.mark.parametrize("kind", [PUBLICITY_ENDED, RECORD_WITHDRAWN])
def test_of_what_is_shown_no_more_no_content_is_kept(
    running: Running, database: str, kind: str
) -> None:
    running.show(samples.penalty(1), samples.of_standing(kind, 1))
    kept = str(rows(database, "SELECT * FROM site.publication")) + str(
        rows(database, "SELECT * FROM site.standing")
    )

    assert NAME not in kept
    assert samples.penalty(1).body["document_number"] not in kept
    assert synthetic_uscc(1) not in kept


def test_an_objection_is_marked_until_it_is_decided_and_its_words_are_nowhere(
    running: Running,
) -> None:
    objection = samples.of_course(OBJECTION_RAISED, 1)
    running.show(samples.penalty(1), objection)
    marked = running.page(address(samples.penalty(1)))
    running.show(samples.of_course(OBJECTION_DECIDED, 1, decision="dismissed", remedy=None))

    assert '<span class="mark disputed">异议</span>' in marked
    assert objection.body["statement"] not in marked
    assert '<span class="mark disputed">' not in running.page(address(samples.penalty(1)))


def test_a_corrected_record_says_so_and_shows_the_correction(running: Running) -> None:
    corrected = samples.penalty(1, revision=2, content="罚款人民币一万元")
    running.show(samples.penalty(1), samples.of_standing(RECORD_CORRECTED, 1), corrected)
    page = running.page(address(corrected))

    assert '<span class="mark corrected">已更正</span>' in page
    assert ("罚款人民币一万元" in page, "罚款人民币二万元" in page) == (True, False)
    assert "第2版" in page


def test_a_list_shows_instrument_and_term_of_each_entry(running: Running) -> None:
    running.show(samples.of_standing(LISTING_ENTERED, 1))
    for page in (
        running.page("/lists"),
        running.page(address(samples.of_standing(LISTING_ENTERED, 1))),
    ):
        assert "严重失信主体名单认定决定《列入决定书》，甘区人社列〔2026〕1号" in page
        assert "《保障农民工工资支付条例》第四十八条" in page
        assert "2026年5月18日至2029年5月17日" in page


def test_each_entry_of_a_list_leads_to_the_way_to_object(running: Running) -> None:
    entry = samples.of_standing(LISTING_ENTERED, 1)
    running.show(entry)

    assert f'href="{address(entry)}#objection"' in running.page("/lists")
    assert 'id="objection"' in running.page(address(entry))


def test_each_record_says_who_decides_on_an_objection(running: Running) -> None:
    record = samples.said(
        "penalty.decided", samples.penalty_body(1), party="industry-commerce-quality"
    )
    running.show(record)

    assert "<strong>甘州区市场监督管理局</strong>核实" in running.page(address(record))


def test_one_list_can_be_looked_at_alone(running: Running) -> None:
    running.show(samples.of_standing(LISTING_ENTERED, 1))

    assert NAME in running.page("/lists?list=wage-arrears")
    assert NAME not in running.page("/lists?list=honesty-models")
    assert NAME in running.page("/lists?list=unknown")  # as without


def test_an_entry_that_is_over_is_gone(running: Running) -> None:
    running.show(samples.of_standing(LISTING_ENTERED, 1), samples.of_standing(LISTING_REMOVED, 1))

    assert NAME not in running.page("/lists")


def test_what_ends_by_date_is_shown_on_its_last_day_and_not_on_the_next(running: Running) -> None:
    entry = samples.of_standing(LISTING_ENTERED, 1)
    running.show(entry)
    found = []
    for day in (date(2026, 5, 17), date(2026, 5, 18), date(2029, 5, 17), date(2029, 5, 18)):
        running.on(day)
        found.append(NAME in running.page("/lists"))
        assert found[-1] == (running.client.get(address(entry)).status_code == 200)
        assert found[-1] == (
            synthetic_uscc(1) in running.client.post("/search", data={"q": NAME}).text
        )

    assert [False, True, True, False] == found


def test_the_day_is_that_of_shanghai(running: Running) -> None:
    """16:00 UTC is midnight there."""
    running.show(samples.penalty(1, publish_until=date(2026, 6, 1)))
    running.now = samples.NOW.replace(hour=15, minute=59)
    before = NAME in running.page("/penalties")
    running.now = samples.NOW.replace(hour=16, minute=0)

    assert (True, False) == (before, NAME in running.page("/penalties"))


def test_lists_have_pages_with_bounds(running: Running) -> None:
    number = PAGE_RECORDS_MAX + 1
    running.show(*(samples.penalty(n) for n in range(number)))
    first, second = running.page("/penalties"), running.page("/penalties?page=2")

    assert (PAGE_RECORDS_MAX, 1) == (first.count("<h2><a"), second.count("<h2><a"))
    assert ('rel="next"' in first, 'rel="next"' in second) == (True, False)
    for page in ("0", "-1", "x", "１", "1" * 10, "1" * 5000, str(PAGES_MAX + 1)):
        assert 400 == running.client.get(f"/penalties?page={page}").status_code, page


def test_a_search_finds_a_bounded_number_and_says_that_there_are_more(running: Running) -> None:
    running.show(*(samples.penalty(n) for n in range(SUBJECTS_MAX + 1)))
    page = running.client.post("/search", data={"q": "示例商贸"}).text

    assert SUBJECTS_MAX == page.count('href="/subjects/')
    assert "还有更多" in page


def test_names_that_begin_with_it_come_first(running: Running) -> None:
    for number, name in ((1, "甲乙丙有限公司"), (2, "乙丙有限公司")):
        running.show(samples.penalty(number, subject=samples.subject(number, name=name)))
    page = running.client.post("/search", data={"q": "乙丙"}).text

    assert page.index(synthetic_uscc(2)) < page.index(synthetic_uscc(1))


def test_a_court_and_a_public_word_are_shown(running: Running) -> None:
    body = {
        "subject": samples.subject(1),
        "case_number": "（2026）甘0702执1号",
        "court_name": "甘州区人民法院",
        "filed_on": date(2026, 1, 5),
        "basis_number": "（2025）甘0702民初1号",
        "basis_issuer": "甘州区人民法院",
        "duty": "支付货款",
        "performance": "全部未履行",
        "conduct": "有履行能力而拒不履行",
        "ground": 1,
        "performed_part": None,
        "unperformed_part": None,
        "listed_on": date(2026, 5, 4),
        "published_on": date(2026, 5, 5),
        "instrument": samples.listing_body()["instrument"],
        "notice": samples.listing_body()["notice"],
        "term": {"begins_on": date(2026, 5, 4), "ends_on": None, "until_performance": True},
    }
    listed = samples.said(DEFAULTER_LISTED, body, party=samples.COURT)
    restored = samples.of_course(REPUTATION_RESTORED, 2)
    running.show(listed, restored)

    assert "至履行完毕" in running.page(address(listed))
    assert restored.body["statement"] in running.page(address(restored))
    assert "怎样提出异议" not in running.page(address(restored))


@pytest.mark.parametrize("path", ["/", "/about", *(f"/{each}" for each in SECTIONS)])
def test_every_page_is_whole_without_anything_shown(running: Running, path: str) -> None:
    text = running.page(path)

    assert '<html lang="zh-CN">' in text
    assert '<a class="skip" href="#main">' in text
    assert "<script" not in text
    assert "http" not in text.replace("https://", "")


@pytest.mark.parametrize(
    "path", ["/records/x", "/records/" + "0" * 32, "/records/" + "G" * 32, "/subjects/1", "/x"]
)
def test_what_there_is_not_is_not_found(running: Running, path: str) -> None:
    answer = running.client.get(path)

    assert (404, True) == (answer.status_code, 'role="alert"' in answer.text)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"q=%ff", "application/x-www-form-urlencoded"), (b"{}", "application/json")],
)
def test_a_search_that_is_no_form_is_refused_on_a_page(
    running: Running, content: bytes, kind: str
) -> None:
    answer = running.client.post("/search", content=content, headers={"content-type": kind})

    assert answer.status_code in {400, 415}
    assert UNREADABLE_FORM in answer.text


def test_a_page_is_kept_by_nobody_on_the_way(running: Running) -> None:
    running.show(samples.penalty(1))

    for path in ("/penalties", address(samples.penalty(1))):
        assert "no-store" == running.client.get(path).headers["cache-control"]


def test_a_database_that_is_away_is_told_in_a_sentence_and_logged_without_content(
    running: Running, database: str
) -> None:
    running.page("/")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("REVOKE SELECT ON site.publication FROM credit_bus_site")

    answer = running.client.post("/search", data={"q": "不得入日志"})
    assert (503, True) == (answer.status_code, AWAY in answer.text)
    assert "不得入日志" not in "".join(running.log.lines)
    assert 503 == running.client.get("/feed/records").status_code
    assert 503 == running.client.get("/health/ready").status_code


def test_a_server_that_ended_every_connection_is_reached_again(
    running: Running, database: str
) -> None:
    running.show(samples.penalty(1))
    running.page("/")
    rows(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )

    assert NAME in running.page("/penalties")
