"""Files as departments write them: encodings, quotes, blank rows, and files not yet finished."""

import os
from pathlib import Path

import pytest

from credit_bus_connectors.departments.files import csv_file, tables
from credit_bus_connectors.departments.files import source as files
from credit_bus_connectors.departments.files.cells import Problem
from credit_bus_connectors.departments.files.source import (
    Source,
    footprint,
    open_source,
    settled,
    tables_of,
    waiting_files,
)
from credit_bus_connectors.departments.files.tables import (
    BrokenTableError,
    Row,
    Unreadable,
    batches,
    within_bounds,
)

OLD = bytes.fromhex("d0cf11e0a1b11ae1")  # how Excel 97-2003 begins a file


def source_of(tmp_path: Path, content: bytes) -> Source | Unreadable:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    look = footprint(path)
    assert look is not None
    return open_source(path, look)


def rows(tmp_path: Path, content: bytes) -> list[Row]:
    source = source_of(tmp_path, content)
    assert isinstance(source, Source)
    with tables_of(source) as (table,):
        return list(table.rows)


def check(tmp_path: Path, content: bytes, expected: list[Row]) -> None:
    assert expected == rows(tmp_path, content)


@pytest.mark.parametrize("content", [b"\xff\xfe,\xff", "甲,乙".encode("gb18030")[:-1], b"a\xff\n"])
def test_text_that_is_neither_utf_8_nor_gb18030_is_refused(tmp_path: Path, content: bytes) -> None:
    source = source_of(tmp_path, content)

    assert isinstance(source, Unreadable)
    assert "file-encoding" == source.reason.code


def test_a_file_over_the_bound_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "FILE_BYTES_MAX", 2)

    source = source_of(tmp_path, b"a,b")

    assert isinstance(source, Unreadable)
    assert "file-too-large" == source.reason.code


@pytest.mark.parametrize(
    ("content", "good"),
    [
        (b'a,b\n1,"2\n3,4\n', [Row(1, ["a", "b"])]),
        (b'a,b\n1,2\n3,"4"5\n6,7\n', [Row(1, ["a", "b"]), Row(2, ["1", "2"])]),
        (b"a,b\n1,2\n\0,4\n", [Row(1, ["a", "b"]), Row(2, ["1", "2"])]),
        (b"a,b\n" + b"x" * 131_073 + b"\n", [Row(1, ["a", "b"])]),
    ],
)
def test_a_broken_row_ends_the_reading_after_the_good_ones(
    tmp_path: Path, content: bytes, good: list[Row]
) -> None:
    source = source_of(tmp_path, content)
    assert isinstance(source, Source)
    seen: list[Row] = []

    def read_all() -> None:
        with tables_of(source) as (table,):
            for batch in batches(table.rows, 100):
                seen.extend(batch)

    with pytest.raises(BrokenTableError) as broken:
        read_all()

    assert good == seen
    assert len(good) + 1 == broken.value.row


@pytest.mark.parametrize(
    "content",
    [
        "甲,乙\n一,二\n".encode(),
        "甲,乙\r\n一,二\r\n".encode("utf-8-sig"),
        "甲,乙\n一,二".encode("gb18030"),
    ],
)
def test_each_usual_encoding_is_read(tmp_path: Path, content: bytes) -> None:
    check(tmp_path, content, [Row(1, ["甲", "乙"]), Row(2, ["一", "二"])])


def test_text_that_is_valid_in_both_encodings_is_utf_8(tmp_path: Path) -> None:
    text = "甲乙"  # its UTF-8 bytes are also valid GB18030, and mean other characters there
    assert text != text.encode().decode("gb18030")

    check(tmp_path, text.encode(), [Row(1, ["甲乙"])])


def test_a_chunk_may_end_within_a_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_BYTES", 1)

    check(tmp_path, "甲,乙".encode("gb18030"), [Row(1, ["甲", "乙"])])


def test_quoted_cells_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    content = 'a,b\n"一,二","他说""三""\n第二行"\n4,5\n'.encode()

    check(
        tmp_path,
        content,
        [Row(1, ["a", "b"]), Row(2, ["一,二", '他说"三"\n第二行']), Row(3, ["4", "5"])],
    )


def test_blank_rows_are_left_out_but_counted_as_a_spreadsheet_counts(tmp_path: Path) -> None:
    check(tmp_path, b"a,b\n\n , \n1,2\n", [Row(1, ["a", "b"]), Row(4, ["1", "2"])])


def test_rows_come_in_batches_of_a_bounded_size(tmp_path: Path) -> None:
    lists = list(batches([Row(n, ["x"]) for n in range(5)], 2))

    assert [2, 2, 1] == [len(batch) for batch in lists]
    assert list(range(5)) == [row.number for batch in lists for row in batch]


def test_a_file_that_changes_between_two_looks_is_left(tmp_path: Path) -> None:
    still, growing, fresh = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    still.write_bytes(b"a")
    growing.write_bytes(b"a")
    before = waiting_files(tmp_path)
    growing.write_bytes(b"ab")
    fresh.write_bytes(b"a")

    assert [still] == settled(before, waiting_files(tmp_path))


def test_a_file_that_was_only_touched_is_looked_at_once_more(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a")
    before = waiting_files(tmp_path)
    os.utime(path, ns=(1, 1))

    assert [] == settled(before, waiting_files(tmp_path))


def test_only_finished_files_are_taken_and_nobody_s_locks_or_reports(tmp_path: Path) -> None:
    names = ("a.csv", "B.CSV", "a.csv.part", ".a.csv", "a.errors.csv", "~$a.xlsx", "a.xlsx")
    for name in names:
        (tmp_path / name).write_bytes(b"a")
    (tmp_path / "folder.csv").mkdir()

    assert ["B.CSV", "a.csv", "a.xlsx"] == [path.name for path in waiting_files(tmp_path)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.doc", b"", "file-kind"),
        ("a", b"", "file-kind"),
        ("a.xls", OLD, "file-xls"),
        ("a.xlsx", OLD, "file-xls"),
        ("a.et", OLD, "file-xls"),
        ("a.xlsm", b"PK\x03\x04", "file-macros"),
        ("a.xlsx", OLD + b"..." + "EncryptedPackage".encode("utf-16-le"), "file-encrypted"),
        ("a.xlsx", "甲,乙".encode(), "file-kind-differs"),
        ("a.xlsx", b"", "file-kind-differs"),
        ("a.csv", b"PK\x03\x04\xff\xff\xff", "file-kind-differs"),
        ("a.csv", OLD, "file-kind-differs"),
        ("a.xlsx", b"PK\x03\x04", "xlsx-broken"),
    ],
)
def test_a_file_of_another_kind_is_answered_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)

    assert isinstance(source, Unreadable)
    assert code == source.reason.code


def test_a_password_is_seen_wherever_a_chunk_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "CHUNK_BYTES", 9)
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLD + b"..." + "EncryptedPackage".encode("utf-16-le"))
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)

    assert isinstance(source, Unreadable)
    assert "file-encrypted" == source.reason.code


def test_a_csv_that_begins_like_an_archive_is_text_all_the_same(tmp_path: Path) -> None:
    check(tmp_path, "PK,乙\n".encode(), [Row(1, ["PK", "乙"])])


@pytest.mark.parametrize("content", [b"a,b\n" + b"x" * 100, b'"\n",' * 30])
def test_a_row_without_end_is_given_up_at_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(csv_file, "LINE_CHARACTERS_MAX", 50)

    with pytest.raises(BrokenTableError) as broken:
        rows(tmp_path, content)

    assert "file-broken" == broken.value.code


def test_a_batch_of_long_rows_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BATCH_CHARACTERS_MAX", 10)

    lists = list(batches([Row(n, ["xxxx"]) for n in range(5)], 100))

    assert [2, 2, 1] == [len(batch) for batch in lists]


def test_a_row_longer_than_any_event_is_kept_as_its_reason_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "ROW_CHARACTERS_MAX", 5)

    assert (Problem("row-too-large"),) == within_bounds(Row(2, ["xxx", "xx"])).cells
    assert ["xxxx"] == within_bounds(Row(2, ["xxxx"])).cells


def test_the_same_bytes_are_the_same_file(tmp_path: Path) -> None:
    first, again, other = (source_of(tmp_path, content) for content in (b"a\n", b"a\n", b"b\n"))

    assert first.sha256 == again.sha256 != other.sha256
