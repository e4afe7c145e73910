"""What differs is told figure by figure; what a terminal shows is the report."""

from datetime import date
from io import StringIO

from rich.console import Console
from tests.unit.reports.figures import AFTER, COUNTS, FIRST, QUARTER, report

from credit_bus.reports.texts import TITLE
from credit_bus_deploy.report_table import show
from credit_bus_deploy.reports import ALL_DAYS, differences


def printed(**changes: object) -> str:
    stream = StringIO()
    show(report(**changes), Console(file=stream, width=100))
    return stream.getvalue()


def test_a_figure_that_differs_is_named_with_both_numbers() -> None:
    other = {**COUNTS, (FIRST, "transport", "said"): 5, (FIRST, "market-regulation", "said"): 1}

    assert (
        f"{FIRST} market-regulation said: casework counted 1200, the log of record has 1",
        f"{FIRST} transport said: casework counted 0, the log of record has 5",
    ) == differences(COUNTS, other, QUARTER)
    assert () == differences(COUNTS, COUNTS, QUARTER)


def test_only_days_of_the_period_are_compared() -> None:
    other = {key: n for key, n in COUNTS.items() if key[0] != AFTER}

    assert () == differences(COUNTS, other, QUARTER)
    assert 1 == len(differences(COUNTS, other, ALL_DAYS))
    assert ALL_DAYS.holds(date.max)


def test_a_terminal_shows_who_did_what_and_names_who_did_nothing() -> None:
    text = printed()

    assert TITLE in text
    assert "18/20 (90%)" in text
    assert "1,203" in text
    assert "异议办结" not in text
    assert "甘州区教育局" in text.partition("没有任何记录的单位")[2]
    assert "退回" in text


def test_a_quarter_in_which_nothing_was_done_is_shown_all_the_same() -> None:
    assert "没有任何记录的单位" in printed(counts={})
