"""Legal time on a terminal: what each department owes, and what is most urgent."""

from rich.console import Console
from rich.table import Table

from credit_bus.domain.time_rules import OBLIGATION_TERMS
from credit_bus.reports.legal_time import STANDINGS, LegalTime, Standing

COLUMNS_MIN = 110
URGENT_SHOWN_MAX = 20
_STYLES = {Standing.OVERDUE: "bold red", Standing.AT_RISK: "yellow"}


def show(found: LegalTime, console: Console | None = None) -> None:
    """Print it."""
    console = console or Console()
    console.width = max(console.width, COLUMNS_MIN)
    console.print(f"办理期限（{found.day}）", style="bold")
    if not found.lines:
        console.print("没有未办事项。")
        return
    console.print(_lines(found))
    if found.urgent:
        console.print(_urgent(found))


def _lines(found: LegalTime) -> Table:
    table = Table()
    table.add_column("单位", overflow="fold")
    table.add_column("事项")
    for text in STANDINGS.values():
        table.add_column(text, justify="right")
    table.add_column("最早到期")
    for line in found.lines:
        cells = [str(line.counts.get(each) or "") for each in Standing]
        first = "" if line.first is None else str(line.first)
        style = _STYLES.get(line.worst)
        table.add_row(line.name, OBLIGATION_TERMS[line.obligation], *cells, first, style=style)
    return table


def _urgent(found: LegalTime) -> Table:
    most = found.urgent[:URGENT_SHOWN_MAX]
    of_all = len(found.urgent)
    table = Table(title=f"最紧急的 {len(most)} 项（共 {of_all} 项）", title_justify="left")
    for heading in ("到期", "单位", "事项", "现在何处", "事件"):
        table.add_column(heading, overflow="fold")
    for case in most:
        table.add_row(
            str(case.due_on),
            case.name,
            OBLIGATION_TERMS[case.obligation],
            case.lies_with or "",
            case.because_of,
            style=_STYLES.get(case.standing),
        )
    return table
