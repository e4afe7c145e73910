"""A table's header: found below a title, understood as one template's, or refused with reasons.

Tells also the rows of a table that are no data: a header again, notes on filling in, an example.
Pure; knows no file.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.files.cells import Cell, is_empty
from credit_bus_connectors.departments.files.columns import Column, Template, heading, headings
from credit_bus_connectors.departments.files.tables import Row
from credit_bus_connectors.departments.files.templates import TEMPLATES
from credit_bus_connectors.departments.rules import form_reason

HEADER_ROWS_MAX = 20  # rows with anything in them, among which the header must be
COLUMNS_MAX = 1000

_NOTE = re.compile(
    r"(?:填写说明|填表说明|填报说明|说明|备注|注)\s*[:：].*|填写说明|填表说明|填报说明"
    r"|(?:非必填|必填|选填)(?:项|[,，、;；:：。(（].*)?",
    re.DOTALL,
)
_EXAMPLE = re.compile(
    r"[(（\[【]?(?:示例|样例|例)(?:行|数据)?[)）\]】]?(?:[:：].*)?|例如[:：].*", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A table's header understood: which template, and what each of its columns is."""

    template: Template
    columns: tuple[Column | None, ...]  # by position; None for one the template does not have
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedHeader:
    """A header that no row can be read by."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Which of a table's first rows is the header, and what it says."""

    index: int
    header: Layout | RefusedHeader


def find_header(rows: Sequence[Row]) -> Found:
    """Return the first of these rows that is a template's header.

    When none is: the row that comes nearest, with what is wrong with it.
    """
    nearest, known_most = 0, -1
    for index, row in enumerate(rows):
        header = read_header(row.cells)
        if isinstance(header, Layout):
            return Found(index=index, header=header)
        known = _known(row.cells)
        if known > known_most:
            nearest, known_most = index, known
    return Found(index=nearest, header=read_header(rows[nearest].cells))


def read_header(header: Sequence[Cell]) -> Layout | RefusedHeader:
    """Return the layout, matching each cell by code or Chinese name, in any order.

    The template is the one of which every required column is there. Refused with all reasons: of
    no template or of two, a required column missing, a column twice.
    """
    if len(header) > COLUMNS_MAX:
        return RefusedHeader(reasons=(form_reason("header-too-wide", ""),))
    cells = [cell if isinstance(cell, str) else "" for cell in header]
    wanted = [heading(cell) for cell in cells]
    fitting = [template for template in TEMPLATES if not _missing(template, wanted)]
    if len(fitting) > 1:
        return RefusedHeader(reasons=(form_reason("header-of-two", ""),))
    template = fitting[0] if fitting else _nearest(set(wanted))
    if template is None:
        return RefusedHeader(reasons=(form_reason("file-template", ""),))
    spellings = headings(template)
    columns = tuple(spellings.get(name) for name in wanted)
    found = Counter(column.code for column in columns if column is not None)
    reasons = [form_reason("column-missing", name) for name in _missing(template, wanted)]
    reasons += [
        form_reason("column-repeated", column.header)
        for column in template.columns
        if found[column.code] > 1
    ]
    unknown = tuple(
        " ".join(cell.split())
        for cell, column in zip(cells, columns, strict=True)
        if column is None and cell.strip()
    )
    if reasons:
        reasons += [form_reason("column-unknown", name) for name in unknown]
        return RefusedHeader(reasons=tuple(reasons))
    return Layout(template=template, columns=columns, unknown=unknown)


def aside_reason(layout: Layout, row: Sequence[Cell]) -> Reason | None:
    """Return why a row is no data: the header again, notes on filling in, or a marked example."""
    filled = [index for index, cell in enumerate(row) if not is_empty(cell)]
    if not filled or filled[-1] >= len(layout.columns):
        return None
    first = row[filled[0]]
    if not isinstance(first, str):
        return None
    words = first.strip()
    if _EXAMPLE.fullmatch(words):
        return form_reason("row-example", "")
    if _NOTE.fullmatch(words):
        return form_reason("row-note", "")
    spellings = headings(layout.template)
    again = all(
        isinstance(cell := row[index], str)
        and (column := layout.columns[index]) is not None
        and spellings.get(heading(cell)) is column
        for index in filled
    )
    return form_reason("row-header-again", "") if again and len(filled) > 1 else None


def _known(cells: Sequence[Cell]) -> int:
    """Return how many of these cells head a column of any template."""
    wanted = {heading(cell) for cell in cells[:COLUMNS_MAX] if isinstance(cell, str)}
    return max(len(wanted & headings(template).keys()) for template in TEMPLATES)


def _missing(template: Template, wanted: Collection[str]) -> list[str]:
    """Return the headers of the required columns that these headings do not name."""
    spellings = headings(template)
    found = {column.code for name in wanted if (column := spellings.get(name)) is not None}
    return [
        column.header for column in template.columns if column.required and column.code not in found
    ]


def _nearest(wanted: set[str]) -> Template | None:
    """Return the template that these headings can only be of, or None.

    What several templates share (the subject, the remark) tells nothing.
    """
    known = {id(template): set(headings(template)) for template in TEMPLATES}
    scores = [len(wanted & (known[id(each)] - _others(each, known))) for each in TEMPLATES]
    best = max(scores)
    return TEMPLATES[scores.index(best)] if best and scores.count(best) == 1 else None


def _others(template: Template, known: Mapping[int, set[str]]) -> set[str]:
    return {name for key, names in known.items() if key != id(template) for name in names}
