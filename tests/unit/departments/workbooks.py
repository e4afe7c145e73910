"""Workbooks for tests, part by part, so that each can be bent; no spreadsheet would write some."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

Parts = dict[str, str | bytes]


def letters(column: int) -> str:
    """Return the letters of a column counted from 1."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def text_cell(column: int, row: int, text: str) -> str:
    """Return a cell that holds its text itself."""
    place = f"{letters(column)}{row}"
    kept = ' xml:space="preserve"'
    return f'<c r="{place}" t="inlineStr"><is><t{kept}>{escape(text)}</t></is></c>'


def row_of(number: int, cells: Sequence[str]) -> str:
    """Return a row of texts; one that begins with `<` is a cell as it stands."""
    made = "".join(
        cell if cell.startswith("<") else text_cell(column, number, cell)
        for column, cell in enumerate(cells, start=1)
        if cell
    )
    return f'<row r="{number}">{made}</row>'


def sheet_of(rows: Sequence[Sequence[str]], *, after: str = "") -> str:
    """Return a sheet of these rows; `after` is what follows them."""
    made = "".join(row_of(number, cells) for number, cells in enumerate(rows, start=1))
    return sheet_with(made, after=after)


def sheet_with(rows: str, *, after: str = "") -> str:
    """Return a sheet around rows that are written already."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def strings_of(items: Sequence[str]) -> str:
    """Return the part of shared strings; each item is what stands within `si`."""
    return f'<sst xmlns="{MAIN}">' + "".join(f"<si>{item}</si>" for item in items) + "</sst>"


def styles_of(formats: Sequence[int], codes: Mapping[int, str] | None = None) -> str:
    """Return the part of styles: one for each number format."""
    defined = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        for number, code in (codes or {}).items()
    )
    made = "".join(f'<xf numFmtId="{number}"/>' for number in formats)
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{defined}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{made}</cellXfs></styleSheet>'
    )


def parts_of(
    sheets: Mapping[str, str],
    *,
    strings: str | None = None,
    styles: str | None = None,
    states: Mapping[str, str] | None = None,
    properties: str = "",
) -> Parts:
    """Return the parts of a workbook whose sheets, by name, are these."""
    listed, related = "", ""
    parts: Parts = {}
    for number, (name, sheet) in enumerate(sheets.items(), start=1):
        state = (states or {}).get(name, "visible")
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="s{number}"'
        listed += f' state="{state}"/>'
        related += _relation(f"s{number}", "worksheet", f"worksheets/sheet{number}.xml")
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet
    for kind, part in (("sharedStrings", strings), ("styles", styles)):
        if part is not None:
            related += _relation(kind, kind, f"{kind}.xml")
            parts[f"xl/{kind}.xml"] = part
    workbook = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}'
    main = _relation("w", "officeDocument", "xl/workbook.xml")
    return {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{main}</Relationships>',
        "xl/workbook.xml": f"{workbook}<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        **parts,
    }


def write_parts(path: Path, parts: Parts, *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write the parts as a file."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def _relation(id_: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{id_}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
