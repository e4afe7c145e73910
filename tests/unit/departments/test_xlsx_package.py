"""Workbooks that would do harm: each is refused with its reason, in bounded time and memory."""

import re
import struct
import zipfile
from pathlib import Path
from time import monotonic

import pytest
from tests.unit.departments.memory import mebibytes_more
from tests.unit.departments.workbooks import (
    MAIN,
    Parts,
    parts_of,
    sheet_of,
    sheet_with,
    strings_of,
    styles_of,
    write_parts,
)

from credit_bus_connectors.departments.files.source import Source, footprint, open_source, tables_of
from credit_bus_connectors.departments.files.tables import BrokenTableError, Unreadable
from credit_bus_connectors.departments.files.xlsx import package, sheet, strings, workbook
from credit_bus_connectors.departments.files.xlsx.package import PackageError, open_package

SECONDS_MAX = 20.0
MEBIBYTES_MORE_MAX = 64


def answer(path: Path) -> str:
    """Return the code by which the file is refused, or `read` when all its rows are."""
    look = footprint(path)
    assert look is not None
    source = open_source(path, look)
    if isinstance(source, Unreadable):
        return source.reason.code
    assert isinstance(source, Source)
    try:
        with tables_of(source) as tables:
            for table in tables:
                for _ in table.rows:
                    pass
    except (PackageError, BrokenTableError) as error:
        return error.code
    return "read"


def check(tmp_path: Path, parts: Parts, expected: str) -> None:
    path = write_parts(tmp_path / "f.xlsx", parts)
    told: list[str] = []
    began = monotonic()

    grown = mebibytes_more(lambda: told.append(answer(path)))

    assert [expected] == told
    assert monotonic() - began < SECONDS_MAX
    assert grown < MEBIBYTES_MORE_MAX


def good() -> Parts:
    return parts_of(
        {"一": sheet_of([["甲", '<c r="B1" t="s"><v>0</v></c>']])},
        strings=strings_of(["<t>乙</t>"]),
        styles=styles_of([0]),
    )


def test_a_good_workbook_is_read(tmp_path: Path) -> None:
    check(tmp_path, good(), "read")


@pytest.mark.parametrize(
    "part", [name for name in good() if name not in ("xl/styles.xml", "xl/_rels/workbook.xml.rels")]
)
def test_a_missing_part_is_told(tmp_path: Path, part: str) -> None:
    parts = good()
    del parts[part]

    check(tmp_path, parts, "xlsx-broken")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


@pytest.mark.parametrize("part", list(good()))
@pytest.mark.parametrize(
    "doctype",
    [
        LAUGHS + "]>",
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY % y SYSTEM "file:///etc/passwd"> %y;]>',
    ],
)
def test_a_document_type_is_refused_in_any_part(tmp_path: Path, part: str, doctype: str) -> None:
    parts = good()
    parts[part] = doctype + str(parts[part]).replace("甲", "&j;")

    check(tmp_path, parts, "xlsx-unsafe")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<row>" + "<x>" * 100 + "</x>" * 100 + "</row>", "xlsx-unsafe"),
        ("<row>" + "".join(f"<x{n}/>" for n in range(20_000)) + "</row>", "xlsx-unsafe"),
        (
            "<row>" + "".join(f'<x xmlns:p{n}="u"/>' for n in range(20_000)) + "</row>",
            "xlsx-unsafe",
        ),
        ("<row><c r='" + "A" * (4 * 1024 * 1024) + "1'/></row>", "xlsx-unsafe"),
        ("<!--" + "x" * (4 * 1024 * 1024) + "--><row/>", "xlsx-unsafe"),
        ("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>", "xlsx-broken"),
        ("<row/>" * 1_100_000, "xlsx-too-large"),
        ("<row><c><v>" + "1" * (64 * 1024 * 1024) + "</v></c></row>", "read"),
        ("<row/><row><c></row>", "xlsx-broken"),
        ("<row/>\x01", "xlsx-broken"),
    ],
)
def test_xml_without_measure_is_given_up_at_a_bound(
    tmp_path: Path, rows: str, expected: str
) -> None:
    check(tmp_path, parts_of({"一": sheet_with(rows)}), expected)


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0" encoding="klingon"?>',
        '<?xml version="1.0" encoding="shift_jis"?>',
    ],
)
def test_an_encoding_that_nobody_knows_is_told(tmp_path: Path, head: str) -> None:
    parts = good()
    parts["xl/worksheets/sheet1.xml"] = head + str(parts["xl/worksheets/sheet1.xml"])

    check(tmp_path, parts, "xlsx-broken")


def test_a_sheet_in_utf_16_is_read(tmp_path: Path) -> None:
    parts = good()
    name = "xl/worksheets/sheet1.xml"
    parts[name] = ('<?xml version="1.0" encoding="UTF-16"?>' + str(parts[name])).encode("utf-16")

    check(tmp_path, parts, "read")


def test_what_unpacks_to_more_than_the_bound_is_refused_before_it_is_unpacked(
    tmp_path: Path,
) -> None:
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in good().items():
            archive.writestr(name, part)
        with archive.open("xl/media/image1.png", "w", force_zip64=True) as stream:
            for _ in range(1100):
                stream.write(bytes(1024 * 1024))
    assert path.stat().st_size < 4 * 1024 * 1024
    began = monotonic()

    assert "xlsx-too-large" == answer(path)

    assert monotonic() - began < 1.0


def test_a_part_larger_than_it_says_is_told(tmp_path: Path) -> None:
    path = write_parts(tmp_path / "f.xlsx", good())
    content = bytearray(path.read_bytes())
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46  # its entry of the directory
    (size,) = struct.unpack_from("<L", content, at + 24)
    struct.pack_into("<L", content, at + 24, size - 9)
    path.write_bytes(content)

    assert "xlsx-broken" == answer(path)


def test_a_directory_of_countless_parts_is_refused_unread(tmp_path: Path) -> None:
    check(tmp_path, {**good(), **{f"x/{n:05}" * 10: "" for n in range(20_000)}}, "xlsx-broken")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_no_spreadsheet_uses_is_refused(
    tmp_path: Path, compression: int
) -> None:
    path = write_parts(tmp_path / "f.xlsx", good(), compression=compression)

    assert "xlsx-unsafe" == answer(path)


def test_parts_under_a_password_are_told(tmp_path: Path) -> None:
    path = write_parts(tmp_path / "f.xlsx", good())
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    path.write_bytes(content)

    assert "file-encrypted" == answer(path)


def test_macros_are_refused_under_any_name(tmp_path: Path) -> None:
    check(tmp_path, {**good(), "xl/vbaProject.bin": b"\0"}, "file-macros")
    check(tmp_path, {**good(), "xl/macrosheets/sheet1.xml": "<x/>"}, "file-macros")


def test_one_part_under_the_names_of_many_sheets_is_not_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = parts_of({f"{n}": sheet_of([["甲" * 100] * 100]) for n in range(20)})
    for n in range(2, 21):
        del parts[f"xl/worksheets/sheet{n}.xml"]
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = re.sub(r"sheet\d+\.xml", "sheet1.xml", str(parts[name]))
    unpacked = sum(len(str(part).encode()) for part in parts.values())
    monkeypatch.setattr(package, "UNPACKED_BYTES_MAX", 2 * unpacked)

    check(tmp_path, parts, "xlsx-too-large")


def test_a_sheet_that_lies_outside_the_archive_is_not_there(tmp_path: Path) -> None:
    for target in ("../../../../etc/passwd", "/etc/passwd", "http://example.org/sheet1.xml"):
        parts = good()
        name = "xl/_rels/workbook.xml.rels"
        parts[name] = str(parts[name]).replace("worksheets/sheet1.xml", target)

        check(tmp_path, parts, "xlsx-broken")


@pytest.mark.parametrize(
    ("module", "bound", "parts"),
    [
        (workbook, "SHEETS_MAX", parts_of({"一": sheet_of([["甲"]]), "二": sheet_of([["甲"]])})),
        (workbook, "RELATIONSHIPS_MAX", good()),
        (strings, "STRINGS_MAX", parts_of({}, strings=strings_of(["<t>甲</t>", "<t>乙</t>"]))),
        (
            sheet,
            "MERGES_MAX",
            parts_of(
                {
                    "一": sheet_of(
                        [["甲"]],
                        after='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C1:D1"/>'
                        "</mergeCells>",
                    )
                }
            ),
        ),
    ],
)
def test_every_list_of_a_workbook_has_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, bound: str, parts: Parts
) -> None:
    monkeypatch.setattr(module, bound, 1)

    check(tmp_path, parts, "xlsx-too-large")


def test_styles_have_a_bound(tmp_path: Path) -> None:
    parts = parts_of({"一": sheet_of([["甲"]])}, styles=styles_of([0] * 70_000))

    check(tmp_path, parts, "xlsx-too-large")


def test_a_merge_of_no_place_is_told(tmp_path: Path) -> None:
    after = '<mergeCells><mergeCell ref="A0:?"/></mergeCells>'

    check(tmp_path, parts_of({"一": sheet_of([["甲"]], after=after)}), "xlsx-broken")


def test_a_chart_is_no_sheet_of_rows(tmp_path: Path) -> None:
    parts = parts_of({"图": f'<chartsheet xmlns="{MAIN}"/>', "一": sheet_of([["甲"]])})
    name = "xl/_rels/workbook.xml.rels"
    sheet_relation, chart_relation = 'worksheet" Target="w', 'chartsheet" Target="w'
    parts[name] = str(parts[name]).replace(sheet_relation, chart_relation, 1)

    check(tmp_path, parts, "read")


def test_a_real_fault_of_the_disk_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(5, "input/output error")

    path = write_parts(tmp_path / "f.xlsx", good())
    with open_package(path) as opened:
        monkeypatch.setattr(package._Thrifty, "read", fail)

        with pytest.raises(OSError, match="input/output error"):
            list(opened.parse("xl/workbook.xml", start=lambda *_: None))
