"""The quarantine on a terminal: a list, one message whole, what today's rules say, redrives.

What others wrote is shown without anything that a terminal would obey.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import local_text
from credit_bus.domain.reason import Reason
from credit_bus.operations.quarantine.kept import plain
from credit_bus.operations.quarantine.rejudged import Judgement
from credit_bus.operations.quarantine.tally import Tally
from credit_bus_connectors.monitor.quarantine_store import (
    LISTED_MAX,
    PLACES_MAX,
    Listing,
    Selection,
)
from credit_bus_connectors.monitor.redrive_store import REDRIVES_MAX, Redrive
from credit_bus_connectors.monitor.redriving import Look, Redriving


def print_list(found: Listing, console: Console | None = None) -> None:
    """Print what lies in quarantine as a table."""
    console = console or Console()
    if not found.rows:
        console.print("nothing of that lies in quarantine")
        return
    table = _table("place", "kept", "party", "type", "reasons", "event", "redrive")
    for each in found.rows:
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
    if found.more:
        console.print(f"more than {LISTED_MAX}: narrow it by --party, --type, --code, --from, --to")


def print_kept(look: Look, codec: Codec, console: Console | None = None) -> None:
    """Print one message whole, and what it would be answered today."""
    console = console or Console()
    assert look.kept is not None, "it lies there"
    told = plain(look.kept, codec)
    said = told["said"]
    lines = [
        f"{told['place']}  {told['party']}  {told['type'] or '?'}  {told['event'] or '?'}",
        f"said {said['at']} in {said['topic']}/{said['partition']}@{said['offset']}",
        f"refused {told['kept_at']} by the {told['stage']}:",
        *(
            f"  {each['code']} ({each['field']})：{each['rule']}；{each['remedy']}"
            for each in told["reasons"]
        ),
        "headers:",
        *(f"  {name}: {value}" for name, value in told["headers"]),
        "body:",
        *json.dumps(told["body"], ensure_ascii=False, indent=2).splitlines(),
    ]
    for line in lines:
        _say(console, line)
    print_judgement(look, console)


def print_judgement(look: Look, console: Console | None = None) -> None:
    """Print what it would be answered today, against what it was answered then."""
    console = console or Console()
    judged = look.judged
    if judged is None:
        _say(console, f"{look.place} lies in quarantine no more")
        return
    _say(console, f"today, by rules {judged.rule}: {judged.verdict.value}")
    for word, reasons in (("gone", judged.gone), ("stays", judged.stay), ("new", judged.new)):
        for each in reasons:
            _say(console, f"  {word}: {each.code} ({each.field})")
    if look.codes and not (judged.stay or judged.new):
        _say(console, f"  not sent: {', '.join(look.codes)}")


def print_selection(found: Selection, tally: Tally, console: Console | None = None) -> None:
    """Print what a redrive of many would do."""
    console = console or Console()
    _print_tally(tally, console)
    if found.redriven or found.waiting:
        _say(console, f"already sent once more: {found.redriven}, in a redrive: {found.waiting}")
    if found.more:
        _say(console, f"more than {PLACES_MAX}: the rest needs another redrive after this one")


def print_proposal(
    found: Redrive, looks: Iterator[Look], redriving: Redriving, console: Console | None = None
) -> None:
    """Print who proposed what and why, and what today's rules say of it."""
    console = console or Console()
    _say(console, f"redrive {found.number} of {found.places} ({found.asked or found.first})")
    _say(console, f"proposed {local_text(found.proposed_at)} by {found.proposed_by}: {found.why}")
    if found.decided_by and found.decided_at:
        _say(console, f"{found.state} {local_text(found.decided_at)} by {found.decided_by}")
    if found.places == 1:
        for look in looks:
            if look.kept is None:
                print_judgement(look, console)
            else:
                print_kept(look, redriving.bench.codec, console)
    else:
        _print_tally(redriving.weigh(looks).tally, console)


def print_redrives(found: Sequence[Redrive], *, more: bool, console: Console | None = None) -> None:
    """Print who proposed and who decided, and how it ended, as a table."""
    console = console or Console()
    if not found:
        console.print("nothing was ever to be sent once more")
        return
    table = _table("number", "what", "proposed", "why", "decided", "state", "sent", "left", "waits")
    for each in found:
        decided = "" if each.decided_at is None else _who(each.decided_by, each.decided_at)
        table.add_row(
            str(each.number),
            f"{each.places}: {each.asked or each.first}",
            _who(each.proposed_by, each.proposed_at),
            _printable(each.why),
            decided,
            each.state,
            *(str(number or "") for number in (each.sent, each.left, each.waiting)),
        )
    console.print(table, markup=False)
    if more:
        console.print(f"more than {REDRIVES_MAX}: the oldest are not shown")


def told_of(judged: Judgement) -> dict[str, Any]:
    """Return what it would be answered today as JSON values."""
    return {
        "verdict": judged.verdict.value,
        "rule_version": judged.rule,
        "gone": [_told(each) for each in judged.gone],
        "stay": [_told(each) for each in judged.stay],
        "new": [_told(each) for each in judged.new],
    }


def _print_tally(tally: Tally, console: Console) -> None:
    _say(console, f"{tally.taken} would be taken today, {tally.left} would not:")
    for code, number in tally.codes.items():
        _say(console, f"  {number} {code}")


def _table(*headings: str) -> Table:
    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _who(name: str | None, at: datetime) -> str:
    return f"{name} {local_text(at)}"


def _say(console: Console, line: str) -> None:
    console.print(_printable(line), markup=False, highlight=False, soft_wrap=True)


def _printable(text: str) -> str:
    """Return the text with what is no letter, sign or blank written as its number."""
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)


def _told(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "field": reason.field}
