"""The answer beside the file: what an official opens in a spreadsheet."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.files.report import (
    HEADER,
    ErrorReport,
    Result,
    TableResult,
    column_name,
    free_name,
    harmless,
    write_whole,
)
from credit_bus_connectors.departments.files.templates import PENALTY


def reason(place: str) -> Reason:
    return Reason(code="some-code", field=place, rule="规则", remedy="办法")


def check_field(place: str, expected: str) -> None:
    assert expected == column_name(place, PENALTY)


def test_an_unfinished_report_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.errors.csv"
    with ErrorReport(path) as report:
        report.add(2, [reason("")], PENALTY)

        assert not path.exists()

    assert [] == list(tmp_path.iterdir())


def test_nothing_to_report_is_no_report_and_removes_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "a.errors.csv"
    path.write_text("older")
    with ErrorReport(path) as report:
        report.finish()

    assert [] == list(tmp_path.iterdir())


def test_a_spreadsheet_opens_the_report_with_one_line_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.errors.csv"
    with ErrorReport(path) as report:
        report.add(0, [reason("")], None)
        report.add(3, [reason("subject.uscc"), reason("")], PENALTY)
        report.add(0, [reason("")], PENALTY, sheet="=法人处罚")
        report.finish()

    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert [
        list(HEADER),
        ["", "", "整个文件", "some-code", "规则", "办法"],
        ["", "3", "行政相对人代码_1(统一社会信用代码)", "some-code", "规则", "办法"],
        ["", "3", "整行", "some-code", "规则", "办法"],
        ["'=法人处罚", "", "整个工作表", "some-code", "规则", "办法"],
    ] == rows


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("subject.uscc", "行政相对人代码_1(统一社会信用代码)"),
        ("subject.person_id.pseudonym", "证件号码"),
        ("categories[1]", "处罚类别"),
        ("fine_10k", "罚款金额(万元)"),
        ("ce_revision", "ce_revision"),
        ("违法事实", "违法事实"),
        ("", ""),
    ],
)
def test_a_field_of_the_body_is_named_as_the_template_names_it(place: str, expected: str) -> None:
    check_field(place, expected)


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "@cmd", "+1", "-1", "\t=1", " =1", "\r\n=1"])
def test_no_cell_of_the_report_is_a_formula(cell: str) -> None:
    assert "'" + cell == harmless(cell)
    assert "甲" + cell == harmless("甲" + cell)


def test_the_counts_are_written_for_programs(tmp_path: Path) -> None:
    sheets = [
        TableResult(name="法人", template=PENALTY, header_row=3, rows=2, accepted=1, rejected=1),
        TableResult(name="自然人", rows=1, duplicates=1, set_aside=1, unknown_columns=("多余",)),
    ]
    result = Result(file="a.xlsx", sha256="f1", tables=sheets)
    result.by_reason.update(["b", "a", "b"])
    now = datetime(2026, 7, 27, 8, 0, tzinfo=UTC)
    write_whole(tmp_path / "a.result.json", result.as_json(answered_at=now))
    written = json.loads((tmp_path / "a.result.json").read_text("utf-8"))

    assert {
        "file": "a.xlsx",
        "sha256": "f1",
        "seen_before": False,
        "rows": 3,
        "accepted": 1,
        "duplicates": 1,
        "rejected": 1,
        "set_aside": 1,
        "by_reason": {"a": 1, "b": 2},
        "unknown_columns": ["多余"],
        "refused_whole": False,
        "answered_at": "2026-07-27T08:00:00.000+00:00",
    } == {name: value for name, value in written.items() if name != "sheets"}
    assert [
        ("法人", "read", "penalty.decided", "2018", 3, 2, 1, 0, 1),
        ("自然人", "read", None, None, None, 1, 0, 1, 0),
    ] == [tuple(sheet.values())[:9] for sheet in written["sheets"]]


def test_a_file_of_the_same_name_replaces_no_former_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    (tmp_path / "a-2.csv").touch()

    assert tmp_path / "a-3.csv" == free_name(tmp_path, "a.csv")
