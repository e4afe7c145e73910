"""A report on a terminal: a table for each group of columns, with who did anything in it."""

from rich.console import Console
from rich.table import Table

from credit_bus.casework.counts import COLUMNS
from credit_bus.reports import texts
from credit_bus.reports.report import Report, Row

COLUMNS_MIN = 120  # of the terminal: a heading cut off is of no use, a line that wraps is


def show(report: Report, console: Console | None = None) -> None:
    """Print the report; departments of which nothing is counted are named in one line."""
    console = console or Console()
    console.width = max(console.width, COLUMNS_MIN)
    console.print(texts.TITLE, style="bold")
    for line in texts.heads_of(report):
        console.print(line, highlight=False)
    for name, whats in texts.groups():
        rows = [row for row in report.departments if _any(row, whats)]
        others = [row for row in report.others if _any(row, whats)]
        if rows or others:
            console.print(_table(report, name, whats, rows, others))
    silent = [row.name for row in report.departments if row.is_empty]
    if silent:
        console.print(f"本期没有任何记录的单位（{len(silent)}）：{'、'.join(silent)}")
    for number, note in enumerate(texts.notes_of(report), start=1):
        console.print(f"{number}. {note}", highlight=False, style="dim")


def _table(
    report: Report, name: str, whats: tuple[str, ...], rows: list[Row], others: list[Row]
) -> Table:
    table = Table(title=name, title_justify="left")
    table.add_column(texts.PARTY, overflow="fold")
    for what in whats:
        table.add_column(COLUMNS[what], justify="right")
    for row in rows:
        table.add_row(texts.name_of(row, report.period), *_cells(row, whats))
    if rows:
        table.add_section()
        table.add_row(report.total.name, *_cells(report.total, whats), style="bold")
    if others:
        table.add_section()
        for row in others:
            table.add_row(row.name, *_cells(row, whats), style="dim")
    return table


def _cells(row: Row, whats: tuple[str, ...]) -> list[str]:
    return [texts.shown(row, what) for what in whats]


def _any(row: Row, whats: tuple[str, ...]) -> bool:
    return any(row.counts[what] for what in whats)
