"""A file's way: its tables, their headers, their rows in batches, an answer for every row.

Knows no folder, no thread and no signal; how a batch is said stands in `saying`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from credit_bus.domain.reason import Reason
from credit_bus_connectors.departments.files.cells import is_empty
from credit_bus_connectors.departments.files.header import (
    HEADER_ROWS_MAX,
    Layout,
    RefusedHeader,
    aside_reason,
    find_header,
)
from credit_bus_connectors.departments.files.ledger import SeenFile
from credit_bus_connectors.departments.files.report import (
    ErrorReport,
    Result,
    TableResult,
    TableState,
)
from credit_bus_connectors.departments.files.saying import (
    Desk,
    Origin,
    StoppedError,
    Verdicts,
    say_rows,
)
from credit_bus_connectors.departments.files.source import Source, tables_of
from credit_bus_connectors.departments.files.tables import (
    BrokenTableError,
    Row,
    Table,
    batches,
    within_bounds,
)
from credit_bus_connectors.departments.files.xlsx.package import PackageError
from credit_bus_connectors.departments.receipts import Answer
from credit_bus_connectors.departments.rules import form_reason

# Sheets that are no tables and that nobody needs to be told of.
NOTES_SHEETS = frozenset({"填写说明", "填表说明", "填报说明", "说明"})

# A file with no table of these states has nothing that could be read.
_SEEN = frozenset({TableState.READ, TableState.REFUSED})
TITLE_CELLS_MAX = 2  # a row above the header with more cells looks like data, and is told

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What goes along with a file on its way."""

    desk: Desk
    source: Source
    seen: SeenFile
    result: Result
    report: ErrorReport
    advance: Advance


def take_in(
    desk: Desk,
    source: Source,
    report: ErrorReport,
    *,
    now: datetime,
    advance: Advance | None = None,
) -> Result:
    """Say every row of the file that can be said, and return what became of all of them.

    A row is checked for form here and, when it has form, for law by the gate; each check gives all
    its reasons, and every refused row stands in the report with them. Raises StoppedError between
    batches, and what `say_rows` raises.
    """
    seen = desk.ledger.open_file(sha256=source.sha256, name=source.path.name, now=now)
    result = Result(
        file=source.path.name, sha256=source.sha256, seen_before=seen.answered_at is not None
    )
    way = _Way(
        desk=desk,
        source=source,
        seen=seen,
        result=result,
        report=report,
        advance=advance or (lambda _: None),
    )
    try:
        with tables_of(source) as tables:
            for table in tables:
                _take_table(way, table)
    except PackageError as error:
        _refuse_file(way, error.code)
        return result
    if not any(table.state in _SEEN for table in result.tables):
        _refuse_file(way, "file-empty")
    return result


def _refuse_file(way: _Way, code: str) -> None:
    reasons = (form_reason(code, ""),)
    way.result.refuse(reasons)
    way.report.add(0, reasons, None)


def _take_table(way: _Way, table: Table) -> None:
    """Answer every row of a table, and note what became of it."""
    told = TableResult(name=table.name)
    way.result.tables.append(told)
    rows = map(within_bounds, table.rows)
    first, broken = _first(rows)
    try:
        if not first:
            if broken is not None:
                raise broken
            told.state = TableState.EMPTY
            return
        layout = _layout(way, table, told, first)
        if layout is None:
            return
        header = told.header_row
        _tell_above(way, told, first)
        below = chain((row for row in first if row.number > header), _rest(rows, broken))
        _take_rows(way, table, told, layout, below)
    except BrokenTableError as error:
        _refuse(way, told, error.row, (form_reason(error.code, ""),))


def _first(rows: Iterator[Row]) -> tuple[list[Row], BrokenTableError | None]:
    """Return the rows among which the header must be, and what ended them early."""
    first: list[Row] = []
    try:
        first.extend(islice(rows, HEADER_ROWS_MAX))  # keeps what came before an error
    except BrokenTableError as error:
        return first, error
    return first, None


def _tell_above(way: _Way, told: TableResult, first: Sequence[Row]) -> None:
    """Tell of the rows above the header that are more than a title."""
    for row in first:
        filled = sum(not is_empty(cell) for cell in row.cells)
        if row.number < told.header_row and filled > TITLE_CELLS_MAX:
            told.set_aside += 1
            reasons = (form_reason("row-above-header", ""),)
            way.report.add(row.number, reasons, None, sheet=told.name)


def _rest(rows: Iterator[Row], broken: BrokenTableError | None) -> Iterator[Row]:
    if broken is not None:
        raise broken
    yield from rows


def _layout(way: _Way, table: Table, told: TableResult, first: Sequence[Row]) -> Layout | None:
    """Return the layout that the header gives; None when the table is not read."""
    found = find_header(first)
    row = first[found.index]
    if isinstance(found.header, RefusedHeader):
        if table.hidden or table.name in NOTES_SHEETS:
            told.state = TableState.HIDDEN if table.hidden else TableState.NOTES
        else:
            _refuse(way, told, row.number, found.header.reasons)
        return None
    told.header_row = row.number
    told.template = found.header.template
    if table.hidden:
        told.state = TableState.HIDDEN
        way.report.add(0, (form_reason("sheet-hidden", ""),), None, sheet=table.name)
        return None
    told.unknown_columns = found.header.unknown
    unknown = tuple(form_reason("column-unknown", name) for name in found.header.unknown)
    way.report.add(row.number, unknown, None, sheet=table.name)
    return found.header


def _take_rows(
    way: _Way, table: Table, told: TableResult, layout: Layout, rows: Iterator[Row]
) -> None:
    origin = Origin(file=way.source.sha256, place=table.place)
    for batch in batches(rows):
        if way.desk.pause(0):
            raise StoppedError
        data = [row for row in batch if not _set_aside(way, told, layout, row)]
        _tally(way, told, say_rows(way.desk, layout, data, origin, way.seen))
        way.advance(len(batch))


def _set_aside(way: _Way, told: TableResult, layout: Layout, row: Row) -> bool:
    """Return whether the row is no data, which the report then says."""
    reason = aside_reason(layout, row.cells)
    if reason is None:
        return False
    told.set_aside += 1
    way.report.add(row.number, (reason,), None, sheet=told.name)
    return True


def _refuse(way: _Way, told: TableResult, row: int, reasons: Sequence[Reason]) -> None:
    told.state = TableState.REFUSED
    way.result.refuse(reasons)
    way.report.add(row, reasons, None, sheet=told.name)


def _tally(way: _Way, told: TableResult, verdicts: Sequence[Verdicts]) -> None:
    for verdict in verdicts:
        told.rows += 1
        match verdict.state:
            case Answer.ACCEPTED:
                told.accepted += 1
            case Answer.DUPLICATE:
                told.duplicates += 1
            case Answer.REJECTED:
                told.rejected += 1
                way.result.by_reason.update(reason.code for reason in verdict.reasons)
                way.report.add(verdict.row, verdict.reasons, told.template, sheet=told.name)
