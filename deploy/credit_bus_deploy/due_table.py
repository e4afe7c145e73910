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
    if not found.lines and not found.urgent:
        console.print("没有未办事项。")
    if found.lines:
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
    of_all = sum(each.number for each in found.urgent)
    title = f"最紧急的（已逾期、即将到期共 {of_all} 项，相同的合为一行"
    title += f"，示 {URGENT_SHOWN_MAX} 行）" if len(found.urgent) > URGENT_SHOWN_MAX else "）"
    table = Table(title=title, title_justify="left")
    for heading in ("到期", "单位", "事项"):
        table.add_column(heading, overflow="fold")
    table.add_column("项数", justify="right")
    for heading in ("未确认的平台", "事件"):
        table.add_column(heading, overflow="fold")
    for each in found.urgent[:URGENT_SHOWN_MAX]:
        table.add_row(
            str(each.due_on),
            each.name,
            OBLIGATION_TERMS[each.obligation],
            str(each.number),
            "、".join(each.lies_with.values()),
            each.events[0],
            style=_STYLES.get(each.standing),
        )
    return table
