"""The quarantine on a terminal: a list, one message whole, and what it would be answered today."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from credit_bus.domain.calendar import local_text
from credit_bus.domain.reason import Reason
from credit_bus.operations.quarantine.rejudged import Judgement
from credit_bus_connectors.monitor.quarantine_store import Listed


def print_list(found: Sequence[Listed], console: Console | None = None) -> None:
    """Print what lies in quarantine as a table."""
    console = console or Console()
    if not found:
        console.print("nothing of that lies in quarantine")
        return
    table = Table()
    for heading in ("place", "kept", "party", "type", "reasons", "event", "redrive"):
        table.add_column(heading, overflow="fold")
    for each in found:
        redrive = "" if each.redrive is None else f"{each.redrive} {each.state}"
        table.add_row(
            f"{each.partition}@{each.offset}",
            local_text(each.kept_at),
            each.party,
            each.type or "?",
            ", ".join(each.codes),
            each.event,
            redrive,
        )
    console.print(table)


def print_kept(told: Mapping[str, Any], judged: Judgement, console: Console | None = None) -> None:
    """Print one message whole, and what it would be answered today."""
    console = console or Console()
    said = told["said"]
    console.print(
        f"{told['place']}  {told['party']}  {told['type'] or '?'}  {told['event'] or '?'}"
    )
    console.print(f"said {said['at']} in {said['topic']}/{said['partition']}@{said['offset']}")
    console.print(f"refused {told['kept_at']} by the {told['stage']}:")
    for each in told["reasons"]:
        console.print(f"  {each['code']} ({each['field']})：{each['rule']}；{each['remedy']}")
    console.print("headers:")
    for name, value in told["headers"]:
        console.print(f"  {name}: {value}", markup=False)
    console.print("body:")
    console.print_json(data=told["body"])
    print_judgement(judged, console)


def print_judgement(judged: Judgement, console: Console | None = None) -> None:
    """Print what it would be answered today, against what it was answered then."""
    console = console or Console()
    console.print(f"today, by rules {judged.rule}: {judged.verdict.value}")
    for word, reasons in (("gone", judged.gone), ("stays", judged.stay), ("new", judged.new)):
        for each in reasons:
            console.print(f"  {word}: {each.code} ({each.field})", markup=False)


def told_of(judged: Judgement) -> dict[str, Any]:
    """Return what it would be answered today as JSON values."""
    return {
        "verdict": judged.verdict.value,
        "rule_version": judged.rule,
        "gone": [_told(each) for each in judged.gone],
        "stay": [_told(each) for each in judged.stay],
        "new": [_told(each) for each in judged.new],
    }


def _told(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "field": reason.field}
