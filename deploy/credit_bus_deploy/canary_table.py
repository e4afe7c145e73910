"""Canaries on a terminal, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from credit_bus.domain.calendar import local_text
from credit_bus.operations.canaries import Canaries, Trip


def show(found: Canaries, console: Console | None = None) -> None:
    """Print it."""
    console = console or Console()
    if not found.parties:
        console.print("没有巡检：监测程序没有发出，或者还没有读到。")
        return
    if found.silent_since:
        since = local_text(found.silent_since)
        console.print(f"{since} 以来情况不明：没有新的巡检。", style="bold red", highlight=False)
    console.print(_table("至平台确认", found.platforms))
    console.print(_table("至台账", found.parties))


def canaries_json(found: Canaries) -> dict[str, Any]:
    """Return it as JSON holds it; durations in seconds."""
    return {
        "parties": [asdict(each) for each in found.parties],
        "platforms": [asdict(each) for each in found.platforms],
        "missing": found.missing,
        "silent_since": found.silent_since and found.silent_since.isoformat(),
    }


def _table(title: str, trips: Sequence[Trip]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in ("", "发出", "未回", "p50 秒", "p99 秒"):
        table.add_column(heading, justify="right" if heading else "left")
    for trip in trips:
        figures = ["" if value is None else f"{value:.3f}" for value in (trip.p50, trip.p99)]
        style = "bold red" if trip.missing else None
        missing = str(trip.missing or "")
        table.add_row(trip.name, str(trip.sent), missing, *figures, style=style)
    return table
