"""Alarms and counts on a terminal."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

from credit_bus.domain.calendar import local_text
from credit_bus.operations.adding_up.tally import (
    ACCEPTED,
    DELIVERED,
    REFUSED,
    REJECTED,
    REPEATED,
    ROUTED,
    SAID,
    WORDS,
)
from credit_bus_connectors.monitor.trace_store import HourCount, KeptAlarm


def print_alarms(found: Sequence[KeptAlarm], console: Console | None = None) -> None:
    """Print the alarms as a table, or that there are none."""
    console = console or Console()
    if not found:
        console.print("everything adds up")
        return
    table = Table()
    for heading in ("number", "fault", "where", "event", "type", "since", "raised", "cleared"):
        table.add_column(heading, overflow="fold")
    for each in found:
        cleared = "" if each.cleared_at is None else local_text(each.cleared_at)
        by = f" {each.cleared_by}: {each.cleared_why}" if each.cleared_by else ""
        table.add_row(
            str(each.number),
            each.fault,
            each.place,
            each.event,
            each.type or "?",
            local_text(each.since),
            local_text(each.raised_at),
            cleared + by,
        )
    console.print(table)


def print_counts(counts: Sequence[HourCount], console: Console | None = None) -> None:
    """Print the counts, a line for each hour and type, with what has no verdict or answer yet."""
    lines: dict[tuple[datetime, str], dict[str, int]] = {}
    for each in counts:
        lines.setdefault((each.hour, each.type), {})[each.word] = each.times
    table = Table()
    for heading in ("hour", "type", *WORDS[:4], "open", *WORDS[4:], "in flight"):
        table.add_column(heading)
    for (hour, kind), told in lines.items():
        words = [told.get(word, 0) for word in WORDS]
        of = dict(zip(WORDS, words, strict=True))
        unanswered = of[SAID] - of[ACCEPTED] - of[REPEATED] - of[REJECTED]
        in_flight = of[ROUTED] - of[DELIVERED] - of[REFUSED]
        numbers = (*words[:4], unanswered, *words[4:], in_flight)
        table.add_row(local_text(hour), kind, *map(str, numbers))
    (console or Console()).print(table)
