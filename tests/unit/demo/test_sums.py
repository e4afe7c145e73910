"""The demo's exit code: every number that does not agree is a difference."""

from collections import Counter
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from credit_bus.domain.event_types import (
    ACTION_CLOSED,
    ACTION_ENDED,
    LICENCE_GRANTED,
    MEASURE_EXECUTED,
    MEASURE_LIFTED,
    MEASURE_RESPONDED,
    PENALTY_DECIDED,
)
from credit_bus.operations.findings import Conservation
from credit_bus_connectors.departments.files.templates import LICENCE
from credit_bus_deploy.demo.answers import FileAnswers
from credit_bus_deploy.demo.course import CourseDay
from credit_bus_deploy.demo.court import CourtDay
from credit_bus_deploy.demo.day import differences
from credit_bus_deploy.demo.files import DayFile
from credit_bus_deploy.demo.page import Day, show, to_json

PLATFORM = "district-platform"


def file() -> DayFile:
    return DayFile(
        party="p", name="n.csv", encoding="utf-8", template=LICENCE, rows=[[]] * 3, bad={3: "x"}
    )


def court() -> CourtDay:
    return CourtDay(
        implementers=("a", "b"),
        orders=2,
        refused=1,
        replies=Counter({MEASURE_RESPONDED: 2, MEASURE_EXECUTED: 1}),
    )


def course() -> CourseDay:
    return CourseDay(
        rested=2,
        lifted=1,
        holders=("a", "b", PLATFORM),
        missing=(),
        replies=Counter({ACTION_ENDED: 1, MEASURE_LIFTED: 1, ACTION_CLOSED: 1}),
    )


def found() -> Conservation:
    return Conservation(
        accepted=Counter({LICENCE_GRANTED: 1, PENALTY_DECIDED: 1}),
        routed=Counter({PLATFORM: 2}),
        delivered=Counter({PLATFORM: 2}),
        orders=2,
        orders_responded=2,
        orders_executed=1,
    )


def answers() -> FileAnswers:
    return FileAnswers(files=1, rows=3, accepted=2, rejected=1)


def check(
    *,
    expected: int,
    told: FileAnswers | None = None,
    day: CourtDay | None = None,
    end: CourseDay | None = None,
    seen: Conservation | None = None,
    held: int = 2,
) -> None:
    different = differences(
        [file()],
        told or answers(),
        day or court(),
        end or course(),
        seen or found(),
        {PLATFORM: held},
    )

    assert expected == len(different), different


def test_a_day_that_agrees_has_no_difference() -> None:
    check(expected=0)


def test_a_platform_that_holds_less_than_it_confirmed_is_a_difference() -> None:
    check(held=1, expected=1)


def test_an_auditor_s_difference_is_the_day_s() -> None:
    seen = found()
    seen.differ("lost")
    check(seen=seen, expected=1)


def test_a_row_with_another_answer_than_planned_is_a_difference() -> None:
    told = answers()
    told.differences.append("row 7")
    check(told=told, expected=1)


def test_a_missing_file_and_its_rows_are_differences() -> None:
    check(told=FileAnswers(), expected=4)  # files, accepted, refused, and the log holds more


def test_a_reply_that_did_not_come_back_is_a_difference() -> None:
    check(day=replace(court(), replies=Counter({MEASURE_RESPONDED: 2})), expected=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rested": 1},
        {"lifted": 0, "replies": Counter({MEASURE_LIFTED: 0, ACTION_CLOSED: 1})},
        {"replies": Counter({ACTION_ENDED: 1, ACTION_CLOSED: 1})},
        {"replies": Counter({MEASURE_LIFTED: 1, ACTION_ENDED: 1})},
        {"missing": ("b",)},
    ],
)
def test_an_action_that_did_not_come_to_its_whole_end_is_a_difference(
    wrong: dict[str, Any],
) -> None:
    check(end=replace(course(), **wrong), expected=1)


@pytest.mark.parametrize(
    ("sentences", "word"), [((), "everything adds up"), (("lost",), "not add")]
)
def test_the_page_and_the_file_say_whether_it_adds_up(
    sentences: tuple[str, ...], word: str
) -> None:
    day = Day(
        seed=1,
        departments=20,
        answers=answers(),
        court=court(),
        course=course(),
        found=found(),
        held={PLATFORM: 2},
        seconds={"day": 1.0},
        differences=sentences,
    )
    console = Console(file=StringIO(), width=118)
    show(day, console)
    page = console.file.getvalue()  # type: ignore[attr-defined]

    assert word in page
    assert all(sentence in page for sentence in sentences)
    assert to_json(day)["adds_up"] is (not sentences)
    assert {"routed": 2, "confirmed": 2, "refused": 0, "held": 2} == to_json(day)["platforms"][
        PLATFORM
    ]
