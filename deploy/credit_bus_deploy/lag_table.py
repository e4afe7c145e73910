"""Lag on a terminal: the worst first, what is quiet in one line."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from credit_bus.operations.lag.burrow import Status
from credit_bus.operations.lag.rollup import Sum, TopicLag, by_party
from credit_bus_deploy.lag import BROKER, View

COLUMNS_MIN = 165  # a name cut off is of no use, a line that wraps is
UNKNOWN = "?"
NEVER = "never"
NOTHING = ""
NOT_JUDGED = "not judged"
_STYLES = {Status.OK: "green", Status.WARN: "yellow"}
_WRONG = "bold red"
_HEADINGS = (
    "party", "group", "topic", "status", "events", "time lag", "in/s", "out/s", "drains in",
    "lost in", "members", "last commit",
)  # fmt: skip
_PARTITION_HEADINGS = (
    "topic", "partition", "status", "committed", "end", "events", "time lag", "lost in", "client",
    "host",
)  # fmt: skip
_PARTY_HEADINGS = ("party", "status", "events", "lost", "time lag", "lost in")
_NUMBERS = frozenset({*_HEADINGS[4:11], *_PARTITION_HEADINGS[3:8], "partition", "lost"})
_WRAPPED = frozenset({"group", "topic"})
_UNITS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "m"), (60, "m", 1, "s"))


def rendered(view: View, *, everything: bool, parted: bool = False) -> RenderableType:
    """Return the view as tables, under a line that says whether anything is wrong.

    `parted` shows each partition, with who holds it.
    """
    shown = [row for row in view.rows if everything or not _is_quiet(row)]
    parts: list[RenderableType] = [Text(_summary(view), style="bold")]
    if shown:
        parts.append(_table(view, shown))
    if quiet := len(view.rows) - len(shown):
        parts.append(Text(f"{quiet} more with nothing waiting: --all shows them", style="dim"))
    if parted and view.partitions:
        parts.append(_partition_table(view))
    if sums := [each for each in by_party(view.rows) if each.events or each.status.rank]:
        parts.append(_party_table(sums))
    if view.source == BROKER:
        parts.append(Text(_said_of_broker(view), style="dim"))
    return Group(*parts)


def span(seconds: float | None, unknown: str = UNKNOWN) -> str:
    """Return a span of time in its two largest units, or what stands for an unknown one."""
    if seconds is None:
        return unknown
    whole = round(seconds)
    for size, name, small, small_name in _UNITS:
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size}{name}{rest:02d}{small_name}"
    return f"{seconds:.1f}s"


def _summary(view: View) -> str:
    counts = Counter(_verdict(row) for row in view.rows)
    words = (*reversed(Status), NOT_JUDGED)
    told = ", ".join(f"{counts[each]} {each}" for each in words if counts[each])
    events = sum(row.events for row in view.rows)
    late = max((row.seconds_behind or 0.0 for row in view.rows), default=0.0)
    waiting = f"{events} events wait, the oldest since {span(late)}" if events else "nothing waits"
    return f"{view.at:%Y-%m-%d %H:%M:%S}Z  {told or 'no group reads these topics'}; {waiting}"


def _said_of_broker(view: View) -> str:
    sentence = (
        f"asked the broker itself ({view.because}): readers that keep their positions in the "
        "database, as the desk does, do not show"
    )
    if view.is_judged:
        return sentence
    return (
        f"{sentence}; until it has looked ten times only what is lost or went back is judged: "
        "WARN, STALL and STOP need the monitor, or --watch"
    )


def _table(view: View, rows: Sequence[TopicLag]) -> Table:
    table = _titled(_HEADINGS)
    for row in rows:
        table.add_row(*_cells(row, view))
    return table


def _partition_table(view: View) -> Table:
    table = _titled(_PARTITION_HEADINGS)
    for each in view.partitions:
        table.add_row(
            each.topic,
            str(each.partition),
            Text(str(each.status), style=_STYLES.get(each.status, _WRONG)),
            UNKNOWN if each.committed is None else str(each.committed),
            str(each.end),
            str(each.events),
            span(each.behind(view.at)),
            span(each.lost_in(view.at), NEVER) if each.events else NOTHING,
            each.client or NOTHING,
            each.host or NOTHING,
        )
    return table


def _party_table(sums: Sequence[Sum]) -> Table:
    table = _titled(_PARTY_HEADINGS)
    for each in sums:
        table.add_row(
            each.name,
            Text(str(each.status), style=_STYLES.get(each.status, _WRONG)),
            str(each.events),
            str(each.lost) if each.lost else NOTHING,
            span(each.seconds_behind),
            span(each.lost_in, NEVER) if each.events else NOTHING,
        )
    return table


def _titled(headings: Sequence[str]) -> Table:
    table = Table()
    for heading in headings:
        table.add_column(
            heading,
            justify="right" if heading in _NUMBERS else "left",
            overflow="fold",
            no_wrap=heading not in _WRAPPED,
        )
    return table


def _cells(row: TopicLag, view: View) -> list[RenderableType]:
    waits = row.events > 0
    commit = row.last_commit_at
    return [
        row.party or NOTHING,
        row.group,
        row.topic.removesuffix(f".{row.party}"),  # whose it is stands in the first column
        _status(row),
        str(row.events),
        span(row.seconds_behind),
        _rate(row.coming),
        _rate(row.going),
        span(row.drains_in, UNKNOWN if row.coming is None else NEVER) if waits else NOTHING,
        span(row.lost_in, NEVER) if waits else NOTHING,
        UNKNOWN if row.members is None else str(row.members),
        f"{span(max(0.0, (view.at - commit).total_seconds()))} ago" if commit else NOTHING,
    ]


def _status(row: TopicLag) -> Text:
    said = _verdict(row)
    if row.lost:
        said += f", {row.lost} lost"
    if row.ahead:
        said += f", {row.ahead} too far"
    if not row.is_judged:
        return Text(f"{said} ({row.completeness:.0%})", style="yellow")
    return Text(said, style=_STYLES.get(row.status, _WRONG))


def _verdict(row: TopicLag) -> str:
    return str(row.status) if row.is_judged else NOT_JUDGED


def _rate(events: float | None) -> str:
    return UNKNOWN if events is None else f"{events:.1f}"


def _is_quiet(row: TopicLag) -> bool:
    return row.status is Status.OK and not row.events
