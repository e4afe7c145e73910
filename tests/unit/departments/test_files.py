"""Files as departments write them: encodings, quotes, blank rows, and files not yet finished."""

import os
from pathlib import Path

import pytest

from credit_bus_connectors.departments import files
from credit_bus_connectors.departments.files import (
    BrokenRowError,
    Row,
    Source,
    Unreadable,
    batches,
    footprint,
    open_source,
    rows_of,
    settled,
    waiting_files,
)


def source_of(tmp_path: Path, content: bytes) -> Source | Unreadable:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    look = footprint(path)
    assert look is not None
    return open_source(path, look)


def rows(tmp_path: Path, content: bytes) -> list[Row]:
    source = source_of(tmp_path, content)
    assert isinstance(source, Source)
    with rows_of(source) as found:
        return list(found)


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
        with rows_of(source) as found:
            for batch in batches(found, 100):
                seen.extend(batch)

    with pytest.raises(BrokenRowError) as broken:
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


def test_a_file_that_is_no_csv_is_answered_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04")
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)

    assert isinstance(source, Unreadable)
    assert "file-not-csv" == source.reason.code


def test_the_same_bytes_are_the_same_file(tmp_path: Path) -> None:
    first, again, other = (source_of(tmp_path, content) for content in (b"a\n", b"a\n", b"b\n"))

    assert first.sha256 == again.sha256 != other.sha256
