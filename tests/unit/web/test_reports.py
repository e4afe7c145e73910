"""The page of the reports: dates are refused at their fields, and no figure is invented."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from tests import samples
from tests.unit.reports.figures import COUNTS, MADE_AT, QUARTER, report
from tests.unit.web.test_pages import Reader

from credit_bus.casework.counts import COLUMNS
from credit_bus.casework.port import CountKey
from credit_bus.reports.period import Period, PeriodMistake
from credit_bus.reports.texts import MISTAKES, notes_of, shown
from credit_bus_connectors.web.pages import INDEX, pages_of
from credit_bus_connectors.web.reports import Figures, UnreadableError, reports_router
from credit_bus_deploy.interface import document_of
from credit_bus_deploy.web import web_application

Get = Callable[[str], Response]


def client(read: Callable[[Period], Mapping[CountKey, int]]) -> Get:
    app = FastAPI()
    figures = Figures(registry=samples.registry(), read=read, now=lambda: MADE_AT)
    app.include_router(reports_router(figures), prefix="/reports")
    return TestClient(app).get


@pytest.fixture
def get() -> Get:
    return client(lambda _: COUNTS)


def never(_: Period) -> Mapping[CountKey, int]:
    raise AssertionError("nothing is read for a period that is refused")


def fails(_: Period) -> Mapping[CountKey, int]:
    raise UnreadableError


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("from=2026-02-30&to=2026-03-31", "from", "日期无法识别"),
        ("from=2026-01-01", "to", "请填写日期"),
        ("from=2026-03-31&to=2026-01-01", "to", "截止日期早于起始日期"),
        ("from=1990-01-01&to=2026-01-01", "to", "一次最多统计 5 年"),
    ],
)
def test_a_bad_date_is_refused_at_its_field(query: str, field: str, sentence: str) -> None:
    answer = client(never)(f"/reports/?{query}")
    told = re.search(rf'<span class="bad" id="{field}-mistake">([^<]*)</span>', answer.text)

    assert 400 == answer.status_code
    assert told is not None
    assert sentence in told[1]
    assert f'aria-invalid="true" aria-describedby="{field}-mistake"' in answer.text
    assert "<table" not in answer.text
    assert [] == Reader(answer.text).mistakes
    workbook = client(never)(f"/reports/report.xlsx?{query}")
    assert (400, True) == (workbook.status_code, sentence in workbook.text)


def test_what_was_typed_is_shown_as_text() -> None:
    answer = client(never)('/reports/?from="><script>x</script>&to=')

    assert "<script>" not in answer.text
    assert MISTAKES[PeriodMistake.MALFORMED] in answer.text


def test_figures_that_cannot_be_read_are_said_to_be_so() -> None:
    for read in (fails, lambda _: {(QUARTER.first, "transport", "sung"): 1}):
        answer = client(read)("/reports/")

        assert 503 == answer.status_code
        assert "暂时无法读取" in answer.text
        assert "<table" not in answer.text
        assert 503 == client(read)("/reports/report.xlsx").status_code


def test_without_dates_it_is_the_last_full_quarter(get: Get) -> None:
    text = get("/reports/").text

    assert 'name="from" value="2026-01-01"' in text
    assert 'name="to" value="2026-03-31"' in text
    assert 'aria-current="page">2026年第一季度</a>' in text


def test_every_cell_of_the_report_is_on_the_page_in_its_order(get: Get) -> None:
    found = report()
    rows = [*found.departments, found.total, *found.others, *found.months, found.total]
    expected = [shown(row, what) for row in rows for what in COLUMNS]

    assert expected == re.findall(r"<td[^>]*>([^<]*)</td>", get("/reports/").text)


def test_the_page_stands_by_itself_and_tells_what_is_not_in_it(get: Get) -> None:
    text = get("/reports/").text
    read = Reader(text)

    assert [] == read.mistakes
    assert ["action=./", "form"] == sorted(set(read.loads))
    assert not re.search(r"https?://|url\(|@import|<script", text)
    assert all(note in text for note in notes_of(report()))
    assert "report.xlsx?from=2026-01-01&amp;to=2026-03-31" in text


def test_every_field_has_a_label_and_every_table_can_be_reached_by_keyboard(get: Get) -> None:
    text = get("/reports/").text

    assert set(re.findall(r'<input[^>]* id="(\w+)"', text)) == set(
        re.findall(r'<label for="(\w+)"', text)
    )
    assert text.count("<table") == text.count('class="scroll" role="region"')
    assert text.count('class="scroll"') == text.count('tabindex="0"')


def test_the_workbook_is_that_of_the_period(get: Get) -> None:
    answer = get("/reports/report.xlsx?from=2026-01-01&to=2026-03-31")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active

    assert sheet is not None
    assert "报告期：2026年1月1日至2026年3月31日" == sheet["A2"].value
    assert "attachment" in answer.headers["content-disposition"]


def test_without_a_database_there_is_no_report_and_no_link_to_it() -> None:
    def asked(database: str | None) -> tuple[int, bool]:
        app: Any = web_application(
            registry_folder=None, intake=None, database=database, log=Silent()
        )
        get = TestClient(app).get
        return get("/reports/").status_code, "../reports/" in get("/docs/").text

    assert (404, False) == asked(None)
    assert (503, True) == asked("postgresql://127.0.0.1:1/nobody")


def test_the_pages_of_a_folder_link_to_no_report() -> None:
    assert "reports/" not in pages_of(document_of(None))[INDEX]


class Silent:
    """A log that nobody reads."""

    def info(self, *_: Any, **__: Any) -> None:
        """Say nothing."""

    error = info
