"""A rehearsal on a terminal, and as JSON."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from credit_bus.domain.event_types import term_of
from credit_bus.operations.rehearsal import Change, Rehearsal

COLUMNS_MIN = 110
_TABLES = (
    ("gains", "将新收到", ("事件", "接收单位", "措施")),
    ("losses", "将不再收到", ("事件", "接收单位", "措施")),
    ("refused", "将被退回（原来受理）", ("事件", "报送单位", "理由")),
    ("passed", "将受理（已退回，在隔离区）", ("事件", "报送单位", "理由")),
)


def show(found: Rehearsal, names: Mapping[str, str], console: Console | None = None) -> None:
    """Print it."""
    console = console or Console()
    console.width = max(console.width, COLUMNS_MIN)
    console.print(
        f"登记册 {found.old_version} → {found.new_version}，按 {found.day} 演练"
        f" {found.events} 条，{found.changed} 条受影响；另按两个版本重审退回 {found.refusals} 条",
        style="bold",
        highlight=False,
    )
    for name, title, headings in _TABLES:
        changes: Mapping[tuple[str, str, str], Change] = getattr(found, name)
        if changes:
            console.print(_table(title, headings, changes, names))
    if found.is_same:
        console.print("没有变化。")


def rehearsal_json(found: Rehearsal) -> dict[str, Any]:
    """Return it as JSON holds it."""
    return {
        "day": str(found.day),
        "old_version": found.old_version,
        "new_version": found.new_version,
        "events": found.events,
        "changed": found.changed,
        "refusals": found.refusals,
        **{name: _rows(getattr(found, name)) for name, _, _ in _TABLES},
    }


def _rows(changes: Mapping[tuple[str, str, str], Change]) -> list[dict[str, Any]]:
    return [
        {
            "type": kind,
            "party": party,
            "what": what or None,
            "number": change.number,
            "examples": change.examples,
        }
        for (kind, party, what), change in sorted(changes.items())
    ]


def _table(
    title: str,
    headings: tuple[str, ...],
    changes: Mapping[tuple[str, str, str], Change],
    names: Mapping[str, str],
) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    table.add_column("数量", justify="right")
    table.add_column("例", overflow="fold")
    for (kind, party, what), change in sorted(changes.items()):
        example = change.examples[0]
        table.add_row(term_of(kind), names.get(party, party), what, str(change.number), example)
    return table
