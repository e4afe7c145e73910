"""A file's way when answers fail to come: nothing is lost, and nothing is said under two ids."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests import samples
from tests.integration.departments.small_gate import make_topics, small_gate
from tests.unit.departments.rows import (
    LICENCE_2016_CELLS,
    NATURAL_PERSON,
    PENALTY_2016_CELLS,
    cells_of,
    csv_text,
    header,
    penalties,
)
from tests.unit.departments.workbooks import parts_of, row_of, sheet_of, sheet_with, write_parts

from credit_bus.contracts.codec import Codec
from credit_bus_connectors.departments.client import DepartmentClient
from credit_bus_connectors.departments.failures import UnansweredError
from credit_bus_connectors.departments.files.columns import Template
from credit_bus_connectors.departments.files.intake import take_in
from credit_bus_connectors.departments.files.ledger import Ledger
from credit_bus_connectors.departments.files.report import ErrorReport, Result
from credit_bus_connectors.departments.files.saying import Desk, StoppedError
from credit_bus_connectors.departments.files.source import Source, footprint, open_source
from credit_bus_connectors.departments.files.templates_2016 import LICENCE_2016, PENALTY_2016
from credit_bus_connectors.keys import PostgresKeyStore

pytestmark = pytest.mark.broker

SECRET = b"s" * 32
NOW = datetime(2026, 7, 27, 8, 0, tzinfo=UTC)


@pytest.fixture
def codec() -> Codec:
    return samples.codec()


@pytest.fixture
def party(broker: str, unique_name: Callable[[str], str]) -> str:
    name = unique_name("dept")
    make_topics(broker, name)
    return name


@pytest.fixture
def desk(broker: str, database: str, party: str, codec: Codec, tmp_path: Path) -> Iterator[Desk]:
    keys = PostgresKeyStore(database, secret=SECRET)
    with (
        DepartmentClient(party, broker, codec=codec) as client,
        Ledger(tmp_path / "ledger.sqlite") as ledger,
    ):
        yield Desk(
            client=client,
            codec=codec,
            ledger=ledger,
            keys=keys,
            secret=SECRET,
            pause=lambda seconds: False,
            answer_wait_seconds=1.0,
        )
    keys.close()


def take(desk: Desk, tmp_path: Path, rows: list[list[str]], *, tail: str = "") -> Result:
    path = tmp_path / "p.csv"
    path.write_text(csv_text(rows) + tail, "utf-8")
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)
    assert isinstance(source, Source)
    with ErrorReport(tmp_path / "p.errors.csv") as report:
        return take_in(desk, source, report, now=NOW)


def take_workbook(
    desk: Desk, tmp_path: Path, sheets: dict[str, str], **parts: Any
) -> tuple[Result, list[list[str]]]:
    """Take in a workbook of these sheets; give the result and the lines of its report."""
    path = write_parts(tmp_path / "p.xlsx", parts_of(sheets, **parts))
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)
    assert isinstance(source, Source)
    with ErrorReport(tmp_path / "p.errors.csv") as report:
        result = take_in(desk, source, report, now=NOW)
        report.finish()
    if not (tmp_path / "p.errors.csv").exists():
        return result, []
    with (tmp_path / "p.errors.csv").open(encoding="utf-8-sig", newline="") as stream:
        return result, [row[:4] for row in csv.reader(stream)][1:]


def of_2016(template: Template, said: dict[str, str]) -> list[list[str]]:
    return [header(template, chinese=True), cells_of(template, said)]


def test_each_sheet_of_a_workbook_is_a_table_of_its_own(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    title = ["甘州区行政处罚信息公示表", "", "", ""]
    note = ["填写说明：日期写成 年/月/日"]
    companies = [title, *penalties(3)]
    companies.insert(2, note)
    companies[4][companies[1].index("违法事实")] = '<c t="e"><v>#N/A</v></c>'
    persons = penalties(2, **NATURAL_PERSON, CF_WSH="")
    persons[1][persons[0].index("行政处罚决定书文号")] = "甘罚〔2018〕77号"
    sheets = {
        "法人处罚": sheet_of(companies),
        "自然人处罚": sheet_of(persons),
        "法人许可": sheet_of([*of_2016(LICENCE_2016, LICENCE_2016_CELLS)]),
        "Sheet4": sheet_with(""),
        "填写说明": sheet_of([["列名", "怎样填写"]]),
        "旧数据": sheet_of(penalties(1)),
        "统计": sheet_of([["单位", "件数"], ["某局", "3"]]),
    }
    with small_gate(broker, party, codec) as said:
        result, report = take_workbook(desk, tmp_path, sheets, states={"旧数据": "hidden"})

    assert [
        ("法人处罚", "read", 2, 3, 2, 1, 1),
        ("自然人处罚", "read", 1, 2, 1, 1, 0),
        ("法人许可", "read", 1, 1, 1, 0, 0),
        ("Sheet4", "empty", 0, 0, 0, 0, 0),
        ("填写说明", "notes", 0, 0, 0, 0, 0),
        ("旧数据", "hidden", 1, 0, 0, 0, 0),
        ("统计", "refused", 0, 0, 0, 0, 0),
    ] == [
        (t.name, t.state.value, t.header_row, t.rows, t.accepted, t.rejected, t.set_aside)
        for t in result.tables
    ]
    assert [
        ["法人处罚", "3", "整行", "row-note"],
        ["法人处罚", "5", "违法事实", "cell-error"],
        ["自然人处罚", "3", "行政处罚决定书文号", "cell-required"],
        ["旧数据", "", "整个工作表", "sheet-hidden"],
        ["统计", "1", "整行", "file-template"],
    ] == report
    assert [("penalty.decided", "2018")] * 3 + [("licence.granted", "2016")] == [
        (event.type, event.body["generation"]) for event in said
    ]


def test_two_sheets_that_say_different_things_of_one_decision_contradict_each_other(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    sheets = {"一": sheet_of(penalties(1)), "二": sheet_of(penalties(1, BZ="另一内容"))}
    with small_gate(broker, party, codec) as said:
        result, _ = take_workbook(desk, tmp_path, sheets)

    assert (1, {"document-contradicted": 1}) == (len(said), dict(result.by_reason))


def test_a_sheet_that_breaks_off_leaves_the_other_sheets_to_be_read(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    rows = [row_of(number, cells) for number, cells in enumerate(penalties(2), start=1)]
    sheets = {
        "一": sheet_with("".join(rows) + "<row r='1'><c><v>1</v></c></row>"),
        "二": sheet_of(penalties(3)[:1] + penalties(3)[3:]),
    }
    with small_gate(broker, party, codec) as said:
        result, report = take_workbook(desk, tmp_path, sheets)

    assert ["refused", "read"] == [table.state.value for table in result.tables]
    assert ([["一", "3", "整行", "xlsx-broken"]], 3) == (report, len(said))


def test_a_workbook_without_any_table_is_refused(desk: Desk, tmp_path: Path) -> None:
    sheets = {"一": sheet_with(""), "填写说明": sheet_of([["甲"]]), "旧": sheet_of([["乙"]])}
    result, report = take_workbook(desk, tmp_path, sheets, states={"旧": "hidden"})

    assert ([["", "", "整个文件", "file-empty"]], True) == (report, result.refused_whole)


def test_data_above_the_header_is_told_and_a_title_is_not(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    head, row = penalties(1)
    with small_gate(broker, party, codec):
        result, report = take_workbook(
            desk, tmp_path, {"一": sheet_of([["标题"], ["单位：某局", "2018年"], row, head, row])}
        )

    assert (1, 1) == (result.accepted, result.tables[0].set_aside)
    assert [["一", "3", "整行", "row-above-header"]] == report


def test_texts_that_are_bent_refuse_the_workbook_before_a_row_is_said(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    sheets = {"一": sheet_of(penalties(1))}
    with small_gate(broker, party, codec) as said:
        result, report = take_workbook(desk, tmp_path, sheets, strings="<sst><si>")

    assert ([["", "", "整个文件", "xlsx-broken"]], []) == (report, said)
    assert (True, 0) == (result.refused_whole, result.rows)


def test_a_csv_below_a_title_in_the_generation_of_2016_is_read(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    title = [["甘州区行政处罚信息表"], []]
    with small_gate(broker, party, codec) as said:
        result = take(desk, tmp_path, [*title, *of_2016(PENALTY_2016, PENALTY_2016_CELLS)])

    assert (1, 3, "2016") == (
        result.accepted,
        result.tables[0].header_row,
        said[0].body["generation"],
    )


def test_rows_left_without_answer_are_said_again_under_the_same_ids(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    rows = penalties(4, **NATURAL_PERSON)
    with pytest.raises(UnansweredError):
        take(desk, tmp_path, rows)

    with small_gate(broker, party, codec) as said:
        result = take(desk, tmp_path, rows)

    assert (4, 4, 0) == (result.rows, result.accepted, result.duplicates)
    assert 4 == len({event.id for event in said}) < len(said)
    assert {1} == {event.revision for event in said}
    assert {NOW} == {event.time for event in said}
    # Sealed anew, and yet the same bytes: other content under one id would be refused.
    assert 4 == len({codec.encode(event.type, event.body) for event in said})


def test_rows_before_a_broken_one_are_said(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    with small_gate(broker, party, codec):
        result = take(desk, tmp_path, penalties(2), tail='甲,"乙')

    assert (2, 2, True) == (result.rows, result.accepted, result.refused_whole)
    assert {"file-broken": 1} == dict(result.by_reason)


def test_a_row_over_the_size_of_a_message_is_refused_and_the_others_said(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    rows = penalties(2)
    for column in ("违法行为类型", "违法事实", "处罚依据", "备注"):
        rows[1][rows[0].index(column)] = "长" * 120_000
    with small_gate(broker, party, codec) as said:
        result = take(desk, tmp_path, rows)

    assert (2, 1, 1) == (result.rows, result.accepted, result.rejected)
    assert {"row-too-large": 1} == dict(result.by_reason)
    assert 1 == len(said)


def test_a_process_that_is_told_to_stop_does_so_between_batches(desk: Desk, tmp_path: Path) -> None:
    stopped = replace(desk, pause=lambda seconds: True)
    with pytest.raises(StoppedError):
        take(stopped, tmp_path, penalties(1))


def test_an_old_file_put_in_again_does_not_undo_a_correction(
    broker: str, party: str, codec: Codec, desk: Desk, tmp_path: Path
) -> None:
    first, corrected, mended = penalties(1), penalties(1, BZ="更正"), penalties(2)
    with small_gate(broker, party, codec) as said:
        before = [take(desk, tmp_path, rows).accepted for rows in (first, corrected)]
        again = take(desk, tmp_path, mended)

    assert [1, 1] == before
    assert (1, 1) == (again.accepted, again.rejected)
    assert {"content-superseded": 1} == dict(again.by_reason)
    assert [1, 2, 1] == [event.revision for event in said]
